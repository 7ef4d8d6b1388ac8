/**
 * A set that is, or is not yet, under a key: its encoding and its block, and all that can be done to the two.
 *
 * Encodings go one way, by `keyspace.limits` and Redis 7.2's rules:
 *
 *     intset     --a member that is no integer-->   listpack, where the members there are and the new one fit its limits
 *     intset     --beyond set-max-intset-entries--> hashtable
 *     listpack   --beyond its limits-->             hashtable
 *
 * Whatever throws OutOfMemoryError has changed nothing. Members may lie in the heap, but not in the set's own block: what a view shows
 * that was taken before the heap grew is old, and a member that is read does not change.
 */
import {
  appendEntry,
  createIntset,
  createListpack,
  deleteEntries,
  END,
  findEntry,
  firstEntry,
  intsetAdd,
  intsetAt,
  intsetFind,
  intsetRemove,
  listpackBytes,
  listpackCount,
  MAXIMUM_LISTPACK_BYTES,
  NIL,
  offsetOf,
  shrinkListpack,
  windowOf,
} from "@sider/datastructures";
import { OutOfMemoryError } from "../../errors.ts";
import { ENCODING_HASHTABLE, ENCODING_INTSET, ENCODING_LISTPACK } from "../../keyspace/entry.ts";
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { createInt64Scratch, parseInt64 } from "../../numbers/int64.ts";
import { Slice } from "../../slice.ts";
import { LooseValue } from "../loose-value.ts";
import { setKind, sizeOfSet } from "./set-block.ts";
import { readMember, SetCursor } from "./set-cursor.ts";
import { addToMembers, createMemberTable, findMember, removeFromMembers, removeMemberBlock } from "./set-table.ts";

const number = createInt64Scratch();
/** The set that a conversion makes, and the cursor over the one it is made from. */
const converted = new LooseValue();
const cursor = new SetCursor();
const end = new Slice();
/** More than a listpack entry of an integer takes. */
const ENTRY_BYTES_MAXIMUM = 16;

/**
 * Makes `set` an empty one of the encoding. `count` is how many members are expected, `capacityBytes` what a listpack has room for. Throws
 * OutOfMemoryError.
 */
export function createLooseSet(
  keyspace: Keyspace,
  set: LooseValue,
  encoding: number,
  count: number,
  capacityBytes = 0,
): void {
  const heap = keyspace.heap;
  let block: number;
  if (encoding === ENCODING_HASHTABLE) block = createMemberTable(keyspace, count);
  else if (encoding === ENCODING_INTSET) block = createIntset(heap);
  else block = createListpack(heap, capacityBytes);
  if (block === NIL) throw new OutOfMemoryError();
  set.encoding = encoding;
  set.block = block;
}

/** The encoding that Redis gives a new set whose first member this is, of `count` that are to be added. O(length). */
export function encodingForFirst(
  keyspace: Keyspace,
  bytes: Uint8Array,
  offset: number,
  length: number,
  count: number,
): number {
  const limits = keyspace.limits;
  if (count <= limits.setMaxIntsetEntries && parseInt64(bytes, offset, length, number)) return ENCODING_INTSET;
  return count <= limits.setMaxListpackEntries ? ENCODING_LISTPACK : ENCODING_HASHTABLE;
}

/** Frees the set. O(members). */
export function freeLooseSet(keyspace: Keyspace, set: LooseValue): void {
  setKind.free(keyspace.heap, set.encoding, set.block);
  set.block = NIL;
}

/** Whether a set, given by encoding and block, has a member. O(1); O(log n) of an intset, O(n) of a listpack. */
export function isMember(
  keyspace: Keyspace,
  encoding: number,
  block: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  if (encoding === ENCODING_HASHTABLE) return findMember(keyspace, block, bytes, offset, length) !== NIL;
  const window = windowOf(keyspace.heap, block);
  const start = offsetOf(block);
  if (encoding === ENCODING_LISTPACK) {
    return findEntry(window, firstEntry(window, start), bytes, offset, length, 0) !== END;
  }
  return parseInt64(bytes, offset, length, number) && intsetFind(window, start, number.high, number.low);
}

