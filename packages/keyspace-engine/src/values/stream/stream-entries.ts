/** The entries of a stream: adding, deleting, trimming. */
import {
  allocate,
  appendToNode,
  compareIds,
  createIdTree,
  createNodeOfListpack,
  createStreamNode,
  findId,
  free,
  ID_WORDS,
  IdCursor,
  idTreeCount,
  insertId,
  markDeleted,
  NIL,
  NO_SLOT,
  streamNodeBytes,
  NodeCursor,
  nodeDeletedCount,
  nodeListpackBytes,
  nodeLiveCount,
  removeId,
  shrinkStreamNode,
  STREAM_NODE_BYTES_MAXIMUM,
  StreamId,
  wordOf,
} from "@sider/datastructures";
import type { EntryTexts, Heap } from "@sider/datastructures";
import { OutOfMemoryError } from "../../errors.ts";
import type { EncodingLimits } from "../../keyspace/encoding-limits.ts";
import { StreamCursor } from "./stream-cursor.ts";
import {
  ADDED,
  DELETED_ID,
  FIRST_ID,
  INDEX,
  streamIndexOf,
  LAST_ID,
  LENGTH,
  NODE_PAYLOAD_WORDS,
  readMaximalDeletedId,
  STREAM_WORDS,
  TAIL,
  TAIL_ID,
} from "./stream-layout.ts";

/** A new node gets as much room as the one before it needed, so that it is seldom moved; but not more than this. */
const PREDICTED_BYTES_MAXIMUM = 4096;

const tailId = new StreamId();
const someId = new StreamId();
const lowestId = new StreamId();
const highestId = new StreamId().set(-1, -1, -1, -1);
const index = new IdCursor();
const entry = new NodeCursor();
const cursor = new StreamCursor();

/** An empty stream. Throws OutOfMemoryError. */
export function createStream(heap: Heap): number {
  const block = allocate(heap, STREAM_WORDS * 4);
  if (block === NIL) throw new OutOfMemoryError();
  const tree = createIdTree(heap, NODE_PAYLOAD_WORDS);
  if (tree === NIL) {
    free(heap, block);
    throw new OutOfMemoryError();
  }
  const at = wordOf(block);
  heap.i32.fill(0, at, at + STREAM_WORDS);
  heap.i32[at + INDEX] = tree;
  return block;
}

/**
 * Appends an entry whose id is above the last one. Throws OutOfMemoryError with nothing changed. O(length of the texts and of the last
 * node's fields), amortised.
 */
export function appendToStream(
  heap: Heap,
  limits: EncodingLimits,
  block: number,
  id: StreamId,
  texts: EntryTexts,
): void {
  const tail = heap.i32[wordOf(block) + TAIL];
  if (tail === NIL || isFull(heap, limits, tail, texts.totalBytes)) addNode(heap, block, tail, id, texts);
  else {
    const node = appendToNode(heap, tail, tailId.read(heap.i32, wordOf(block) + TAIL_ID), id, texts);
    if (node === NIL) throw new OutOfMemoryError();
    if (node !== tail) moveTail(heap, block, node);
  }
  const i32 = heap.i32;
  const at = wordOf(block);
  i32[at + ADDED] = (i32[at + ADDED] + 1) | 0;
  if (i32[at + ADDED] === 0) i32[at + ADDED + 1]++;
  id.write(i32, at + LAST_ID);
  if (++i32[at + LENGTH] === 1) id.write(i32, at + FIRST_ID);
}

/** The limits of a node are Redis's: the bytes of its listpack with the texts to come, or its entries with the deleted ones. */
function isFull(heap: Heap, limits: EncodingLimits, node: number, textBytes: number): boolean {
  const limit = limits.streamNodeMaxBytes;
  const mostBytes = limit === 0 || limit > STREAM_NODE_BYTES_MAXIMUM ? STREAM_NODE_BYTES_MAXIMUM : limit;
  if (nodeListpackBytes(heap, node) + textBytes >= mostBytes) return true;
  const mostEntries = limits.streamNodeMaxEntries;
  return mostEntries > 0 && nodeLiveCount(heap, node) + nodeDeletedCount(heap, node) >= mostEntries;
}

