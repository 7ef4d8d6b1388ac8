/**
 * The bytes of a hash table: a header, an array of buckets of one cache line each, and a second array while resizing.
 *
 * ```
 *  header (64 bytes)                          bucket (64 bytes)
 *   word 0  number of entries                  word 0-2    12 tags: the hash's top byte of each slot
 *   word 1  buckets, a ref                     word 3-14   12 refs to keyed blocks, NIL when empty
 *   word 2  number of buckets - 1              word 15     ref of an overflow bucket, or NIL
 *   word 3  old buckets, NIL unless resizing
 *   word 4  number of old buckets - 1         A chain is dense: only its last bucket has empty slots, and they
 *   word 5  resize position                   are its last ones.
 *   word 6  hash key, low
 *   word 7  hash key, high
 *   word 8  number of overflow buckets
 *   word 9  positions that are gone, of a table that is being freed in slices
 *   word 10 1: the table does not resize for now
 * ```
 *
 * Behind the header lies one bucket of the table's own: the array of a table that has just one. So a table can always be
 * emptied, without asking for memory.
 *
 * The resize position counts buckets of the *smaller* of the two arrays: what hashes below it lives in the new array,
 * everything else in the old one. So each key has one place at any time, a lookup reads one chain, and the new
 * array needs no clearing up front: a bucket is initialised when its turn comes, and no operation is ever longer
 * than a bucket. The idea of tags in the cache line is Valkey 8.1's.
 */
import { wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";

export const HEADER_BYTES = 64;
export const COUNT = 0;
export const BUCKETS = COUNT + 1;
export const MASK = BUCKETS + 1;
export const OLD_BUCKETS = MASK + 1;
export const OLD_MASK = OLD_BUCKETS + 1;
export const POSITION = OLD_MASK + 1;
export const HASH_KEY_0 = POSITION + 1;
export const HASH_KEY_1 = HASH_KEY_0 + 1;
export const OVERFLOW_COUNT = HASH_KEY_1 + 1;
export const DRAINED = OVERFLOW_COUNT + 1;
export const FROZEN = DRAINED + 1;

export const BUCKET_BYTES = 64;
export const BUCKET_WORDS = BUCKET_BYTES / 4;
export const BUCKET_GRANULES = BUCKET_BYTES / 8;
export const SLOTS = 12;
export const FIRST_REF = SLOTS / 4;
export const NEXT = FIRST_REF + SLOTS;

/** Size of a table's block: the header and its own bucket. */
export const TABLE_BYTES = HEADER_BYTES + BUCKET_BYTES;

/** Ref of the bucket that lies behind the header. */
export function ownBucketOf(table: number): number {
  return table + HEADER_BYTES / 8;
}

/** The tag of a hash: its top byte. Bucket numbers come from the bottom, so the two stay independent up to 2^24 buckets. */
export function tagOf(hash: number): number {
  return hash >>> 24;
}

/** Ref of the first bucket of the chain where `hash` belongs now. */
export function bucketFor(heap: Heap, table: number, hash: number): number {
  const i32 = heap.i32;
  const header = wordOf(table);
  const mask = i32[header + MASK];
  if (i32[header + OLD_BUCKETS] !== 0) {
    const oldMask = i32[header + OLD_MASK];
    const smallMask = oldMask < mask ? oldMask : mask;
    if ((hash & smallMask) >= i32[header + POSITION]) {
      return i32[header + OLD_BUCKETS] + (hash & oldMask) * BUCKET_GRANULES;
    }
  }
  return i32[header + BUCKETS] + (hash & mask) * BUCKET_GRANULES;
}

/** The last bucket of the chain that starts at `bucket`. */
export function lastOfChain(heap: Heap, bucket: number): number {
  const i32 = heap.i32;
  let last = bucket;
  for (let next = i32[wordOf(last) + NEXT]; next !== 0; next = i32[wordOf(last) + NEXT]) last = next;
  return last;
}

/** Number of filled slots of one bucket (they come first). */
export function filledSlots(heap: Heap, bucket: number): number {
  const i32 = heap.i32;
  const firstRef = wordOf(bucket) + FIRST_REF;
  let slot = 0;
  while (slot < SLOTS && i32[firstRef + slot] !== 0) slot++;
  return slot;
}

/** Empties one bucket that may hold anything. */
export function initialiseBucket(heap: Heap, bucket: number): void {
  const i32 = heap.i32;
  const word = wordOf(bucket);
  for (let at = word; at < word + BUCKET_WORDS; at++) i32[at] = 0;
}

/** Puts tag and ref into a slot. */
export function writeSlot(heap: Heap, bucket: number, slot: number, tag: number, ref: number): void {
  const i32 = heap.i32;
  const word = wordOf(bucket);
  const tagWord = word + (slot >> 2);
  const shift = (slot & 3) << 3;
  i32[tagWord] = (i32[tagWord] & ~(0xff << shift)) | (tag << shift);
  i32[word + FIRST_REF + slot] = ref;
}

/** The tag in a slot. */
export function readTag(heap: Heap, bucket: number, slot: number): number {
  return (heap.i32[wordOf(bucket) + (slot >> 2)] >>> ((slot & 3) << 3)) & 0xff;
}
