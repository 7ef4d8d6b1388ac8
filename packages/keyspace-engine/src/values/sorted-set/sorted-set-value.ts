/**
 * The sorted-set value of an entry: a `LooseValue` under a key.
 *
 * The functions here look at the entry for encoding and block and write back what has changed of them. A sorted set under a key is
 * never empty between two commands: who takes the last member out removes the entry. Loading builds a `LooseValue` (or has a
 * finished listpack) and places it with `placeSortedSet`.
 */
import type { Heap } from "@sider/datastructures";
import { encodingOf, TYPE_SORTED_SET } from "../../keyspace/entry.ts";
import type { Database, Keyspace } from "../../keyspace/keyspace.ts";
import type { Key } from "../../slice.ts";
import { closeLooseValue, LooseValue, openLooseValue } from "../loose-value.ts";
import { placeValue } from "../placed-value.ts";
import { valueBlockOf } from "../value-block.ts";
import { addLocated, locateMember, MemberPlace, removeLocated, rescoreLocated } from "./loose-sorted-set.ts";
import type { RankedCursor } from "./ranked-cursor.ts";
import { sizeOfSortedSet } from "./sorted-set-block.ts";

export {
  addLocated,
  compactSortedSet,
  createLooseSortedSet,
  expectScored,
  freeLooseSortedSet,
  locateMember,
  MemberPlace,
  rankOfLocated,
  ranksBelowBytes,
  ranksBelowScore,
  removeLocated,
  removeRankRange,
  rescoreLocated,
} from "./loose-sorted-set.ts";
export { RankedCursor } from "./ranked-cursor.ts";
export { sizeOfSortedSet } from "./sorted-set-block.ts";

const opened = new LooseValue();
const located = new MemberPlace();

/** What `sortedSetPut` has done. */
export const SCORE_KEPT = 0;
export const SCORE_CHANGED = 1;
export const MEMBER_ADDED = 2;

/**
 * Puts a sorted set (the finished block of a listpack will do) under `key` in place of `old`, its live entry or NIL. Returns the entry.
 * Throws OutOfMemoryError with nothing changed: the set is then still the caller's.
 */
export function placeSortedSet(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  old: number,
  set: LooseValue,
  expiresAtMs: number,
): number {
  return placeValue(keyspace, database, key, old, TYPE_SORTED_SET, set.encoding, set.block, expiresAtMs);
}

/** Adds a member or gives it another score, and says which (SCORE_KEPT ...). The score is not NaN. Throws OutOfMemoryError. */
export function putScore(
  keyspace: Keyspace,
  set: LooseValue,
  bytes: Uint8Array,
  offset: number,
  length: number,
  score: number,
): number {
  if (!locateMember(keyspace, set, bytes, offset, length, located)) {
    addLocated(keyspace, set, bytes, offset, length, score, located);
    return MEMBER_ADDED;
  }
  if (located.score === score) return SCORE_KEPT;
  rescoreLocated(keyspace, set, bytes, offset, length, score, located);
  return SCORE_CHANGED;
}

/** `putScore` for the value of an entry. */
export function sortedSetPut(
  keyspace: Keyspace,
  entry: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  score: number,
): number {
  openLooseValue(keyspace.heap, entry, opened);
  const done = putScore(keyspace, opened, bytes, offset, length, score);
  if (done !== SCORE_KEPT) closeLooseValue(keyspace.heap, entry, opened);
  return done;
}

/** Finds a member of an entry's set and puts its score into `place`; false when it is not there. */
export function sortedSetLocate(
  keyspace: Keyspace,
  entry: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  place: MemberPlace,
): boolean {
  openLooseValue(keyspace.heap, entry, opened);
  return locateMember(keyspace, opened, bytes, offset, length, place);
}

/** Takes a member out; false when it is not there. Needs no memory. An empty set is the caller's to remove. */
export function sortedSetRemove(
  keyspace: Keyspace,
  entry: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  openLooseValue(keyspace.heap, entry, opened);
  if (!locateMember(keyspace, opened, bytes, offset, length, located)) return false;
  removeLocated(keyspace, opened, located);
  return true;
}

/** Number of members. O(1). */
export function sortedSetCardinality(heap: Heap, entry: number): number {
  return sizeOfSortedSet(heap, encodingOf(heap, entry), valueBlockOf(heap, entry));
}

/** Points a cursor at an entry's set. */
export function openRankedCursor(heap: Heap, entry: number, cursor: RankedCursor): void {
  cursor.open(heap, encodingOf(heap, entry), valueBlockOf(heap, entry));
}
