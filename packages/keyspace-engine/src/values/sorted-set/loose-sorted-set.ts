/**
 * A sorted set that is, or is not yet, under a key: its encoding and its block, and all that can be done to the two.
 *
 * A listpack becomes a skiplist beyond `keyspace.limits` and does not go back; results of set operations are made a listpack where
 * they are small (`compactSortedSet`). What throws OutOfMemoryError has changed nothing. Scores are never NaN.
 *
 * A change is made in two steps: `locateMember` finds the member, and with that place in hand it is added, given another score or taken out.
 * Member bytes must not lie in the set's own block.
 */
import {
  addMember,
  changeScore,
  countBelowBytes,
  countBelowScore,
  createListpack,
  createSortedSet,
  deleteEntries,
  END,
  findEntry,
  findMember,
  firstEntry,
  listpackBytes,
  MAXIMUM_LISTPACK_BYTES,
  NIL,
  offsetOf,
  rankOfMember,
  removeMember,
  removeRanks,
  reserveMembers,
  scoreOf,
  seekEntry,
  windowOf,
} from "@sider/datastructures";
import { OutOfMemoryError } from "../../errors.ts";
import { ENCODING_LISTPACK, ENCODING_SKIPLIST } from "../../keyspace/entry.ts";
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { LooseValue } from "../loose-value.ts";
import { RankedCursor } from "./ranked-cursor.ts";
import { sizeOfSortedSet, sortedSetKind } from "./sorted-set-block.ts";
import { compareText, insertPair, nextPair, readScore, replacePair } from "./sorted-set-listpack.ts";

/** Where a member is, or that it is not there. Good until the set changes. */
export class MemberPlace {
  isFound = false;
  /** Its score; a fraction at first, so that the engine gives the field a double slot for good. */
  score = 0.5;
  /** The ref of its block, or the position of its entry. */
  at = 0;
  /** Of a skiplist only. */
  hash = 0;
}

/** More than the entries of a member's head and of its score take. */
const PAIR_EXTRA_BYTES = 64;

const converted = new LooseValue();
const cursor = new RankedCursor();

/** Makes `set` an empty one for `count` members of which the first is so long: a listpack where that is within the limits. */
export function createLooseSortedSet(keyspace: Keyspace, set: LooseValue, count: number, memberBytes: number): void {
  const limits = keyspace.limits;
  const isSmall = count <= limits.zsetMaxListpackEntries && memberBytes <= limits.zsetMaxListpackValue;
  set.encoding = isSmall ? ENCODING_LISTPACK : ENCODING_SKIPLIST;
  set.block = isSmall
    ? createListpack(keyspace.heap)
    : createSortedSet(keyspace.heap, keyspace.hashKey0, keyspace.hashKey1);
  if (set.block === NIL) throw new OutOfMemoryError();
}

/** Frees the set. O(members). */
export function freeLooseSortedSet(keyspace: Keyspace, set: LooseValue): void {
  sortedSetKind.free(keyspace.heap, set.encoding, set.block);
  set.block = NIL;
}

/** Finds a member. O(1), of a listpack O(n). */
export function locateMember(
  keyspace: Keyspace,
  set: LooseValue,
  bytes: Uint8Array,
  offset: number,
  length: number,
  place: MemberPlace,
): boolean {
  const heap = keyspace.heap;
  if (set.encoding === ENCODING_SKIPLIST) {
    place.hash = keyspace.hash(bytes, offset, length);
    place.at = findMember(heap, set.block, bytes, offset, length, place.hash);
    place.isFound = place.at !== NIL;
    if (place.isFound) place.score = scoreOf(heap, place.at);
    return place.isFound;
  }
  const window = windowOf(heap, set.block);
  place.at = findEntry(window, firstEntry(window, offsetOf(set.block)), bytes, offset, length, 1);
  place.isFound = place.at !== END;
  if (place.isFound) place.score = readScore(window, place.at);
  return place.isFound;
}

