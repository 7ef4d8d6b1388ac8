/**
 * Taking members out of one leaf at the path that a descent has left. Needs no memory.
 *
 * A node that falls under a quarter joins a neighbour below the same parent if both together leave some room; an empty one goes. So
 * removing one by one at either end moves next to nothing, and nodes of many removals come together again.
 */
import { free, NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { pathNodes, pathSlots } from "./descend.ts";
import {
  childrenOf,
  COUNT,
  countsOf,
  describeChild,
  FIRST_LEAF,
  HEIGHT,
  LAST_LEAF,
  moveSlotsToEnd,
  NEXT,
  PREVIOUS,
  refsOf,
  ROOT,
  scoresOf,
  shiftSlots,
  SLOT_COUNT,
  slotsMaximum,
} from "./layout.ts";

/**
 * Takes `count` members out of the leaf of the path, from the path's slot on; they are in it. True when the tree has the same nodes in the
 * same slots afterwards, so that a path to another leaf still leads there. O(log n).
 */
export function removeAtPath(heap: Heap, set: number, count: number): boolean {
  const i32 = heap.i32;
  const header = wordOf(set);
  const height = i32[header + HEIGHT];
  shiftSlots(heap, pathNodes[height], true, pathSlots[height] + count, -count);
  i32[header + COUNT] -= count;
  let isNewFirst = pathSlots[height] === 0;
  let isSameShape = true;
  for (let level = height - 1; level >= 0; level--) {
    const node = pathNodes[level];
    const slot = pathSlots[level];
    const child = pathNodes[level + 1];
    const childIsLeaf = level === height - 1;
    i32[countsOf(node) + slot] -= count;
    const slots = i32[wordOf(child) + SLOT_COUNT];
    if (slots === 0) dropChild(heap, set, node, slot, childIsLeaf);
    else if (isNewFirst) copyFirst(heap, node, slot, child, childIsLeaf);
    const isSmall = slots > 0 && slots < slotsMaximum(childIsLeaf) >> 2;
    if (slots === 0 || (isSmall && joinChild(heap, set, node, slot, childIsLeaf))) isSameShape = false;
    isNewFirst = isNewFirst && slot === 0;
  }
  if (!isSameShape) lowerRoot(heap, set);
  return isSameShape;
}

/** The slot's child has become empty. */
function dropChild(heap: Heap, set: number, node: number, slot: number, childIsLeaf: boolean): void {
  const child = heap.i32[childrenOf(node) + slot];
  if (childIsLeaf) unlinkLeaf(heap, set, child);
  free(heap, child);
  shiftSlots(heap, node, false, slot + 1, -1);
}

/** Joins a child that has become small with the smaller of its neighbours. False where the result would be nearly full. */
function joinChild(heap: Heap, set: number, node: number, slot: number, childIsLeaf: boolean): boolean {
  const before = slotsOfChild(heap, node, slot - 1);
  const behind = slotsOfChild(heap, node, slot + 1);
  const left = before <= behind ? slot - 1 : slot;
  const maximum = slotsMaximum(childIsLeaf);
  if (Math.min(before, behind) + slotsOfChild(heap, node, slot) > maximum - (maximum >> 2)) return false;
  const i32 = heap.i32;
  const target = i32[childrenOf(node) + left];
  const source = i32[childrenOf(node) + left + 1];
  moveSlotsToEnd(heap, source, 0, target, childIsLeaf);
  if (childIsLeaf) unlinkLeaf(heap, set, source);
  free(heap, source);
  shiftSlots(heap, node, false, left + 2, -1);
  describeChild(heap, node, left, target, childIsLeaf);
  return true;
}

/** Beyond what can be joined where there is no such slot. */
function slotsOfChild(heap: Heap, node: number, slot: number): number {
  const i32 = heap.i32;
  if (slot < 0 || slot >= i32[wordOf(node) + SLOT_COUNT]) return 0x10000;
  return i32[wordOf(i32[childrenOf(node) + slot]) + SLOT_COUNT];
}

function copyFirst(heap: Heap, node: number, slot: number, child: number, childIsLeaf: boolean): void {
  heap.f64[scoresOf(heap, node) + slot] = heap.f64[scoresOf(heap, child)];
  heap.i32[refsOf(heap, node, false) + slot] = heap.i32[refsOf(heap, child, childIsLeaf)];
}

function unlinkLeaf(heap: Heap, set: number, leaf: number): void {
  const i32 = heap.i32;
  const previous = i32[wordOf(leaf) + PREVIOUS];
  const next = i32[wordOf(leaf) + NEXT];
  if (previous === NIL) i32[wordOf(set) + FIRST_LEAF] = next;
  else i32[wordOf(previous) + NEXT] = next;
  if (next === NIL) i32[wordOf(set) + LAST_LEAF] = previous;
  else i32[wordOf(next) + PREVIOUS] = previous;
}

/** A root with one child gives way to it. The last leaf stays, if empty, since its parents had but one child each and are gone first. */
function lowerRoot(heap: Heap, set: number): void {
  const i32 = heap.i32;
  const header = wordOf(set);
  while (i32[header + HEIGHT] > 0 && i32[wordOf(i32[header + ROOT]) + SLOT_COUNT] === 1) {
    const root = i32[header + ROOT];
    i32[header + ROOT] = i32[childrenOf(root)];
    i32[header + HEIGHT]--;
    free(heap, root);
  }
}
