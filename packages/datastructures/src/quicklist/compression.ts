/**
 * Nodes under LZF (list-compress-depth): those that are `depth` or more away from both ends are kept compressed, if that gains something.
 *
 *   depth 1:    raw | compressed | compressed | ... | compressed | raw
 *
 * Compressing is an offer: where there is no memory for it the node stays as it is, and so does one at an end that cannot be uncompressed.
 * Whoever changes a node makes it raw first (rawNode) and hands it back afterwards (settleNode); who only reads it uncompresses it
 * elsewhere (uncompress).
 */
import { listpackBytes } from "../listpack/index.ts";
import { LzfCompressor, lzfDecompress } from "../lzf/index.ts";
import { copyBytes, free, NIL, offsetOf, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { headNode, quicklistNodes, replaceNode, tailNode } from "./list-block.ts";
import {
  compressedBytes,
  compressedOffset,
  copyLinks,
  createCompressedNode,
  createNodeFor,
  isCompressedNode,
  isPlainNode,
  nextNode,
  nodeBytes,
  nodeCount,
  NODE_HEADER_BYTES,
  previousNode,
  startOf,
} from "./node.ts";

/** Redis's bounds: smaller listpacks are not worth it, nor is a gain of less. */
const COMPRESSED_FROM_BYTES = 48;
const GAIN_BYTES = 8;
/** Larger ones have one entry, and would need as large a scratch. */
const COMPRESSED_TO_BYTES = 1024 * 1024;

const compressor = new LzfCompressor();
/** Both sides of the codec are plain memory: it reads and writes single bytes. */
let raw = new Uint8Array(64 * 1024);
let packed = new Uint8Array(64 * 1024);

/** Writes the listpack of a compressed node to target[at, + nodeBytes). O(bytes). */
export function uncompress(heap: Heap, node: number, target: Uint8Array, at: number): void {
  const length = compressedBytes(heap, node);
  const rawBytes = nodeBytes(heap, node);
  reserve(rawBytes);
  copyBytes(packed, 0, windowOf(heap, node), compressedOffset(node), length);
  if (!lzfDecompress(packed, 0, length, raw, rawBytes)) throw new Error(CORRUPT);
  copyBytes(target, at, raw, 0, rawBytes);
}

const CORRUPT = "a compressed node does not give its listpack";

/** The node, uncompressed: as it is, or a new one in its place. NIL: no memory. O(1), or O(bytes). */
export function rawNode(heap: Heap, list: number, node: number): number {
  if (!isCompressedNode(heap, node)) return node;
  const now = createNodeFor(heap, nodeBytes(heap, node));
  if (now === NIL) return NIL;
  uncompress(heap, node, windowOf(heap, now), offsetOf(now) + NODE_HEADER_BYTES);
  takePlace(heap, list, node, now);
  return now;
}

/** Compresses a node that lies deep enough; nothing while `depth` is 0. O(depth), and O(bytes). */
export function settleNode(heap: Heap, list: number, node: number, depth: number): void {
  if (depth > 0 && list !== NIL && isDeep(heap, node, depth)) compressNode(heap, list, node);
}

/**
 * After nodes came or went: uncompresses what is near an end now, and compresses what is no longer. With depth 0 nothing is compressed
 * any more, but what is stays so until it is changed. O(depth), and O(bytes).
 */
export function settleEnds(heap: Heap, list: number, depth: number): void {
  if (depth === 0) return;
  const beyondHead = settleFrom(heap, list, headNode(heap, list), depth, true);
  const beyondTail = settleFrom(heap, list, tailNode(heap, list), depth, false);
  if (quicklistNodes(heap, list) <= depth * 2) return;
  const isOne = beyondHead === beyondTail;
  if (beyondHead !== NIL) compressNode(heap, list, beyondHead);
  if (beyondTail !== NIL && !isOne) compressNode(heap, list, beyondTail);
}

/** Uncompresses `depth` nodes from one end on; returns the node beyond them. */
function settleFrom(heap: Heap, list: number, end: number, depth: number, isForward: boolean): number {
  let node = end;
  for (let left = depth; left > 0 && node !== NIL; left--) {
    const now = rawNode(heap, list, node);
    if (now !== NIL) node = now;
    node = isForward ? nextNode(heap, node) : previousNode(heap, node);
  }
  return node;
}

function isDeep(heap: Heap, node: number, depth: number): boolean {
  let before = node;
  let after = node;
  for (let left = depth; left > 0; left--) {
    before = previousNode(heap, before);
    after = nextNode(heap, after);
    if (before === NIL || after === NIL) return false;
  }
  return true;
}

function compressNode(heap: Heap, list: number, node: number): void {
  if (isPlainNode(heap, node) || isCompressedNode(heap, node)) return;
  const from = offsetOf(node) + startOf(heap, node);
  const rawBytes = listpackBytes(windowOf(heap, node), from);
  if (rawBytes < COMPRESSED_FROM_BYTES || rawBytes > COMPRESSED_TO_BYTES) return;
  reserve(rawBytes);
  copyBytes(raw, 0, windowOf(heap, node), from, rawBytes);
  const length = compressor.compress(raw, 0, rawBytes, packed, rawBytes - GAIN_BYTES);
  if (length === 0) return;
  const now = createCompressedNode(heap, nodeCount(heap, node), rawBytes, packed, length);
  if (now !== NIL) takePlace(heap, list, node, now);
}

/** Puts one form of a node in the place of the other. */
function takePlace(heap: Heap, list: number, node: number, now: number): void {
  copyLinks(heap, node, now);
  replaceNode(heap, list, node, now);
  free(heap, node);
}

function reserve(bytes: number): void {
  if (raw.length >= bytes) return;
  raw = new Uint8Array(bytes);
  packed = new Uint8Array(bytes);
}
