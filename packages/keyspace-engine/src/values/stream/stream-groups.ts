/**
 * Consumer groups: who has got which entries and has not acknowledged them yet.
 *
 *   group      | name length | pending | consumers | entries read: low, high | last id, 4 words | - | name |
 *   consumer   | name length | pending | seen at, Unix ms: a double | active at: a double      | - | name |
 *
 *   pending of a group: an id tree     id -> | consumer | delivered at: low, high | deliveries: low, high |
 *   pending of a consumer: an id tree  id -> nothing
 *
 * A message that is pending is in both trees. `groupsOf` and `consumersOf` are lists of named blocks, or NIL. What is changed in one of
 * the two trees and not in the other does not exist: without memory nothing changes.
 */
import {
  compareIds,
  createIdTree,
  destroyIdTree,
  doubleOf,
  findId,
  free,
  ID_WORDS,
  IdCursor,
  idTreeCount,
  insertId,
  NIL,
  NO_SLOT,
  removeId,
  StreamId,
  wordOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { OutOfMemoryError } from "../../errors.ts";
import { Slice } from "../../slice.ts";
import { createNamed, findNamed, insertNamed, namedAt, namedCount, readName, removeNamed } from "./named-blocks.ts";
import { GROUPS } from "./stream-layout.ts";

const PENDING = 1;
const CONSUMERS = 2;
const READ = 3;
const GROUP_LAST_ID = 5;
const SEEN_DOUBLE = 1;
const ACTIVE_DOUBLE = 2;

const CONSUMER_WORD = ID_WORDS;
const TIME_WORD = ID_WORDS + 1;
const COUNT_WORD = ID_WORDS + 3;
const PENDING_PAYLOAD_WORDS = 5;
const TWO_TO_32 = 4294967296;

/** A consumer that has never got anything was active at this time. */
export const NEVER_ACTIVE = -1;

const blockName = new Slice();
const someId = new StreamId();
const cursor = new IdCursor();

/** The list of a stream's groups. */
export function groupsOf(heap: Heap, block: number): number {
  return heap.i32[wordOf(block) + GROUPS];
}

/** Number of groups. O(1). */
export function groupCount(heap: Heap, block: number): number {
  return namedCount(heap, groupsOf(heap, block));
}

/** A group by its place in the order of names. O(1). */
export function groupAt(heap: Heap, block: number, place: number): number {
  return namedAt(heap, groupsOf(heap, block), place);
}

/** The group of this name, or NIL. O(log groups). */
export function findGroup(heap: Heap, block: number, name: Slice): number {
  return findNamed(heap, groupsOf(heap, block), name);
}

/**
 * Makes a group, whose name is new. `readHigh` and `readLow` are the halves of its entries-read counter, -1 if that is not known. Throws
 * OutOfMemoryError with nothing changed.
 */
export function createGroup(
  heap: Heap,
  block: number,
  name: Slice,
  lastId: StreamId,
  readHigh: number,
  readLow: number,
): number {
  const group = addWithPending(heap, wordOf(block) + GROUPS, name, PENDING_PAYLOAD_WORDS);
  setGroupLastId(heap, group, lastId);
  setEntriesRead(heap, group, readHigh, readLow);
  return group;
}

/** Makes a group or a consumer and puts it on the list that the word `listWord` holds. Throws OutOfMemoryError with nothing changed. */
function addWithPending(heap: Heap, listWord: number, name: Slice, payloadWords: number): number {
  const block = createWithPending(heap, name, payloadWords);
  const list = insertNamed(heap, heap.i32[listWord], name, block);
  if (list === NIL) {
    freeWithPending(heap, block);
    throw new OutOfMemoryError();
  }
  heap.i32[listWord] = list;
  return block;
}

function createWithPending(heap: Heap, name: Slice, payloadWords: number): number {
  const block = createNamed(heap, name);
  if (block === NIL) throw new OutOfMemoryError();
  const tree = createIdTree(heap, payloadWords);
  if (tree === NIL) {
    free(heap, block);
    throw new OutOfMemoryError();
  }
  heap.i32[wordOf(block) + PENDING] = tree;
  return block;
}

function freeWithPending(heap: Heap, block: number): void {
  destroyIdTree(heap, pendingOf(heap, block));
  free(heap, block);
}

/** Destroys a group with its consumers. O(pending). */
export function destroyGroup(heap: Heap, block: number, group: number): void {
  heap.i32[wordOf(block) + GROUPS] = removeNamed(heap, groupsOf(heap, block), readName(heap, group, blockName));
  freeGroup(heap, group);
}

function freeGroup(heap: Heap, group: number): void {
  const consumers = consumersOf(heap, group);
  for (let place = namedCount(heap, consumers) - 1; place >= 0; place--) {
    freeWithPending(heap, namedAt(heap, consumers, place));
  }
  free(heap, consumers);
  freeWithPending(heap, group);
}

/** Frees all groups of a stream that goes. O(pending). */
export function freeGroups(heap: Heap, block: number): void {
  const groups = groupsOf(heap, block);
  for (let place = namedCount(heap, groups) - 1; place >= 0; place--) freeGroup(heap, namedAt(heap, groups, place));
  free(heap, groups);
  heap.i32[wordOf(block) + GROUPS] = NIL;
}

/** Points `out` at the name of a group or a consumer; valid until the heap may move. */
export function readBlockName(heap: Heap, groupOrConsumer: number, out: Slice): Slice {
  return readName(heap, groupOrConsumer, out);
}

/** The id that the group delivered last. */
export function readGroupLastId(heap: Heap, group: number, out: StreamId): StreamId {
  return out.read(heap.i32, wordOf(group) + GROUP_LAST_ID);
}

export function setGroupLastId(heap: Heap, group: number, id: StreamId): void {
  id.write(heap.i32, wordOf(group) + GROUP_LAST_ID);
}

/** The entries-read counter: a signed 64-bit number as halves, -1 if it is not known. */
export function entriesReadLow(heap: Heap, group: number): number {
  return heap.i32[wordOf(group) + READ];
}

export function entriesReadHigh(heap: Heap, group: number): number {
  return heap.i32[wordOf(group) + READ + 1];
}

export function setEntriesRead(heap: Heap, group: number, high: number, low: number): void {
  heap.i32[wordOf(group) + READ] = low;
  heap.i32[wordOf(group) + READ + 1] = high;
}

/** The list of a group's consumers. */
export function consumersOf(heap: Heap, group: number): number {
  return heap.i32[wordOf(group) + CONSUMERS];
}

/** Number of consumers. O(1). */
export function consumerCount(heap: Heap, group: number): number {
  return namedCount(heap, consumersOf(heap, group));
}

/** A consumer by its place in the order of names. O(1). */
export function consumerAt(heap: Heap, group: number, place: number): number {
  return namedAt(heap, consumersOf(heap, group), place);
}

/** The consumer of this name, or NIL. O(log consumers). */
export function findConsumer(heap: Heap, group: number, name: Slice): number {
  return findNamed(heap, consumersOf(heap, group), name);
}

/** Makes a consumer, whose name is new, seen at this time and never active. Throws OutOfMemoryError with nothing changed. */
export function createConsumer(heap: Heap, group: number, name: Slice, seenAtMs: number): number {
  const consumer = addWithPending(heap, wordOf(group) + CONSUMERS, name, 0);
  setSeenAtMs(heap, consumer, seenAtMs);
  setActiveAtMs(heap, consumer, NEVER_ACTIVE);
  return consumer;
}

/** Deletes a consumer with what is pending for it. O(its pending x log n). */
export function deleteConsumer(heap: Heap, group: number, consumer: number): void {
  const all = pendingOf(heap, group);
  let isFound = cursor.seekFirst(heap, pendingOf(heap, consumer));
  while (isFound) {
    removeId(heap, all, someId.read(heap.i32, cursor.word));
    isFound = cursor.next(heap);
  }
  const name = readName(heap, consumer, blockName);
  heap.i32[wordOf(group) + CONSUMERS] = removeNamed(heap, consumersOf(heap, group), name);
  freeWithPending(heap, consumer);
}

/** When a consumer last asked for something, Unix ms. */
export function seenAtMs(heap: Heap, consumer: number): number {
  return heap.f64[doubleOf(consumer) + SEEN_DOUBLE];
}

export function setSeenAtMs(heap: Heap, consumer: number, timeMs: number): void {
  heap.f64[doubleOf(consumer) + SEEN_DOUBLE] = timeMs;
}

/** When a consumer last got something, Unix ms, or NEVER_ACTIVE. */
export function activeAtMs(heap: Heap, consumer: number): number {
  return heap.f64[doubleOf(consumer) + ACTIVE_DOUBLE];
}

export function setActiveAtMs(heap: Heap, consumer: number, timeMs: number): void {
  heap.f64[doubleOf(consumer) + ACTIVE_DOUBLE] = timeMs;
}

/** The id tree of what is pending in a group or for a consumer; walk it with an IdCursor. */
export function pendingOf(heap: Heap, groupOrConsumer: number): number {
  return heap.i32[wordOf(groupOrConsumer) + PENDING];
}

/** How much is pending in a group or for a consumer. O(1). */
export function pendingCount(heap: Heap, groupOrConsumer: number): number {
  return idTreeCount(heap, pendingOf(heap, groupOrConsumer));
}

/** Word of the pending message's slot in the group's tree, or NO_SLOT; for the functions below. O(log n). */
export function findPending(heap: Heap, group: number, id: StreamId): number {
  return findId(heap, pendingOf(heap, group), id);
}

/** Whose a pending message is. */
export function consumerOfPending(heap: Heap, slot: number): number {
  return heap.i32[slot + CONSUMER_WORD];
}

/** When it was delivered last, Unix ms. */
export function deliveredAtMs(heap: Heap, slot: number): number {
  return heap.i32[slot + TIME_WORD + 1] * TWO_TO_32 + (heap.i32[slot + TIME_WORD] >>> 0);
}

export function setDeliveredAtMs(heap: Heap, slot: number, timeMs: number): void {
  heap.i32[slot + TIME_WORD] = timeMs | 0;
  heap.i32[slot + TIME_WORD + 1] = Math.floor(timeMs / TWO_TO_32) | 0;
}

/** How often it was delivered: a 64-bit number as halves. */
export function deliveriesLow(heap: Heap, slot: number): number {
  return heap.i32[slot + COUNT_WORD];
}

export function deliveriesHigh(heap: Heap, slot: number): number {
  return heap.i32[slot + COUNT_WORD + 1];
}

export function setDeliveries(heap: Heap, slot: number, high: number, low: number): void {
  heap.i32[slot + COUNT_WORD] = low;
  heap.i32[slot + COUNT_WORD + 1] = high;
}

/** One delivery more. */
export function countDelivery(heap: Heap, slot: number): void {
  const low = (heap.i32[slot + COUNT_WORD] + 1) | 0;
  heap.i32[slot + COUNT_WORD] = low;
  if (low === 0) heap.i32[slot + COUNT_WORD + 1]++;
}

/**
 * Makes a message pending for a consumer, from whomever it was pending for so far. Returns the slot; a new one has time and deliveries 0.
 * NO_SLOT without memory, nothing changed. O(log n).
 */
export function assignPending(heap: Heap, group: number, consumer: number, id: StreamId): number {
  const slot = findPending(heap, group, id);
  if (slot !== NO_SLOT && consumerOfPending(heap, slot) === consumer) return slot;
  if (insertId(heap, pendingOf(heap, consumer), id) === NO_SLOT) return NO_SLOT;
  if (slot !== NO_SLOT) {
    removeId(heap, pendingOf(heap, consumerOfPending(heap, slot)), id);
    heap.i32[slot + CONSUMER_WORD] = consumer;
    return slot;
  }
  const added = insertId(heap, pendingOf(heap, group), id);
  if (added === NO_SLOT) removeId(heap, pendingOf(heap, consumer), id);
  else heap.i32[added + CONSUMER_WORD] = consumer;
  return added;
}

/** Ends the pending of a message; false when it is not. O(log n). */
export function acknowledge(heap: Heap, group: number, id: StreamId): boolean {
  const slot = findPending(heap, group, id);
  if (slot === NO_SLOT) return false;
  const consumer = consumerOfPending(heap, slot);
  removeId(heap, pendingOf(heap, group), id);
  return removeId(heap, pendingOf(heap, consumer), id);
}

/** Raises the id that the group delivered last; false when it is not below `id`. */
export function raiseGroupLastId(heap: Heap, group: number, id: StreamId): boolean {
  if (compareIds(id, readGroupLastId(heap, group, someId)) <= 0) return false;
  setGroupLastId(heap, group, id);
  return true;
}