/** Adds a member; false when it is there. */
export function addToSet(
  keyspace: Keyspace,
  set: LooseValue,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  if (set.encoding === ENCODING_HASHTABLE) return addToMembers(keyspace, set.block, bytes, offset, length);
  if (isMember(keyspace, set.encoding, set.block, bytes, offset, length)) return false;
  if (set.encoding === ENCODING_LISTPACK) addToListpack(keyspace, set, bytes, offset, length);
  else if (parseInt64(bytes, offset, length, number)) addInteger(keyspace, set, bytes, offset, length);
  else addTextToIntset(keyspace, set, bytes, offset, length);
  return true;
}

function addToListpack(keyspace: Keyspace, set: LooseValue, bytes: Uint8Array, offset: number, length: number): void {
  const heap = keyspace.heap;
  const limits = keyspace.limits;
  const window = windowOf(heap, set.block);
  const start = offsetOf(set.block);
  if (
    length > limits.setMaxListpackValue ||
    listpackCount(window, start) >= limits.setMaxListpackEntries ||
    listpackBytes(window, start) + length + ENTRY_BYTES_MAXIMUM > MAXIMUM_LISTPACK_BYTES
  ) {
    convertAndAdd(keyspace, set, ENCODING_HASHTABLE, bytes, offset, length);
    return;
  }
  const grown = appendEntry(heap, set.block, bytes, offset, length);
  if (grown === NIL) throw new OutOfMemoryError();
  set.block = grown;
}

function addInteger(keyspace: Keyspace, set: LooseValue, bytes: Uint8Array, offset: number, length: number): void {
  const count = sizeOfSet(keyspace.heap, set.encoding, set.block);
  if (count < keyspace.limits.setMaxIntsetEntries) append(keyspace, set, bytes, offset, length);
  else convertAndAdd(keyspace, set, ENCODING_HASHTABLE, bytes, offset, length);
}

/** A member that is no integer comes to an intset, which becomes a listpack if that is allowed. */
function addTextToIntset(keyspace: Keyspace, set: LooseValue, bytes: Uint8Array, offset: number, length: number): void {
  const limits = keyspace.limits;
  const count = sizeOfSet(keyspace.heap, set.encoding, set.block);
  const fits =
    count < limits.setMaxListpackEntries &&
    length <= limits.setMaxListpackValue &&
    longestInteger(keyspace, set.block, count) <= limits.setMaxListpackValue &&
    count * ENTRY_BYTES_MAXIMUM + length < MAXIMUM_LISTPACK_BYTES;
  convertAndAdd(keyspace, set, fits ? ENCODING_LISTPACK : ENCODING_HASHTABLE, bytes, offset, length);
}

/** Length of the longest text among the integers of an intset: it is that of the first or the last. */
function longestInteger(keyspace: Keyspace, block: number, count: number): number {
  if (count === 0) return 0;
  const heap = keyspace.heap;
  const first = readMember(heap, ENCODING_INTSET, block, 0, end).length;
  return Math.max(first, readMember(heap, ENCODING_INTSET, block, count - 1, end).length);
}

/** Adds a member that is not there, and that the encoding can hold, whatever the limits. */
function append(keyspace: Keyspace, set: LooseValue, bytes: Uint8Array, offset: number, length: number): void {
  const heap = keyspace.heap;
  if (set.encoding === ENCODING_HASHTABLE) {
    addToMembers(keyspace, set.block, bytes, offset, length);
    return;
  }
  let grown: number;
  if (set.encoding === ENCODING_LISTPACK) grown = appendEntry(heap, set.block, bytes, offset, length);
  else {
    parseInt64(bytes, offset, length, number);
    grown = intsetAdd(heap, set.block, number.high, number.low);
  }
  if (grown === NIL) throw new OutOfMemoryError();
  set.block = grown;
}

