/**
 * The block of a stream, of 22 words:
 *
 *   | length | index | groups | tail | added: low, high | last id | first id | largest deleted id | id of the tail |      ids: 4 words
 *
 * `index` is an id tree with one ref of a node each (`datastructures/src/radix-tree`), `tail` the last of these nodes, or NIL; `groups` a
 * list of named blocks (`named-blocks.ts`), or NIL. The first id is 0-0 in an empty stream.
 */
import { wordOf } from "@sider/datastructures";
import type { Heap, StreamId } from "@sider/datastructures";

export const LENGTH = 0;
export const INDEX = 1;
export const GROUPS = 2;
export const TAIL = 3;
export const ADDED = 4;
export const LAST_ID = 6;
export const FIRST_ID = 10;
export const DELETED_ID = 14;
export const TAIL_ID = 18;
export const STREAM_WORDS = 22;

/** What the index holds for a node besides its id. */
export const NODE_PAYLOAD_WORDS = 1;

/** Number of entries. O(1). */
export function streamLength(heap: Heap, block: number): number {
  return heap.i32[wordOf(block) + LENGTH];
}

/** The id that was given out last, 0-0 before the first. */
export function readLastId(heap: Heap, block: number, out: StreamId): StreamId {
  return out.read(heap.i32, wordOf(block) + LAST_ID);
}

export function setLastId(heap: Heap, block: number, id: StreamId): void {
  id.write(heap.i32, wordOf(block) + LAST_ID);
}

/** The id of the first entry, 0-0 when there is none. */
export function readFirstId(heap: Heap, block: number, out: StreamId): StreamId {
  return out.read(heap.i32, wordOf(block) + FIRST_ID);
}

/** What RDB files say of the first id; deletions and trims keep it up to date. */
export function setFirstId(heap: Heap, block: number, id: StreamId): void {
  id.write(heap.i32, wordOf(block) + FIRST_ID);
}

/** The largest id that XDEL has deleted, 0-0 if none. */
export function readMaximalDeletedId(heap: Heap, block: number, out: StreamId): StreamId {
  return out.read(heap.i32, wordOf(block) + DELETED_ID);
}

export function setMaximalDeletedId(heap: Heap, block: number, id: StreamId): void {
  id.write(heap.i32, wordOf(block) + DELETED_ID);
}

/** Entries ever added: a 64-bit number as halves. */
export function entriesAddedLow(heap: Heap, block: number): number {
  return heap.i32[wordOf(block) + ADDED];
}

export function entriesAddedHigh(heap: Heap, block: number): number {
  return heap.i32[wordOf(block) + ADDED + 1];
}

export function setEntriesAdded(heap: Heap, block: number, high: number, low: number): void {
  heap.i32[wordOf(block) + ADDED] = low;
  heap.i32[wordOf(block) + ADDED + 1] = high;
}

/** Ref of the tree of nodes. */
export function streamIndexOf(heap: Heap, block: number): number {
  return heap.i32[wordOf(block) + INDEX];
}
