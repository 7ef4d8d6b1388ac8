/** An id tree as a whole: making, asking, giving back. `layout.ts` has the picture, `insert.ts` and `remove.ts` change it. */
import { allocate, free, NIL, usableBytes, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import {
  childAt,
  COUNT,
  HEIGHT,
  leafOf,
  leafStride,
  lowerBound,
  NODE_COUNT,
  PAYLOAD,
  ROOT,
  slotWord,
  TREE_BYTES,
} from "./layout.ts";
import { compareIdAt } from "./stream-id.ts";
import type { StreamId } from "./stream-id.ts";

/** Where there is no slot: the id is not there, or there is no memory. */
export const NO_SLOT = -1;

/** An empty tree whose ids carry `payloadWords` words each; NIL without memory. O(1). */
export function createIdTree(heap: Heap, payloadWords: number): number {
  const tree = allocate(heap, TREE_BYTES);
  if (tree === NIL) return NIL;
  const at = wordOf(tree);
  heap.i32.fill(0, at, at + TREE_BYTES / 4);
  heap.i32[at + PAYLOAD] = payloadWords;
  return tree;
}

/** Gives back the tree with all its nodes; what payloads point at is the caller's. NIL: nothing. O(nodes). */
export function destroyIdTree(heap: Heap, tree: number): void {
  if (tree === NIL) return;
  const at = wordOf(tree);
  if (heap.i32[at + ROOT] !== NIL) destroyNode(heap, heap.i32[at + ROOT], heap.i32[at + HEIGHT]);
  free(heap, tree);
}

function destroyNode(heap: Heap, node: number, level: number): void {
  const count = level > 0 ? heap.i32[wordOf(node) + NODE_COUNT] : 0;
  for (let position = 0; position < count; position++) destroyNode(heap, childAt(heap.i32, node, position), level - 1);
  free(heap, node);
}

/** Number of ids. O(1). */
export function idTreeCount(heap: Heap, tree: number): number {
  return heap.i32[wordOf(tree) + COUNT];
}

/** Bytes of the tree and its nodes. O(nodes). */
export function idTreeBytes(heap: Heap, tree: number): number {
  const at = wordOf(tree);
  const root = heap.i32[at + ROOT];
  return usableBytes(heap, tree) + (root === NIL ? 0 : bytesBelow(heap, root, heap.i32[at + HEIGHT]));
}

function bytesBelow(heap: Heap, node: number, level: number): number {
  let bytes = usableBytes(heap, node);
  const count = level > 0 ? heap.i32[wordOf(node) + NODE_COUNT] : 0;
  for (let position = 0; position < count; position++)
    bytes += bytesBelow(heap, childAt(heap.i32, node, position), level - 1);
  return bytes;
}

/**
 * Word in `heap.i32` of the id's slot, NO_SLOT when it is not there: the id's four words and then its payload. Good until ids are inserted
 * or removed. O(log n).
 */
export function findId(heap: Heap, tree: number, id: StreamId): number {
  const leaf = leafOf(heap, tree, id);
  if (leaf === NIL) return NO_SLOT;
  const i32 = heap.i32;
  const stride = leafStride(heap, tree);
  const position = lowerBound(i32, leaf, stride, id);
  if (position === i32[wordOf(leaf) + NODE_COUNT]) return NO_SLOT;
  const slot = slotWord(leaf, position, stride);
  return compareIdAt(i32, slot, id) === 0 ? slot : NO_SLOT;
}
