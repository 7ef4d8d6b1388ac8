/**
 * A sorted set: members with scores, found by member in O(1) and by order in O(log n). It owns its members' blocks.
 *
 * The hash table finds a member's block by its bytes; the tree (`layout.ts`) has the same refs in order. Ranks count from 0, the lowest
 * score. The caller brings hashes, computed under the key that the set was made with. Scores are never NaN.
 */
import {
  createHashTable,
  destroyHashTable,
  findInTable,
  freeSomeOfTable,
  hashOfKey,
  hashTableBytes,
  insertIntoTable,
  removeFromTable,
  reserveTable,
} from "../hash-table/index.ts";
import { HASH_KEY_0, HASH_KEY_1 } from "../hash-table/layout.ts";
import { allocate, copyBlock, free, NIL, usableBytes, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { keyedPrefixBytes, keyLengthOf } from "../hash-table/index.ts";
import { descendToMember, descendToRank, keepPath, pathNodes, pathSlots, rankOfPath, restorePath } from "./descend.ts";
import { insertAtPath, releaseNodes, rescoreAtPath, reserveNodes, reserveNodesToMove } from "./insert.ts";
import {
  childrenOf,
  COUNT,
  createNode,
  FIRST_LEAF,
  HEADER_BYTES,
  HEIGHT,
  INNER_BYTES,
  LAST_LEAF,
  LEAF_BYTES,
  LEAF_SLOTS,
  NEXT,
  refsOf,
  ROOT,
  SLOT_COUNT,
  TABLE,
} from "./layout.ts";
import { createMember, scoreOf, setScore } from "./member-block.ts";
import { forgetHash, hashOfMember, readAhead } from "./read-ahead.ts";
import { removeAtPath } from "./remove.ts";

const leafRefs = new Int32Array(LEAF_SLOTS);

/** An empty set whose table is under the hash key `(key0, key1)`; NIL when there is no memory. */
export function createSortedSet(heap: Heap, key0: number, key1: number): number {
  const set = allocate(heap, HEADER_BYTES);
  const table = createHashTable(heap, key0, key1);
  const root = createNode(heap, true);
  if (set === NIL || table === NIL || root === NIL) {
    free(heap, root);
    if (table !== NIL) destroyHashTable(heap, table);
    free(heap, set);
    return NIL;
  }
  const header = wordOf(set);
  heap.i32[header + TABLE] = table;
  heap.i32[header + ROOT] = root;
  heap.i32[header + HEIGHT] = 0;
  heap.i32[header + FIRST_LEAF] = root;
  heap.i32[header + LAST_LEAF] = root;
  heap.i32[header + COUNT] = 0;
  return set;
}

/** Number of members. O(1). */
export function sortedSetCount(heap: Heap, set: number): number {
  return heap.i32[wordOf(set) + COUNT];
}

/** The hash table of the members' blocks: for scans, random members and batches of lookups. */
export function memberTableOf(heap: Heap, set: number): number {
  return heap.i32[wordOf(set) + TABLE];
}

/** The block of the member `bytes[offset .. offset+length)`, or NIL. O(1). */
export function findMember(
  heap: Heap,
  set: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  hash: number,
): number {
  return findInTable(heap, heap.i32[wordOf(set) + TABLE], bytes, offset, length, hash);
}

/** Adds a member that is not in the set. False when there is no memory (nothing has changed then). O(log n). */
export function addMember(
  heap: Heap,
  set: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  hash: number,
  score: number,
): boolean {
  const ref = createMember(heap, bytes, offset, length, score);
  return ref !== NIL && insertBlock(heap, set, ref, hash);
}

/** Adds a block of which the set has no like; frees it when there is no memory. */
function insertBlock(heap: Heap, set: number, ref: number, hash: number): boolean {
  descendToMember(heap, set, ref);
  if (!reserveNodes(heap, set)) {
    free(heap, ref);
    return false;
  }
  if (!insertIntoTable(heap, heap.i32[wordOf(set) + TABLE], hash, ref)) {
    releaseNodes(heap);
    free(heap, ref);
    return false;
  }
  insertAtPath(heap, set, ref);
  return true;
}

/** Gives a member of the set another score. False when there is no memory (nothing has changed then). O(log n). */
export function changeScore(heap: Heap, set: number, ref: number, score: number): boolean {
  const oldScore = scoreOf(heap, ref);
  setScore(heap, ref, score);
  descendToMember(heap, set, ref);
  const height = heap.i32[wordOf(set) + HEIGHT];
  const leaf = pathNodes[height];
  const slot = pathSlots[height];
  keepPath(heap, set);
  // Removing only joins nodes that have room then: what the new place needs now is enough afterwards.
  const isReserved = reserveNodesToMove(heap, set);
  setScore(heap, ref, oldScore);
  if (!isReserved) return false;
  descendToMember(heap, set, ref);
  setScore(heap, ref, score);
  const movedBy = slot - pathSlots[height];
  if (leaf === pathNodes[height] && (movedBy === 0 || movedBy === 1)) rescoreAtPath(heap, set, ref);
  else {
    const isSameLeaf = leaf === pathNodes[height];
    if (removeAtPath(heap, set, 1) && !isSameLeaf) restorePath(heap, set);
    else descendToMember(heap, set, ref);
    insertAtPath(heap, set, ref);
  }
  releaseNodes(heap);
  return true;
}

/** Takes a member out of the set and frees its block. O(log n). */
export function removeMember(heap: Heap, set: number, ref: number, hash: number): void {
  descendToMember(heap, set, ref);
  removeAtPath(heap, set, 1);
  removeFromTable(heap, heap.i32[wordOf(set) + TABLE], hash, ref);
  free(heap, ref);
}

/** Number of members before this one. O(log n). */
export function rankOfMember(heap: Heap, set: number, ref: number): number {
  descendToMember(heap, set, ref);
  return rankOfPath(heap, set);
}

/** The block of the member of a rank in [0, count). O(log n). */
export function memberAtRank(heap: Heap, set: number, rank: number): number {
  descendToRank(heap, set, rank);
  const height = heap.i32[wordOf(set) + HEIGHT];
  return heap.i32[refsOf(heap, pathNodes[height], true) + pathSlots[height]];
}

/** Removes the members of ranks [start, end) and frees their blocks. O(log n + removed). */
export function removeRanks(heap: Heap, set: number, start: number, end: number): void {
  const table = heap.i32[wordOf(set) + TABLE];
  const key0 = heap.i32[wordOf(table) + HASH_KEY_0];
  const key1 = heap.i32[wordOf(table) + HASH_KEY_1];
  const isLowEnd = start === 0;
  const isAtEnd = isLowEnd || end === heap.i32[wordOf(set) + COUNT];
  for (let left = end - start; left > 0;) {
    descendToRank(heap, set, start);
    const removed = collectLeaf(heap, set, left);
    removeAtPath(heap, set, removed);
    for (let index = 0; index < removed; index++) {
      const ref = leafRefs[index];
      removeFromTable(heap, table, hashOfMember(heap, ref, key0, key1), ref);
      free(heap, ref);
    }
    left -= removed;
  }
  if (isAtEnd) readAhead(heap, set, isLowEnd, key0, key1);
}

/** Up to `limit` refs of the leaf of the path, from the path's slot on. */
function collectLeaf(heap: Heap, set: number, limit: number): number {
  const i32 = heap.i32;
  const height = i32[wordOf(set) + HEIGHT];
  const leaf = pathNodes[height];
  const slot = pathSlots[height];
  const refs = refsOf(heap, leaf, true) + slot;
  const count = Math.min(limit, i32[wordOf(leaf) + SLOT_COUNT] - slot);
  for (let index = 0; index < count; index++) leafRefs[index] = i32[refs + index];
  return count;
}

/** A copy with blocks of its own, under the same hash key; NIL when there is no memory, with nothing left behind. O(n log n). */
export function copySortedSet(heap: Heap, set: number): number {
  const table = heap.i32[wordOf(set) + TABLE];
  const key0 = heap.i32[wordOf(table) + HASH_KEY_0];
  const key1 = heap.i32[wordOf(table) + HASH_KEY_1];
  const copy = createSortedSet(heap, key0, key1);
  if (copy === NIL) return NIL;
  let isDone = reserveMembers(heap, copy, sortedSetCount(heap, set));
  for (let leaf = heap.i32[wordOf(set) + FIRST_LEAF]; isDone && leaf !== NIL; leaf = heap.i32[wordOf(leaf) + NEXT]) {
    const slots = heap.i32[wordOf(leaf) + SLOT_COUNT];
    for (let slot = 0; isDone && slot < slots; slot++) {
      isDone = insertCopy(heap, copy, heap.i32[refsOf(heap, leaf, true) + slot], key0, key1);
    }
  }
  if (isDone) return copy;
  destroySortedSet(heap, copy);
  return NIL;
}

function insertCopy(heap: Heap, set: number, original: number, key0: number, key1: number): boolean {
  const bytes = keyedPrefixBytes(keyLengthOf(heap, original)) + 4;
  const ref = allocate(heap, bytes);
  if (ref === NIL) return false;
  forgetHash(ref);
  copyBlock(heap, ref, 0, original, 0, bytes);
  return insertBlock(heap, set, ref, hashOfKey(heap, ref, key0, key1));
}

/** Makes the table large enough for so many members, for those who know the number. False when there is no memory. */
export function reserveMembers(heap: Heap, set: number, count: number): boolean {
  return reserveTable(heap, heap.i32[wordOf(set) + TABLE], count);
}

/** Frees the set and all its members. O(n). */
export function destroySortedSet(heap: Heap, set: number): void {
  while (freeSomeOfSortedSet(heap, set, 1 << 16) === 0);
}

/**
 * Frees about `budget` members of a set that nobody needs any more. Gives what is left of the budget, at least 1 when the set is gone,
 * else 0. The set is good for nothing else from the first call on.
 */
export function freeSomeOfSortedSet(heap: Heap, set: number, budget: number): number {
  const header = wordOf(set);
  let left = budget;
  if (heap.i32[header + TABLE] !== NIL) {
    left = freeSomeOfTable(heap, heap.i32[header + TABLE], budget);
    if (left === 0) return 0;
    heap.i32[header + TABLE] = NIL;
  }
  // The nodes are few beside the members: one in 30.
  freeNodes(heap, heap.i32[header + ROOT], heap.i32[header + HEIGHT]);
  free(heap, set);
  return left;
}

function freeNodes(heap: Heap, node: number, height: number): void {
  const slots = height === 0 ? 0 : heap.i32[wordOf(node) + SLOT_COUNT];
  for (let slot = 0; slot < slots; slot++) freeNodes(heap, heap.i32[childrenOf(node) + slot], height - 1);
  free(heap, node);
}

/** Bytes of the set with all that hangs off it; the members' blocks are estimated from the first `samples` of them (0: all). */
export function sortedSetBytes(heap: Heap, set: number, samples: number): number {
  const { i32 } = heap;
  const header = wordOf(set);
  const count = i32[header + COUNT];
  const wanted = samples === 0 ? count : Math.min(samples, count);
  let measured = 0;
  let blockBytes = 0;
  for (let leaf = i32[header + FIRST_LEAF]; leaf !== NIL && measured < wanted; leaf = i32[wordOf(leaf) + NEXT]) {
    const slots = i32[wordOf(leaf) + SLOT_COUNT];
    for (let slot = 0; slot < slots; slot++) blockBytes += usableBytes(heap, i32[refsOf(heap, leaf, true) + slot]);
    measured += slots;
  }
  const members = measured === 0 ? 0 : Math.round((blockBytes / measured) * count);
  return HEADER_BYTES + hashTableBytes(heap, i32[header + TABLE]) + members + nodeBytes(heap, set);
}

function nodeBytes(heap: Heap, set: number): number {
  return nodeBytesBelow(heap, heap.i32[wordOf(set) + ROOT], heap.i32[wordOf(set) + HEIGHT]);
}

/** Does not visit leaves: their parents know how many there are. */
function nodeBytesBelow(heap: Heap, node: number, height: number): number {
  if (height === 0) return LEAF_BYTES;
  const slots = heap.i32[wordOf(node) + SLOT_COUNT];
  if (height === 1) return INNER_BYTES + slots * LEAF_BYTES;
  let bytes = INNER_BYTES;
  for (let slot = 0; slot < slots; slot++) bytes += nodeBytesBelow(heap, heap.i32[childrenOf(node) + slot], height - 1);
  return bytes;
}