/** Begins a new node with an entry; the one before gives back what it has too much. */
function addNode(heap: Heap, block: number, tail: number, id: StreamId, texts: EntryTexts): void {
  const usedBefore = tail === NIL ? 0 : streamNodeBytes(heap, tail);
  const node = createStreamNode(heap, texts, Math.min(usedBefore, PREDICTED_BYTES_MAXIMUM));
  if (node === NIL) throw new OutOfMemoryError();
  if (tail !== NIL) {
    const snug = shrinkStreamNode(heap, tail);
    if (snug !== tail) moveTail(heap, block, snug);
  }
  const slot = insertId(heap, streamIndexOf(heap, block), id);
  if (slot === NO_SLOT) {
    free(heap, node);
    throw new OutOfMemoryError();
  }
  heap.i32[slot + ID_WORDS] = node;
  heap.i32[wordOf(block) + TAIL] = node;
  id.write(heap.i32, wordOf(block) + TAIL_ID);
}

/** The last node is elsewhere now. */
function moveTail(heap: Heap, block: number, node: number): void {
  index.seekLast(heap, streamIndexOf(heap, block));
  heap.i32[index.word + ID_WORDS] = node;
  heap.i32[wordOf(block) + TAIL] = node;
}

/** Finds the last node again. */
function refreshTail(heap: Heap, block: number): void {
  const at = wordOf(block);
  if (!index.seekLast(heap, streamIndexOf(heap, block))) {
    heap.i32[at + TAIL] = NIL;
    return;
  }
  heap.i32[at + TAIL] = heap.i32[index.word + ID_WORDS];
  heap.i32.copyWithin(at + TAIL_ID, index.word, index.word + ID_WORDS);
}

/** Removes the node whose id is `id` from the stream, with all its entries. */
function removeNode(heap: Heap, block: number, id: StreamId, node: number): void {
  removeId(heap, streamIndexOf(heap, block), id);
  free(heap, node);
  if (node === heap.i32[wordOf(block) + TAIL]) refreshTail(heap, block);
}

/** Puts the id of the first entry into the block, 0-0 when there is none. O(1), or as many as are deleted before it. */
function refreshFirstId(heap: Heap, block: number): void {
  cursor.open(heap, block, lowestId, highestId, false);
  if (cursor.next()) cursor.id.write(heap.i32, wordOf(block) + FIRST_ID);
  else lowestId.write(heap.i32, wordOf(block) + FIRST_ID);
}

/** Whether there is an entry of this id. O(log nodes + entries of a node). */
export function streamHasEntry(heap: Heap, block: number, id: StreamId): boolean {
  cursor.open(heap, block, id, id, false);
  return cursor.next();
}

/** The id of the last entry that is there; false when there is none. O(1), or as many as are deleted behind it. */
export function readLastEntryId(heap: Heap, block: number, out: StreamId): boolean {
  cursor.open(heap, block, lowestId, highestId, true);
  const isFound = cursor.next();
  if (isFound) out.copy(cursor.id);
  return isFound;
}

/** Deletes the entry of this id (XDEL) and notes it as deleted; false when it is not there. O(log nodes + entries of a node). */
export function deleteFromStream(heap: Heap, block: number, id: StreamId): boolean {
  if (!index.seekAtMost(heap, streamIndexOf(heap, block), id)) return false;
  const node = heap.i32[index.word + ID_WORDS];
  if (!findInNode(heap, index.word, node, id)) return false;
  const at = wordOf(block);
  if (nodeLiveCount(heap, node) === 1) {
    removeNode(heap, block, someId.read(heap.i32, index.word), node);
  } else markDeleted(heap, node, entry.entryPosition);
  heap.i32[at + LENGTH]--;
  if (compareIds(id, someId.read(heap.i32, at + FIRST_ID)) === 0) refreshFirstId(heap, block);
  if (compareIds(id, readMaximalDeletedId(heap, block, someId)) > 0) id.write(heap.i32, at + DELETED_ID);
  return true;
}

