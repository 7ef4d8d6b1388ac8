/**
 * The quicklist's own block: a list in nodes that are linked both ways, and what knows its ends.
 *
 *   | head: ref | tail: ref | entries | nodes | shape: two words |          node <-> node <-> node <-> ...
 *
 * Nodes move when they grow, so a node is named by its neighbours and by this block, and both are told (replaceNode). No node is empty.
 *
 * The shape is a number that is new whenever a node comes or goes, or one between the two ends moves or changes its count: who remembers
 * inner nodes (node-index.ts) sees by it whether they are still the same. No two lists of this thread, in whatever heap, ever had the same one.
 */
import { allocate, free, NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { nextNode, nodeCount, previousNode, setNextNode, setPreviousNode } from "./node.ts";

const HEAD = 0;
const TAIL = 1;
const COUNT = 2;
const NODES = 3;
const SHAPE = 4;
const SHAPE_HIGH = 5;
const LIST_BYTES = 24;

/** The shape that was given last: 64 bits, which do not run out. */
let lastShape = 0;
let lastShapeHigh = 0;

function changeShape(heap: Heap, list: number): void {
  lastShape = (lastShape + 1) | 0;
  if (lastShape === 0) lastShapeHigh = (lastShapeHigh + 1) | 0;
  const word = wordOf(list);
  heap.i32[word + SHAPE] = lastShape;
  heap.i32[word + SHAPE_HIGH] = lastShapeHigh;
}

/** The lower half of the list's shape. */
export function shapeOf(heap: Heap, list: number): number {
  return heap.i32[wordOf(list) + SHAPE];
}

/** The upper half of the list's shape. */
export function shapeHighOf(heap: Heap, list: number): number {
  return heap.i32[wordOf(list) + SHAPE_HIGH];
}

/** A list whose only node is the given one, or none (NIL). NIL: no memory. O(1). */
export function createQuicklist(heap: Heap, node: number): number {
  const list = allocate(heap, LIST_BYTES);
  if (list === NIL) return NIL;
  const word = wordOf(list);
  const count = node === NIL ? 0 : nodeCount(heap, node);
  heap.i32[word + HEAD] = node;
  heap.i32[word + TAIL] = node;
  heap.i32[word + COUNT] = count;
  heap.i32[word + NODES] = node === NIL ? 0 : 1;
  changeShape(heap, list);
  return list;
}

/** Frees the list's own block and gives its only node, which is then on its own. */
export function dissolveQuicklist(heap: Heap, list: number): number {
  const node = headNode(heap, list);
  free(heap, list);
  return node;
}

/** The first node, NIL of an empty list. */
export function headNode(heap: Heap, list: number): number {
  return heap.i32[wordOf(list) + HEAD];
}

/** The last node, NIL of an empty list. */
export function tailNode(heap: Heap, list: number): number {
  return heap.i32[wordOf(list) + TAIL];
}

/** The node at one end. */
export function endNode(heap: Heap, list: number, atHead: boolean): number {
  return heap.i32[wordOf(list) + (atHead ? HEAD : TAIL)];
}

/** Number of entries. O(1). */
export function quicklistCount(heap: Heap, list: number): number {
  return heap.i32[wordOf(list) + COUNT];
}

/** Number of nodes. O(1). */
export function quicklistNodes(heap: Heap, list: number): number {
  return heap.i32[wordOf(list) + NODES];
}

/** Counts entries that came to a node or left it. */
export function addToCount(heap: Heap, list: number, node: number, change: number): void {
  const word = wordOf(list);
  heap.i32[word + COUNT] += change;
  if (change !== 0 && heap.i32[word + HEAD] !== node && heap.i32[word + TAIL] !== node) changeShape(heap, list);
}

/** The same where the node is known to be the first or the last one. */
export function addToEndCount(heap: Heap, list: number, change: number): void {
  heap.i32[wordOf(list) + COUNT] += change;
}

/** Puts a node before `next`, or at the end where that is NIL, and counts its entries. O(1). */
export function linkNode(heap: Heap, list: number, node: number, next: number): void {
  const word = wordOf(list);
  const previous = next === NIL ? heap.i32[word + TAIL] : previousNode(heap, next);
  setPreviousNode(heap, node, previous);
  setNextNode(heap, node, next);
  if (previous === NIL) heap.i32[word + HEAD] = node;
  else setNextNode(heap, previous, node);
  if (next === NIL) heap.i32[word + TAIL] = node;
  else setPreviousNode(heap, next, node);
  heap.i32[word + COUNT] += nodeCount(heap, node);
  heap.i32[word + NODES]++;
  changeShape(heap, list);
}

/** Takes a node out and frees it; its entries are no longer counted. O(1). */
export function removeNode(heap: Heap, list: number, node: number): void {
  const word = wordOf(list);
  const previous = previousNode(heap, node);
  const next = nextNode(heap, node);
  if (previous === NIL) heap.i32[word + HEAD] = next;
  else setNextNode(heap, previous, next);
  if (next === NIL) heap.i32[word + TAIL] = previous;
  else setPreviousNode(heap, next, previous);
  heap.i32[word + COUNT] -= nodeCount(heap, node);
  heap.i32[word + NODES]--;
  changeShape(heap, list);
  free(heap, node);
}

/** Tells the neighbours and the list that the node is now at `now`, which has its links. Without a list: a node on its own. O(1). */
export function replaceNode(heap: Heap, list: number, node: number, now: number): void {
  if (now === node || list === NIL) return;
  const word = wordOf(list);
  const previous = previousNode(heap, now);
  const next = nextNode(heap, now);
  if (previous === NIL) heap.i32[word + HEAD] = now;
  else setNextNode(heap, previous, now);
  if (next === NIL) heap.i32[word + TAIL] = now;
  else setPreviousNode(heap, next, now);
  if (previous !== NIL && next !== NIL) changeShape(heap, list);
}

/** Frees the list and its nodes. O(nodes). */
export function freeQuicklist(heap: Heap, list: number): void {
  freeNodes(heap, list, Infinity);
  free(heap, list);
}

/** Frees nodes from the head on until `budget` entries are gone, one at least; returns what is left, and false entries stay linked. */
export function freeNodes(heap: Heap, list: number, budget: number): number {
  let left = budget;
  while (left > 0) {
    const node = headNode(heap, list);
    if (node === NIL) break;
    left -= nodeCount(heap, node);
    removeNode(heap, list, node);
  }
  return left > 0 ? left : 0;
}
