/**
 * Ids as clients write and read them: `<milliseconds>-<sequence>`, both unsigned 64-bit numbers in decimal. What counts as such a number is
 * what Redis lets pass: canonical text, and beside it all that C's strtoull takes (spaces, a plus, leading zeros).
 */
import { decrementId, incrementId } from "@sider/datastructures";
import type { StreamId } from "@sider/datastructures";
import { writeInt64 } from "@sider/keyspace-engine";
import type { ReplyWriter } from "@sider/resp-protocol";
import type { CommandContext } from "../../dispatch/command-context.ts";

export const INVALID_ID = "ERR Invalid stream ID specified as stream command argument";
const INVALID_START = "ERR invalid start ID for the interval";
const INVALID_END = "ERR invalid end ID for the interval";

const TEXT_BYTES_MAXIMUM = 127;
const TWO_TO_32 = 4294967296;
const NUL = 0;
const SPACE = 32;
const PLUS = 43;
const MINUS = 45;
const STAR = 42;
const ZERO = 48;
const OPENING = 40;

/** What `parseUnsigned` has found. */
let parsedHigh = 0;
let parsedLow = 0;
/** Whether the id that was parsed last had a sequence; not so for `ms-*`. */
let hasSequence = true;

/** Longest text of an id. */
const ID_TEXT_BYTES = 41;
const text = new Uint8Array(ID_TEXT_BYTES);

/** Reads argument `index` as an id into `out`; `-` and `+` are none. A missing sequence is 0. Refuses and gives false for what is no id. */
export function readStrictId(context: CommandContext, index: number, out: StreamId): boolean {
  return readId(context, index, 0, out, 0, true, false);
}

/** As `readStrictId`, with `-` for the smallest id and `+` for the largest one. */
export function readAnyId(context: CommandContext, index: number, out: StreamId): boolean {
  return readId(context, index, 0, out, 0, false, false);
}

/** As `readStrictId`, with `ms-*` as well: `wasSequenceGiven` then says no. */
export function readIdToAdd(context: CommandContext, index: number, out: StreamId): boolean {
  return readId(context, index, 0, out, 0, true, true);
}

export function wasSequenceGiven(): boolean {
  return hasSequence;
}

/** Whether argument `index` is an id, without a refusal. */
export function isStrictId(context: CommandContext, index: number, out: StreamId): boolean {
  const value = context.value(index);
  return parseId(value.bytes, value.offset, value.length, out, 0, true, false);
}

/** The start of a range: `(` makes it exclusive, a missing sequence is 0. */
export function readRangeStart(context: CommandContext, index: number, out: StreamId): boolean {
  const isExclusive = startsWithOpening(context, index);
  if (!readId(context, index, isExclusive ? 1 : 0, out, 0, isExclusive, false)) return false;
  if (!isExclusive || incrementId(out)) return true;
  context.refuse(INVALID_START);
  return false;
}

/** The end of a range: a missing sequence is the largest one. */
export function readRangeEnd(context: CommandContext, index: number, out: StreamId): boolean {
  const isExclusive = startsWithOpening(context, index);
  if (!readId(context, index, isExclusive ? 1 : 0, out, -1, isExclusive, false)) return false;
  if (!isExclusive || decrementId(out)) return true;
  context.refuse(INVALID_END);
  return false;
}

function startsWithOpening(context: CommandContext, index: number): boolean {
  const value = context.value(index);
  return value.length > 1 && value.bytes[value.offset] === OPENING;
}

function readId(
  context: CommandContext,
  index: number,
  skipped: number,
  out: StreamId,
  missingSequence: number,
  isStrict: boolean,
  takesStar: boolean,
): boolean {
  const value = context.value(index);
  const length = value.length - skipped;
  if (parseId(value.bytes, value.offset + skipped, length, out, missingSequence, isStrict, takesStar)) return true;
  context.refuse(INVALID_ID);
  return false;
}

