/**
 * Incremental resizing. A table grows to twice its buckets at 9 entries a bucket of 12 slots (one chain in eight then
 * overflows; 8 bytes of index a key), and shrinks when fewer entries than buckets are left.
 *
 * One step moves one bucket of the smaller array: growing splits a chain in two, shrinking joins several into one.
 * A step first reads everything and makes sure of its memory, then writes: without memory nothing has changed.
 */
import { allocate, free, NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { hashOfKey } from "./keyed-block.ts";
import {
  BUCKET_BYTES,
  BUCKET_GRANULES,
  BUCKETS,
  COUNT,
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
  tagOf,
  writeSlot,
} from "./layout.ts";

const ENTRIES_A_BUCKET_TO_GROW = 9;
/** So full a table grows even beyond the heap's limit for that (`Heap.growthLimitBytes`). */
const ENTRIES_A_BUCKET_TO_GROW_ANYHOW = 15;
/** A table that loses entries stays this full, so that a random entry is found in a few draws. */
const ENTRIES_A_BUCKET_TO_SHRINK = 3;
const ENTRIES_A_BUCKET_AFTER_SHRINKING = 6;
const BUCKETS_MAXIMUM = 1 << 24;

/** Scratch of one step: the refs and tags of the chains that are moved, and their overflow buckets to be used again. */
let movedRefs = new Int32Array(256);
let movedTags = new Uint8Array(256);
let movedCount = 0;
let spareBuckets = new Int32Array(64);
let spareCount = 0;

/** What was read only to start its cache miss early: misses that are started together overlap. */
const readAhead = new Int32Array(1);

/** Whether two bucket arrays exist. */
export function isResizing(heap: Heap, table: number): boolean {
  return heap.i32[wordOf(table) + OLD_BUCKETS] !== NIL;
}

/**
 * Lets a table resize, or not: while it does not, each of its positions keeps its chains, so that another thread can go through them. Its
 * chains get longer then. Resizing goes on with the next change once it may.
 */
export function setFrozen(heap: Heap, table: number, isFrozen: boolean): void {
  heap.i32[wordOf(table) + FROZEN] = isFrozen ? 1 : 0;
}

/** Whether a table that does not resize for now would have grown by now: its chains are getting long. */
export function isOvercrowded(heap: Heap, table: number): boolean {
  const i32 = heap.i32;
  const header = wordOf(table);
  return i32[header + COUNT] > (i32[header + MASK] + 1) * ENTRIES_A_BUCKET_TO_GROW;
}

/**
 * Starts to grow when the buckets are full on average. Without memory it stays as it is, with longer chains, and tries again
 * when there is one entry more in each bucket: asking in vain for much memory is slow.
 */
export function growIfCrowded(heap: Heap, table: number): void {
  const i32 = heap.i32;
  const header = wordOf(table);
  const mask = i32[header + MASK];
  const buckets = mask + 1;
  const count = i32[header + COUNT];
  if (count < buckets * ENTRIES_A_BUCKET_TO_GROW || (count & mask) !== 0 || buckets === BUCKETS_MAXIMUM) return;
  const isBeyondLimit = heap.allocatedBytes + buckets * 2 * BUCKET_BYTES > heap.growthLimitBytes;
  if (isBeyondLimit && count < buckets * ENTRIES_A_BUCKET_TO_GROW_ANYHOW) return;
  if (i32[header + OLD_BUCKETS] === NIL && i32[header + FROZEN] === 0) startResize(heap, table, buckets * 2);
}

/** Starts to shrink when the buckets are three quarters empty on average. */
export function shrinkIfSparse(heap: Heap, table: number): void {
  const i32 = heap.i32;
  const header = wordOf(table);
  const buckets = i32[header + MASK] + 1;
  const count = i32[header + COUNT];
  if (buckets === 1 || count >= buckets * ENTRIES_A_BUCKET_TO_SHRINK || i32[header + OLD_BUCKETS] !== NIL) return;
  if (i32[header + FROZEN] !== 0) return;
  let target = 1;
  while (target * ENTRIES_A_BUCKET_AFTER_SHRINKING < count) target *= 2;
  if (target < buckets) startResize(heap, table, target);
}

/** Grows a table for `entryCount` entries at once, as a load from disk wants. False without memory, or frozen. O(buckets). */
export function reserveTable(heap: Heap, table: number, entryCount: number): boolean {
  if (heap.i32[wordOf(table) + FROZEN] !== 0 || !finishResize(heap, table)) return false;
  const buckets = heap.i32[wordOf(table) + MASK] + 1;
  let target = buckets;
  while (target * ENTRIES_A_BUCKET_TO_GROW < entryCount && target < BUCKETS_MAXIMUM) target *= 2;
  return target === buckets || (startResize(heap, table, target) && finishResize(heap, table));
}

function finishResize(heap: Heap, table: number): boolean {
  while (isResizing(heap, table)) if (!resizeStep(heap, table)) return false;
  return true;
}

function startResize(heap: Heap, table: number, bucketCount: number): boolean {
  const buckets = bucketCount === 1 ? ownBucketOf(table) : allocate(heap, bucketCount * BUCKET_BYTES);
  if (buckets === NIL) return false;
  const i32 = heap.i32;
  const header = wordOf(table);
  i32[header + OLD_BUCKETS] = i32[header + BUCKETS];
  i32[header + OLD_MASK] = i32[header + MASK];
  i32[header + BUCKETS] = buckets;
  i32[header + MASK] = bucketCount - 1;
  i32[header + POSITION] = 0;
  return true;
}

/** Moves one bucket if the table is resizing and not frozen. True when it moved one. O(entries of the bucket). */
export function resizeStep(heap: Heap, table: number): boolean {
  const word = wordOf(table);
  if (heap.i32[word + OLD_BUCKETS] === NIL || heap.i32[word + FROZEN] !== 0) return false;
  gatherOld(heap, table);
  if (!secureSpares(heap, table)) return false;
  distribute(heap, table);
  const i32 = heap.i32;
  const header = wordOf(table);
  i32[header + OVERFLOW_COUNT] -= spareCount;
  while (spareCount > 0) free(heap, spareBuckets[--spareCount]);
  const smallMask = Math.min(i32[header + MASK], i32[header + OLD_MASK]);
  if (i32[header + POSITION] === smallMask) {
    freeArray(heap, table, i32[header + OLD_BUCKETS]);
    i32[header + OLD_BUCKETS] = NIL;
  }
  i32[header + POSITION]++;
  return true;
}

/** Frees both bucket arrays and all overflow buckets. */
export function freeBuckets(heap: Heap, table: number): void {
  const i32 = heap.i32;
  const header = wordOf(table);
  const smallCount = i32[header + OLD_BUCKETS] === NIL ? 0 : Math.min(i32[header + MASK], i32[header + OLD_MASK]) + 1;
  const moved = i32[header + OLD_BUCKETS] === NIL ? 0 : i32[header + POSITION];
  freeOverflow(heap, i32[header + BUCKETS], i32[header + MASK] + 1, smallCount, 0, smallCount === 0 ? 1 : moved);
  if (smallCount > 0) {
    freeOverflow(heap, i32[header + OLD_BUCKETS], i32[header + OLD_MASK] + 1, smallCount, moved, smallCount);
    freeArray(heap, table, i32[header + OLD_BUCKETS]);
  }
  freeArray(heap, table, i32[header + BUCKETS]);
}

/** Frees one bucket array, unless it is the table's own bucket. */
export function freeArray(heap: Heap, table: number, buckets: number): void {
  if (buckets !== ownBucketOf(table)) free(heap, buckets);
}

/** Frees the overflow buckets of the chains whose number modulo `period` lies in [from, to). Period 0: of all chains. */
function freeOverflow(heap: Heap, buckets: number, count: number, period: number, from: number, to: number): void {
  const i32 = heap.i32;
  for (let index = 0; index < count; index++) {
    const residue = period === 0 ? 0 : index & (period - 1);
    if (residue < from || residue >= to) continue;
    let overflow = i32[wordOf(buckets + index * BUCKET_GRANULES) + NEXT];
    while (overflow !== NIL) {
      const next = i32[wordOf(overflow) + NEXT];
      free(heap, overflow);
      overflow = next;
    }
  }
}

/** Reads all chains of the old array that belong to the position into the scratch. */
function gatherOld(heap: Heap, table: number): void {
  const i32 = heap.i32;
  const header = wordOf(table);
  const position = i32[header + POSITION];
  const oldMask = i32[header + OLD_MASK];
  const stride = i32[header + MASK] < oldMask ? i32[header + MASK] + 1 : oldMask + 1;
  movedCount = 0;
  spareCount = 0;
  for (let index = position; index <= oldMask; index += stride) {
    const first = i32[header + OLD_BUCKETS] + index * BUCKET_GRANULES;
    for (let bucket = first; bucket !== NIL; bucket = i32[wordOf(bucket) + NEXT]) {
      gatherBucket(heap, bucket);
      if (bucket !== first) pushSpare(bucket);
    }
  }
}

function gatherBucket(heap: Heap, bucket: number): void {
  if (movedCount + SLOTS > movedRefs.length) growScratch();
  const i32 = heap.i32;
  const firstRef = wordOf(bucket) + FIRST_REF;
  for (let slot = 0; slot < SLOTS; slot++) {
    const ref = i32[firstRef + slot];
    if (ref === NIL) return;
    movedTags[movedCount] = readTag(heap, bucket, slot);
    movedRefs[movedCount++] = ref;
  }
}

function growScratch(): void {
  const refs = new Int32Array(movedRefs.length * 2);
  refs.set(movedRefs);
  movedRefs = refs;
  const tags = new Uint8Array(movedTags.length * 2);
  tags.set(movedTags);
  movedTags = tags;
}

function pushSpare(bucket: number): void {
  if (spareCount === spareBuckets.length) {
    const larger = new Int32Array(spareBuckets.length * 2);
    larger.set(spareBuckets);
    spareBuckets = larger;
  }
  spareBuckets[spareCount++] = bucket;
}

/** Joining chains can take more overflow buckets than they had. Splitting cannot: a chain is dense. */
function secureSpares(heap: Heap, table: number): boolean {
  const owned = spareCount;
  if (heap.i32[wordOf(table) + MASK] > heap.i32[wordOf(table) + OLD_MASK]) return true;
  const needed = Math.ceil(movedCount / SLOTS) - 1;
  while (spareCount < needed) {
    const bucket = allocate(heap, BUCKET_BYTES);
    if (bucket === NIL) {
      heap.i32[wordOf(table) + OVERFLOW_COUNT] -= spareCount - owned;
      while (spareCount > owned) free(heap, spareBuckets[--spareCount]);
      return false;
    }
    heap.i32[wordOf(table) + OVERFLOW_COUNT]++;
    pushSpare(bucket);
  }
  return true;
}

/** Empties the new chains of the position and puts the scratch into them. */
function distribute(heap: Heap, table: number): void {
  const i32 = heap.i32;
  const header = wordOf(table);
  const mask = i32[header + MASK];
  const buckets = i32[header + BUCKETS];
  const position = i32[header + POSITION];
  const growing = mask > i32[header + OLD_MASK];
  const stride = growing ? i32[header + OLD_MASK] + 1 : mask + 1;
  for (let index = position; index <= mask; index += stride) {
    initialiseBucket(heap, buckets + index * BUCKET_GRANULES);
  }
  if (!growing) {
    // All go to one chain, whatever their hash: the keys need not be read.
    for (let at = 0; at < movedCount; at++) {
      append(heap, buckets + position * BUCKET_GRANULES, movedTags[at], movedRefs[at]);
    }
    return;
  }
  for (let at = 0; at < movedCount; at++) readAhead[0] ^= i32[wordOf(movedRefs[at])];
  for (let at = 0; at < movedCount; at++) {
    const hash = hashOfKey(heap, movedRefs[at], i32[header + HASH_KEY_0], i32[header + HASH_KEY_1]);
    append(heap, buckets + (hash & mask) * BUCKET_GRANULES, tagOf(hash), movedRefs[at]);
  }
}

/** Adds to a chain, taking a spare bucket when it is full. */
function append(heap: Heap, first: number, tag: number, ref: number): void {
  let bucket = lastOfChain(heap, first);
  let slot = filledSlots(heap, bucket);
  if (slot === SLOTS) {
    const overflow = spareBuckets[--spareCount];
    initialiseBucket(heap, overflow);
    heap.i32[wordOf(bucket) + NEXT] = overflow;
    bucket = overflow;
    slot = 0;
  }
  writeSlot(heap, bucket, slot, tag, ref);
}
