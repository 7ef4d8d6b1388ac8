/**
 * Walking a sorted set in order, either way. A cursor is made once and pointed at one member after the other; no change of the set
 * while it is in use.
 */
import { NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { descendToRank, pathNodes, pathSlots } from "./descend.ts";
import { COUNT, HEIGHT, NEXT, PREVIOUS, refsOf, scoresOf, SLOT_COUNT } from "./layout.ts";

/** A place in a sorted set; each step is O(1). */
export class SortedSetCursor {
  leaf: number = NIL;
  slot = 0;
}

/** Points the cursor at the member of a rank and gives its block, or NIL where there is none. O(log n). */
export function seekRank(heap: Heap, set: number, cursor: SortedSetCursor, rank: number): number {
  if (rank < 0 || rank >= heap.i32[wordOf(set) + COUNT]) return NIL;
  descendToRank(heap, set, rank);
  const height = heap.i32[wordOf(set) + HEIGHT];
  cursor.leaf = pathNodes[height];
  cursor.slot = pathSlots[height];
  return heap.i32[refsOf(heap, cursor.leaf, true) + cursor.slot];
}

/** Steps to the next member and gives its block, NIL at the end. O(1). */
export function nextMember(heap: Heap, cursor: SortedSetCursor): number {
  const i32 = heap.i32;
  cursor.slot++;
  if (cursor.slot >= i32[wordOf(cursor.leaf) + SLOT_COUNT]) {
    const next = i32[wordOf(cursor.leaf) + NEXT];
    if (next === NIL) return NIL;
    cursor.leaf = next;
    cursor.slot = 0;
  }
  return i32[refsOf(heap, cursor.leaf, true) + cursor.slot];
}

/** Steps to the member before and gives its block, NIL at the beginning. O(1). */
export function previousMember(heap: Heap, cursor: SortedSetCursor): number {
  const i32 = heap.i32;
  cursor.slot--;
  if (cursor.slot < 0) {
    const previous = i32[wordOf(cursor.leaf) + PREVIOUS];
    if (previous === NIL) return NIL;
    cursor.leaf = previous;
    cursor.slot = i32[wordOf(previous) + SLOT_COUNT] - 1;
  }
  return i32[refsOf(heap, cursor.leaf, true) + cursor.slot];
}

/** The score of the member that the cursor is at, without reading the member's block. */
export function scoreAtCursor(heap: Heap, cursor: SortedSetCursor): number {
  return heap.f64[scoresOf(heap, cursor.leaf) + cursor.slot];
}
