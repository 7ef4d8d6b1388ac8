/**
 * A node of a stream: some entries in one listpack, in Redis's own format, under the id that the first of them had.
 *
 *   | live | deleted | field count | field | field | ... | 0 |  entry | entry | ...             "master entry", then the entries
 *
 *   entry with the fields of the master entry   | flags 2 | ms - ms of the node | seq - seq of the node | value | ... | pieces |
 *   entry with other fields                     | flags 0 | ms ... | seq ... | field count | field | value | field | ... | pieces |
 *
 * Each piece is an entry of the listpack. `pieces` is how many come before it in its entry, so that entries can be read backwards; the 0
 * behind the fields stops that. A deleted entry stays where it is and has flag 1. Differences are int64 and may wrap.
 */
import { entryBytes, ListpackValue, readEntry } from "../listpack/read.ts";
import { HEADER_BYTES } from "../listpack/layout.ts";
import type { StreamId } from "./stream-id.ts";

export const FLAG_DELETED = 1;
export const FLAG_SAME_FIELDS = 2;
/** flags, ms, seq */
export const FIXED_PIECES = 3;
/** A node takes no more than this, whatever the configuration says. */
export const NODE_BYTES_MAXIMUM = 2 ** 30;
const SMALL_INTEGERS = 128;

const value = new ListpackValue();

/** A small integer of the layout, a count: its lower half. */
export function countAt(bytes: Uint8Array, position: number): number {
  const head = bytes[position];
  if (head < SMALL_INTEGERS) return head;
  readEntry(bytes, position, value);
  return value.low;
}

/** The piece behind the one at position; the terminator counts as one. */
export function pieceAfter(bytes: Uint8Array, position: number): number {
  return bytes[position] < SMALL_INTEGERS ? position + 2 : position + entryBytes(bytes, position);
}

/** Position of the number of live entries. */
export function livePosition(start: number): number {
  return start + HEADER_BYTES;
}

/** Entries that are there. O(1). */
export function nodeLiveCount(bytes: Uint8Array, start: number): number {
  return countAt(bytes, livePosition(start));
}

/** Entries that were deleted and still take room. O(1). */
export function nodeDeletedCount(bytes: Uint8Array, start: number): number {
  return countAt(bytes, pieceAfter(bytes, livePosition(start)));
}

/** Adds the 64-bit integer in the piece at `msPosition` to the milliseconds of `id`, and the one after it to the sequence. */
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
