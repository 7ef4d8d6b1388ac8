/**
 * A hash table of keyed blocks: find, insert, replace, remove. It stores refs, never owns or copies what they point to.
 *
 * Every call is O(1); while the table resizes, each insert and remove also moves one bucket (`resize.ts`). The caller
 * brings the hash (`halfSipHash` under the table's key), so that a batch can compute all its hashes first.
 */
import { allocate, free, NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { keyEquals } from "./keyed-block.ts";
import {
  bucketFor,
  BUCKET_BYTES,
  BUCKETS,
  COUNT,
  DRAINED,
  filledSlots,
  FIRST_REF,
  FROZEN,
  HASH_KEY_0,
  HASH_KEY_1,
  initialiseBucket,
  lastOfChain,
  MASK,
  NEXT,
  OLD_BUCKETS,
  OLD_MASK,
  OVERFLOW_COUNT,
  ownBucketOf,
  POSITION,
  readTag,
  SLOTS,
  TABLE_BYTES,
  tagOf,
  writeSlot,
} from "./layout.ts";
import { freeBuckets, growIfCrowded, resizeStep, shrinkIfSparse } from "./resize.ts";

const HALF_LINE_WORDS = 8;

/** An empty table under the 64-bit hash key `(key0, key1)`; NIL when there is no memory. */
export function createHashTable(heap: Heap, key0: number, key1: number): number {
  const table = allocate(heap, TABLE_BYTES);
  if (table === NIL) return NIL;
  const header = wordOf(table);
  heap.i32[header + HASH_KEY_0] = key0;
  heap.i32[header + HASH_KEY_1] = key1;
  resetToOwnBucket(heap, table);
  return table;
}

/** Frees the table's own memory. What its refs point to is the caller's to free first. O(buckets). */
export function destroyHashTable(heap: Heap, table: number): void {
  freeBuckets(heap, table);
  free(heap, table);
}

/** Makes the table empty and small. Needs no memory. What its refs pointed to is the caller's to free. O(buckets). */
export function clearHashTable(heap: Heap, table: number): void {
  freeBuckets(heap, table);
  resetToOwnBucket(heap, table);
}

function resetToOwnBucket(heap: Heap, table: number): void {
  const i32 = heap.i32;
  const header = wordOf(table);
  initialiseBucket(heap, ownBucketOf(table));
  i32[header + COUNT] = 0;
  i32[header + BUCKETS] = ownBucketOf(table);
  i32[header + MASK] = 0;
  i32[header + OLD_BUCKETS] = NIL;
  i32[header + OLD_MASK] = 0;
  i32[header + POSITION] = 0;
  i32[header + OVERFLOW_COUNT] = 0;
  i32[header + DRAINED] = 0;
  i32[header + FROZEN] = 0;
}

/** Number of entries. */
export function hashTableCount(heap: Heap, table: number): number {
  return heap.i32[wordOf(table) + COUNT];
}

/** Bytes of the table's own memory: header, own bucket, buckets, overflow buckets, and the old buckets while resizing. */
export function hashTableBytes(heap: Heap, table: number): number {
  const i32 = heap.i32;
  const header = wordOf(table);
  const buckets = i32[header + MASK] === 0 ? 0 : i32[header + MASK] + 1;
  const oldBuckets = i32[header + OLD_BUCKETS] === NIL || i32[header + OLD_MASK] === 0 ? 0 : i32[header + OLD_MASK] + 1;
  return TABLE_BYTES + (buckets + oldBuckets + i32[header + OVERFLOW_COUNT]) * BUCKET_BYTES;
}

/** The entry whose key is `bytes[offset .. offset+length)`, or NIL. */
export function findInTable(
  heap: Heap,
  table: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  hash: number,
): number {
  const i32 = heap.i32;
  const tags = Math.imul(tagOf(hash), 0x01010101);
  let bucket = bucketFor(heap, table, hash);
  do {
    const word = wordOf(bucket);
    for (let group = 0; group < FIRST_REF; group++) {
      // A zero byte of `differences` is a matching tag; the borrow can only add false candidates, which the key refutes.
      const differences = i32[word + group] ^ tags;
      let candidates = (differences - 0x01010101) & ~differences & 0x80808080;
      while (candidates !== 0) {
        const slot = (31 - Math.clz32(candidates & -candidates)) >> 3;
        const ref = i32[word + FIRST_REF + group * 4 + slot];
        if (ref !== NIL && keyEquals(heap, ref, bytes, offset, length)) return ref;
        candidates &= candidates - 1;
      }
    }
    bucket = i32[word + NEXT];
  } while (bucket !== NIL);
  return NIL;
}

/** Adds an entry whose key is not in the table. False when there is no memory (nothing has changed then). */
export function insertIntoTable(heap: Heap, table: number, hash: number, ref: number): boolean {
  resizeStep(heap, table);
  growIfCrowded(heap, table);
  let bucket = lastOfChain(heap, bucketFor(heap, table, hash));
  let slot = filledSlots(heap, bucket);
  if (slot === SLOTS) {
    const overflow = allocate(heap, BUCKET_BYTES);
    if (overflow === NIL) return false;
    initialiseBucket(heap, overflow);
    heap.i32[wordOf(bucket) + NEXT] = overflow;
    heap.i32[wordOf(table) + OVERFLOW_COUNT]++;
    bucket = overflow;
    slot = 0;
  }
  writeSlot(heap, bucket, slot, tagOf(hash), ref);
  heap.i32[wordOf(table) + COUNT]++;
  return true;
}

/** Puts `newRef` where `oldRef` is (a block that moved). False when `oldRef` is not in the table. */
export function replaceInTable(heap: Heap, table: number, hash: number, oldRef: number, newRef: number): boolean {
  const i32 = heap.i32;
  for (let bucket = bucketFor(heap, table, hash); bucket !== NIL; bucket = i32[wordOf(bucket) + NEXT]) {
    const firstRef = wordOf(bucket) + FIRST_REF;
    for (let slot = 0; slot < SLOTS; slot++) {
      if (i32[firstRef + slot] === oldRef) {
        i32[firstRef + slot] = newRef;
        return true;
      }
    }
  }
  return false;
}

/** Whether the table has this very entry under `hash`. The ref may be stale: nothing is read through it. */
export function isInTable(heap: Heap, table: number, hash: number, ref: number): boolean {
  const i32 = heap.i32;
  for (let bucket = bucketFor(heap, table, hash); bucket !== NIL; bucket = i32[wordOf(bucket) + NEXT]) {
    const firstRef = wordOf(bucket) + FIRST_REF;
    for (let slot = 0; slot < SLOTS; slot++) if (i32[firstRef + slot] === ref) return true;
  }
  return false;
}

/** Takes an entry out (and does not free it). False when it is not in the table. */
export function removeFromTable(heap: Heap, table: number, hash: number, ref: number): boolean {
  resizeStep(heap, table);
  const i32 = heap.i32;
  for (let bucket = bucketFor(heap, table, hash); bucket !== NIL; bucket = i32[wordOf(bucket) + NEXT]) {
    const firstRef = wordOf(bucket) + FIRST_REF;
    for (let slot = 0; slot < SLOTS; slot++) {
      if (i32[firstRef + slot] === ref) {
        fillHole(heap, table, bucketFor(heap, table, hash), bucket, slot);
        i32[wordOf(table) + COUNT]--;
        shrinkIfSparse(heap, table);
        return true;
      }
    }
  }
  return false;
}

/** Reads the bucket of `hash`, so that its cache line is on its way; the result only keeps the read alive. */
export function touchBucket(heap: Heap, table: number, hash: number): number {
  return heap.i32[wordOf(bucketFor(heap, table, hash))];
}

/**
 * Reads the first entry whose tag matches `hash` (the right one in 19 of 20 cases), for the same purpose: its first word and one half a
 * line on, since many an entry reaches into a second line.
 */
export function touchEntry(heap: Heap, table: number, hash: number): number {
  const i32 = heap.i32;
  const tags = Math.imul(tagOf(hash), 0x01010101);
  const word = wordOf(bucketFor(heap, table, hash));
  for (let group = 0; group < FIRST_REF; group++) {
    const differences = i32[word + group] ^ tags;
    const candidates = (differences - 0x01010101) & ~differences & 0x80808080;
    if (candidates !== 0) {
      const slot = (31 - Math.clz32(candidates & -candidates)) >> 3;
      const entry = wordOf(i32[word + FIRST_REF + group * 4 + slot]);
      return i32[entry] ^ i32[entry + HALF_LINE_WORDS];
    }
  }
  return 0;
}

/** Keeps the chain dense: its last entry moves into the hole, an overflow bucket that became empty is freed. */
function fillHole(heap: Heap, table: number, first: number, bucket: number, slot: number): void {
  const i32 = heap.i32;
  const last = lastOfChain(heap, bucket);
  const lastSlot = filledSlots(heap, last) - 1;
  writeSlot(heap, bucket, slot, readTag(heap, last, lastSlot), i32[wordOf(last) + FIRST_REF + lastSlot]);
  i32[wordOf(last) + FIRST_REF + lastSlot] = NIL;
  if (lastSlot > 0 || last === first) return;
  let before = first;
  while (i32[wordOf(before) + NEXT] !== last) before = i32[wordOf(before) + NEXT];
  i32[wordOf(before) + NEXT] = NIL;
  i32[wordOf(table) + OVERFLOW_COUNT]--;
  free(heap, last);
}
