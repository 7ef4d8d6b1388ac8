/**
 * Visiting entries: SCAN's cursor, a fair random entry, and all of them.
 *
 * The cursor counts in the order of its reversed bits over the smaller bucket array (the scheme of Redis's `dictScan`):
 * what was visited stays visited when the table doubles or halves between calls, so every entry that is in the table from
 * the first call to the last is returned at least once. One call visits one position: one chain of the array that holds it
 * now, or all chains that it expands to where that array is the larger one.
 */
import { NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import {
  BUCKET_GRANULES,
  BUCKETS,
  COUNT,
  FIRST_REF,
  MASK,
  NEXT,
  OLD_BUCKETS,
  OLD_MASK,
  POSITION,
  SLOTS,
} from "./layout.ts";

/** Places that a draw tells apart in a chain: those of its first bucket, and a few behind it. */
const PLACES_SHIFT = 4;
const PLACES_IN_CHAIN = 1 << PLACES_SHIFT;
const RANDOM_ATTEMPTS_MAXIMUM = 1000;
/** Chains that a sample looks at for each entry that is wanted. */
const CHAINS_A_SAMPLED_ENTRY = 10;

/** Refs that a visit found; reused from call to call. */
export class RefList {
  refs = new Int32Array(64);
  count = 0;

  /** Adds one. Amortised O(1). */
  push(ref: number): void {
    if (this.count === this.refs.length) {
      const larger = new Int32Array(this.refs.length * 2);
      larger.set(this.refs);
      this.refs = larger;
    }
    this.refs[this.count++] = ref;
  }
}

/**
 * Adds the entries at `cursor` to `found` and returns the next cursor; begin with 0, the end is 0. The table may be changed
 * between calls and while the list is worked through.
 */
export function scanTable(heap: Heap, table: number, cursor: number, found: RefList): number {
  const smallMask = smallerMask(heap, table);
  collectPosition(heap, table, cursor & smallMask, found);
  return reverseBits(reverseBits(cursor | ~smallMask) + 1) >>> 0;
}

/** Adds every entry to `found`. O(n); for tests and for emptying a table. */
export function collectAll(heap: Heap, table: number, found: RefList): void {
  const smallMask = smallerMask(heap, table);
  for (let position = 0; position <= smallMask; position++) collectPosition(heap, table, position, found);
}

/** Number of positions that `collectPosition` knows now. */
export function positionCount(heap: Heap, table: number): number {
  return smallerMask(heap, table) + 1;
}

/** Adds the entries of one position to `found`. */
export function collectPosition(heap: Heap, table: number, position: number, found: RefList): void {
  const i32 = heap.i32;
  const header = wordOf(table);
  const inOld = i32[header + OLD_BUCKETS] !== NIL && position >= i32[header + POSITION];
  const buckets = i32[header + (inOld ? OLD_BUCKETS : BUCKETS)];
  const mask = i32[header + (inOld ? OLD_MASK : MASK)];
  const stride = smallerMask(heap, table) + 1;
  for (let index = position; index <= mask; index += stride)
    collectChain(heap, buckets + index * BUCKET_GRANULES, found);
}

/**
 * A random entry, or NIL of an empty table. `random(n)` gives an integer in [0, n). Each entry is equally likely: one place of 16 in
 * one chain is drawn until it is filled. (Chains of more than 16 share what is behind their first bucket.) Expected O(1): about 16
 * draws for the entries of a bucket, one cache line each.
 */
export function randomEntry(heap: Heap, table: number, random: (limit: number) => number): number {
  if (heap.i32[wordOf(table) + COUNT] === 0) return NIL;
  const chains = chainCount(heap, table);
  for (let attempt = 0; attempt < RANDOM_ATTEMPTS_MAXIMUM; attempt++) {
    const draw = random(chains << PLACES_SHIFT) | 0;
    const place = draw & (PLACES_IN_CHAIN - 1);
    const bucket = chainAt(heap, table, draw >> PLACES_SHIFT);
    if (place < SLOTS) {
      const ref = heap.i32[wordOf(bucket) + FIRST_REF + place];
      if (ref !== NIL) return ref;
    } else if (heap.i32[wordOf(bucket) + NEXT] !== NIL) {
      drawn.count = 0;
      collectChain(heap, heap.i32[wordOf(bucket) + NEXT], drawn);
      const pick = drawn.count > PLACES_IN_CHAIN - SLOTS ? random(drawn.count) : place - SLOTS;
      if (pick < drawn.count) return drawn.refs[pick];
    }
  }
  return firstFrom(heap, table, random(smallerMask(heap, table) + 1));
}

/**
 * Adds up to `wanted` entries of a table to `found`, each once: what stands in a row of chains from a random one on, each begun at a random
 * place. Not independent of each other, but of everything that is not the hash; and for a few entries one cache line is read. In a
 * sparse table it may find fewer, or none. O(wanted).
 */
export function sampleTable(
  heap: Heap,
  table: number,
  wanted: number,
  random: (limit: number) => number,
  found: RefList,
): void {
  const chains = chainCount(heap, table);
  const first = random(chains);
  let left = Math.min(wanted, heap.i32[wordOf(table) + COUNT]);
  const visits = Math.min(chains, left * CHAINS_A_SAMPLED_ENTRY);
  for (let visit = 0; left > 0 && visit < visits; visit++) {
    drawn.count = 0;
    collectChain(heap, chainAt(heap, table, (first + visit) % chains), drawn);
    const { count, refs } = drawn;
    if (count === 0) continue;
    const start = random(count);
    const taken = Math.min(left, count);
    for (let step = 0; step < taken; step++) found.push(refs[(start + step) % count]);
    left -= taken;
  }
}

/** Number of chains: all of the one array, or while resizing those of either array that are in use. */
function chainCount(heap: Heap, table: number): number {
  const i32 = heap.i32;
  const header = wordOf(table);
  if (i32[header + OLD_BUCKETS] === NIL) return i32[header + MASK] + 1;
  const positions = smallerMask(heap, table) + 1;
  const moved = i32[header + POSITION];
  return (moved * (i32[header + MASK] + 1) + (positions - moved) * (i32[header + OLD_MASK] + 1)) / positions;
}

/** The first bucket of chain `number`, from 0 on: the chains of the positions that have been moved, then the others. */
function chainAt(heap: Heap, table: number, number: number): number {
  const i32 = heap.i32;
  const header = wordOf(table);
  if (i32[header + OLD_BUCKETS] === NIL) return i32[header + BUCKETS] + number * BUCKET_GRANULES;
  const positions = smallerMask(heap, table) + 1;
  const moved = i32[header + POSITION];
  const movedChains = (moved * (i32[header + MASK] + 1)) / positions;
  if (number < movedChains) {
    const index = (number % moved) + Math.floor(number / moved) * positions;
    return i32[header + BUCKETS] + index * BUCKET_GRANULES;
  }
  const rest = number - movedChains;
  const left = positions - moved;
  const index = moved + (rest % left) + Math.floor(rest / left) * positions;
  return i32[header + OLD_BUCKETS] + index * BUCKET_GRANULES;
}

const drawn = new RefList();

/** The next entry from a position on, for a table so sparse that drawing did not find any. */
function firstFrom(heap: Heap, table: number, start: number): number {
  const positions = smallerMask(heap, table) + 1;
  for (let step = 0; step < positions; step++) {
    drawn.count = 0;
    collectPosition(heap, table, (start + step) % positions, drawn);
    if (drawn.count > 0) return drawn.refs[0];
  }
  return NIL;
}

function collectChain(heap: Heap, first: number, found: RefList): void {
  const i32 = heap.i32;
  for (let bucket = first; bucket !== NIL; bucket = i32[wordOf(bucket) + NEXT]) {
    const firstRef = wordOf(bucket) + FIRST_REF;
    for (let slot = 0; slot < SLOTS; slot++) {
      const ref = i32[firstRef + slot];
      if (ref === NIL) return;
      found.push(ref);
    }
  }
}

function smallerMask(heap: Heap, table: number): number {
  const i32 = heap.i32;
  const header = wordOf(table);
  const mask = i32[header + MASK];
  if (i32[header + OLD_BUCKETS] === NIL) return mask;
  const oldMask = i32[header + OLD_MASK];
  return oldMask < mask ? oldMask : mask;
}

function reverseBits(word: number): number {
  let bits = word;
  bits = ((bits >>> 1) & 0x55555555) | ((bits & 0x55555555) << 1);
  bits = ((bits >>> 2) & 0x33333333) | ((bits & 0x33333333) << 2);
  bits = ((bits >>> 4) & 0x0f0f0f0f) | ((bits & 0x0f0f0f0f) << 4);
  bits = ((bits >>> 8) & 0x00ff00ff) | ((bits & 0x00ff00ff) << 8);
  return (bits >>> 16) | (bits << 16);
}
