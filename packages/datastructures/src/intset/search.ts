/** Finding members, and checking bytes from outside. */
import { readWord } from "../listpack/layout.ts";
import {
  compareHalves,
  HEADER_BYTES,
  highAt,
  intsetBytes,
  intsetCount,
  intsetWidth,
  lowAt,
  MIDDLE,
  NARROW,
  WIDE,
  widthOf,
} from "./layout.ts";

/** Whether the integer is a member. O(log n). */
export function intsetFind(bytes: Uint8Array, start: number, high: number, low: number): boolean {
  return searchIntset(bytes, start, high, low) >= 0;
}

/** The index of a member; of another integer -1 - (the index that it would get). O(log n). */
export function searchIntset(bytes: Uint8Array, start: number, high: number, low: number): number {
  const width = intsetWidth(bytes, start);
  const count = intsetCount(bytes, start);
  if (widthOf(high, low) > width) return high < 0 ? -1 : -1 - count;
  const members = start + HEADER_BYTES;
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    const at = (members + Math.imul(middle, width)) | 0;
    const lowHere = lowAt(bytes, at, width);
    const order = compareHalves(highAt(bytes, at, width, lowHere), lowHere, high, low);
    if (order === 0) return middle;
    if (order < 0) from = middle + 1;
    else to = middle;
  }
  return -1 - from;
}

/**
 * Whether bytes[start, + length) are one intset that is not empty. Shallow: header and size, O(1). Deep: also that the members ascend,
 * O(n); only then members are found.
 */
export function validateIntset(bytes: Uint8Array, start: number, length: number, deep: boolean): boolean {
  if (length < HEADER_BYTES) return false;
  const width = readWord(bytes, start);
  if (width !== NARROW && width !== MIDDLE && width !== WIDE) return false;
  const count = intsetCount(bytes, start);
  if (count <= 0 || intsetBytes(bytes, start) !== length) return false;
  return !deep || membersAscend(bytes, start + HEADER_BYTES, width, count);
}

function membersAscend(bytes: Uint8Array, members: number, width: number, count: number): boolean {
  let low = lowAt(bytes, members, width);
  let high = highAt(bytes, members, width, low);
  for (let index = 1; index < count; index++) {
    const at = members + index * width;
    const nextLow = lowAt(bytes, at, width);
    const nextHigh = highAt(bytes, at, width, nextLow);
    if (compareHalves(high, low, nextHigh, nextLow) >= 0) return false;
    low = nextLow;
    high = nextHigh;
  }
  return true;
}
