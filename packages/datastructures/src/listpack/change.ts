/**
 * Changing a listpack that is a block of its own, from the block's first byte on.
 *
 * Functions that make it longer return where it is now: it may have moved, and positions in it with it (new position = offsetOf(new) +
 * (position - offsetOf(old))). NIL: there is no memory, or it would exceed MAXIMUM_BYTES, and nothing has changed. The bytes that are put in
 * must not lie in the block itself. Room in the block beyond the listpack is used before anything moves.
 */
import {
  allocate,
  copyBlockStart,
  copyBytes,
  free,
  GRANULE_BYTES,
  NIL,
  offsetOf,
  reallocateInPlace,
  usableBytes,
  windowOf,
  withRoomToGrow,
} from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { encodedBytes, encodedIntegerBytes, writeEntry, writeIntegerEntry } from "./encode.ts";
import {
  EMPTY_BYTES,
  HEADER_BYTES,
  listpackBytes,
  MAXIMUM_BYTES,
  storeCount,
  storedCount,
  TERMINATOR,
  UNKNOWN_COUNT,
  writeEmptyListpack,
  writeWord,
} from "./layout.ts";
import { moveBytes } from "./move-bytes.ts";
import { entryBytes } from "./read.ts";

/** An empty listpack in a block with room for capacityBytes. O(1). */
export function createListpack(heap: Heap, capacityBytes = EMPTY_BYTES): number {
  const ref = allocate(heap, capacityBytes > EMPTY_BYTES ? capacityBytes : EMPTY_BYTES);
  if (ref !== NIL) writeEmptyListpack(windowOf(heap, ref), offsetOf(ref));
  return ref;
}

/** Adds a text behind the last entry. O(length), and O(bytes) when the block moves. */
export function appendEntry(heap: Heap, ref: number, bytes: Uint8Array, offset: number, length: number): number {
  const at = listpackBytes(windowOf(heap, ref), offsetOf(ref)) - 1;
  return spliceText(heap, ref, at, 0, bytes, offset, length);
}

