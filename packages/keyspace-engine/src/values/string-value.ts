/**
 * String values: an integer, bytes inside the entry, or bytes in a block of their own (`value-block.ts` has the picture).
 *
 * The encoding that OBJECT ENCODING reports follows Redis's rules and not the place: text of a 64-bit integer in canonical
 * form is `int`, other values up to 44 bytes are `embstr`, longer ones and all that were changed in place are `raw`.
 */
import {
  allocate,
  copyBytes,
  copyToBlock,
  free,
  NIL,
  offsetOf,
  reallocateInPlace,
  usableBytes,
  windowOf,
  wordOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { accessOfPlaced } from "../keyspace/access.ts";
import {
  encodingOf,
  ENCODING_EMBSTR,
  ENCODING_INT,
  ENCODING_RAW,
  expiryOf,
  isValueOutside,
  setEncoding,
  setHeader,
  setValueOutside,
  TYPE_STRING,
  valueWord,
} from "../keyspace/entry.ts";
import type { Database, Keyspace } from "../keyspace/keyspace.ts";
import { allocateOrThrow, placeEntry, resizeEntry } from "../keyspace/store.ts";
import {
  createInt64Scratch,
  int64FromHalves,
  INT64_MAX_TEXT_LENGTH,
  parseInt64,
  writeInt64,
} from "../numbers/int64.ts";
import type { Int64Scratch } from "../numbers/int64.ts";
import type { Key, Slice } from "../slice.ts";
import { FIXED_PART_BYTES, LENGTH_BYTES, setValueBlock, valueBlockOf } from "./value-block.ts";

/** The longest value that `embstr` names. */
export const EMBSTR_BYTES_MAXIMUM = 44;
/** The longest value kept inside the entry. */
export const INLINE_BYTES_MAXIMUM = 192;
/** Up to here a value that grows gets room for as much again, beyond it this much: amortised O(1) appends. */
const HEADROOM_BYTES_MAXIMUM = 1024 * 1024;

const parsed = createInt64Scratch();
/** Text of a number, for a moment. */
const digits = new Uint8Array(24);

/**
 * Stores `value` as a string under `key`, in place of `old` (its live entry of whatever type, or NIL). `expiresAtMs` is the
 * expiry from now on, or NO_EXPIRY. Returns the entry. Throws OutOfMemoryError with nothing changed.
 */
export function setString(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  old: number,
  value: Slice,
  expiresAtMs: number,
): number {
  if (parseInt64(value.bytes, value.offset, value.length, parsed)) {
    return setInteger(keyspace, database, key, old, parsed.high, parsed.low, expiresAtMs);
  }
  const encoding = value.length <= EMBSTR_BYTES_MAXIMUM ? ENCODING_EMBSTR : ENCODING_RAW;
  return setBytes(keyspace, database, key, old, value, encoding, expiresAtMs);
}

/** As `setString`, with the encoding given: no attempt at an integer. */
export function setBytes(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  old: number,
  value: Slice,
  encoding: number,
  expiresAtMs: number,
): number {
  const heap = keyspace.heap;
  const length = value.length;
  if (length > INLINE_BYTES_MAXIMUM) return setOutside(keyspace, database, key, old, value, expiresAtMs);
  const access = accessOfPlaced(keyspace, old);
  const entry = placeEntry(keyspace, database, key, old, LENGTH_BYTES + length, expiresAtMs);
  setHeader(heap, entry, TYPE_STRING, encoding, access);
  const at = valueWord(heap, entry);
  heap.i32[at] = length;
  copyToBlock(heap, entry, at + 1 - wordOf(entry), value.bytes, value.offset, length);
  return entry;
}

function setOutside(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  old: number,
  value: Slice,
  expiresAtMs: number,
): number {
  const heap = keyspace.heap;
  const access = accessOfPlaced(keyspace, old);
  const block = allocateOrThrow(heap, value.length);
  let entry: number;
  try {
    entry = placeEntry(keyspace, database, key, old, FIXED_PART_BYTES, expiresAtMs);
  } catch (error) {
    free(heap, block);
    throw error;
  }
  setHeader(heap, entry, TYPE_STRING, ENCODING_RAW, access);
  attachBlock(heap, entry, block, value.length);
  copyToBlock(heap, block, 0, value.bytes, value.offset, value.length);
  return entry;
}

/** Stores a 64-bit integer as a string; otherwise as `setString`. */
export function setInteger(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  old: number,
  high: number,
  low: number,
  expiresAtMs: number,
): number {
  const heap = keyspace.heap;
  const access = accessOfPlaced(keyspace, old);
  const entry = placeEntry(keyspace, database, key, old, FIXED_PART_BYTES, expiresAtMs);
  setHeader(heap, entry, TYPE_STRING, ENCODING_INT, access);
  writeInteger(heap, entry, high, low);
  return entry;
}

/** Overwrites the integer of an entry that holds one. */
export function writeInteger(heap: Heap, entry: number, high: number, low: number): void {
  const at = valueWord(heap, entry);
  heap.i32[at] = low;
  heap.i32[at + 1] = high;
}

/**
 * Adds to the integer of an entry in place where it is kept as one, and it, the increment and the sum fit 32 bits: nearly every counter.
 * Puts the sum into `sum`. False, with nothing changed, where the long way must be gone.
 */
export function addToSmallInteger(heap: Heap, entry: number, increment: Int64Scratch, sum: Int64Scratch): boolean {
  if (encodingOf(heap, entry) !== ENCODING_INT || increment.high !== increment.low >> 31) return false;
  const at = valueWord(heap, entry);
  const i32 = heap.i32;
  const low = i32[at];
  const total = low + increment.low;
  if (i32[at + 1] !== low >> 31 || total !== (total | 0)) return false;
  i32[at] = total;
  i32[at + 1] = total >> 31;
  sum.high = total >> 31;
  sum.low = total;
  sum.isSafe = true;
  sum.safe = total;
  return true;
}

/** Length in bytes of a string value. */
export function stringLength(heap: Heap, entry: number): number {
  const at = valueWord(heap, entry);
  if (encodingOf(heap, entry) !== ENCODING_INT) return heap.i32[lengthWord(heap, entry, at)];
  return writeInt64(digits, 0, heap.i32[at + 1], heap.i32[at]);
}

/**
 * Points `out` at the text of a string value. Valid until the next call that may allocate or change the value; the text of an
 * integer, which `out` itself holds, until the next `readString` into `out`.
 */
export function readString(heap: Heap, entry: number, out: Slice): Slice {
  const at = valueWord(heap, entry);
  if (encodingOf(heap, entry) === ENCODING_INT) {
    return out.set(out.digits, 0, writeInt64(out.digits, 0, heap.i32[at + 1], heap.i32[at]));
  }
  if (!isValueOutside(heap, entry)) return out.set(windowOf(heap, entry), inlineOffset(entry, at), heap.i32[at]);
  const block = heap.i32[at];
  return out.set(windowOf(heap, block), offsetOf(block), heap.i32[at + 1]);
}

/** Puts the 64-bit integer that a string value holds or spells into `out`; false when it is none. */
export function readInteger(heap: Heap, entry: number, out: Int64Scratch): boolean {
  const at = valueWord(heap, entry);
  if (encodingOf(heap, entry) === ENCODING_INT) {
    int64FromHalves(heap.i32[at + 1], heap.i32[at], out);
    return true;
  }
  const length = heap.i32[lengthWord(heap, entry, at)];
  if (length > INT64_MAX_TEXT_LENGTH) return false;
  const holder = isValueOutside(heap, entry) ? heap.i32[at] : entry;
  copyBytes(digits, 0, windowOf(heap, holder), textOffset(heap, entry, at), length);
  return parseInt64(digits, 0, length, out);
}

/**
 * Makes a string value `length` bytes long and free to be written in place (`raw`): what is new is zero. Returns the entry,
 * which may have moved; take the bytes with `readString` afterwards. Amortised O(what is new). Throws OutOfMemoryError with
 * nothing changed.
 */
export function resizeString(keyspace: Keyspace, database: Database, key: Key, entry: number, length: number): number {
  const heap = keyspace.heap;
  const oldLength = stringLength(heap, entry);
  let resized = entry;
  if (isValueOutside(heap, entry)) resizeOutside(heap, entry, oldLength, length);
  else if (length > INLINE_BYTES_MAXIMUM) resized = moveOutside(keyspace, database, key, entry, oldLength, length);
  else resized = resizeInside(keyspace, database, key, entry, oldLength, length);
  const at = valueWord(heap, resized);
  heap.i32[lengthWord(heap, resized, at)] = length;
  setEncoding(heap, resized, ENCODING_RAW);
  if (length > oldLength) {
    const start = textOffset(heap, resized, at) + oldLength;
    const holder = isValueOutside(heap, resized) ? heap.i32[at] : resized;
    windowOf(heap, holder).fill(0, start, start + length - oldLength);
  }
  return resized;
}

function resizeOutside(heap: Heap, entry: number, oldLength: number, length: number): void {
  const block = valueBlockOf(heap, entry);
  if (usableBytes(heap, block) >= length || reallocateInPlace(heap, block, withHeadroom(length))) return;
  const larger = allocateGrowing(heap, length);
  copyBytes(windowOf(heap, larger), offsetOf(larger), windowOf(heap, block), offsetOf(block), oldLength);
  free(heap, block);
  setValueBlock(heap, entry, larger);
}

/** Text or an integer goes from inside the entry into a block. */
function moveOutside(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  entry: number,
  oldLength: number,
  length: number,
): number {
  const heap = keyspace.heap;
  // what was empty begins rather than grows: SETRANGE and SETBIT of a new key take what they need, as in Redis
  const block = oldLength === 0 ? allocateOrThrow(heap, length) : allocateGrowing(heap, length);
  if (encodingOf(heap, entry) === ENCODING_INT) writeText(heap, entry, windowOf(heap, block), offsetOf(block));
  else {
    const from = textOffset(heap, entry, valueWord(heap, entry));
    copyBytes(windowOf(heap, block), offsetOf(block), windowOf(heap, entry), from, oldLength);
  }
  let resized: number;
  try {
    resized = resizeEntry(keyspace, database, key.hash, entry, FIXED_PART_BYTES);
  } catch (error) {
    free(heap, block);
    throw error;
  }
  attachBlock(heap, resized, block, length);
  return resized;
}

function resizeInside(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  entry: number,
  oldLength: number,
  length: number,
): number {
  const heap = keyspace.heap;
  const isInteger = encodingOf(heap, entry) === ENCODING_INT;
  if (isInteger) writeText(heap, entry, digits, 0);
  const resized = resizeEntry(keyspace, database, key.hash, entry, LENGTH_BYTES + Math.max(length, oldLength));
  if (isInteger) {
    const to = textOffset(heap, resized, valueWord(heap, resized));
    copyBytes(windowOf(heap, resized), to, digits, 0, oldLength);
  }
  return resized;
}

/** Writes the text of an entry's integer. */
function writeText(heap: Heap, entry: number, target: Uint8Array, offset: number): void {
  const at = valueWord(heap, entry);
  writeInt64(target, offset, heap.i32[at + 1], heap.i32[at]);
}

/** A block for a value that grows: with headroom where there is memory for it. */
function allocateGrowing(heap: Heap, length: number): number {
  const roomy = allocate(heap, withHeadroom(length));
  return roomy === NIL ? allocateOrThrow(heap, length) : roomy;
}

function withHeadroom(length: number): number {
  return length + Math.min(length, HEADROOM_BYTES_MAXIMUM);
}

/** Stores a copy of the string in `source` (same encoding) under `key`, in place of `old`. Returns the new entry. */
export function copyString(
  keyspace: Keyspace,
  source: number,
  database: Database,
  key: Key,
  old: number,
  scratch: Slice,
): number {
  const heap = keyspace.heap;
  const expiresAtMs = expiryOf(heap, source);
  if (encodingOf(heap, source) === ENCODING_INT) {
    const at = valueWord(heap, source);
    return setInteger(keyspace, database, key, old, heap.i32[at + 1], heap.i32[at], expiresAtMs);
  }
  const encoding = encodingOf(heap, source);
  return setBytes(keyspace, database, key, old, readString(heap, source, scratch), encoding, expiresAtMs);
}

/** Bytes of memory that an entry and its value take. */
export function stringMemoryBytes(heap: Heap, entry: number): number {
  const outside = isValueOutside(heap, entry) ? usableBytes(heap, valueBlockOf(heap, entry)) : 0;
  return usableBytes(heap, entry) + outside;
}

/** Byte offset of a value's text in the window of what holds it, the entry or its block; the value part is at word `at`. */
function textOffset(heap: Heap, entry: number, at: number): number {
  return isValueOutside(heap, entry) ? offsetOf(heap.i32[at]) : inlineOffset(entry, at);
}

/** The word of a text's length; the value part is at word `at`. */
function lengthWord(heap: Heap, entry: number, at: number): number {
  return isValueOutside(heap, entry) ? at + 1 : at;
}

/** Byte offset, in the entry's window, of inline text whose length word is at `at`. */
function inlineOffset(entry: number, at: number): number {
  return offsetOf(entry) + (at - wordOf(entry) + 1) * 4;
}

function attachBlock(heap: Heap, entry: number, block: number, length: number): void {
  setValueOutside(heap, entry, true);
  const at = valueWord(heap, entry);
  heap.i32[at] = block;
  heap.i32[at + 1] = length;
}
