/**
 * Finding places in the tree. Each descent leaves its path in two arrays, root first, for those that change the tree afterwards:
 *
 *     pathNodes[level], pathSlots[level]     level 0: the root; level `height`: the leaf, and the place in it
 *
 * Numbers travel in `sought`, a typed array: a double as an argument would be boxed.
 */
import { wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { childrenOf, countsOf, HEIGHT, refsOf, ROOT, scoresOf, SLOT_COUNT } from "./layout.ts";
import { compareMembers, compareMemberTo, scoreOf } from "./member-block.ts";

/** More levels than 2^31 members need in nodes of one slot each way down a merged tree. */
export const LEVELS_MAXIMUM = 32;

export const pathNodes = new Int32Array(LEVELS_MAXIMUM);
export const pathSlots = new Int32Array(LEVELS_MAXIMUM);

const keptNodes = new Int32Array(LEVELS_MAXIMUM);
const keptSlots = new Int32Array(LEVELS_MAXIMUM);

const sought = new Float64Array(1);

/** The path to where `ref` is, or belongs, by its own score and bytes. O(log n). */
export function descendToMember(heap: Heap, set: number, ref: number): void {
  const i32 = heap.i32;
  const height = i32[wordOf(set) + HEIGHT];
  let node = i32[wordOf(set) + ROOT];
  sought[0] = scoreOf(heap, ref);
  for (let level = 0; level < height; level++) {
    // The last child whose first member is not after the one that is sought.
    const slot = Math.max(slotsBeforeMember(heap, node, false, ref, 1) - 1, 0);
    pathNodes[level] = node;
    pathSlots[level] = slot;
    node = i32[childrenOf(node) + slot];
  }
  pathNodes[height] = node;
  pathSlots[height] = slotsBeforeMember(heap, node, true, ref, 0);
}

/** Keeps the path while another one is needed. O(log n). */
export function keepPath(heap: Heap, set: number): void {
  for (let level = heap.i32[wordOf(set) + HEIGHT]; level >= 0; level--) {
    keptNodes[level] = pathNodes[level];
    keptSlots[level] = pathSlots[level];
  }
}

/** Takes the path that was kept, in a tree that has kept its shape. O(log n). */
export function restorePath(heap: Heap, set: number): void {
  for (let level = heap.i32[wordOf(set) + HEIGHT]; level >= 0; level--) {
    pathNodes[level] = keptNodes[level];
    pathSlots[level] = keptSlots[level];
  }
}

/** How many members are before the place of the path. O(log n). */
export function rankOfPath(heap: Heap, set: number): number {
  const i32 = heap.i32;
  const height = i32[wordOf(set) + HEIGHT];
  let rank = pathSlots[height];
  for (let level = 0; level < height; level++) rank += countBefore(i32, pathNodes[level], pathSlots[level]);
  return rank;
}

/**
 * Number of a node's slots that compare to the sought member below `limit`: 0 those before it, 1 itself too. Scores are looked at one
 * after the other: they lie in a few cache lines, which are fetched together that way, and no branch but the last is foreseen wrongly.
 * Halving waits for one line after the other. The last slot is looked at first: members often come in order.
 */
function slotsBeforeMember(heap: Heap, node: number, isLeaf: boolean, ref: number, limit: number): number {
  const { i32, f64 } = heap;
  const score = sought[0];
  const scores = scoresOf(heap, node);
  const slots = i32[wordOf(node) + SLOT_COUNT];
  if (slots === 0) return 0;
  if (f64[scores + slots - 1] < score) return slots;
  let low = 0;
  while (f64[scores + low] < score) low++;
  let high = low;
  while (high < slots && f64[scores + high] === score) high++;
  const refs = refsOf(heap, node, isLeaf);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareMembers(heap, i32[refs + middle], ref) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The path to the member of that rank, which exists. O(log n). */
export function descendToRank(heap: Heap, set: number, rank: number): void {
  const i32 = heap.i32;
  const height = i32[wordOf(set) + HEIGHT];
  let node = i32[wordOf(set) + ROOT];
  let rest = rank;
  for (let level = 0; level < height; level++) {
    const counts = countsOf(node);
    let slot = 0;
    while (rest >= i32[counts + slot]) rest -= i32[counts + slot++];
    pathNodes[level] = node;
    pathSlots[level] = slot;
    node = i32[childrenOf(node) + slot];
  }
  pathNodes[height] = node;
  pathSlots[height] = rest;
}

/** How many members have a score below `score`, or up to it where `includesEqual`. O(log n). */
export function countBelowScore(heap: Heap, set: number, score: number, includesEqual: boolean): number {
  const i32 = heap.i32;
  const height = i32[wordOf(set) + HEIGHT];
  let node = i32[wordOf(set) + ROOT];
  let rank = 0;
  sought[0] = score;
  for (let level = 0; level < height; level++) {
    const slot = Math.max(slotsBelowScore(heap, node, includesEqual) - 1, 0);
    rank += countBefore(i32, node, slot);
    node = i32[childrenOf(node) + slot];
  }
  return rank + slotsBelowScore(heap, node, includesEqual);
}

function slotsBelowScore(heap: Heap, node: number, includesEqual: boolean): number {
  const f64 = heap.f64;
  const score = sought[0];
  const scores = scoresOf(heap, node);
  let low = 0;
  let high = heap.i32[wordOf(node) + SLOT_COUNT];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = f64[scores + middle];
    if (other < score || (includesEqual && other === score)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * How many members are before these bytes, or up to them where `includesEqual`, in a set whose scores are all equal (in another one
 * the result means nothing, as in Redis). O(log n).
 */
export function countBelowBytes(
  heap: Heap,
  set: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  includesEqual: boolean,
): number {
  const i32 = heap.i32;
  const height = i32[wordOf(set) + HEIGHT];
  const limit = includesEqual ? 1 : 0;
  let node = i32[wordOf(set) + ROOT];
  let rank = 0;
  for (let level = 0; level < height; level++) {
    const slot = Math.max(slotsBelowBytes(heap, node, false, bytes, offset, length, limit) - 1, 0);
    rank += countBefore(i32, node, slot);
    node = i32[childrenOf(node) + slot];
  }
  return rank + slotsBelowBytes(heap, node, true, bytes, offset, length, limit);
}

function slotsBelowBytes(
  heap: Heap,
  node: number,
  isLeaf: boolean,
  bytes: Uint8Array,
  offset: number,
  length: number,
  limit: number,
): number {
  const i32 = heap.i32;
  const refs = refsOf(heap, node, isLeaf);
  let low = 0;
  let high = i32[wordOf(node) + SLOT_COUNT];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareMemberTo(heap, i32[refs + middle], bytes, offset, length) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Members below the slots before `slot`. */
function countBefore(i32: Int32Array, inner: number, slot: number): number {
  const counts = countsOf(inner);
  let members = 0;
  for (let index = 0; index < slot; index++) members += i32[counts + index];
  return members;
}