/** A text to be put in; it does not lie in the block. */
export interface NewText {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

/** Adds two texts behind the last entry: both or, without memory, none. O(length), and O(bytes) when the block moves. */
export function appendPair(heap: Heap, ref: number, one: NewText, other: NewText): number {
  const at = listpackBytes(windowOf(heap, ref), offsetOf(ref)) - 1;
  const oneBytes = encodedBytes(one.bytes, one.offset, one.length);
  const otherBytes = encodedBytes(other.bytes, other.offset, other.length);
  const now = openGap(heap, ref, at, 0, oneBytes + otherBytes, 2);
  if (now === NIL) return NIL;
  const window = windowOf(heap, now);
  const start = offsetOf(now) + at;
  writeEntry(window, start, one.bytes, one.offset, one.length);
  writeEntry(window, start + oneBytes, other.bytes, other.offset, other.length);
  return now;
}

/** Adds a text before the first entry. O(bytes). */
export function prependEntry(heap: Heap, ref: number, bytes: Uint8Array, offset: number, length: number): number {
  return spliceText(heap, ref, HEADER_BYTES, 0, bytes, offset, length);
}

/** Adds a text before the entry at position, which may be the terminator's. O(bytes behind it). */
export function insertEntry(
  heap: Heap,
  ref: number,
  position: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): number {
  return spliceText(heap, ref, position - offsetOf(ref), 0, bytes, offset, length);
}

/** Puts a text in the place of the entry at position. O(bytes behind it), O(length) where the size stays. */
export function replaceEntry(
  heap: Heap,
  ref: number,
  position: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): number {
  const window = windowOf(heap, ref);
  const oldBytes = entryBytes(window, position);
  const newBytes = encodedBytes(bytes, offset, length);
  const at = position - offsetOf(ref);
  const now = newBytes === oldBytes ? ref : openGap(heap, ref, at, oldBytes, newBytes, 0);
  if (now !== NIL) writeEntry(windowOf(heap, now), offsetOf(now) + at, bytes, offset, length);
  return now;
}

/** Adds an integer behind the last entry. O(1), and O(bytes) when the block moves. */
export function appendInteger(heap: Heap, ref: number, high: number, low: number): number {
  const at = listpackBytes(windowOf(heap, ref), offsetOf(ref)) - 1;
  return spliceInteger(heap, ref, at, 0, high, low);
}

/** Adds an integer before the entry at position, which may be the terminator's. O(bytes behind it). */
export function insertInteger(heap: Heap, ref: number, position: number, high: number, low: number): number {
  return spliceInteger(heap, ref, position - offsetOf(ref), 0, high, low);
}

/** Puts an integer in the place of the entry at position. O(bytes behind it), O(1) where the size stays. */
export function replaceInteger(heap: Heap, ref: number, position: number, high: number, low: number): number {
  const oldBytes = entryBytes(windowOf(heap, ref), position);
  return spliceInteger(heap, ref, position - offsetOf(ref), oldBytes, high, low);
}

/**
 * Takes out up to `count` entries from position on and returns how many these were. Position is then that of the entry behind them or the
 * terminator (see entryOrEnd). Needs no memory: the block keeps its size, see shrinkListpack. O(bytes behind position).
 */
export function deleteEntries(heap: Heap, ref: number, position: number, count: number): number {
  const bytes = windowOf(heap, ref);
  const start = offsetOf(ref);
  let from = position;
  let deleted = 0;
  while (deleted < count && bytes[from] !== TERMINATOR) {
    from = (from + entryBytes(bytes, from)) | 0;
    deleted++;
  }
  const total = listpackBytes(bytes, start);
  const stored = storedCount(bytes, start);
  moveBytes(bytes, position, from, start + total - from);
  writeWord(bytes, start, total - (from - position));
  if (stored !== UNKNOWN_COUNT) storeCount(bytes, start, stored - deleted);
  return deleted;
}

/** Makes the block hold `addedBytes` more of entries, so that adding them does not move it. NIL: as for the functions that add. O(bytes). */
export function reserveListpack(heap: Heap, ref: number, addedBytes: number): number {
  const total = listpackBytes(windowOf(heap, ref), offsetOf(ref));
  const needed = total + addedBytes;
  if (needed > MAXIMUM_BYTES) return NIL;
  if (needed <= usableBytes(heap, ref) || reallocateInPlace(heap, ref, needed)) return ref;
  const moved = allocate(heap, withRoomToGrow(needed));
  if (moved === NIL) return NIL;
  copyBlockStart(heap, moved, ref, total);
  free(heap, ref);
  return moved;
}

/** Gives back what the block has beyond the listpack, as far as that is possible without trouble; returns where it is. O(bytes). */
export function shrinkListpack(heap: Heap, ref: number): number {
  return shrinkBlock(heap, ref, listpackBytes(windowOf(heap, ref), offsetOf(ref)));
}

/** Gives back what a block has beyond its first `bytes`, if that is something; returns its ref now. O(bytes) when it moves. */
export function shrinkBlock(heap: Heap, ref: number, bytes: number): number {
  reallocateInPlace(heap, ref, bytes);
  const room = usableBytes(heap, ref);
  if (room - bytes < GRANULE_BYTES) return ref;
  const moved = allocate(heap, bytes);
  if (moved === NIL) return ref;
  if (usableBytes(heap, moved) >= room) {
    free(heap, moved);
    return ref;
  }
  copyBlockStart(heap, moved, ref, bytes);
  free(heap, ref);
  return moved;
}

function spliceText(
  heap: Heap,
  ref: number,
  at: number,
  oldBytes: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): number {
  const now = openGap(heap, ref, at, oldBytes, encodedBytes(bytes, offset, length), oldBytes === 0 ? 1 : 0);
  if (now !== NIL) writeEntry(windowOf(heap, now), offsetOf(now) + at, bytes, offset, length);
  return now;
}

function spliceInteger(heap: Heap, ref: number, at: number, oldBytes: number, high: number, low: number): number {
  const now = openGap(heap, ref, at, oldBytes, encodedIntegerBytes(high, low), oldBytes === 0 ? 1 : 0);
  if (now !== NIL) writeIntegerEntry(windowOf(heap, now), offsetOf(now) + at, high, low);
  return now;
}

/**
 * Makes `newBytes` of room in the place of `oldBytes`, `at` bytes behind the listpack's start, and keeps the header: there are
 * `addedEntries` more.
 */
function openGap(
  heap: Heap,
  ref: number,
  at: number,
  oldBytes: number,
  newBytes: number,
  addedEntries: number,
): number {
  const total = listpackBytes(windowOf(heap, ref), offsetOf(ref));
  const newTotal = total + newBytes - oldBytes;
  if (newTotal > MAXIMUM_BYTES) return NIL;
  let now = ref;
  if (newTotal <= usableBytes(heap, ref) || reallocateInPlace(heap, ref, newTotal)) {
    const from = offsetOf(ref) + at;
    moveBytes(windowOf(heap, ref), from + newBytes, from + oldBytes, total - at - oldBytes);
  } else {
    now = moveWithGap(heap, ref, at, oldBytes, newBytes);
    if (now === NIL) return NIL;
  }
  const bytes = windowOf(heap, now);
  const start = offsetOf(now);
  writeWord(bytes, start, newTotal);
  const stored = storedCount(bytes, start);
  if (addedEntries > 0 && stored !== UNKNOWN_COUNT) storeCount(bytes, start, stored + addedEntries);
  return now;
}

/** The listpack in a larger block, with the gap. */
function moveWithGap(heap: Heap, ref: number, at: number, oldBytes: number, newBytes: number): number {
  const total = listpackBytes(windowOf(heap, ref), offsetOf(ref));
  const moved = allocate(heap, withRoomToGrow(total + newBytes - oldBytes));
  if (moved === NIL) return NIL;
  const source = windowOf(heap, ref);
  const target = windowOf(heap, moved);
  const from = offsetOf(ref);
  const to = offsetOf(moved);
  copyBlockStart(heap, moved, ref, at);
  copyBytes(target, to + at + newBytes, source, from + at + oldBytes, total - at - oldBytes);
  free(heap, ref);
  return moved;
}
