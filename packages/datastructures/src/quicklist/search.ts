/** Searching a list for a text: listpacks are searched as a whole, not entry by entry through the cursor. */
import { END, entriesBetween, findEntry, firstEntry, nextEntry } from "../listpack/index.ts";
import { NIL } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { equalsAt, type QuicklistCursor, toFirstOf, toLastOf } from "./cursor.ts";
import { nextNode, nodeCount, previousNode } from "./node.ts";

/** Goes on to the first entry that is this text, from the cursor's own one on; false, and nowhere, where there is none. O(bytes to it). */
export function toEqual(
  heap: Heap,
  cursor: QuicklistCursor,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  while (cursor.node !== NIL) {
    if (findInNode(cursor, bytes, offset, length)) return true;
    toFirstOf(heap, cursor, nextNode(heap, cursor.node));
  }
  return false;
}

/** As `toEqual`, towards the head: to the last entry that is this text, up to the cursor's own one. */
export function toEqualBack(
  heap: Heap,
  cursor: QuicklistCursor,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  while (cursor.node !== NIL) {
    if (findLastInNode(cursor, bytes, offset, length)) return true;
    toLastOf(heap, cursor, previousNode(heap, cursor.node));
  }
  return false;
}

/**
 * `toEqual`, which gives how many entries it has passed over: -1 where there is none among the next `most` entries, and then the cursor
 * stands anywhere. O(bytes to it).
 */
export function passToEqual(
  heap: Heap,
  cursor: QuicklistCursor,
  bytes: Uint8Array,
  offset: number,
  length: number,
  most: number,
): number {
  let passed = 0;
  while (cursor.node !== NIL && passed < most) {
    const from = cursor.position;
    if (findInNode(cursor, bytes, offset, length)) {
      passed += cursor.plainLength < 0 ? entriesBetween(cursor.bytes, from, cursor.position) : 0;
      return passed < most ? passed : -1;
    }
    passed += entriesLeft(heap, cursor);
    toFirstOf(heap, cursor, nextNode(heap, cursor.node));
  }
  return -1;
}

function findInNode(cursor: QuicklistCursor, bytes: Uint8Array, offset: number, length: number): boolean {
  if (cursor.plainLength >= 0) return equalsAt(cursor, bytes, offset, length);
  const position = findEntry(cursor.bytes, cursor.position, bytes, offset, length, 0);
  if (position === END) return false;
  cursor.position = position;
  return true;
}

function findLastInNode(cursor: QuicklistCursor, bytes: Uint8Array, offset: number, length: number): boolean {
  if (cursor.plainLength >= 0) return equalsAt(cursor, bytes, offset, length);
  const end = cursor.position;
  let last = END;
  let at = findEntry(cursor.bytes, firstEntry(cursor.bytes, cursor.start), bytes, offset, length, 0);
  while (at !== END && at <= end) {
    last = at;
    at = findEntry(cursor.bytes, nextEntry(cursor.bytes, at), bytes, offset, length, 0);
  }
  if (last === END) return false;
  cursor.position = last;
  return true;
}

/** Entries from the cursor's own one to the end of its node. O(1) at the node's first one. */
function entriesLeft(heap: Heap, cursor: QuicklistCursor): number {
  const count = nodeCount(heap, cursor.node);
  if (cursor.plainLength >= 0) return count;
  const first = firstEntry(cursor.bytes, cursor.start);
  return cursor.position === first ? count : count - entriesBetween(cursor.bytes, first, cursor.position);
}