/** Adds the member that `locateMember` did not find. The encoding may change. */
export function addLocated(
  keyspace: Keyspace,
  set: LooseValue,
  bytes: Uint8Array,
  offset: number,
  length: number,
  score: number,
  place: MemberPlace,
): void {
  const heap = keyspace.heap;
  if (set.encoding === ENCODING_SKIPLIST) {
    if (!addMember(heap, set.block, bytes, offset, length, place.hash, score)) throw new OutOfMemoryError();
  } else if (fitsListpack(keyspace, set, length)) {
    const now = insertPair(heap, set.block, bytes, offset, length, score);
    if (now === NIL) throw new OutOfMemoryError();
    set.block = now;
  } else convertAndAdd(keyspace, set, bytes, offset, length, score);
}

function fitsListpack(keyspace: Keyspace, set: LooseValue, length: number): boolean {
  const limits = keyspace.limits;
  const heap = keyspace.heap;
  return (
    length <= limits.zsetMaxListpackValue &&
    sizeOfSortedSet(heap, set.encoding, set.block) < limits.zsetMaxListpackEntries &&
    listpackBytes(windowOf(heap, set.block), offsetOf(set.block)) + length + PAIR_EXTRA_BYTES < MAXIMUM_LISTPACK_BYTES
  );
}

function convertAndAdd(
  keyspace: Keyspace,
  set: LooseValue,
  bytes: Uint8Array,
  offset: number,
  length: number,
  score: number,
): void {
  copyToSkiplist(keyspace, set);
  const hash = keyspace.hash(bytes, offset, length);
  if (!addMember(keyspace.heap, converted.block, bytes, offset, length, hash, score)) {
    freeLooseSortedSet(keyspace, converted);
    throw new OutOfMemoryError();
  }
  takeConverted(keyspace, set);
}

/** Gives the member that `locateMember` found, and whose bytes these are, another score. */
export function rescoreLocated(
  keyspace: Keyspace,
  set: LooseValue,
  bytes: Uint8Array,
  offset: number,
  length: number,
  score: number,
  place: MemberPlace,
): void {
  const heap = keyspace.heap;
  if (set.encoding === ENCODING_SKIPLIST) {
    if (!changeScore(heap, set.block, place.at, score)) throw new OutOfMemoryError();
    return;
  }
  const now = replacePair(heap, set.block, place.at, bytes, offset, length, score);
  if (now === NIL) throw new OutOfMemoryError();
  set.block = now;
}

/** Takes out the member that `locateMember` found. Needs no memory. */
export function removeLocated(keyspace: Keyspace, set: LooseValue, place: MemberPlace): void {
  if (set.encoding === ENCODING_SKIPLIST) removeMember(keyspace.heap, set.block, place.at, place.hash);
  else deleteEntries(keyspace.heap, set.block, place.at, 2);
}

/** Takes out the members of ranks [start, end). Needs no memory. O(log n + removed). */
export function removeRankRange(keyspace: Keyspace, set: LooseValue, start: number, end: number): void {
  const heap = keyspace.heap;
  if (set.encoding === ENCODING_SKIPLIST) removeRanks(heap, set.block, start, end);
  else if (end > start) {
    const first = seekEntry(windowOf(heap, set.block), offsetOf(set.block), start * 2);
    deleteEntries(heap, set.block, first, (end - start) * 2);
  }
}

/** The rank of the member that `locateMember` found. O(log n), of a listpack O(n). */
export function rankOfLocated(keyspace: Keyspace, set: LooseValue, place: MemberPlace): number {
  const heap = keyspace.heap;
  if (set.encoding === ENCODING_SKIPLIST) return rankOfMember(heap, set.block, place.at);
  const window = windowOf(heap, set.block);
  let rank = 0;
  for (let at = firstEntry(window, offsetOf(set.block)); at !== place.at; at = nextPair(window, at)) rank++;
  return rank;
}

/** How many members have a score below `score`, or up to it where `includesEqual`. */
export function ranksBelowScore(keyspace: Keyspace, set: LooseValue, score: number, includesEqual: boolean): number {
  const heap = keyspace.heap;
  if (set.encoding === ENCODING_SKIPLIST) return countBelowScore(heap, set.block, score, includesEqual);
  const window = windowOf(heap, set.block);
  let rank = 0;
  for (let at = firstEntry(window, offsetOf(set.block)); at !== END; at = nextPair(window, at), rank++) {
    const other = readScore(window, at);
    if (!(other < score || (includesEqual && other === score))) break;
  }
  return rank;
}

