/**
 * One key with its value: a keyed block (`@sider/datastructures`) whose first word and tail are ours.
 *
 * ```
 *  word 0      bits 0-3 type, bits 4-7 encoding, bits 8-31 access time or frequency
 *  word 1      bits 0-29 key length; bit 30: an expiry follows the key; bit 31: the value's bytes are in a block of their own
 *  word 2 ...  key, padded to whole words
 *  [2 words    expiry, Unix time in milliseconds, low word first]
 *  then        the value: its layout belongs to the type (`values/string-value.ts`)
 * ```
 *
 * A key of 16 bytes with a value of 16 costs 44 bytes. Types and encodings carry Redis's own numbers.
 */
import { keyedPrefixBytes, keyLengthOf, wordAfterKey, wordOf } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";

export const TYPE_STRING = 0;
export const TYPE_LIST = 1;
export const TYPE_SET = 2;
export const TYPE_SORTED_SET = 3;
export const TYPE_HASH = 4;
export const TYPE_STREAM = 6;

export const ENCODING_RAW = 0;
export const ENCODING_INT = 1;
export const ENCODING_HASHTABLE = 2;
export const ENCODING_INTSET = 6;
export const ENCODING_SKIPLIST = 7;
export const ENCODING_EMBSTR = 8;
export const ENCODING_QUICKLIST = 9;
export const ENCODING_STREAM = 10;
export const ENCODING_LISTPACK = 11;

/** Names as TYPE and SCAN TYPE know them, by type number. */
export const TYPE_NAMES = ["string", "list", "set", "zset", "hash", "module", "stream"] as const;

/** Names as OBJECT ENCODING gives them, by encoding number. */
export const ENCODING_NAMES = [
  "raw",
  "int",
  "hashtable",
  "",
  "",
  "",
  "intset",
  "skiplist",
  "embstr",
  "quicklist",
  "stream",
  "listpack",
] as const;

export const FLAG_EXPIRY = 1 << 30;
export const FLAG_VALUE_OUTSIDE = 1 << 31;
export const NO_EXPIRY = -1;

const FLAGS_WORD = 1;
const EXPIRY_BYTES = 8;
const EXPIRY_WORDS = EXPIRY_BYTES / 4;
const TWO_TO_32 = 4294967296;

/** Size of an entry in bytes, in whole words: its parts are copied by words. */
export function entryBytes(keyLength: number, hasExpiry: boolean, valueBytes: number): number {
  return keyedPrefixBytes(keyLength) + (hasExpiry ? EXPIRY_BYTES : 0) + ((valueBytes + 3) & ~3);
}

/** Type number of the value. */
export function typeOf(heap: Heap, entry: number): number {
  return heap.i32[wordOf(entry)] & 0xf;
}

/** Encoding number of the value. */
export function encodingOf(heap: Heap, entry: number): number {
  return (heap.i32[wordOf(entry)] >>> 4) & 0xf;
}

/** The 24 bits of access time or frequency. */
export function accessOf(heap: Heap, entry: number): number {
  return heap.i32[wordOf(entry)] >>> 8;
}

/** Sets the 24 access bits. Writes only when they differ, to leave the cache line clean. */
export function setAccess(heap: Heap, entry: number, access: number): void {
  const i32 = heap.i32;
  const word = wordOf(entry);
  const header = i32[word];
  if (header >>> 8 !== access) i32[word] = (header & 0xff) | (access << 8);
}

/** Writes the header word. */
export function setHeader(heap: Heap, entry: number, type: number, encoding: number, access: number): void {
  heap.i32[wordOf(entry)] = type | (encoding << 4) | (access << 8);
}

/** Changes the encoding number alone. */
export function setEncoding(heap: Heap, entry: number, encoding: number): void {
  const word = wordOf(entry);
  heap.i32[word] = (heap.i32[word] & ~0xf0) | (encoding << 4);
}

/** Whether the entry has an expiry. */
export function hasExpiry(heap: Heap, entry: number): boolean {
  return (heap.i32[wordOf(entry) + FLAGS_WORD] & FLAG_EXPIRY) !== 0;
}

/** Whether the value's bytes live in a block of their own. */
export function isValueOutside(heap: Heap, entry: number): boolean {
  return heap.i32[wordOf(entry) + FLAGS_WORD] < 0;
}

/** Says where the value's bytes live. */
export function setValueOutside(heap: Heap, entry: number, outside: boolean): void {
  const at = wordOf(entry) + FLAGS_WORD;
  heap.i32[at] = outside ? heap.i32[at] | FLAG_VALUE_OUTSIDE : heap.i32[at] & ~FLAG_VALUE_OUTSIDE;
}

/** The expiry, Unix time in milliseconds, or NO_EXPIRY. */
export function expiryOf(heap: Heap, entry: number): number {
  if (!hasExpiry(heap, entry)) return NO_EXPIRY;
  const at = wordAfterKey(heap, entry);
  return heap.i32[at + 1] * TWO_TO_32 + (heap.i32[at] >>> 0);
}

/** Overwrites the expiry of an entry that has one: Unix milliseconds, an integer below 2^63. */
export function writeExpiry(heap: Heap, entry: number, expiresAtMs: number): void {
  const at = wordAfterKey(heap, entry);
  heap.i32[at] = expiresAtMs | 0;
  heap.i32[at + 1] = Math.floor(expiresAtMs / TWO_TO_32);
}

/** Takes the expiry out of an entry that has one: the value part, of `valueBytes`, moves up over it. Needs no memory. */
export function dropExpiry(heap: Heap, entry: number, valueBytes: number): void {
  const at = wordAfterKey(heap, entry);
  const from = at + EXPIRY_WORDS;
  heap.i32.copyWithin(at, from, from + ((valueBytes + 3) >> 2));
  heap.i32[wordOf(entry) + FLAGS_WORD] &= ~FLAG_EXPIRY;
}

/** Writes the word of key length and flags of an entry whose key stays: an expiry or none, the value inside. */
export function resetFlags(heap: Heap, entry: number, keyLength: number, willExpire: boolean): void {
  heap.i32[wordOf(entry) + FLAGS_WORD] = willExpire ? keyLength | FLAG_EXPIRY : keyLength;
}

/** Word index into `heap.i32` where the value starts. */
export function valueWord(heap: Heap, entry: number): number {
  const after = wordAfterKey(heap, entry);
  return hasExpiry(heap, entry) ? after + EXPIRY_WORDS : after;
}

/** Bytes of the value's part inside the entry, for a value of `valueBytes`: the whole entry less key and expiry. */
export function entryBytesOf(heap: Heap, entry: number, valueBytes: number): number {
  return entryBytes(keyLengthOf(heap, entry), hasExpiry(heap, entry), valueBytes);
}
