/**
 * Reading ahead at the ends of a large set. Who takes a member off an end mostly takes its neighbours next, and each costs two cache misses:
 * its block and its bucket. One after the other they are waited for; read together they overlap. So every eighth removal at an end reads
 * the blocks of the next eight members, then hashes them, and then reads their buckets: three loops, since what stands between two reads
 * keeps them apart.
 *
 *     refs    | next member | the one after | ...        hashes beside them; used up in this order, or dropped
 *
 * Where removals do not go on in that order, there is no reading ahead for a while. A hash is for the member that was in a block: it is
 * forgotten when another one is made there.
 */
import { hashOfKey, touchBucket } from "../hash-table/index.ts";
import { NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { COUNT, FIRST_LEAF, LAST_LEAF, refsOf, SLOT_COUNT, TABLE } from "./layout.ts";

const GROUP_MEMBERS = 8;
/** Smaller sets are in the cache. */
const LARGE_SET_MEMBERS = 4096;
/** After so many removals a group is read again, when the last one was of no use. */
const PAUSE_REMOVALS = 64;

const refs = new Int32Array(GROUP_MEMBERS);
const hashes = new Int32Array(GROUP_MEMBERS);
/** The group that is left: from `next` to `count`; of one heap. */
let next = 0;
let count = 0;
let groupHeap: Heap | null = null;
let pause = 0;
/** Keeps the reads alive. */
const touched = new Int32Array(1);

/** The hash of a member that is going to be removed, under its table's key: read ahead, or made now. O(length), or O(1). */
export function hashOfMember(heap: Heap, ref: number, key0: number, key1: number): number {
  if (next < count) {
    if (refs[next] === ref && heap === groupHeap) return hashes[next++];
    next = count;
    pause = PAUSE_REMOVALS;
  }
  return hashOfKey(heap, ref, key0, key1);
}

/** A member was made at `ref`: what was there is another one now. O(1). */
export function forgetHash(ref: number): void {
  for (let index = next; index < count; index++) if (refs[index] === ref) refs[index] = NIL;
}

/** After a removal at the low or the high end: reads what taking the next ones will read, if it is time to. O(1). */
export function readAhead(heap: Heap, set: number, isLowEnd: boolean, key0: number, key1: number): void {
  if (next < count) return;
  if (pause > 0) pause--;
  else if (heap.i32[wordOf(set) + COUNT] >= LARGE_SET_MEMBERS) readGroup(heap, set, isLowEnd, key0, key1);
}

function readGroup(heap: Heap, set: number, isLowEnd: boolean, key0: number, key1: number): void {
  const i32 = heap.i32;
  const header = wordOf(set);
  const table = i32[header + TABLE];
  const leaf = i32[header + (isLowEnd ? FIRST_LEAF : LAST_LEAF)];
  const slots = i32[wordOf(leaf) + SLOT_COUNT];
  const first = refsOf(heap, leaf, true) + (isLowEnd ? 0 : slots - 1);
  const step = isLowEnd ? 1 : -1;
  const length = slots < GROUP_MEMBERS ? slots : GROUP_MEMBERS;
  let sum = 0;
  for (let index = 0; index < length; index++) {
    const ref = i32[first + step * index];
    refs[index] = ref;
    sum ^= i32[wordOf(ref)];
  }
  for (let index = 0; index < length; index++) hashes[index] = hashOfKey(heap, refs[index], key0, key1);
  for (let index = 0; index < length; index++) sum ^= touchBucket(heap, table, hashes[index]);
  touched[0] ^= sum;
  next = 0;
  count = length;
  groupHeap = heap;
}
