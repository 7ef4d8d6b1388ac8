/**
 * The set value of an entry: a `LooseValue` under a key.
 *
 * The functions here look at the entry for encoding and block and write back what has changed of them. A set under a key is never
 * empty between two commands: who takes the last member out removes the entry. Loading builds a `LooseValue` (or has a finished
 * block) and places it with `placeSet`.
 */
import type { Heap } from "@sider/datastructures";
import { encodingOf, ENCODING_HASHTABLE, TYPE_SET } from "../../keyspace/entry.ts";
import type { Database, Keyspace } from "../../keyspace/keyspace.ts";
import type { Key } from "../../slice.ts";
import { closeLooseValue, LooseValue, openLooseValue } from "../loose-value.ts";
import { placeValue } from "../placed-value.ts";
import { valueBlockOf } from "../value-block.ts";
import { addToSet, expectMembers, freeLooseSet, isMember, removeFromSet, removePosition } from "./loose-set.ts";
import { sizeOfSet } from "./set-block.ts";
import type { SetCursor } from "./set-cursor.ts";
import { addToMembers, removeFromMembers } from "./set-table.ts";

export {
  addToSet,
  convertSet,
  convertToIntset,
  createLooseSet,
  encodingForFirst,
  expectMembers,
  freeLooseSet,
  isMember,
  removeFromSet,
} from "./loose-set.ts";
export { randomPosition } from "./random-member.ts";
export { sizeOfSet } from "./set-block.ts";
export { readMember, SetCursor } from "./set-cursor.ts";

const opened = new LooseValue();

/**
 * Puts a set (finished blocks of an intset or listpack will do, with their encoding) under `key` in place of `old`, its live entry or NIL.
 * Returns the entry. Throws OutOfMemoryError with nothing changed: the set is then still the caller's.
 */
export function placeSet(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  old: number,
  set: LooseValue,
  expiresAtMs: number,
): number {
  return placeValue(keyspace, database, key, old, TYPE_SET, set.encoding, set.block, expiresAtMs);
}

/** Adds a member; false when it is there. Throws OutOfMemoryError with nothing changed. The encoding may change. */
export function setAdd(keyspace: Keyspace, entry: number, bytes: Uint8Array, offset: number, length: number): boolean {
  const heap = keyspace.heap;
  if (encodingOf(heap, entry) === ENCODING_HASHTABLE) {
    return addToMembers(keyspace, valueBlockOf(heap, entry), bytes, offset, length);
  }
  openLooseValue(heap, entry, opened);
  if (!addToSet(keyspace, opened, bytes, offset, length)) return false;
  closeLooseValue(heap, entry, opened);
  return true;
}

/** Says that `count` members are going to be added: more than the encoding may hold make it a hashtable, as in Redis. */
export function setExpect(keyspace: Keyspace, entry: number, count: number): void {
  if (encodingOf(keyspace.heap, entry) === ENCODING_HASHTABLE) return;
  openLooseValue(keyspace.heap, entry, opened);
  expectMembers(keyspace, opened, count);
  closeLooseValue(keyspace.heap, entry, opened);
}

/** Takes a member out; false when it is not there. Needs no memory. An empty set is the caller's to remove. */
export function setRemove(
  keyspace: Keyspace,
  entry: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  const heap = keyspace.heap;
  if (encodingOf(heap, entry) === ENCODING_HASHTABLE) {
    return removeFromMembers(keyspace, valueBlockOf(heap, entry), bytes, offset, length);
  }
  openLooseValue(heap, entry, opened);
  if (!removeFromSet(keyspace, opened, bytes, offset, length)) return false;
  closeLooseValue(heap, entry, opened);
  return true;
}

/** Takes out the member at a position (`SetCursor`, `randomPosition`). Needs no memory. */
export function setRemovePosition(keyspace: Keyspace, entry: number, position: number): void {
  openLooseValue(keyspace.heap, entry, opened);
  removePosition(keyspace, opened, position);
  closeLooseValue(keyspace.heap, entry, opened);
}

/** Gives an entry another set in place of its own, which is freed. */
export function setReplace(keyspace: Keyspace, entry: number, set: LooseValue): void {
  openLooseValue(keyspace.heap, entry, opened);
  freeLooseSet(keyspace, opened);
  closeLooseValue(keyspace.heap, entry, set);
}

/** Whether the set has a member. */
export function setContains(
  keyspace: Keyspace,
  entry: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  const heap = keyspace.heap;
  return isMember(keyspace, encodingOf(heap, entry), valueBlockOf(heap, entry), bytes, offset, length);
}

/** Number of members. O(1). */
export function setCardinality(heap: Heap, entry: number): number {
  return sizeOfSet(heap, encodingOf(heap, entry), valueBlockOf(heap, entry));
}

/** Begins before the first member of an entry's set. */
export function openSetCursor(heap: Heap, entry: number, cursor: SetCursor): void {
  cursor.open(heap, encodingOf(heap, entry), valueBlockOf(heap, entry));
}
