/**
 * A node of a stream: some entries under the id that the first of them had. What Redis keeps in one listpack, without the bytes that follow
 * from the rest; `node-listpack.ts` makes that listpack of it.
 *
 *   | bytes | listpack bytes | live | deleted |  field count | field | field | ...  entry | entry | ...           four words, then pieces
 *
 *   entry with the fields of the node   | flags 2 | ms - ms of the node | seq - seq of the node | value | ... | back length |
 *   entry with other fields             | flags 0 | ms ... | seq ... | field count | field | value | field | ... | back length |
 *
 * Each piece is head and data of an entry of a listpack, without its back length. Instead there is one for a whole entry, in the same form,
 * so that entries can be read backwards. `listpack bytes` leaves out the two counts of entries, whose sizes change. A deleted entry stays
 * where it is and has flag 1. Differences are int64 and may wrap.
 */
import { encodedIntegerBytes } from "../listpack/encode.ts";
import { contentBytes } from "../listpack/layout.ts";
import { ListpackValue, readEntry } from "../listpack/read.ts";
import { offsetOf, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import type { StreamId } from "./stream-id.ts";

export const FLAG_DELETED = 1;
export const FLAG_SAME_FIELDS = 2;
/** flags, ms, seq */
export const FIXED_PIECES = 3;
/** A node takes no more than this, whatever the configuration says. */
export const NODE_BYTES_MAXIMUM = 2 ** 30;

const BYTES_WORD = 0;
const LISTPACK_WORD = BYTES_WORD + 1;
const LIVE_WORD = LISTPACK_WORD + 1;
const DELETED_WORD = LIVE_WORD + 1;
export const NODE_HEADER_BYTES = (DELETED_WORD + 1) * 4;

const SMALL_INTEGERS = 128;

const value = new ListpackValue();

/** Bytes of the node with its header. O(1). */
export function streamNodeBytes(heap: Heap, node: number): number {
  return heap.i32[wordOf(node) + BYTES_WORD];
}

/** Bytes of the listpack that Redis has for such a node. O(1). */
export function nodeListpackBytes(heap: Heap, node: number): number {
  const at = wordOf(node);
  const i32 = heap.i32;
  return (
    i32[at + LISTPACK_WORD] +
    encodedIntegerBytes(0, i32[at + LIVE_WORD]) +
    encodedIntegerBytes(0, i32[at + DELETED_WORD])
  );
}

/** Entries that are there. O(1). */
export function nodeLiveCount(heap: Heap, node: number): number {
  return heap.i32[wordOf(node) + LIVE_WORD];
}

/** Entries that were deleted and still take room. O(1). */
export function nodeDeletedCount(heap: Heap, node: number): number {
  return heap.i32[wordOf(node) + DELETED_WORD];
}

/** Header of a node with no bytes yet. */
export function clearNode(heap: Heap, node: number): void {
  const at = wordOf(node);
  heap.i32.fill(0, at, at + NODE_HEADER_BYTES / 4);
}

/** The node ends at this position of its window now; its listpack is longer by `listpackBytes`. */
export function growNode(heap: Heap, node: number, end: number, listpackBytes: number): void {
  const at = wordOf(node);
  heap.i32[at + BYTES_WORD] = end - offsetOf(node);
  heap.i32[at + LISTPACK_WORD] += listpackBytes;
}

/** So many more entries are there, and so many are deleted. */
export function countEntries(heap: Heap, node: number, live: number, deleted: number): void {
  const at = wordOf(node);
  heap.i32[at + LIVE_WORD] += live;
  heap.i32[at + DELETED_WORD] += deleted;
}

/** Position of the number of fields. */
export function fieldCountPosition(start: number): number {
  return start + NODE_HEADER_BYTES;
}

/** A small integer of the layout, a count: its lower half. */
export function countAt(bytes: Uint8Array, position: number): number {
  const head = bytes[position];
  if (head < SMALL_INTEGERS) return head;
  readEntry(bytes, position, value);
  return value.low;
}

/** Position behind the piece at `position`. */
export function pieceAfter(bytes: Uint8Array, position: number): number {
  return (position + contentBytes(bytes, position)) | 0;
}

/**
 * Adds the 64-bit integer in the piece at `msPosition` to the milliseconds of `id`, and the one after it to the sequence; returns the
 * position behind them.
 */
export function addDifferences(bytes: Uint8Array, msPosition: number, id: StreamId): number {
  readEntry(bytes, msPosition, value);
  let low = (id.msLow + value.low) | 0;
  id.msHigh = (id.msHigh + value.high + carryOf(low, id.msLow)) | 0;
  id.msLow = low;
  const seqPosition = pieceAfter(bytes, msPosition);
  readEntry(bytes, seqPosition, value);
  low = (id.seqLow + value.low) | 0;
  id.seqHigh = (id.seqHigh + value.high + carryOf(low, id.seqLow)) | 0;
  id.seqLow = low;
  return pieceAfter(bytes, seqPosition);
}

/** An unsigned sum wrapped exactly when it is below one of its terms. */
function carryOf(sum: number, term: number): number {
  return (sum ^ 0x80000000) < (term ^ 0x80000000) ? 1 : 0;
}

/** Upper half of a 64-bit difference of halves. */
export function differenceHigh(high: number, low: number, otherHigh: number, otherLow: number): number {
  return (high - otherHigh - ((low ^ 0x80000000) < (otherLow ^ 0x80000000) ? 1 : 0)) | 0;
}

/** Pieces of such an entry: what Redis's listpack says behind them. */
export function pieceCount(fieldCount: number, isSame: boolean): number {
  return isSame ? FIXED_PIECES + fieldCount : FIXED_PIECES + 1 + fieldCount * 2;
}
