/**
 * A member of a sorted set: a keyed block (`hash-table/keyed-block.ts`) whose owner's words are the two halves of the score.
 *
 * ```
 *  word 0      low half of the score (a float64)
 *  word 1      length of the member in bytes
 *  word 2 ...  the member, padded with zeros to whole words
 *  then        high half of the score
 * ```
 *
 * 32 bytes for a member of 20. Order is by score, then by bytes as memcmp has it, a shorter member before a longer one that begins with it.
 */
import { keyedPrefixBytes, keyLengthOf, keyOffsetOf, wordAfterKey, writeKey } from "../hash-table/index.ts";
import { allocate, NIL, windowOf, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { forgetHash } from "./read-ahead.ts";

const HALF_BYTES = 4;
const MEMBER_WORD = 2;

/** One double seen as two words, to put it together and to take it apart. */
const asDouble = new Float64Array(1);
const asWords = new Int32Array(asDouble.buffer);

/** A block for a member with its score; NIL when there is no memory. The bytes must not lie where an allocation moves them. */
export function createMember(heap: Heap, bytes: Uint8Array, offset: number, length: number, score: number): number {
  const ref = allocate(heap, keyedPrefixBytes(length) + HALF_BYTES);
  if (ref === NIL) return NIL;
  forgetHash(ref);
  writeKey(heap, ref, 0, bytes, offset, length);
  setScore(heap, ref, score);
  return ref;
}

/** The score of a member. */
export function scoreOf(heap: Heap, ref: number): number {
  asWords[0] = heap.i32[wordOf(ref)];
  asWords[1] = heap.i32[wordAfterKey(heap, ref)];
  return asDouble[0];
}

/** Writes the score into a block that is in no tree now. */
export function setScore(heap: Heap, ref: number, score: number): void {
  asDouble[0] = score;
  heap.i32[wordOf(ref)] = asWords[0];
  heap.i32[wordAfterKey(heap, ref)] = asWords[1];
}

/** Negative, 0 or positive as the bytes of `ref` are before, like or after those of `other`. O(length). */
export function compareMembers(heap: Heap, ref: number, other: number): number {
  const i32 = heap.i32;
  const length = keyLengthOf(heap, ref);
  const otherLength = keyLengthOf(heap, other);
  const from = wordOf(ref) + MEMBER_WORD;
  const shift = wordOf(other) - wordOf(ref);
  const end = from + (((length < otherLength ? length : otherLength) + 3) >> 2);
  for (let at = from; at < end; at++) {
    const word = i32[at];
    const otherWord = i32[at + shift];
    if (word !== otherWord) return compareWords(word, otherWord);
  }
  return length - otherLength;
}

/** Compares words of little-endian bytes that differ by their first byte that differs. */
function compareWords(word: number, other: number): number {
  const differences = word ^ other;
  const shift = (31 - Math.clz32(differences & -differences)) & ~7;
  return ((word >>> shift) & 0xff) - ((other >>> shift) & 0xff);
}

/** As `compareMembers`, with bytes anywhere. O(length). */
export function compareMemberTo(heap: Heap, ref: number, bytes: Uint8Array, offset: number, length: number): number {
  const own = windowOf(heap, ref);
  const ownOffset = keyOffsetOf(ref);
  const ownLength = keyLengthOf(heap, ref);
  const common = ownLength < length ? ownLength : length;
  for (let index = 0; index < common; index++) {
    const difference = own[ownOffset + index] - bytes[offset + index];
    if (difference !== 0) return difference;
  }
  return ownLength - length;
}
