/**
 * Removing an id. Needs no memory. A node that gets empty goes; one that is less than a quarter full is merged with a neighbour under the
 * same parent where both fit into three quarters, so that nodes do not merge and split in turns.
 */
import { free, NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import {
  childAt,
  childPosition,
  COUNT,
  FIRST,
  fullCapacity,
  HEIGHT,
  ID_WORDS,
  INNER_STRIDE,
  LAST,
  leafStride,
  lowerBound,
  NEXT,
  NODE_COUNT,
  PREVIOUS,
  ROOT,
  slotWord,
} from "./layout.ts";
import { compareIdAt } from "./stream-id.ts";
import type { StreamId } from "./stream-id.ts";

/** The way down: the node of each level, and which of its children was taken. Far more levels than 2^31 ids need. */
const pathNodes = new Int32Array(32);
const pathPositions = new Int32Array(32);

/** Removes an id with its payload; false when it is not there. O(log n). */
export function removeId(heap: Heap, tree: number, id: StreamId): boolean {
  const i32 = heap.i32;
  const at = wordOf(tree);
  const height = i32[at + HEIGHT];
  let node = i32[at + ROOT];
  if (node === NIL) return false;
  for (let level = height; level > 0; level--) {
    const position = childPosition(i32, node, id);
    pathNodes[level] = node;
    pathPositions[level] = position;
    node = childAt(i32, node, position);
  }
  pathNodes[0] = node;
  const stride = leafStride(heap, tree);
  const position = lowerBound(i32, node, stride, id);
  if (position === i32[wordOf(node) + NODE_COUNT]) return false;
  if (compareIdAt(i32, slotWord(node, position, stride), id) !== 0) return false;
  closeSlot(i32, node, position, stride);
  i32[at + COUNT]--;
  repairPath(heap, tree, height, stride);
  return true;
}

/** Moves the slots behind `position` down by one. */
function closeSlot(i32: Int32Array, node: number, position: number, stride: number): void {
  const at = wordOf(node) + NODE_COUNT;
  const slot = slotWord(node, position, stride);
  const end = slotWord(node, i32[at], stride);
  if (slot + stride < end) i32.copyWithin(slot, slot + stride, end);
  i32[at]--;
}

/** Drops or merges nodes from the leaf upwards as long as that changes their parents; then lowers the root. */
function repairPath(heap: Heap, tree: number, height: number, stride: number): void {
  let level = 0;
  while (level < height && repairNode(heap, tree, level, level === 0 ? stride : INNER_STRIDE)) level++;
  lowerRoot(heap, tree);
}

/** Whether the parent has lost a child. */
function repairNode(heap: Heap, tree: number, level: number, stride: number): boolean {
  const i32 = heap.i32;
  const node = pathNodes[level];
  const parent = pathNodes[level + 1];
  const position = pathPositions[level + 1];
  const count = i32[wordOf(node) + NODE_COUNT];
  if (count === 0) {
    dropChild(heap, tree, parent, position, level === 0);
    return true;
  }
  const full = fullCapacity(stride);
  if (count * 4 >= full) return false;
  const most = (full * 3) >> 2;
  if (position + 1 < i32[wordOf(parent) + NODE_COUNT] && mergeInto(heap, tree, parent, position, stride, level, most)) {
    return true;
  }
  return position > 0 && mergeInto(heap, tree, parent, position - 1, stride, level, most);
}

/** Puts the slots of the child behind `position` behind those of the child at it, if these are not too many for one node. */
function mergeInto(
  heap: Heap,
  tree: number,
  parent: number,
  position: number,
  stride: number,
  level: number,
  most: number,
): boolean {
  const i32 = heap.i32;
  const left = childAt(i32, parent, position);
  const right = childAt(i32, parent, position + 1);
  const leftCount = i32[wordOf(left) + NODE_COUNT];
  const rightCount = i32[wordOf(right) + NODE_COUNT];
  if (leftCount + rightCount > most) return false;
  const target = slotWord(left, leftCount, stride);
  i32.copyWithin(target, slotWord(right, 0, stride), slotWord(right, rightCount, stride));
  if (level > 0) {
    // slot 0 had no bound of its own
    const bound = slotWord(parent, position + 1, INNER_STRIDE);
    i32.copyWithin(target, bound, bound + ID_WORDS);
  }
  i32[wordOf(left) + NODE_COUNT] = leftCount + rightCount;
  dropChild(heap, tree, parent, position + 1, level === 0);
  return true;
}

function dropChild(heap: Heap, tree: number, parent: number, position: number, isLeaf: boolean): void {
  const child = childAt(heap.i32, parent, position);
  if (isLeaf) unlinkLeaf(heap.i32, tree, child);
  free(heap, child);
  closeSlot(heap.i32, parent, position, INNER_STRIDE);
}

function unlinkLeaf(i32: Int32Array, tree: number, leaf: number): void {
  const next = i32[wordOf(leaf) + NEXT];
  const previous = i32[wordOf(leaf) + PREVIOUS];
  i32[previous === NIL ? wordOf(tree) + FIRST : wordOf(previous) + NEXT] = next;
  i32[next === NIL ? wordOf(tree) + LAST : wordOf(next) + PREVIOUS] = previous;
}

/** A root with one child gives way to it, an empty one to nothing. */
function lowerRoot(heap: Heap, tree: number): void {
  const i32 = heap.i32;
  const at = wordOf(tree);
  let root = i32[at + ROOT];
  while (i32[at + HEIGHT] > 0 && i32[wordOf(root) + NODE_COUNT] === 1) {
    const child = childAt(i32, root, 0);
    free(heap, root);
    root = child;
    i32[at + ROOT] = root;
    i32[at + HEIGHT]--;
  }
  if (i32[wordOf(root) + NODE_COUNT] > 0) return;
  free(heap, root);
  i32[at + ROOT] = NIL;
  i32[at + HEIGHT] = 0;
  i32[at + FIRST] = NIL;
  i32[at + LAST] = NIL;
}