/** Adds a member that is not there while the set takes another encoding. */
function convertAndAdd(
  keyspace: Keyspace,
  set: LooseValue,
  encoding: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): void {
  copyAs(keyspace, set, encoding, sizeOfSet(keyspace.heap, set.encoding, set.block) + 1);
  try {
    append(keyspace, converted, bytes, offset, length);
  } catch (error) {
    freeLooseSet(keyspace, converted);
    throw error;
  }
  takeConverted(keyspace, set);
}

/** Gives the set another encoding, which must be able to hold its members, with room for `count`. O(members). */
export function convertSet(keyspace: Keyspace, set: LooseValue, encoding: number, count: number): void {
  copyAs(keyspace, set, encoding, count);
  takeConverted(keyspace, set);
}

/** Makes an intset of a set whose members are all integers, unless they are too many. O(members). */
export function convertToIntset(keyspace: Keyspace, set: LooseValue): void {
  const count = sizeOfSet(keyspace.heap, set.encoding, set.block);
  if (set.encoding === ENCODING_INTSET || count > keyspace.limits.setMaxIntsetEntries) return;
  convertSet(keyspace, set, ENCODING_INTSET, count);
}

/** Makes the set ready for `count` members to come: a hashtable when they alone would be too many for what it is. */
export function expectMembers(keyspace: Keyspace, set: LooseValue, count: number): void {
  if (set.encoding === ENCODING_HASHTABLE) return;
  const limits = keyspace.limits;
  const limit = set.encoding === ENCODING_INTSET ? limits.setMaxIntsetEntries : limits.setMaxListpackEntries;
  if (count > limit) convertSet(keyspace, set, ENCODING_HASHTABLE, count);
}

function copyAs(keyspace: Keyspace, set: LooseValue, encoding: number, count: number): void {
  const heap = keyspace.heap;
  createLooseSet(keyspace, converted, encoding, count);
  try {
    cursor.open(heap, set.encoding, set.block);
    while (cursor.next()) {
      append(keyspace, converted, cursor.member.bytes, cursor.member.offset, cursor.member.length);
    }
  } catch (error) {
    freeLooseSet(keyspace, converted);
    throw error;
  }
}

function takeConverted(keyspace: Keyspace, set: LooseValue): void {
  setKind.free(keyspace.heap, set.encoding, set.block);
  set.encoding = converted.encoding;
  set.block = shrinkIfListpack(keyspace, converted);
}

/** The block of a set that is done growing for now. */
function shrinkIfListpack(keyspace: Keyspace, set: LooseValue): number {
  return set.encoding === ENCODING_LISTPACK ? shrinkListpack(keyspace.heap, set.block) : set.block;
}

/** Takes a member out; false when it is not there. Needs no memory. */
export function removeFromSet(
  keyspace: Keyspace,
  set: LooseValue,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  if (set.encoding === ENCODING_HASHTABLE) return removeFromMembers(keyspace, set.block, bytes, offset, length);
  const heap = keyspace.heap;
  const window = windowOf(heap, set.block);
  const start = offsetOf(set.block);
  if (set.encoding === ENCODING_LISTPACK) {
    const position = findEntry(window, firstEntry(window, start), bytes, offset, length, 0);
    if (position !== END) deleteEntries(heap, set.block, position, 1);
    return position !== END;
  }
  if (!parseInt64(bytes, offset, length, number) || !intsetFind(window, start, number.high, number.low)) return false;
  intsetRemove(heap, set.block, number.high, number.low);
  return true;
}

/** Takes out the member at a position (see `SetCursor`). Needs no memory. */
export function removePosition(keyspace: Keyspace, set: LooseValue, position: number): void {
  const heap = keyspace.heap;
  if (set.encoding === ENCODING_HASHTABLE) removeMemberBlock(keyspace, set.block, position);
  else if (set.encoding === ENCODING_LISTPACK) deleteEntries(heap, set.block, position, 1);
  else {
    intsetAt(windowOf(heap, set.block), offsetOf(set.block), position, number);
    intsetRemove(heap, set.block, number.high, number.low);
  }
}
