/**
 * Changing an intset that is a block of its own, from the block's first byte on. A member that needs more bytes than those before widens
 * all of them; it is then the smallest or the largest. The width never shrinks, as in Redis.
 */
import { moveBytes } from "../listpack/move-bytes.ts";
import {
  allocate,
  copyBytes,
  free,
  NIL,
  offsetOf,
  reallocateInPlace,
  usableBytes,
  windowOf,
  withRoomToGrow,
} from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import {
  HEADER_BYTES,
  highAt,
  intsetBytes,
  intsetCount,
  intsetWidth,
  lowAt,
  NARROW,
  widthOf,
  writeHeader,
  writeMember,
} from "./layout.ts";
import { searchIntset } from "./search.ts";

/** An empty intset; NIL without memory. O(1). */
export function createIntset(heap: Heap): number {
  const ref = allocate(heap, HEADER_BYTES + NARROW);
  if (ref !== NIL) writeHeader(windowOf(heap, ref), offsetOf(ref), NARROW, 0);
  return ref;
}

/**
 * Makes the integer a member and returns where the set is now; it may have moved. NIL: no memory, nothing changed. Whether it was a member
 * before, the count tells. O(log n) to find, O(n) to make room.
 */
export function intsetAdd(heap: Heap, ref: number, high: number, low: number): number {
  const bytes = windowOf(heap, ref);
  const start = offsetOf(ref);
  const found = searchIntset(bytes, start, high, low);
  if (found >= 0) return ref;
  const width = intsetWidth(bytes, start);
  const needed = widthOf(high, low);
  return needed > width ? addWidening(heap, ref, needed, high, low) : addAt(heap, ref, -1 - found, width, high, low);
}

/**
 * Takes the integer out and returns whether it was a member. Needs no memory: the block stays where it is, a large one gives its surplus
 * pages back. O(n).
 */
export function intsetRemove(heap: Heap, ref: number, high: number, low: number): boolean {
  const bytes = windowOf(heap, ref);
  const start = offsetOf(ref);
  const index = searchIntset(bytes, start, high, low);
  if (index < 0) return false;
  const width = intsetWidth(bytes, start);
  const count = intsetCount(bytes, start);
  const at = start + HEADER_BYTES + index * width;
  moveBytes(bytes, at, at + width, (count - index - 1) * width);
  writeHeader(bytes, start, width, count - 1);
  reallocateInPlace(heap, ref, HEADER_BYTES + count * width);
  return true;
}

function addAt(heap: Heap, ref: number, index: number, width: number, high: number, low: number): number {
  const total = intsetBytes(windowOf(heap, ref), offsetOf(ref));
  const now = withRoom(heap, ref, total, total + width);
  if (now === NIL) return NIL;
  const bytes = windowOf(heap, now);
  const start = offsetOf(now);
  const count = intsetCount(bytes, start);
  const at = start + HEADER_BYTES + index * width;
  moveBytes(bytes, at + width, at, (count - index) * width);
  writeMember(bytes, at, width, high, low);
  writeHeader(bytes, start, width, count + 1);
  return now;
}

function addWidening(heap: Heap, ref: number, width: number, high: number, low: number): number {
  const total = intsetBytes(windowOf(heap, ref), offsetOf(ref));
  const count = intsetCount(windowOf(heap, ref), offsetOf(ref));
  const now = withRoom(heap, ref, total, HEADER_BYTES + (count + 1) * width);
  if (now === NIL) return NIL;
  const bytes = windowOf(heap, now);
  const start = offsetOf(now);
  const lead = high < 0 ? 1 : 0;
  widen(bytes, start + HEADER_BYTES, count, intsetWidth(bytes, start), width, lead);
  writeMember(bytes, start + HEADER_BYTES + (lead === 1 ? 0 : count * width), width, high, low);
  writeHeader(bytes, start, width, count + 1);
  return now;
}

/** From the last member on, so that none is overwritten before it was read. */
function widen(bytes: Uint8Array, members: number, count: number, from: number, to: number, lead: number): void {
  for (let index = count - 1; index >= 0; index--) {
    const at = members + index * from;
    const low = lowAt(bytes, at, from);
    writeMember(bytes, members + (index + lead) * to, to, highAt(bytes, at, from, low), low);
  }
}

/** The block, or a larger one with the same bytes; NIL without memory. */
function withRoom(heap: Heap, ref: number, total: number, needed: number): number {
  if (needed <= usableBytes(heap, ref) || reallocateInPlace(heap, ref, needed)) return ref;
  const moved = allocate(heap, withRoomToGrow(needed));
  if (moved === NIL) return NIL;
  copyBytes(windowOf(heap, moved), offsetOf(moved), windowOf(heap, ref), offsetOf(ref), total);
  free(heap, ref);
  return moved;
}