/** How many members are before these bytes, or up to them where `includesEqual`, where all scores are equal. */
export function ranksBelowBytes(
  keyspace: Keyspace,
  set: LooseValue,
  bytes: Uint8Array,
  offset: number,
  length: number,
  includesEqual: boolean,
): number {
  const heap = keyspace.heap;
  if (set.encoding === ENCODING_SKIPLIST) {
    return countBelowBytes(heap, set.block, bytes, offset, length, includesEqual);
  }
  const window = windowOf(heap, set.block);
  const limit = includesEqual ? 1 : 0;
  let rank = 0;
  for (let at = firstEntry(window, offsetOf(set.block)); at !== END; at = nextPair(window, at), rank++) {
    if (compareText(window, at, bytes, offset, length) >= limit) break;
  }
  return rank;
}

/** Makes the set ready for `count` members to come: a skiplist when they alone would be too many for a listpack. */
export function expectScored(keyspace: Keyspace, set: LooseValue, count: number): void {
  if (set.encoding === ENCODING_SKIPLIST || count <= keyspace.limits.zsetMaxListpackEntries) return;
  copyToSkiplist(keyspace, set);
  takeConverted(keyspace, set);
}

/** Makes a listpack of a skiplist that is within the limits: a result, before it is placed. O(members), a few. */
export function compactSortedSet(keyspace: Keyspace, set: LooseValue, longestBytes: number): void {
  const limits = keyspace.limits;
  const heap = keyspace.heap;
  const count = sizeOfSortedSet(heap, set.encoding, set.block);
  if (set.encoding === ENCODING_LISTPACK || count > limits.zsetMaxListpackEntries) return;
  if (longestBytes > limits.zsetMaxListpackValue) return;
  if (count * (longestBytes + PAIR_EXTRA_BYTES) > MAXIMUM_LISTPACK_BYTES) return;
  converted.encoding = ENCODING_LISTPACK;
  converted.block = createListpack(heap);
  if (converted.block === NIL) throw new OutOfMemoryError();
  copyMembers(keyspace, set);
  takeConverted(keyspace, set);
}

/** Leaves a skiplist of the same members in `converted`. */
function copyToSkiplist(keyspace: Keyspace, set: LooseValue): void {
  const heap = keyspace.heap;
  converted.encoding = ENCODING_SKIPLIST;
  converted.block = createSortedSet(heap, keyspace.hashKey0, keyspace.hashKey1);
  if (converted.block === NIL) throw new OutOfMemoryError();
  reserveMembers(heap, converted.block, sizeOfSortedSet(heap, set.encoding, set.block) + 1);
  copyMembers(keyspace, set);
}

/** Adds the members to `converted`, or frees it and throws. */
function copyMembers(keyspace: Keyspace, set: LooseValue): void {
  const heap = keyspace.heap;
  cursor.open(heap, set.encoding, set.block);
  const member = cursor.member;
  for (let isThere = cursor.seek(0); isThere; isThere = cursor.next()) {
    if (appendConverted(keyspace, member.bytes, member.offset, member.length, cursor.score)) continue;
    freeLooseSortedSet(keyspace, converted);
    throw new OutOfMemoryError();
  }
}

function appendConverted(
  keyspace: Keyspace,
  bytes: Uint8Array,
  offset: number,
  length: number,
  score: number,
): boolean {
  const heap = keyspace.heap;
  if (converted.encoding === ENCODING_SKIPLIST) {
    return addMember(heap, converted.block, bytes, offset, length, keyspace.hash(bytes, offset, length), score);
  }
  const now = insertPair(heap, converted.block, bytes, offset, length, score);
  if (now !== NIL) converted.block = now;
  return now !== NIL;
}

function takeConverted(keyspace: Keyspace, set: LooseValue): void {
  sortedSetKind.free(keyspace.heap, set.encoding, set.block);
  set.encoding = converted.encoding;
  set.block = converted.block;
}
