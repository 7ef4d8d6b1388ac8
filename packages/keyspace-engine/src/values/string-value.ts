/**
 * String values: an integer, bytes inside the entry, or bytes in a block of their own (`value-block.ts` has the picture).
 *
 * The encoding that OBJECT ENCODING reports follows Redis's rules and not the place: text of a 64-bit integer in canonical
 * form is `int`, other values up to 44 bytes are `embstr`, longer ones and all that were changed in place are `raw`.
 */
import { free, NIL, offsetOf, usableBytes, windowOf, wordOf } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import {
  encodingOf,
  ENCODING_EMBSTR,
  ENCODING_INT,
  ENCODING_RAW,
  expiryOf,
  isValueOutside,
  setHeader,
  setValueOutside,
  TYPE_STRING,
  valueWord,
} from "../keyspace/entry.ts";
import type { Database, Keyspace } from "../keyspace/keyspace.ts";
import { allocateOrThrow, placeEntry, resizeEntry } from "../keyspace/store.ts";
import { createInt64Scratch, int64FromHalves, parseInt64, writeInt64 } from "../numbers/int64.ts";
import type { Int64Scratch } from "../numbers/int64.ts";
import type { Key, Slice } from "../slice.ts";
import { FIXED_PART_BYTES, LENGTH_BYTES, valueBlockOf } from "./value-block.ts";

/** The longest value that `embstr` names. */
export const EMBSTR_BYTES_MAXIMUM = 44;
/** The longest value kept inside the entry. */
export const INLINE_BYTES_MAXIMUM = 192;
/** Up to here a value that grows gets room for as much again, beyond it this much: amortised O(1) appends. */
const HEADROOM_BYTES_MAXIMUM = 1024 * 1024;
const COPY_BY_BYTES_MAXIMUM = 96;

const parsed = createInt64Scratch();
/** Text of the last integer that `readString` has shown. */
const integerText = new Uint8Array(24);

/** Copies bytes, whatever is quicker for the length. */
export function copyBytes(target: Uint8Array, at: number, source: Uint8Array, offset: number, length: number): void {
  if (length <= COPY_BY_BYTES_MAXIMUM)
    for (let index = 0; index < length; index++) target[at + index] = source[offset + index];
  else target.set(source.subarray(offset, offset + length), at);
}

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
  const entry = placeEntry(keyspace, database, key, old, LENGTH_BYTES + length, expiresAtMs);
  setHeader(heap, entry, TYPE_STRING, encoding, keyspace.accessClock);
  const at = valueWord(heap, entry);
  heap.i32[at] = length;
  copyBytes(windowOf(heap, entry), inlineOffset(entry, at), value.bytes, value.offset, length);
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
  const block = allocateOrThrow(heap, value.length);
  let entry: number;
  try {
    entry = placeEntry(keyspace, database, key, old, FIXED_PART_BYTES, expiresAtMs);
  } catch (error) {
    free(heap, block);
    throw error;
  }
  setHeader(heap, entry, TYPE_STRING, ENCODING_RAW, keyspace.accessClock);
  attachBlock(heap, entry, block, value.length);
  copyBytes(windowOf(heap, block), offsetOf(block), value.bytes, value.offset, value.length);
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
  const entry = placeEntry(keyspace, database, key, old, FIXED_PART_BYTES, expiresAtMs);
  setHeader(heap, entry, TYPE_STRING, ENCODING_INT, keyspace.accessClock);
  writeInteger(heap, entry, high, low);
  return entry;
}

/** Overwrites the integer of an entry that holds one. */
export function writeInteger(heap: Heap, entry: number, high: number, low: number): void {
  const at = valueWord(heap, entry);
  heap.i32[at] = low;
  heap.i32[at + 1] = high;
}

/** Length in bytes of a string value. */
export function stringLength(heap: Heap, entry: number): number {
  if (encodingOf(heap, entry) !== ENCODING_INT) return heap.i32[valueWord(heap, entry)];
  const at = valueWord(heap, entry);
  return writeInt64(integerText, 0, heap.i32[at + 1], heap.i32[at]);
}

