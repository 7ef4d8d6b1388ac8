/**
 * Changes in the midst of a list, at a cursor: insert, replace, delete, delete a range. They serve a list in nodes as well as one that is
 * a single node on its own (`list` is NIL; the caller has seen to it that the node may take the text, and asks the cursor where it is).
 *
 * A full node is split where the text goes in. Nodes that together fit one are joined, but never to the last two: a list changes its
 * encoding where Redis's does. Functions that give false had no memory, and have changed nothing.
 */
import {
  encodedBytes,
  entryBytes,
  entryOrEnd,
  ListpackText,
  previousEntry,
  seekEntry,
  writeEntry,
} from "../listpack/index.ts";
import { END, HEADER_BYTES, TERMINATOR } from "../listpack/layout.ts";
import { free, NIL, offsetOf, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { rawNode, settleEnds, settleNode } from "./compression.ts";
import { openNode, toFirstOf, toLastOf } from "./cursor.ts";
import type { QuicklistCursor } from "./cursor.ts";
import { exceedsNode, nodeLimitBytes } from "./limits.ts";
import type { QuicklistLimits } from "./limits.ts";
import { addToCount, linkNode, quicklistNodes, removeNode, replaceNode, endNode } from "./list-block.ts";
import { cutEntries, joinNodes, shrinkNode, spliceNode, splitNode } from "./node-edit.ts";
import {
  copyLinks,
  isCompressedNode,
  isPlainNode,
  nextNode,
  nodeBytes,
  nodeCount,
  previousNode,
  startOf,
} from "./node.ts";
import { foundIndex, nodeAt } from "./node-at.ts";
import { createNodeOf, hasRoomFor, pushToNode } from "./quicklist.ts";

const given = new ListpackText();

/** Puts a text before or after the cursor's entry; in a list on its own the cursor knows the node then, else it is closed. O(bytes of a node). */
export function insertAt(
  heap: Heap,
  list: number,
  cursor: QuicklistCursor,
  isAfter: boolean,
  bytes: Uint8Array,
  offset: number,
  length: number,
  limits: QuicklistLimits,
): boolean {
  if (!makeRaw(heap, list, cursor)) return false;
  const text = textOf(bytes, offset, length);
  const fill = limits.listMaxListpackSize;
  if (list === NIL || (length < limits.listPlainBytes && hasRoomFor(heap, cursor.node, length, fill))) {
    const relative = relativeOf(cursor) + (isAfter ? entryBytes(cursor.bytes, cursor.position) : 0);
    return spliceText(heap, list, cursor, relative, 0, text, limits);
  }
  const done = insertBeside(heap, list, cursor, isAfter, text, limits);
  if (done) settleEnds(heap, list, limits.listCompressDepth);
  cursor.close();
  return done;
}

/** The cursor's node does not take the text: a neighbour does, or a new node between, or the node is split; `cursor.node` is its first part. */
function insertBeside(
  heap: Heap,
  list: number,
  cursor: QuicklistCursor,
  isAfter: boolean,
  text: ListpackText,
  limits: QuicklistLimits,
): boolean {
  const node = cursor.node;
  if (!isAtEdge(cursor, isAfter)) return insertBySplitting(heap, list, cursor, isAfter, text, limits);
  const neighbour = isAfter ? nextNode(heap, node) : previousNode(heap, node);
  const isPlain = text.length >= limits.listPlainBytes;
  if (neighbour !== NIL && !isPlain && hasRoomFor(heap, neighbour, text.length, limits.listMaxListpackSize)) {
    const now = pushToNode(heap, list, neighbour, isAfter, text.bytes, text.offset, text.length, limits);
    if (now !== NIL) settleNode(heap, list, now, limits.listCompressDepth);
    return now !== NIL;
  }
  const created = createNodeOf(heap, text.bytes, text.offset, text.length, limits, false, isAfter);
  if (created === NIL) return false;
  linkNode(heap, list, created, isAfter ? nextNode(heap, node) : node);
  return true;
}

/** Three parts: what is before, the text in a node of its own, what is behind; those that fit together are joined. */
function insertBySplitting(
  heap: Heap,
  list: number,
  cursor: QuicklistCursor,
  isAfter: boolean,
  text: ListpackText,
  limits: QuicklistLimits,
): boolean {
  const node = cursor.node;
  const relative = relativeOf(cursor) + (isAfter ? entryBytes(cursor.bytes, cursor.position) : 0);
  const created = createNodeOf(heap, text.bytes, text.offset, text.length, limits, false, true);
  if (created === NIL) return false;
  const rest = splitNode(heap, node, relative, entriesBefore(heap, node, relative));
  if (rest === NIL) {
    free(heap, created);
    return false;
  }
  addToCount(heap, list, node, -nodeCount(heap, rest));
  linkNode(heap, list, rest, nextNode(heap, node));
  linkNode(heap, list, created, rest);
  const shrunk = shrinkNode(heap, node);
  replaceNode(heap, list, node, shrunk);
  cursor.node = shrunk;
  const fill = limits.listMaxListpackSize;
  const depth = limits.listCompressDepth;
  if (isAfter) settleNode(heap, list, joinWithNext(heap, list, joinWithNext(heap, list, created, fill), fill), depth);
  else {
    settleNode(heap, list, joinWithNext(heap, list, shrunk, fill), depth);
    settleNode(heap, list, joinWithNext(heap, list, rest, fill), depth);
  }
  return true;
}

/** Puts a text in the place of the cursor's entry. O(bytes of a node). */
export function replaceAt(
  heap: Heap,
  list: number,
  cursor: QuicklistCursor,
  bytes: Uint8Array,
  offset: number,
  length: number,
  limits: QuicklistLimits,
): boolean {
  if (!makeRaw(heap, list, cursor)) return false;
  const text = textOf(bytes, offset, length);
  if (cursor.plainLength < 0 && (list === NIL || length < limits.listPlainBytes)) {
    const oldBytes = entryBytes(cursor.bytes, cursor.position);
    return spliceText(heap, list, cursor, relativeOf(cursor), oldBytes, text, limits);
  }
  const done =
    nodeCount(heap, cursor.node) === 1
      ? replaceWholeNode(heap, list, cursor.node, text, limits)
      : replaceByPlain(heap, list, cursor, text, limits);
  cursor.close();
  return done;
}

function replaceWholeNode(
  heap: Heap,
  list: number,
  node: number,
  text: ListpackText,
  limits: QuicklistLimits,
): boolean {
  const created = createNodeOf(heap, text.bytes, text.offset, text.length, limits, false, false);
  if (created === NIL) return false;
  copyLinks(heap, node, created);
  replaceNode(heap, list, node, created);
  free(heap, node);
  return true;
}

/** A text too large for a listpack in the place of one of several entries. */
function replaceByPlain(
  heap: Heap,
  list: number,
  cursor: QuicklistCursor,
  text: ListpackText,
  limits: QuicklistLimits,
): boolean {
  const relative = relativeOf(cursor);
  const size = entryBytes(cursor.bytes, cursor.position);
  if (!insertBeside(heap, list, cursor, true, text, limits)) return false;
  if (nodeCount(heap, cursor.node) === 1) {
    removeNode(heap, list, cursor.node);
    return true;
  }
  cutEntries(heap, cursor.node, relative, size, 1);
  addToCount(heap, list, cursor.node, -1);
  return true;
}

/**
 * Takes the cursor's entry out and stands the cursor at the one that follows in its direction, or nowhere. A compressed node must have
 * been made raw (makeRaw). In a list on its own the node may be left empty. Needs no memory. O(bytes of a node).
 */
export function deleteAt(heap: Heap, list: number, cursor: QuicklistCursor, isForward: boolean): void {
  const node = cursor.node;
  if (list !== NIL && nodeCount(heap, node) === 1) {
    const beside = isForward ? nextNode(heap, node) : previousNode(heap, node);
    removeNode(heap, list, node);
    if (isForward) toFirstOf(heap, cursor, beside);
    else toLastOf(heap, cursor, beside);
    return;
  }
  const relative = relativeOf(cursor);
  cutEntries(heap, node, relative, entryBytes(cursor.bytes, cursor.position), 1);
  if (list !== NIL) addToCount(heap, list, node, -1);
  openNode(heap, cursor, node);
  const at = cursor.start + relative;
  cursor.position = isForward ? entryOrEnd(cursor.bytes, at) : previousEntry(cursor.bytes, cursor.start, at);
  if (cursor.position !== END) return;
  if (isForward) toFirstOf(heap, cursor, nextNode(heap, node));
  else toLastOf(heap, cursor, previousNode(heap, node));
}

/** Takes `count` entries from `index` on out of a node on its own or of a list's node, which keeps one at least. Needs no memory. O(bytes). */
export function cutFromNode(heap: Heap, node: number, index: number, count: number): void {
  const bytes = windowOf(heap, node);
  const start = offsetOf(node) + startOf(heap, node);
  const from = seekEntry(bytes, start, index);
  const last = seekEntry(bytes, start, index + count - 1);
  cutEntries(heap, node, from - start, last + entryBytes(bytes, last) - from, count);
}

/** Takes `count` entries from `index` on out, which are there. O(log nodes as in `nodeAt`, + nodes taken out). */
export function deleteRange(
  heap: Heap,
  list: number,
  cursor: QuicklistCursor,
  index: number,
  count: number,
  limits: QuicklistLimits,
): boolean {
  if (!prepareRange(heap, list, index, count)) return false;
  cursor.close();
  let node = nodeAt(heap, list, index);
  let from = foundIndex();
  let left = count;
  while (left > 0) {
    const size = nodeCount(heap, node);
    const next = nextNode(heap, node);
    const taken = Math.min(left, size - from);
    if (taken === size) removeNode(heap, list, node);
    else {
      cutFromNode(heap, node, from, taken);
      addToCount(heap, list, node, -taken);
      const now = shrinkNode(heap, node);
      replaceNode(heap, list, node, now);
      settleNode(heap, list, now, limits.listCompressDepth);
    }
    left -= taken;
    from = 0;
    node = next;
  }
  settleEnds(heap, list, limits.listCompressDepth);
  return true;
}

/** Uncompresses the nodes that deleteRange will shorten: it needs no memory then. */
export function prepareRange(heap: Heap, list: number, index: number, count: number): boolean {
  return makeRawAt(heap, list, index) && (count === 1 || makeRawAt(heap, list, index + count - 1));
}

/** The same for the one element at an end. O(1). */
export function prepareEnd(heap: Heap, list: number, atHead: boolean): boolean {
  const node = endNode(heap, list, atHead);
  return !isCompressedNode(heap, node) || rawNode(heap, list, node) !== NIL;
}

function makeRawAt(heap: Heap, list: number, index: number): boolean {
  const node = nodeAt(heap, list, index);
  return !isCompressedNode(heap, node) || rawNode(heap, list, node) !== NIL;
}

/** Sees to it that the cursor's node is not compressed. False: no memory. */
export function makeRaw(heap: Heap, list: number, cursor: QuicklistCursor): boolean {
  if (!isCompressedNode(heap, cursor.node)) return true;
  const relative = relativeOf(cursor);
  const raw = rawNode(heap, list, cursor.node);
  if (raw === NIL) return false;
  openNode(heap, cursor, raw);
  cursor.position = cursor.start + relative;
  return true;
}

/** Joins the node with its next one if both fit one node, two are left, and there is memory. Returns where its entries are. */
export function joinWithNext(heap: Heap, list: number, node: number, fill: number): number {
  const next = nextNode(heap, node);
  if (next === NIL || quicklistNodes(heap, list) <= 2 || !isJoinable(heap, node) || !isJoinable(heap, next))
    return node;
  const together = nodeBytes(heap, node) + nodeBytes(heap, next) - HEADER_BYTES - 1;
  if (exceedsNode(fill, together, nodeCount(heap, node) + nodeCount(heap, next))) return node;
  const joined = joinNodes(heap, node, next);
  if (joined === NIL) return node;
  removeNode(heap, list, next);
  const counted = nodeCount(heap, joined) - nodeCount(heap, node);
  copyLinks(heap, node, joined);
  replaceNode(heap, list, node, joined);
  addToCount(heap, list, joined, counted);
  free(heap, node);
  return joined;
}

function isJoinable(heap: Heap, node: number): boolean {
  return !isPlainNode(heap, node) && !isCompressedNode(heap, node);
}

/** Puts the entry of a text in the place of `oldBytes`; the cursor stands at it afterwards. */
function spliceText(
  heap: Heap,
  list: number,
  cursor: QuicklistCursor,
  relative: number,
  oldBytes: number,
  text: ListpackText,
  limits: QuicklistLimits,
): boolean {
  const node = cursor.node;
  const added = oldBytes === 0 ? 1 : 0;
  const limitBytes = nodeLimitBytes(limits.listMaxListpackSize);
  const newBytes = encodedBytes(text.bytes, text.offset, text.length);
  const now = spliceNode(heap, node, relative, oldBytes, newBytes, added, limitBytes);
  if (now === NIL) return false;
  replaceNode(heap, list, node, now);
  if (list !== NIL) addToCount(heap, list, now, added);
  openNode(heap, cursor, now);
  cursor.position = cursor.start + relative;
  writeEntry(cursor.bytes, cursor.position, text.bytes, text.offset, text.length);
  if (list === NIL) return true;
  settleNode(heap, list, now, limits.listCompressDepth);
  cursor.close();
  return true;
}

/** The text that a change puts in, as one thing to hand on. */
function textOf(bytes: Uint8Array, offset: number, length: number): ListpackText {
  given.bytes = bytes;
  given.offset = offset;
  given.length = length;
  return given;
}

function relativeOf(cursor: QuicklistCursor): number {
  return cursor.position - cursor.start;
}

/** Whether no entry of the node lies beyond the cursor's, in that direction. */
function isAtEdge(cursor: QuicklistCursor, isAfter: boolean): boolean {
  if (cursor.plainLength >= 0) return true;
  if (!isAfter) return relativeOf(cursor) === HEADER_BYTES;
  return cursor.bytes[cursor.position + entryBytes(cursor.bytes, cursor.position)] === TERMINATOR;
}

/** Entries before the place `relative` bytes behind the listpack's start. */
function entriesBefore(heap: Heap, node: number, relative: number): number {
  const bytes = windowOf(heap, node);
  const start = offsetOf(node) + startOf(heap, node);
  let count = 0;
  for (let at = start + HEADER_BYTES; at < start + relative; at += entryBytes(bytes, at)) count++;
  return count;
}