/** `missingSequence` is 0, or -1 for the largest. The text ends before a NUL, as C text does. */
function parseId(
  bytes: Uint8Array,
  offset: number,
  length: number,
  out: StreamId,
  missingSequence: number,
  isStrict: boolean,
  takesStar: boolean,
): boolean {
  if (length > TEXT_BYTES_MAXIMUM) return false;
  let end = offset;
  let dash = -1;
  for (; end < offset + length && bytes[end] !== NUL; end++) if (bytes[end] === MINUS && dash < 0) dash = end;
  hasSequence = true;
  if (end === offset + 1 && (bytes[offset] === MINUS || bytes[offset] === PLUS)) {
    const fill = bytes[offset] === PLUS ? -1 : 0;
    out.set(fill, fill, fill, fill);
    return !isStrict;
  }
  if (!parseUnsigned(bytes, offset, dash < 0 ? end : dash)) return false;
  const msHigh = parsedHigh;
  const msLow = parsedLow;
  if (dash < 0) out.set(msHigh, msLow, missingSequence, missingSequence);
  else if (takesStar && end === dash + 2 && bytes[dash + 1] === STAR) {
    hasSequence = false;
    out.set(msHigh, msLow, 0, 0);
  } else {
    if (!parseUnsigned(bytes, dash + 1, end)) return false;
    out.set(msHigh, msLow, parsedHigh, parsedLow);
  }
  return true;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 9 && byte <= 13);
}

/** Reads bytes[offset, end) as an unsigned 64-bit number. */
function parseUnsigned(bytes: Uint8Array, offset: number, end: number): boolean {
  let at = offset;
  while (at < end && isSpace(bytes[at])) at++;
  const isNegative = at < end && bytes[at] === MINUS;
  if (isNegative || (at < end && bytes[at] === PLUS)) at++;
  if (at === end) return false;
  const firstDigit = at;
  let high = 0;
  let low = 0;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) return false;
    low = low * 10 + digit;
    const carry = low < TWO_TO_32 ? 0 : Math.floor(low / TWO_TO_32);
    low -= carry * TWO_TO_32;
    high = high * 10 + carry;
    if (high >= TWO_TO_32) return false;
  }
  parsedHigh = high | 0;
  parsedLow = low | 0;
  return !isNegative || negate(bytes, offset, firstDigit);
}

/** strtoull takes a minus and wraps; but what is a negative int64 in canonical form is no such number. */
function negate(bytes: Uint8Array, offset: number, firstDigit: number): boolean {
  const isInt64 = parsedHigh >= 0 || (parsedHigh === -(2 ** 31) && parsedLow === 0);
  if (firstDigit === offset + 1 && bytes[firstDigit] !== ZERO && isInt64) return false;
  parsedHigh = parsedLow === 0 ? -parsedHigh | 0 : ~parsedHigh;
  parsedLow = -parsedLow | 0;
  return true;
}

/** Writes a 64-bit number that is read as unsigned; returns its bytes. */
function writeUnsigned(bytes: Uint8Array, at: number, high: number, low: number): number {
  if (high >= 0) return writeInt64(bytes, at, high, low);
  const digits = String((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
  for (let index = 0; index < digits.length; index++) bytes[at + index] = digits.charCodeAt(index);
  return digits.length;
}

/** The milliseconds that `text` begins with, and the length of that with the dash: ids of one batch mostly share them. */
let textMsHigh = 0;
let textMsLow = 0;
let textMsLength = 0;

function writeId(id: StreamId): number {
  if (textMsLength === 0 || id.msLow !== textMsLow || id.msHigh !== textMsHigh) {
    const length = writeUnsigned(text, 0, id.msHigh, id.msLow);
    text[length] = MINUS;
    textMsHigh = id.msHigh;
    textMsLow = id.msLow;
    textMsLength = length + 1;
  }
  const low = id.seqLow;
  if (id.seqHigh !== 0 || low < 0 || low > 9) return textMsLength + writeUnsigned(text, textMsLength, id.seqHigh, low);
  text[textMsLength] = ZERO + low;
  return textMsLength + 1;
}

/** Replies with an id as a bulk string. */
export function replyId(reply: ReplyWriter, id: StreamId): void {
  reply.bulk(text, 0, writeId(id));
}

/** An id as text; slow paths. */
export function idText(id: StreamId): string {
  return String.fromCharCode(...text.subarray(0, writeId(id)));
}