/** Points `out` at the text of a string value. Valid until the next call that may allocate, or the next `readString`. */
export function readString(heap: Heap, entry: number, out: Slice): Slice {
  const at = valueWord(heap, entry);
  if (encodingOf(heap, entry) === ENCODING_INT) {
    return out.set(integerText, 0, writeInt64(integerText, 0, heap.i32[at + 1], heap.i32[at]));
  }
  const length = heap.i32[at];
  if (!isValueOutside(heap, entry)) return out.set(windowOf(heap, entry), inlineOffset(entry, at), length);
  const block = heap.i32[at + 1];
  return out.set(windowOf(heap, block), offsetOf(block), length);
}

/** Puts the 64-bit integer that a string value holds or spells into `out`; false when it is none. */
export function readInteger(heap: Heap, entry: number, out: Int64Scratch): boolean {
  const at = valueWord(heap, entry);
  if (encodingOf(heap, entry) === ENCODING_INT) {
    int64FromHalves(heap.i32[at + 1], heap.i32[at], out);
    return true;
  }
  const length = heap.i32[at];
  if (!isValueOutside(heap, entry)) return parseInt64(windowOf(heap, entry), inlineOffset(entry, at), length, out);
  return false;
}

/**
 * Makes a string value `length` bytes long and free to be written in place (`raw`): what is new is zero. Returns the entry,
 * which may have moved; take the bytes with `readString` afterwards.
 */
export function resizeString(keyspace: Keyspace, database: Database, key: Key, entry: number, length: number): number {
  const heap = keyspace.heap;
  const oldLength = stringLength(heap, entry);
  const resized = isValueOutside(heap, entry)
    ? growOutside(heap, entry, oldLength, length)
    : growInside(keyspace, database, key, entry, oldLength, length);
  const at = valueWord(heap, resized);
  heap.i32[at] = length;
  heap.i32[wordOf(resized)] = (heap.i32[wordOf(resized)] & ~0xf0) | (ENCODING_RAW << 4);
  if (length > oldLength) {
    const outside = isValueOutside(heap, resized);
    const block = outside ? heap.i32[at + 1] : resized;
    const start = (outside ? offsetOf(block) : inlineOffset(resized, at)) + oldLength;
    windowOf(heap, block).fill(0, start, start + length - oldLength);
  }
  return resized;
}

function growOutside(heap: Heap, entry: number, oldLength: number, length: number): number {
  const block = valueBlockOf(heap, entry);
  if (usableBytes(heap, block) >= length) return entry;
  const larger = allocateOrThrow(heap, length + Math.min(length, HEADROOM_BYTES_MAXIMUM));
  copyBytes(windowOf(heap, larger), offsetOf(larger), windowOf(heap, block), offsetOf(block), oldLength);
  free(heap, block);
  heap.i32[valueWord(heap, entry) + 1] = larger;
  return entry;
}

/** Text and integers inside the entry: more room there, or out into a block. */
function growInside(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  entry: number,
  oldLength: number,
  length: number,
): number {
  const heap = keyspace.heap;
  const isInteger = encodingOf(heap, entry) === ENCODING_INT;
  if (isInteger) stringLength(heap, entry); // leaves the text in integerText
  const outside = length > INLINE_BYTES_MAXIMUM;
  const block = outside ? allocateOrThrow(heap, length + Math.min(length, HEADROOM_BYTES_MAXIMUM)) : NIL;
  if (outside) {
    const at = valueWord(heap, entry);
    const source = isInteger ? integerText : windowOf(heap, entry);
    copyBytes(windowOf(heap, block), offsetOf(block), source, isInteger ? 0 : inlineOffset(entry, at), oldLength);
  }
  const partBytes = outside ? FIXED_PART_BYTES : LENGTH_BYTES + Math.max(length, oldLength);
  let resized: number;
  try {
    resized = resizeEntry(keyspace, database, key.hash, entry, partBytes);
  } catch (error) {
    if (outside) free(heap, block);
    throw error;
  }
  if (outside) attachBlock(heap, resized, block, length);
  else if (isInteger)
    copyBytes(windowOf(heap, resized), inlineOffset(resized, valueWord(heap, resized)), integerText, 0, oldLength);
  return resized;
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

/** Byte offset, in the entry's window, of inline text whose length word is at `at`. */
function inlineOffset(entry: number, at: number): number {
  return offsetOf(entry) + (at - wordOf(entry) + 1) * 4;
}

function attachBlock(heap: Heap, entry: number, block: number, length: number): void {
  setValueOutside(heap, entry, true);
  const at = valueWord(heap, entry);
  heap.i32[at] = length;
  heap.i32[at + 1] = block;
}
