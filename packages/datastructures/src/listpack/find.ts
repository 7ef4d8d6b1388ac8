/** Comparing entries with a text, and searching. A text is compared as it would be stored: digits also match integers. */
import { createInt64Scratch, parseInt64 } from "../int64/index.ts";
import { contentBytes, END, INT13, LONG_TEXT, SHORT_TEXT, TERMINATOR } from "./layout.ts";
import { entryBytes, integerHigh, integerLow, isTextHead } from "./read.ts";

/** A head of one byte has the lengths up to this. */
const SHORT_TEXT_MAXIMUM = 63;

/** The integer that the needle is, where it is one. */
const parsed = createInt64Scratch();

/** Whether the entry is this text. O(length). */
export function entryEquals(
  bytes: Uint8Array,
  position: number,
  needle: Uint8Array,
  offset: number,
  length: number,
): boolean {
  if (isTextHead(bytes[position])) return textEquals(bytes, position, needle, offset, length);
  return parseInt64(needle, offset, length, parsed) && integerEquals(bytes, position);
}

/**
 * The first entry from position on that is this text, looking at one entry and passing over `skip`: with 1, at the fields of pairs.
 * END when there is none; position may be END. O(bytes to it).
 */
export function findEntry(
  bytes: Uint8Array,
  position: number,
  needle: Uint8Array,
  offset: number,
  length: number,
  skip: number,
): number {
  if (position === END) return END;
  const isInteger = parseInt64(needle, offset, length, parsed);
  const isShort = length > 0 && length <= SHORT_TEXT_MAXIMUM && !isInteger;
  if (skip === 0 && isShort) return findShortText(bytes, position, needle, offset, length);
  let at = position;
  while (bytes[at] !== TERMINATOR) {
    if (matches(bytes, at, needle, offset, length, isInteger)) return at;
    at = (at + entryBytes(bytes, at)) | 0;
    for (let left = skip; left > 0 && bytes[at] !== TERMINATOR; left--) at = (at + entryBytes(bytes, at)) | 0;
  }
  return END;
}

/**
 * `findEntry` for what is stored as a short text, in one loop: a list is searched for it entry by entry. Texts that are like each other
 * differ at their ends as a rule, so the last byte is looked at first.
 */
function findShortText(
  bytes: Uint8Array,
  position: number,
  needle: Uint8Array,
  offset: number,
  length: number,
): number {
  const head = SHORT_TEXT | length;
  const last = needle[offset + length - 1];
  let at = position;
  for (;;) {
    const byte = bytes[at];
    if (byte === head) {
      if (bytes[at + length] === last && textEquals(bytes, at, needle, offset, length)) return at;
      at = (at + length + 2) | 0;
    } else if (byte < INT13) at = (at + (byte < SHORT_TEXT ? 0 : byte & 0x3f) + 2) | 0;
    else if (byte === TERMINATOR) return END;
    else if (matches(bytes, at, needle, offset, length, false)) return at;
    else at = (at + entryBytes(bytes, at)) | 0;
  }
}

function matches(
  bytes: Uint8Array,
  at: number,
  needle: Uint8Array,
  offset: number,
  length: number,
  isInteger: boolean,
): boolean {
  const head = bytes[at];
  if (head < SHORT_TEXT) return isInteger && parsed.low === head && parsed.high === 0;
  if (head < INT13 && (head & 0x3f) !== length) return false;
  return isTextHead(head) ? textEquals(bytes, at, needle, offset, length) : isInteger && integerEquals(bytes, at);
}

/** Whether the integer entry is the one that was parsed last. */
function integerEquals(bytes: Uint8Array, position: number): boolean {
  const low = integerLow(bytes, position);
  return low === parsed.low && integerHigh(bytes, position, low) === parsed.high;
}

function textEquals(bytes: Uint8Array, position: number, needle: Uint8Array, offset: number, length: number): boolean {
  const head = bytes[position];
  const headBytes = head < INT13 ? 1 : head < LONG_TEXT ? 2 : 5;
  if (contentBytes(bytes, position) - headBytes !== length) return false;
  const from = (position + headBytes) | 0;
  for (let index = 0; index < length; index++) {
    if (bytes[from + index] !== needle[offset + index]) return false;
  }
  return true;
}
