/**
 * The list value of an entry, over both encodings:
 *
 *   listpack    the value's block is one node, with a listpack of up to what list-max-listpack-size allows
 *   quicklist   the value's block is that of a quicklist
 *
 * `listpack` becomes `quicklist` before it takes what is too much for it (growList, which a command calls once for all that it adds), and a
 * quicklist becomes `listpack` again when its only node is down to half of that (shrinkList): the rules of Redis 7.2.
 *
 * The entry stays where it is; its value's block may move. Functions that add throw OutOfMemoryError with nothing changed. An empty
 * list is the caller's to remove.
 */
import {
  createNode,
  createQuicklist,
  cutFromNode,
  deleteRange,
  dissolveQuicklist,
  dropEntry,
  dropFromQuicklist,
  dropPeeked,
  exceedsNode,
  free,
  headNode,
  insertAt,
  isHalfOfNode,
  isPlainNode,
  NIL,
  nodeBytes,
  nodeCount,
  nodeLimitBytes,
  peekQuicklist,
  prepareEnd,
  prepareRange,
  pushEntry,
  pushToQuicklist,
  QuicklistCursor,
  quicklistCount,
  quicklistNodes,
  rawNode,
  readAt,
  removeEqual,
  replaceAt,
  seek,
  shrinkNode,
  tailNode,
  toFirstOf,
  toLastOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { OutOfMemoryError } from "../../errors.ts";
import {
  ENCODING_LISTPACK,
  ENCODING_QUICKLIST,
  encodingOf,
  NO_EXPIRY,
  setEncoding,
  TYPE_LIST,
} from "../../keyspace/entry.ts";
import type { Database, Keyspace } from "../../keyspace/keyspace.ts";
import type { Key, Slice } from "../../slice.ts";
import { placeValue } from "../placed-value.ts";
import { setValueBlock, valueBlockOf } from "../value-block.ts";

const EMPTY_LISTPACK_BYTES = 7;

const scratch = new QuicklistCursor();

/** Number of elements. O(1). */
export function listLength(heap: Heap, entry: number): number {
  const block = valueBlockOf(heap, entry);
  return isListpack(heap, entry) ? nodeCount(heap, block) : quicklistCount(heap, block);
}

/**
 * An entry with an empty list for what is going to be pushed: `addedCount` texts of `addedBytes` together, whose entries take about
 * `roomBytes`. `old` is the key's live entry of whatever type, or NIL.
 */
export function createList(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  old: number,
  addedBytes: number,
  addedCount: number,
  roomBytes: number,
  isAtHead: boolean,
): number {
  const heap = keyspace.heap;
  const isLarge = exceedsNode(keyspace.limits.listMaxListpackSize, EMPTY_LISTPACK_BYTES + addedBytes, addedCount);
  const block = isLarge ? createQuicklist(heap, NIL) : createNode(heap, roomBytes, isAtHead);
  if (block === NIL) throw new OutOfMemoryError();
  const encoding = isLarge ? ENCODING_QUICKLIST : ENCODING_LISTPACK;
  try {
    return placeValue(keyspace, database, key, old, TYPE_LIST, encoding, block, NO_EXPIRY);
  } catch (error) {
    free(heap, block);
    throw error;
  }
}

/** Readies a list for `addedCount` more texts of `addedBytes` together: a listpack that they are too much for becomes a quicklist. O(1). */
export function growList(keyspace: Keyspace, entry: number, addedBytes: number, addedCount: number): void {
  const heap = keyspace.heap;
  if (!isListpack(heap, entry)) return;
  const node = valueBlockOf(heap, entry);
  const bytes = nodeBytes(heap, node) + addedBytes;
  if (!exceedsNode(keyspace.limits.listMaxListpackSize, bytes, nodeCount(heap, node) + addedCount)) return;
  // An empty node would be one that the list's ends do not expect.
  const isEmpty = nodeCount(heap, node) === 0;
  const list = createQuicklist(heap, isEmpty ? NIL : node);
  if (list === NIL) throw new OutOfMemoryError();
  if (isEmpty) free(heap, node);
  setValueBlock(heap, entry, list);
  setEncoding(heap, entry, ENCODING_QUICKLIST);
}

/** Makes a quicklist that has got short a listpack, if it is short enough. For after each removal from a list that is not empty. O(1). */
export function shrinkList(keyspace: Keyspace, entry: number): void {
  const heap = keyspace.heap;
  if (isListpack(heap, entry)) return;
  const list = valueBlockOf(heap, entry);
  if (quicklistNodes(heap, list) !== 1) return;
  const node = headNode(heap, list);
  if (isPlainNode(heap, node)) return;
  const count = nodeCount(heap, node);
  if (isHalfOfNode(keyspace.limits.listMaxListpackSize, nodeBytes(heap, node), count))
    becomeListpack(heap, entry, list);
}

function becomeListpack(heap: Heap, entry: number, list: number): void {
  if (rawNode(heap, list, headNode(heap, list)) === NIL) return;
  setValueBlock(heap, entry, dissolveQuicklist(heap, list));
  setEncoding(heap, entry, ENCODING_LISTPACK);
}

/** As `growList` and `shrinkList` in one, with the full limit both ways: for a list that has been built in nodes. O(1). */
export function settleList(keyspace: Keyspace, entry: number): void {
  const heap = keyspace.heap;
  if (isListpack(heap, entry)) {
    growList(keyspace, entry, 0, 0);
    return;
  }
  const list = valueBlockOf(heap, entry);
  const node = headNode(heap, list);
  if (quicklistNodes(heap, list) !== 1 || isPlainNode(heap, node)) return;
  const fits = !exceedsNode(keyspace.limits.listMaxListpackSize, nodeBytes(heap, node), nodeCount(heap, node));
  if (fits) becomeListpack(heap, entry, list);
}

/** Adds a text at one end. O(length), amortised. */
export function pushToList(
  keyspace: Keyspace,
  entry: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  isAtHead: boolean,
): void {
  const heap = keyspace.heap;
  const limits = keyspace.limits;
  const block = valueBlockOf(heap, entry);
  if (!isListpack(heap, entry)) {
    if (!pushToQuicklist(heap, block, isAtHead, bytes, offset, length, limits)) throw new OutOfMemoryError();
    return;
  }
  const now = pushEntry(heap, block, isAtHead, bytes, offset, length, nodeLimitBytes(limits.listMaxListpackSize));
  if (now === NIL) throw new OutOfMemoryError();
  if (now !== block) setValueBlock(heap, entry, now);
}

/** Points `out` at the first or the last element's text; valid until the list changes or memory is asked for. O(1). */
export function readListEnd(heap: Heap, entry: number, isAtHead: boolean, out: Slice): Slice {
  if (isAtHead) openListHead(heap, entry, scratch);
  else openListTail(heap, entry, scratch);
  readAt(scratch, out);
  return out;
}

/**
 * Points `out` at the text at one end, valid until the list changes or memory is asked for, if `dropPeekedEnd` can take that away: a short
 * text of a list of several nodes. The quick way of most pops. O(1).
 */
export function peekListEnd(heap: Heap, entry: number, isAtHead: boolean, out: Slice): boolean {
  return !isListpack(heap, entry) && peekQuicklist(heap, valueBlockOf(heap, entry), isAtHead, out);
}

/** Takes the element at one end away, of `length` bytes, that `peekListEnd` has shown. O(1). */
export function dropPeekedEnd(heap: Heap, entry: number, isAtHead: boolean, length: number): void {
  dropPeeked(heap, valueBlockOf(heap, entry), isAtHead, length);
}

/** Takes `count` elements, as many as there are at most, from one end. O(1) for one, amortised; else O(nodes taken). */
export function dropFromList(keyspace: Keyspace, entry: number, isAtHead: boolean, count: number): void {
  if (count === 1) dropOne(keyspace, entry, isAtHead);
  else deleteFromList(keyspace, entry, isAtHead ? 0 : listLength(keyspace.heap, entry) - count, count);
}

function dropOne(keyspace: Keyspace, entry: number, isAtHead: boolean): void {
  const heap = keyspace.heap;
  const block = valueBlockOf(heap, entry);
  if (!isListpack(heap, entry)) {
    if (!dropFromQuicklist(heap, block, isAtHead, keyspace.limits)) throw new OutOfMemoryError();
    return;
  }
  dropEntry(heap, block, isAtHead);
  shrinkBlock(heap, entry, block);
}

function shrinkBlock(heap: Heap, entry: number, block: number): void {
  const now = shrinkNode(heap, block);
  if (now !== block) setValueBlock(heap, entry, now);
}

/** Sees to it that taking `count` elements from `index` on out needs no more memory: for commands that reply before they do it. */
export function prepareDeletion(keyspace: Keyspace, entry: number, index: number, count: number): void {
  const heap = keyspace.heap;
  if (isListpack(heap, entry)) return;
  if (!prepareRange(heap, valueBlockOf(heap, entry), index, count)) throw new OutOfMemoryError();
}

/** The same for the one element at an end. O(1). */
export function preparePop(keyspace: Keyspace, entry: number, isAtHead: boolean): void {
  const heap = keyspace.heap;
  if (isListpack(heap, entry)) return;
  if (!prepareEnd(heap, valueBlockOf(heap, entry), isAtHead)) throw new OutOfMemoryError();
}

/** Takes out `count` elements from `index` on, which are there. O(log nodes, at worst nodes from the nearer end + nodes taken out). */
export function deleteFromList(keyspace: Keyspace, entry: number, index: number, count: number): void {
  if (count === 0) return;
  const heap = keyspace.heap;
  const block = valueBlockOf(heap, entry);
  if (!isListpack(heap, entry)) {
    if (!deleteRange(heap, block, scratch, index, count, keyspace.limits)) throw new OutOfMemoryError();
    return;
  }
  cutFromNode(heap, block, index, count);
  shrinkBlock(heap, entry, block);
}

/** Stands the cursor at the first element. O(1). */
export function openListHead(heap: Heap, entry: number, cursor: QuicklistCursor): boolean {
  const block = valueBlockOf(heap, entry);
  return toFirstOf(heap, cursor, isListpack(heap, entry) ? block : headNode(heap, block));
}

/** Stands the cursor at the last element. O(1). */
export function openListTail(heap: Heap, entry: number, cursor: QuicklistCursor): boolean {
  const block = valueBlockOf(heap, entry);
  return toLastOf(heap, cursor, isListpack(heap, entry) ? block : tailNode(heap, block));
}

/** Stands the cursor at element `index`, from 0 on. False when there is none. O(log nodes), at worst O(nodes from the nearer end). */
export function openListAt(heap: Heap, entry: number, cursor: QuicklistCursor, index: number): boolean {
  return seek(heap, cursor, quicklistOf(heap, entry), valueBlockOf(heap, entry), index);
}

/** Puts a text before or after the cursor's element, and closes the cursor. The list has grown for it (growList). */
export function insertIntoList(
  keyspace: Keyspace,
  entry: number,
  cursor: QuicklistCursor,
  isAfter: boolean,
  bytes: Uint8Array,
  offset: number,
  length: number,
): void {
  const heap = keyspace.heap;
  const list = quicklistOf(heap, entry);
  if (!insertAt(heap, list, cursor, isAfter, bytes, offset, length, keyspace.limits)) throw new OutOfMemoryError();
  if (list === NIL) setValueBlock(heap, entry, cursor.node);
}

/** Puts a text in the place of the cursor's element, and closes the cursor. The list has grown for it (growList). */
export function replaceInList(
  keyspace: Keyspace,
  entry: number,
  cursor: QuicklistCursor,
  bytes: Uint8Array,
  offset: number,
  length: number,
): void {
  const heap = keyspace.heap;
  const list = quicklistOf(heap, entry);
  if (!replaceAt(heap, list, cursor, bytes, offset, length, keyspace.limits)) throw new OutOfMemoryError();
  if (list === NIL) setValueBlock(heap, entry, cursor.node);
}

/**
 * Takes out the first `most` elements that equal a text, seen from the head or from the tail; 0 means all. Returns how many these
 * were. O(n), and the bytes of a node for each.
 */
export function removeFromList(
  keyspace: Keyspace,
  entry: number,
  isFromHead: boolean,
  most: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): number {
  const heap = keyspace.heap;
  const list = quicklistOf(heap, entry);
  const only = valueBlockOf(heap, entry);
  const removed = removeEqual(heap, list, only, scratch, isFromHead, most, bytes, offset, length, keyspace.limits);
  if (removed < 0) throw new OutOfMemoryError();
  if (list === NIL && removed > 0) shrinkBlock(heap, entry, valueBlockOf(heap, entry));
  return removed;
}

/** The quicklist of an entry; NIL when its list is a node on its own. */
export function quicklistOf(heap: Heap, entry: number): number {
  return isListpack(heap, entry) ? NIL : valueBlockOf(heap, entry);
}

/** The first node of a list of either encoding: with nextNode, all of them. */
export function firstListNode(heap: Heap, entry: number): number {
  const block = valueBlockOf(heap, entry);
  return isListpack(heap, entry) ? block : headNode(heap, block);
}

function isListpack(heap: Heap, entry: number): boolean {
  return encodingOf(heap, entry) === ENCODING_LISTPACK;
}
