/**
 * The bytes of an id tree, a B+tree from ids of 128 bits to some words each, in place of Redis's radix tree of 16-byte strings: keys of
 * one fixed size need no trie, and 20 bytes a node of a stream (28 of 36 bytes a pending message) stand against some 60 to 100 there; a
 * lookup among a million ids reads four nodes of 1 KiB, two cache lines in each.
 *
 *   tree   | root | height | count | payload words | first leaf | last leaf |           height 0: the root is a leaf, or NIL
 *   leaf   | count | next | previous | capacity | slot | slot | ...                     slot = id (4 words), payload words
 *   inner  | count | -    | -        | capacity | slot | slot | ...                     slot = id (4 words), ref of a child
 *
 * The id in an inner slot is a lower bound of all ids below it and above all of its left neighbour; that of slot 0 means nothing. All
 * nodes have room for as many slots as go into 1 KiB, but for a root that is a leaf: it starts small and doubles.
 */
import { wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { compareIdAt } from "./stream-id.ts";
import type { StreamId } from "./stream-id.ts";

export const ROOT = 0;
export const HEIGHT = 1;
export const COUNT = 2;
export const PAYLOAD = 3;
export const FIRST = 4;
export const LAST = 5;
export const TREE_BYTES = 24;

export const NODE_COUNT = 0;
export const NEXT = 1;
export const PREVIOUS = 2;
export const CAPACITY = 3;
export const SLOTS = 4;

export const ID_WORDS = 4;
/** Words of an inner slot. */
export const INNER_STRIDE = ID_WORDS + 1;
const NODE_WORDS_MAXIMUM = 256;

/** Slots of a node of full size. */
export function fullCapacity(stride: number): number {
  return ((NODE_WORDS_MAXIMUM - SLOTS) / stride) | 0;
}

/** Bytes of a node with so many slots. */
export function nodeBytes(capacity: number, stride: number): number {
  return (SLOTS + capacity * stride) * 4;
}

/** Words of a leaf's slot. */
export function leafStride(heap: Heap, tree: number): number {
  return ID_WORDS + heap.i32[wordOf(tree) + PAYLOAD];
}

/** Word of slot `position` of a node. */
export function slotWord(node: number, position: number, stride: number): number {
  return wordOf(node) + SLOTS + position * stride;
}

/** First slot whose id is at least `id`, or the number of slots. O(log slots). */
export function lowerBound(i32: Int32Array, node: number, stride: number, id: StreamId): number {
  const slots = wordOf(node) + SLOTS;
  let low = 0;
  let high = i32[wordOf(node) + NODE_COUNT];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareIdAt(i32, slots + middle * stride, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The child of an inner node that an id belongs to: the last whose bound is not above it, or the first. O(log slots). */
export function childPosition(i32: Int32Array, node: number, id: StreamId): number {
  const slots = wordOf(node) + SLOTS;
  let low = 0;
  let high = i32[wordOf(node) + NODE_COUNT] - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (compareIdAt(i32, slots + middle * INNER_STRIDE, id) <= 0) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Ref of the child in an inner slot. */
export function childAt(i32: Int32Array, node: number, position: number): number {
  return i32[slotWord(node, position, INNER_STRIDE) + ID_WORDS];
}

/** The leaf that an id belongs to; NIL in an empty tree. O(log n). */
export function leafOf(heap: Heap, tree: number, id: StreamId): number {
  const i32 = heap.i32;
  let node = i32[wordOf(tree) + ROOT];
  for (let level = i32[wordOf(tree) + HEIGHT]; level > 0; level--) {
    node = childAt(i32, node, childPosition(i32, node, id));
  }
  return node;
}
