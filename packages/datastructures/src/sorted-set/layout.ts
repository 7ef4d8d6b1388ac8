/**
 * The bytes of a sorted set: a header, and the nodes of a B+tree with counts over the member blocks of its hash table.
 *
 * ```
 *  header  table | root | height | first leaf | last leaf | count
 *
 *  leaf    count | previous | next | first   then 41 scores (float64), 41 refs of members
 *  inner   count | -        | -    | 0       then 50 scores, 50 refs of members, 50 children, 50 numbers of members below the child
 * ```
 *
 * Slots are ordered by score and then by the member's bytes. A slot of an inner node has score and ref of the first member below its
 * child, exactly, so no slot ever names a member that is gone. The slots of a leaf begin `first` places behind the beginning: taking
 * members off its front, as ZPOPMIN does, moves no others. The scores lie beside the refs: a search reads a member's block only where
 * scores are equal. Height 0: the root is a leaf. An inner node has at least one slot; only the root may be an empty leaf.
 */
import { allocate, NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";

/** Words of the header. */
export const TABLE = 0;
export const ROOT = 1;
export const HEIGHT = 2;
export const FIRST_LEAF = 3;
export const LAST_LEAF = 4;
export const COUNT = 5;
export const HEADER_BYTES = 24;

/** Words of every node. */
export const SLOT_COUNT = 0;
export const PREVIOUS = 1;
export const NEXT = 2;
const FIRST_PLACE = 3;
const NODE_HEADER_BYTES = 16;

export const LEAF_BYTES = 512;
export const INNER_BYTES = 1024;
export const LEAF_SLOTS = 41;
export const INNER_SLOTS = 50;

/** First score of a node, in doubles from its beginning; one for both kinds. */
const SCORES = NODE_HEADER_BYTES / 8;
/** Words from the beginning of a node. */
const LEAF_REFS = NODE_HEADER_BYTES / 4 + LEAF_SLOTS * 2;
const INNER_REFS = NODE_HEADER_BYTES / 4 + INNER_SLOTS * 2;
const CHILDREN = INNER_REFS + INNER_SLOTS;
const COUNTS = CHILDREN + INNER_SLOTS;

if ((LEAF_REFS + LEAF_SLOTS) * 4 > LEAF_BYTES || (COUNTS + INNER_SLOTS) * 4 > INNER_BYTES) {
  throw new Error("the nodes of sorted sets do not fit their blocks");
}

/** Index of the score of slot 0 in `heap.f64`. */
export function scoresOf(heap: Heap, node: number): number {
  return node + SCORES + heap.i32[wordOf(node) + FIRST_PLACE];
}

/** Index of the ref of slot 0 in `heap.i32`. */
export function refsOf(heap: Heap, node: number, isLeaf: boolean): number {
  const word = wordOf(node);
  return word + (isLeaf ? LEAF_REFS + heap.i32[word + FIRST_PLACE] : INNER_REFS);
}

/** Index of the first child in `heap.i32`. */
export function childrenOf(inner: number): number {
  return wordOf(inner) + CHILDREN;
}

/** Index of the first number of members in `heap.i32`. */
export function countsOf(inner: number): number {
  return wordOf(inner) + COUNTS;
}

/** How many slots a node can have. */
export function slotsMaximum(isLeaf: boolean): number {
  return isLeaf ? LEAF_SLOTS : INNER_SLOTS;
}

/** An empty node; NIL when there is no memory. */
export function createNode(heap: Heap, isLeaf: boolean): number {
  const node = allocate(heap, isLeaf ? LEAF_BYTES : INNER_BYTES);
  if (node === NIL) return NIL;
  const at = wordOf(node);
  heap.i32[at + SLOT_COUNT] = 0;
  heap.i32[at + PREVIOUS] = NIL;
  heap.i32[at + NEXT] = NIL;
  heap.i32[at + FIRST_PLACE] = 0;
  return node;
}

/** Number of members below a node. O(slots). */
export function membersBelow(heap: Heap, node: number, isLeaf: boolean): number {
  const i32 = heap.i32;
  const slots = i32[wordOf(node) + SLOT_COUNT];
  if (isLeaf) return slots;
  const counts = countsOf(node);
  let members = 0;
  for (let slot = 0; slot < slots; slot++) members += i32[counts + slot];
  return members;
}

/** Opens `gap` slots before `slot` (negative: closes those before it), without writing them; the node's count follows. O(slots). */
export function shiftSlots(heap: Heap, node: number, isLeaf: boolean, slot: number, gap: number): void {
  const i32 = heap.i32;
  const end = i32[wordOf(node) + SLOT_COUNT];
  if (isLeaf && slot === (gap < 0 ? -gap : 0) && moveFirstPlace(i32, node, gap)) return;
  if (isLeaf) makePlaces(heap, node, gap);
  shiftDoubles(heap.f64, scoresOf(heap, node), slot, end, gap);
  shiftWords(i32, refsOf(heap, node, isLeaf), slot, end, gap);
  if (!isLeaf) {
    shiftWords(i32, childrenOf(node), slot, end, gap);
    shiftWords(i32, countsOf(node), slot, end, gap);
  }
  i32[wordOf(node) + SLOT_COUNT] = end + gap;
}

/** Opens or closes slots at the front of a leaf, where that needs no other slot to move. */
function moveFirstPlace(i32: Int32Array, leaf: number, gap: number): boolean {
  const word = wordOf(leaf);
  const first = i32[word + FIRST_PLACE] - gap;
  if (first < 0) return false;
  const slots = i32[word + SLOT_COUNT] + gap;
  i32[word + SLOT_COUNT] = slots;
  i32[word + FIRST_PLACE] = slots === 0 ? 0 : first;
  return true;
}

/** Makes an empty leaf take members at its front: each goes before the last one without moving it. */
export function fillFromEnd(heap: Heap, leaf: number): void {
  heap.i32[wordOf(leaf) + FIRST_PLACE] = LEAF_SLOTS;
}

/** Moves the slots of a leaf to its beginning where there are not `more` places behind them. */
function makePlaces(heap: Heap, leaf: number, more: number): void {
  const { i32, f64 } = heap;
  const word = wordOf(leaf);
  const first = i32[word + FIRST_PLACE];
  const end = i32[word + SLOT_COUNT];
  if (first + end + more <= LEAF_SLOTS) return;
  shiftDoubles(f64, scoresOf(heap, leaf), 0, end, -first);
  shiftWords(i32, refsOf(heap, leaf, true), 0, end, -first);
  i32[word + FIRST_PLACE] = 0;
}

function shiftWords(words: Int32Array, at: number, from: number, end: number, gap: number): void {
  if (gap > 0) for (let slot = end - 1; slot >= from; slot--) words[at + slot + gap] = words[at + slot];
  else for (let slot = from; slot < end; slot++) words[at + slot + gap] = words[at + slot];
}

function shiftDoubles(doubles: Float64Array, at: number, from: number, end: number, gap: number): void {
  if (gap > 0) for (let slot = end - 1; slot >= from; slot--) doubles[at + slot + gap] = doubles[at + slot];
  else for (let slot = from; slot < end; slot++) doubles[at + slot + gap] = doubles[at + slot];
}

/** Moves slots [slot, end) of a node behind those of another one of its kind; the counts of both follow. O(slots). */
export function moveSlotsToEnd(heap: Heap, from: number, slot: number, to: number, isLeaf: boolean): void {
  const { i32, f64 } = heap;
  const end = i32[wordOf(from) + SLOT_COUNT];
  const at = i32[wordOf(to) + SLOT_COUNT];
  if (isLeaf) makePlaces(heap, to, end - slot);
  const fromScores = scoresOf(heap, from);
  const fromRefs = refsOf(heap, from, isLeaf);
  const toScores = scoresOf(heap, to);
  const toRefs = refsOf(heap, to, isLeaf);
  for (let index = slot, target = at; index < end; index++, target++) {
    f64[toScores + target] = f64[fromScores + index];
    i32[toRefs + target] = i32[fromRefs + index];
    if (isLeaf) continue;
    i32[childrenOf(to) + target] = i32[childrenOf(from) + index];
    i32[countsOf(to) + target] = i32[countsOf(from) + index];
  }
  i32[wordOf(to) + SLOT_COUNT] = at + end - slot;
  i32[wordOf(from) + SLOT_COUNT] = slot;
}

/** Makes a slot of an inner node describe the first member and the number of members of `child`, which is not empty. O(slots). */
export function describeChild(heap: Heap, inner: number, slot: number, child: number, childIsLeaf: boolean): void {
  const { i32, f64 } = heap;
  f64[scoresOf(heap, inner) + slot] = f64[scoresOf(heap, child)];
  i32[refsOf(heap, inner, false) + slot] = i32[refsOf(heap, child, childIsLeaf)];
  i32[childrenOf(inner) + slot] = child;
  i32[countsOf(inner) + slot] = membersBelow(heap, child, childIsLeaf);
}
