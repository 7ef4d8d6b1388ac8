/**
 * Both ends of a quicklist: pushing and dropping. Functions that give false had no memory, and have changed nothing.
 */
import type { TextTarget } from "../listpack/read.ts";
import { encodedBytes } from "../listpack/index.ts";
import { EMPTY_BYTES } from "../listpack/layout.ts";
import { NIL } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { rawNode, settleEnds } from "./compression.ts";
import { isTooFull, nodeLimitBytes } from "./limits.ts";
import type { QuicklistLimits } from "./limits.ts";
import {
  addToCount,
  addToEndCount,
  endNode,
  headNode,
  linkNode,
  quicklistNodes,
  removeNode,
  replaceNode,
} from "./list-block.ts";
import { dropEntry, dropShortText, peekShortText, pushEntry, pushShortText, shrinkNode } from "./node-edit.ts";
import { createNode, createPlainNode, isPlainNode, NODE_HEADER_BYTES, nodeBytes, nodeCount } from "./node.ts";

/** From so many nodes on a new one gets all the room that it may use at once: the list will fill it. */
const LONG_LIST_NODES = 4;

/** Adds a text at one end. O(length), amortised. */
export function pushToQuicklist(
  heap: Heap,
  list: number,
  atHead: boolean,
  bytes: Uint8Array,
  offset: number,
  length: number,
  limits: QuicklistLimits,
): boolean {
  const end = endNode(heap, list, atHead);
  const isPlain = length >= limits.listPlainBytes;
  if (!isPlain && end !== NIL && pushShortText(heap, end, atHead, bytes, offset, length, limits.listMaxListpackSize)) {
    addToEndCount(heap, list, 1);
    return true;
  }
  if (isPlain || end === NIL || !hasRoomFor(heap, end, length, limits.listMaxListpackSize)) {
    return addEndNode(heap, list, atHead, bytes, offset, length, limits);
  }
  return pushToNode(heap, list, end, atHead, bytes, offset, length, limits) !== NIL;
}

/** Adds a text at one end of a node that has room for it. Returns where the node is now. NIL: no memory. O(length), amortised. */
export function pushToNode(
  heap: Heap,
  list: number,
  node: number,
  atHead: boolean,
  bytes: Uint8Array,
  offset: number,
  length: number,
  limits: QuicklistLimits,
): number {
  const raw = rawNode(heap, list, node);
  if (raw === NIL) return NIL;
  const limitBytes = nodeLimitBytes(limits.listMaxListpackSize);
  const now = pushEntry(heap, raw, atHead, bytes, offset, length, limitBytes);
  if (now === NIL) return NIL;
  replaceNode(heap, list, raw, now);
  addToCount(heap, list, now, 1);
  return now;
}

/** Whether a text of `length` may join the node; plain nodes take none. O(1). */
export function hasRoomFor(heap: Heap, node: number, length: number, fill: number): boolean {
  return !isPlainNode(heap, node) && !isTooFull(fill, nodeBytes(heap, node), nodeCount(heap, node), length);
}

function addEndNode(
  heap: Heap,
  list: number,
  atHead: boolean,
  bytes: Uint8Array,
  offset: number,
  length: number,
  limits: QuicklistLimits,
): boolean {
  const isLong = quicklistNodes(heap, list) >= LONG_LIST_NODES;
  const node = createNodeOf(heap, bytes, offset, length, limits, isLong, atHead);
  if (node === NIL) return false;
  linkNode(heap, list, node, atHead ? headNode(heap, list) : NIL);
  settleEnds(heap, list, limits.listCompressDepth);
  return true;
}

/** A node with one text in it, with no links. NIL: no memory. O(length). */
export function createNodeOf(
  heap: Heap,
  bytes: Uint8Array,
  offset: number,
  length: number,
  limits: QuicklistLimits,
  isRoomy: boolean,
  roomAtHead: boolean,
): number {
  if (length >= limits.listPlainBytes) return createPlainNode(heap, bytes, offset, length);
  const limitBytes = nodeLimitBytes(limits.listMaxListpackSize);
  const needed = encodedBytes(bytes, offset, length);
  const wanted = isRoomy ? limitBytes - EMPTY_BYTES - NODE_HEADER_BYTES : limitBytes >> 3;
  let node = wanted > needed ? createNode(heap, wanted, roomAtHead) : NIL;
  if (node === NIL) node = createNode(heap, needed, roomAtHead);
  return node === NIL ? NIL : pushEntry(heap, node, roomAtHead, bytes, offset, length, limitBytes);
}

/**
 * Points `out` at the text at one end if that is all that has to be read for `dropPeeked`: a short text, and the list keeps two nodes or
 * more. The quick way of most pops. O(1).
 */
export function peekQuicklist(heap: Heap, list: number, atHead: boolean, out: TextTarget): boolean {
  return quicklistNodes(heap, list) >= 2 && peekShortText(heap, endNode(heap, list, atHead), atHead, out);
}

/** Takes the entry at one end away, a text of `length` bytes that `peekQuicklist` has shown. O(1). */
export function dropPeeked(heap: Heap, list: number, atHead: boolean, length: number): void {
  dropShortText(heap, endNode(heap, list, atHead), atHead, length);
  addToEndCount(heap, list, -1);
}

/** Takes the entry at one end of a list that is not empty away. False: no memory to uncompress its node. O(1), amortised. */
export function dropFromQuicklist(heap: Heap, list: number, atHead: boolean, limits: QuicklistLimits): boolean {
  const end = endNode(heap, list, atHead);
  if (nodeCount(heap, end) === 1) {
    removeNode(heap, list, end);
    settleEnds(heap, list, limits.listCompressDepth);
    return true;
  }
  const raw = rawNode(heap, list, end);
  if (raw === NIL) return false;
  dropEntry(heap, raw, atHead);
  addToEndCount(heap, list, -1);
  const now = shrinkNode(heap, raw);
  replaceNode(heap, list, raw, now);
  return true;
}
