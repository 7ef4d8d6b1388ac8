/**
 * The bytes of an intset: a set of integers, sorted, in Redis's own format.
 *
 *   | width: u32 | count: u32 | member | member | ... |        all little endian; width = bytes of each member: 2, 4 or 8
 *
 * The width is that of the widest member that was ever in. A member is passed as the int32 halves of its 64 bits. `bytes` is a window of a
 * heap or any plain array, `start` the offset of the intset's first byte in it.
 */
import { readWord, writeWord } from "../listpack/layout.ts";

const COUNT_BYTE = 4;
export const HEADER_BYTES = 8;

export const NARROW = 2;
export const MIDDLE = 4;
export const WIDE = 8;

/** Where the halves of a member go. */
export interface IntsetMember {
  high: number;
  low: number;
}

/** Bytes of each member: 2, 4 or 8. O(1). */
export function intsetWidth(bytes: Uint8Array, start: number): number {
  return bytes[start];
}

/** How many members there are. O(1). */
export function intsetCount(bytes: Uint8Array, start: number): number {
  return readWord(bytes, start + COUNT_BYTE);
}

/** The size of the intset with its header. O(1). */
export function intsetBytes(bytes: Uint8Array, start: number): number {
  return HEADER_BYTES + intsetCount(bytes, start) * intsetWidth(bytes, start);
}

export function writeHeader(bytes: Uint8Array, start: number, width: number, count: number): void {
  writeWord(bytes, start, width);
  writeWord(bytes, start + COUNT_BYTE, count);
}

/** Bytes that a member needs. */
export function widthOf(high: number, low: number): number {
  if (high !== low >> 31) return WIDE;
  return low === (low << 16) >> 16 ? NARROW : MIDDLE;
}

/** Lower half of the member at a byte offset. */
export function lowAt(bytes: Uint8Array, at: number, width: number): number {
  return width === NARROW ? ((bytes[at] | (bytes[at + 1] << 8)) << 16) >> 16 : readWord(bytes, at);
}

/** Upper half of the member at a byte offset, whose lower half is known. */
export function highAt(bytes: Uint8Array, at: number, width: number, low: number): number {
  return width === WIDE ? readWord(bytes, at + 4) : low >> 31;
}

export function writeMember(bytes: Uint8Array, at: number, width: number, high: number, low: number): void {
  bytes[at] = low;
  bytes[at + 1] = low >> 8;
  if (width === NARROW) return;
  bytes[at + 2] = low >> 16;
  bytes[at + 3] = low >> 24;
  if (width === WIDE) writeWord(bytes, at + 4, high);
}

/** The member of an index from 0 on, in ascending order. O(1). */
export function intsetAt(bytes: Uint8Array, start: number, index: number, out: IntsetMember): void {
  const width = intsetWidth(bytes, start);
  const at = (start + HEADER_BYTES + Math.imul(index, width)) | 0;
  out.low = lowAt(bytes, at, width);
  out.high = highAt(bytes, at, width, out.low);
}

/** Below, at or above 0 as the first number is below, equal to or above the second. */
export function compareHalves(highA: number, lowA: number, highB: number, lowB: number): number {
  if (highA !== highB) return highA < highB ? -1 : 1;
  if (lowA === lowB) return 0;
  return (lowA ^ 0x80000000) < (lowB ^ 0x80000000) ? -1 : 1; // flipping the sign bit compares int32 as unsigned
}
