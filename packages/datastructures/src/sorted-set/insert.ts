/**
 * Putting a member into the tree at the path that a descent has left. Nodes for all splits are taken first (`reserveNodes`), so that the
 * rest cannot fail.
 *
 * A full node is split in the middle, but at the ends of the tree where it is written: members that come in order, either way, leave
 * full nodes behind, and move no others.
 */
import { free, NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { LEVELS_MAXIMUM, pathNodes, pathSlots } from "./descend.ts";
import {
  COUNT,
  countsOf,
  createNode,
  describeChild,
  fillFromEnd,
  FIRST_LEAF,
  HEIGHT,
  INNER_SLOTS,
  LAST_LEAF,
  LEAF_SLOTS,
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
import { scoreOf } from "./member-block.ts";

/** The nodes that splits will need: a leaf first, then inner ones. */
const reserved = new Int32Array(LEVELS_MAXIMUM + 1);
let reservedCount = 0;
let reservedUsed = 0;

/** Takes the nodes that an insertion at the path needs. False when there is no memory, and then none is held. */
export function reserveNodes(heap: Heap, set: number): boolean {
  const height = heap.i32[wordOf(set) + HEIGHT];
  reservedCount = 0;
  reservedUsed = 0;
  let level = height;
  for (; level >= 0; level--) {
    const isLeaf = level === height;
    if (heap.i32[wordOf(pathNodes[level]) + SLOT_COUNT] < slotsMaximum(isLeaf)) return true;
    if (!reserveNode(heap, isLeaf)) return false;
  }
  return reserveNode(heap, false);
}

/**
 * `reserveNodes` for a member that is taken out before. Where that leaves the root with one child the tree loses a level, and may need
 * a root anew.
 */
export function reserveNodesToMove(heap: Heap, set: number): boolean {
  if (!reserveNodes(heap, set)) return false;
  if (reservedCount === 0 || heap.i32[wordOf(set) + HEIGHT] === 0) return true;
  return heap.i32[wordOf(pathNodes[0]) + SLOT_COUNT] > 2 || reserveNode(heap, false);
}

function reserveNode(heap: Heap, isLeaf: boolean): boolean {
  const node = createNode(heap, isLeaf);
  if (node === NIL) releaseNodes(heap);
  else reserved[reservedCount++] = node;
  return node !== NIL;
}

/** Gives back what `reserveNodes` took and no insertion has used. */
export function releaseNodes(heap: Heap): void {
  while (reservedCount > reservedUsed) free(heap, reserved[--reservedCount]);
}

/** Writes another score, which keeps the member's rank, into the slot of the path and those above it. O(log n). */
export function rescoreAtPath(heap: Heap, set: number, ref: number): void {
  const height = heap.i32[wordOf(set) + HEIGHT];
  heap.f64[scoresOf(heap, pathNodes[height]) + pathSlots[height]] = scoreOf(heap, ref);
  for (let level = height - 1; level >= 0 && pathSlots[level + 1] === 0; level--) {
    writeFirst(heap, pathNodes[level], pathSlots[level], ref);
  }
}

/** Puts a member where the path leads, into nodes that have been reserved. O(log n). */
export function insertAtPath(heap: Heap, set: number, ref: number): void {
  const i32 = heap.i32;
  const header = wordOf(set);
  const height = i32[header + HEIGHT];
  let right = insertIntoLeaf(heap, set, pathNodes[height], pathSlots[height], ref);
  let isNewFirst = pathSlots[height] === 0;
  for (let level = height - 1; level >= 0; level--) {
    const node = pathNodes[level];
    const slot = pathSlots[level];
    const childIsLeaf = level === height - 1;
    if (right === NIL) {
      i32[countsOf(node) + slot]++;
      if (isNewFirst) writeFirst(heap, node, slot, ref);
    } else {
      describeChild(heap, node, slot, pathNodes[level + 1], childIsLeaf);
      right = insertChild(heap, set, level, slot + 1, right, childIsLeaf);
    }
    isNewFirst = isNewFirst && slot === 0;
  }
  if (right !== NIL) growRoot(heap, set, right);
  i32[header + COUNT]++;
}

/** Gives the new right neighbour where the leaf had to be split, else NIL. */
function insertIntoLeaf(heap: Heap, set: number, leaf: number, slot: number, ref: number): number {
  const { i32 } = heap;
  if (i32[wordOf(leaf) + SLOT_COUNT] < LEAF_SLOTS) {
    writeMember(heap, leaf, slot, ref);
    return NIL;
  }
  const header = wordOf(set);
  const kept = slotsKept(slot, LEAF_SLOTS, leaf === i32[header + FIRST_LEAF], leaf === i32[header + LAST_LEAF]);
  const right = reserved[reservedUsed++];
  moveSlotsToEnd(heap, leaf, kept, right, true);
  if (kept === 0) fillFromEnd(heap, leaf);
  linkBehind(heap, set, leaf, right);
  if (staysLeft(slot, kept, LEAF_SLOTS)) writeMember(heap, leaf, slot, ref);
  else writeMember(heap, right, slot - kept, ref);
  return right;
}

/** Gives the new right neighbour where the node had to be split, else NIL. */
function insertChild(
  heap: Heap,
  set: number,
  level: number,
  slot: number,
  child: number,
  childIsLeaf: boolean,
): number {
  const node = pathNodes[level];
  if (heap.i32[wordOf(node) + SLOT_COUNT] < INNER_SLOTS) {
    writeChild(heap, node, slot, child, childIsLeaf);
    return NIL;
  }
  const header = wordOf(set);
  const leaf = pathNodes[heap.i32[header + HEIGHT]];
  // `slot` is never 0: its left part is already there. At the left end the first child goes alone, and its right part to the others.
  const isLeftEnd = slot === 1 && leaf === heap.i32[header + FIRST_LEAF];
  const isRightEnd = slot === INNER_SLOTS && isNewLastLeaf(heap, set, child, childIsLeaf);
  const kept = isLeftEnd ? 1 : isRightEnd ? INNER_SLOTS : INNER_SLOTS >> 1;
  const right = reserved[reservedUsed++];
  moveSlotsToEnd(heap, node, kept, right, false);
  if (!isLeftEnd && staysLeft(slot, kept, INNER_SLOTS)) writeChild(heap, node, slot, child, childIsLeaf);
  else writeChild(heap, right, slot - kept, child, childIsLeaf);
  return right;
}

/** Whether everything happens at the right end of the tree: a child of one slot at the end of a full node comes from there alone. */
function isNewLastLeaf(heap: Heap, set: number, child: number, childIsLeaf: boolean): boolean {
  const { i32 } = heap;
  return i32[wordOf(child) + SLOT_COUNT] === 1 && (!childIsLeaf || child === i32[wordOf(set) + LAST_LEAF]);
}

/** How many slots of a full node stay where it is split for a new one at `slot`. */
function slotsKept(slot: number, slots: number, isFirst: boolean, isLast: boolean): number {
  if (isLast && slot === slots) return slots;
  return isFirst && slot === 0 ? 0 : slots >> 1;
}

/** Whether a new slot goes to the left part, which has kept `kept` of `slots`. */
function staysLeft(slot: number, kept: number, slots: number): boolean {
  return slot <= kept && kept < slots;
}

function writeMember(heap: Heap, leaf: number, slot: number, ref: number): void {
  shiftSlots(heap, leaf, true, slot, 1);
  heap.f64[scoresOf(heap, leaf) + slot] = scoreOf(heap, ref);
  heap.i32[refsOf(heap, leaf, true) + slot] = ref;
}

function writeChild(heap: Heap, inner: number, slot: number, child: number, childIsLeaf: boolean): void {
  shiftSlots(heap, inner, false, slot, 1);
  describeChild(heap, inner, slot, child, childIsLeaf);
}

function writeFirst(heap: Heap, inner: number, slot: number, ref: number): void {
  heap.f64[scoresOf(heap, inner) + slot] = scoreOf(heap, ref);
  heap.i32[refsOf(heap, inner, false) + slot] = ref;
}

function linkBehind(heap: Heap, set: number, leaf: number, right: number): void {
  const i32 = heap.i32;
  const next = i32[wordOf(leaf) + NEXT];
  i32[wordOf(right) + PREVIOUS] = leaf;
  i32[wordOf(right) + NEXT] = next;
  i32[wordOf(leaf) + NEXT] = right;
  if (next === NIL) i32[wordOf(set) + LAST_LEAF] = right;
  else i32[wordOf(next) + PREVIOUS] = right;
}

function growRoot(heap: Heap, set: number, right: number): void {
  const i32 = heap.i32;
  const header = wordOf(set);
  const childIsLeaf = i32[header + HEIGHT] === 0;
  const root = reserved[reservedUsed++];
  i32[wordOf(root) + SLOT_COUNT] = 2;
  describeChild(heap, root, 0, pathNodes[0], childIsLeaf);
  describeChild(heap, root, 1, right, childIsLeaf);
  i32[header + ROOT] = root;
  i32[header + HEIGHT]++;
}
