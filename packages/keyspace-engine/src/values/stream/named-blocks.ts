/**
 * Groups of a stream and consumers of a group: blocks that begin with their name's length and have the name at a fixed place, found by it.
 *
 *   list    | count | ref | ref | ...        sorted by name, bytes compared, a prefix first: the order that Redis lists them in
 *   block   | name length | 9 words of the kind's own | name |
 *
 * A sorted list rather than a tree: a search reads log n names, and an insertion moves 4 bytes for each name behind it, some 10 us in a
 * group of 100,000 consumers.
 */
import { allocate, copyBytes, free, NIL, offsetOf, usableBytes, windowOf, wordOf } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import type { Slice } from "../../slice.ts";

const HEADER_WORDS = 10;
const HEADER_BYTES = HEADER_WORDS * 4;
const COUNT_WORDS = 1;
const FIRST_REFS = 3;

/** A block with this name, its other words 0; NIL without memory. */
export function createNamed(heap: Heap, name: Slice): number {
  const block = allocate(heap, HEADER_BYTES + name.length);
  if (block === NIL) return NIL;
  const at = wordOf(block);
  heap.i32.fill(0, at, at + HEADER_WORDS);
  heap.i32[at] = name.length;
  copyBytes(windowOf(heap, block), offsetOf(block) + HEADER_BYTES, name.bytes, name.offset, name.length);
  return block;
}

/** Points `out` at the name of a block; valid until the heap may move. */
export function readName(heap: Heap, block: number, out: Slice): Slice {
  return out.set(windowOf(heap, block), offsetOf(block) + HEADER_BYTES, heap.i32[wordOf(block)]);
}

/** Number of blocks in a list, which may be NIL. O(1). */
export function namedCount(heap: Heap, list: number): number {
  return list === NIL ? 0 : heap.i32[wordOf(list)];
}

/** The block in place `index`, in the order of names. O(1). */
export function namedAt(heap: Heap, list: number, index: number): number {
  return heap.i32[wordOf(list) + COUNT_WORDS + index];
}

/** The block of this name, or NIL. O(log n). */
export function findNamed(heap: Heap, list: number, name: Slice): number {
  const index = placeOf(heap, list, name);
  if (index === namedCount(heap, list)) return NIL;
  const block = namedAt(heap, list, index);
  return compareName(heap, block, name) === 0 ? block : NIL;
}

/** Puts a block, whose name is `name` and not there yet, into its place. Returns the list, which may have moved; NIL without memory. */
export function insertNamed(heap: Heap, list: number, name: Slice, block: number): number {
  const count = namedCount(heap, list);
  const index = placeOf(heap, list, name);
  const roomy = withRoomForOne(heap, list, count);
  if (roomy === NIL) return NIL;
  const at = wordOf(roomy) + COUNT_WORDS;
  heap.i32.copyWithin(at + index + 1, at + index, at + count);
  heap.i32[at + index] = block;
  heap.i32[wordOf(roomy)] = count + 1;
  return roomy;
}

/** Takes the block of this name out. Returns the list; NIL when it was the last. Needs no memory. */
export function removeNamed(heap: Heap, list: number, name: Slice): number {
  const count = namedCount(heap, list);
  const at = wordOf(list) + COUNT_WORDS;
  const index = placeOf(heap, list, name);
  heap.i32.copyWithin(at + index, at + index + 1, at + count);
  heap.i32[wordOf(list)] = count - 1;
  if (count > 1) return list;
  free(heap, list);
  return NIL;
}

function withRoomForOne(heap: Heap, list: number, count: number): number {
  const needed = (COUNT_WORDS + count + 1) * 4;
  if (list !== NIL && needed <= usableBytes(heap, list)) return list;
  const grown = allocate(heap, (COUNT_WORDS + Math.max(FIRST_REFS, count + (count >> 1))) * 4);
  if (grown === NIL) return NIL;
  if (list !== NIL) {
    const from = wordOf(list);
    heap.i32.copyWithin(wordOf(grown), from, from + COUNT_WORDS + count);
    free(heap, list);
  }
  return grown;
}

/** Where the name is in the order, or would be. */
function placeOf(heap: Heap, list: number, name: Slice): number {
  let low = 0;
  let high = namedCount(heap, list);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareName(heap, namedAt(heap, list, middle), name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Negative, 0 or positive: the block's name beside `name`. */
function compareName(heap: Heap, block: number, name: Slice): number {
  const bytes = windowOf(heap, block);
  const from = offsetOf(block) + HEADER_BYTES;
  const length = heap.i32[wordOf(block)];
  const shared = length < name.length ? length : name.length;
  for (let index = 0; index < shared; index++) {
    const difference = bytes[from + index] - name.bytes[name.offset + index];
    if (difference !== 0) return difference;
  }
  return length - name.length;
}