/** Points `entry` at the entry of this id in a node. */
function findInNode(heap: Heap, word: number, node: number, id: StreamId): boolean {
  entry.open(heap, node, word);
  let isFound = entry.first();
  while (isFound && compareIds(entry.id, id) < 0) isFound = entry.next();
  return isFound && !entry.isDeleted && compareIds(entry.id, id) === 0;
}

/** How far a stream is trimmed; made once and filled again. */
export class TrimOptions {
  /** Keep at most so many entries; -1: trim by id. */
  mostEntries = -1;
  /** Delete entries below this id. */
  readonly lowestId = new StreamId();
  /** Delete whole nodes only. */
  isApproximate = false;
  /** Delete at most so many entries; 0: no limit. */
  limit = 0;
}

/**
 * Deletes the oldest entries (XTRIM) and returns how many these were. Whole nodes go first; then, unless it is approximate, entries of the
 * next one are marked. O(nodes deleted + entries of a node).
 */
export function trimStream(heap: Heap, block: number, options: TrimOptions): number {
  const at = wordOf(block);
  let deleted = 0;
  while (index.seekFirst(heap, streamIndexOf(heap, block))) {
    const length = heap.i32[at + LENGTH];
    if (options.mostEntries >= 0 && length <= options.mostEntries) break;
    const node = heap.i32[index.word + ID_WORDS];
    const live = nodeLiveCount(heap, node);
    if (options.limit > 0 && deleted + live > options.limit) break;
    if (!goesWhole(heap, index.word, node, length - live, options)) {
      if (!options.isApproximate) deleted += trimNode(heap, block, index.word, node, options);
      break;
    }
    removeNode(heap, block, someId.read(heap.i32, index.word), node);
    heap.i32[at + LENGTH] = length - live;
    deleted += live;
  }
  if (deleted > 0 || heap.i32[at + LENGTH] === 0) refreshFirstId(heap, block);
  return deleted;
}

/** Whether the first node can go with all its entries, `left` being what then stays. */
function goesWhole(heap: Heap, word: number, node: number, left: number, options: TrimOptions): boolean {
  if (options.mostEntries >= 0) return left >= options.mostEntries;
  entry.open(heap, node, word);
  return !entry.last() || compareIds(entry.id, options.lowestId) < 0;
}

/** Marks entries of the first node as deleted, as many as the options say, and returns how many these were. */
function trimNode(heap: Heap, block: number, word: number, node: number, options: TrimOptions): number {
  const at = wordOf(block);
  const wanted = heap.i32[at + LENGTH] - options.mostEntries;
  let count = 0;
  entry.open(heap, node, word);
  let isFound = entry.first();
  while (isFound && (options.mostEntries < 0 ? compareIds(entry.id, options.lowestId) < 0 : count < wanted)) {
    if (!entry.isDeleted) {
      markDeleted(heap, node, entry.entryPosition);
      count++;
    }
    isFound = entry.next();
  }
  heap.i32[at + LENGTH] -= count;
  return count;
}

/** Number of nodes. O(1). */
export function streamNodeCount(heap: Heap, block: number): number {
  return idTreeCount(heap, streamIndexOf(heap, block));
}

/**
 * Adds a node made of a listpack that was validated, as RDB files have it; its entries count from then on. False when there is a node of that id.
 * Throws OutOfMemoryError with nothing changed.
 */
export function addStreamNode(
  heap: Heap,
  block: number,
  id: StreamId,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  const tree = streamIndexOf(heap, block);
  if (findId(heap, tree, id) !== NO_SLOT) return false;
  const node = createNodeOfListpack(heap, bytes, offset, length);
  if (node === NIL) throw new OutOfMemoryError();
  const slot = insertId(heap, tree, id);
  if (slot === NO_SLOT) {
    free(heap, node);
    throw new OutOfMemoryError();
  }
  heap.i32[slot + ID_WORDS] = node;
  heap.i32[wordOf(block) + LENGTH] += nodeLiveCount(heap, node);
  refreshTail(heap, block);
  refreshFirstId(heap, block);
  return true;
}
