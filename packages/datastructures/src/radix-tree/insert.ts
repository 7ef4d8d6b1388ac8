/**
 * Inserting an id. Full nodes are split on the way down, so that there is always room above; each split leaves a sound tree, and one that
 * fails for want of memory has changed nothing. Where ids come in ascending order nodes are left full.
 */
import { allocate, free, NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { NO_SLOT } from "./id-tree.ts";
import {
  CAPACITY,
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
  nodeBytes,
  PREVIOUS,
  ROOT,
  slotWord,
} from "./layout.ts";
import { compareIdAt } from "./stream-id.ts";
import type { StreamId } from "./stream-id.ts";

const FIRST_CAPACITY = 2;

/**
 * The word of the id's slot, which is made if it is not there: then with a payload of zeros. NO_SLOT without memory, nothing changed.
 * O(log n).
 */
export function insertId(heap: Heap, tree: number, id: StreamId): number {
  if (!makeRoomAtRoot(heap, tree, id)) return NO_SLOT;
  let node = heap.i32[wordOf(tree) + ROOT];
  for (let level = heap.i32[wordOf(tree) + HEIGHT]; level > 0; level--) {
    const position = childPosition(heap.i32, node, id);
    const child = childAt(heap.i32, node, position);
    const stride = level > 1 ? INNER_STRIDE : leafStride(heap, tree);
    if (isFull(heap, child) && !splitChild(heap, tree, node, position, stride, level > 1, id)) return NO_SLOT;
    node = childAt(heap.i32, node, childPosition(heap.i32, node, id));
  }
  return putIntoLeaf(heap, tree, node, id);
}

function isFull(heap: Heap, node: number): boolean {
  const at = wordOf(node);
  return heap.i32[at + NODE_COUNT] === heap.i32[at + CAPACITY];
}

function createNode(heap: Heap, capacity: number, stride: number): number {
  const node = allocate(heap, nodeBytes(capacity, stride));
  if (node === NIL) return NIL;
  const at = wordOf(node);
  heap.i32[at + NODE_COUNT] = 0;
  heap.i32[at + NEXT] = NIL;
  heap.i32[at + PREVIOUS] = NIL;
  heap.i32[at + CAPACITY] = capacity;
  return node;
}

function putIntoLeaf(heap: Heap, tree: number, leaf: number, id: StreamId): number {
  const i32 = heap.i32;
  const stride = leafStride(heap, tree);
  const position = lowerBound(i32, leaf, stride, id);
  const slot = slotWord(leaf, position, stride);
  if (position < i32[wordOf(leaf) + NODE_COUNT] && compareIdAt(i32, slot, id) === 0) return slot;
  openSlot(i32, leaf, position, stride);
  id.write(i32, slot);
  i32.fill(0, slot + ID_WORDS, slot + stride);
  i32[wordOf(tree) + COUNT]++;
  return slot;
}

/** Moves the slots from `position` on up by one; the node has room. */
function openSlot(i32: Int32Array, node: number, position: number, stride: number): void {
  const at = wordOf(node) + NODE_COUNT;
  const count = i32[at];
  const slot = slotWord(node, position, stride);
  if (position < count) i32.copyWithin(slot + stride, slot, slotWord(node, count, stride));
  i32[at] = count + 1;
}

/** A root that is not full: the first leaf, a larger leaf, or a new root above two halves. */
function makeRoomAtRoot(heap: Heap, tree: number, id: StreamId): boolean {
  const root = heap.i32[wordOf(tree) + ROOT];
  if (root === NIL) return growRootLeaf(heap, tree, root, FIRST_CAPACITY);
  if (!isFull(heap, root)) return true;
  const isInner = heap.i32[wordOf(tree) + HEIGHT] > 0;
  const stride = isInner ? INNER_STRIDE : leafStride(heap, tree);
  const capacity = heap.i32[wordOf(root) + CAPACITY];
  const full = fullCapacity(stride);
  if (capacity < full) return growRootLeaf(heap, tree, root, Math.min(capacity * 2, full));
  const parent = createNode(heap, fullCapacity(INNER_STRIDE), INNER_STRIDE);
  if (parent === NIL) return false;
  const i32 = heap.i32;
  const slot = slotWord(parent, 0, INNER_STRIDE);
  i32.copyWithin(slot, slotWord(root, 0, stride), slotWord(root, 0, stride) + ID_WORDS);
  i32[slot + ID_WORDS] = root;
  i32[wordOf(parent) + NODE_COUNT] = 1;
  if (!splitChild(heap, tree, parent, 0, stride, isInner, id)) {
    free(heap, parent);
    return false;
  }
  heap.i32[wordOf(tree) + ROOT] = parent;
  heap.i32[wordOf(tree) + HEIGHT]++;
  return true;
}

/** Replaces the only leaf (or none) by one with room for more. */
function growRootLeaf(heap: Heap, tree: number, root: number, capacity: number): boolean {
  const stride = leafStride(heap, tree);
  const grown = createNode(heap, capacity, stride);
  if (grown === NIL) return false;
  const i32 = heap.i32;
  if (root !== NIL) {
    const count = i32[wordOf(root) + NODE_COUNT];
    i32.copyWithin(slotWord(grown, 0, stride), slotWord(root, 0, stride), slotWord(root, count, stride));
    i32[wordOf(grown) + NODE_COUNT] = count;
    free(heap, root);
  }
  const at = wordOf(tree);
  i32[at + ROOT] = grown;
  i32[at + FIRST] = grown;
  i32[at + LAST] = grown;
  return true;
}

/** Splits the full child at `position` of `parent`, which has room. `id` is what is going to be inserted. */
function splitChild(
  heap: Heap,
  tree: number,
  parent: number,
  position: number,
  stride: number,
  isInner: boolean,
  id: StreamId,
): boolean {
  const right = createNode(heap, fullCapacity(stride), stride);
  if (right === NIL) return false;
  const i32 = heap.i32;
  const left = childAt(i32, parent, position);
  const count = i32[wordOf(left) + NODE_COUNT];
  const isBehindAll = compareIdAt(i32, slotWord(left, count - 1, stride), id) < 0;
  const kept = !isBehindAll ? count >> 1 : isInner ? count - 1 : count;
  const from = slotWord(left, kept, stride);
  i32.copyWithin(slotWord(right, 0, stride), from, slotWord(left, count, stride));
  i32[wordOf(left) + NODE_COUNT] = kept;
  i32[wordOf(right) + NODE_COUNT] = count - kept;
  openSlot(i32, parent, position + 1, INNER_STRIDE);
  const slot = slotWord(parent, position + 1, INNER_STRIDE);
  if (kept === count) id.write(i32, slot);
  else i32.copyWithin(slot, from, from + ID_WORDS);
  i32[slot + ID_WORDS] = right;
  if (!isInner) linkLeaf(i32, tree, left, right);
  return true;
}

function linkLeaf(i32: Int32Array, tree: number, left: number, right: number): void {
  const next = i32[wordOf(left) + NEXT];
  i32[wordOf(right) + PREVIOUS] = left;
  i32[wordOf(right) + NEXT] = next;
  i32[wordOf(left) + NEXT] = right;
  if (next === NIL) i32[wordOf(tree) + LAST] = right;
  else i32[wordOf(next) + PREVIOUS] = right;
}
