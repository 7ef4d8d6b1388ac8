/**
 * A keyed block: what every entry of a hash table begins with, whoever owns the rest.
 *
 * ```
 *  word 0      the owner's (a key's type, encoding and access time, say)
 *  word 1      bits 0-29: length of the key in bytes; bits 30-31: the owner's flags
 *  word 2 ...  the key, padded with zeros to whole words
 *  then        the owner's
 * ```
 *
 * One fixed place for the key keeps the table free of callbacks. The zero padding lets two keys be compared by words.
 */
import { offsetOf, windowOf, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { halfSipHash } from "./half-sip-hash.ts";

const KEY_LENGTH_WORD = 1;
const KEY_WORD = 2;
const KEY_BYTE = KEY_WORD * 4;

/** The longest key in bytes. */
export const KEY_LENGTH_MASK = 0x3fffffff;

/** Bytes that the common part of a block takes for a key of `keyLength` bytes. */
export function keyedPrefixBytes(keyLength: number): number {
  return KEY_BYTE + ((keyLength + 3) & ~3);
}

/** Length in bytes of the key of the block at `ref`. */
export function keyLengthOf(heap: Heap, ref: number): number {
  return heap.i32[wordOf(ref) + KEY_LENGTH_WORD] & KEY_LENGTH_MASK;
}

/** Word index, into `heap.i32`, of what follows the key. */
export function wordAfterKey(heap: Heap, ref: number): number {
  const word = wordOf(ref);
  return word + KEY_WORD + (((heap.i32[word + KEY_LENGTH_WORD] & KEY_LENGTH_MASK) + 3) >> 2);
}

/** Where the key's bytes start in `windowOf(heap, ref)`. */
export function keyOffsetOf(ref: number): number {
  return offsetOf(ref) + KEY_BYTE;
}

/** Writes length, flags (bits 30-31) and key; word 0 and what follows the key stay the owner's to fill. */
export function writeKey(
  heap: Heap,
  ref: number,
  flags: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): void {
  const i32 = heap.i32;
  const word = wordOf(ref);
  i32[word + KEY_LENGTH_WORD] = length | flags;
  let at = offset;
  let to = word + KEY_WORD;
  const wholeWords = offset + (length & ~3);
  for (; at < wholeWords; at += 4, to++) {
    i32[to] = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  }
  if ((length & 3) !== 0) i32[to] = lastWord(bytes, at, length & 3);
}

/** Whether the block's key equals `bytes[offset .. offset+length)`. */
export function keyEquals(heap: Heap, ref: number, bytes: Uint8Array, offset: number, length: number): boolean {
  const i32 = heap.i32;
  const word = wordOf(ref);
  if ((i32[word + KEY_LENGTH_WORD] & KEY_LENGTH_MASK) !== length) return false;
  let at = offset;
  let from = word + KEY_WORD;
  const wholeWords = offset + (length & ~3);
  for (; at < wholeWords; at += 4, from++) {
    if (i32[from] !== (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24))) return false;
  }
  return (length & 3) === 0 || i32[from] === lastWord(bytes, at, length & 3);
}

/** The hash of the block's own key. */
export function hashOfKey(heap: Heap, ref: number, key0: number, key1: number): number {
  return halfSipHash(windowOf(heap, ref), keyOffsetOf(ref), keyLengthOf(heap, ref), key0, key1);
}

function lastWord(bytes: Uint8Array, at: number, count: number): number {
  let word = bytes[at];
  if (count > 1) word |= bytes[at + 1] << 8;
  if (count > 2) word |= bytes[at + 2] << 16;
  return word;
}
