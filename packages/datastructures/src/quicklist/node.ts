/**
 * A node of a list: one block with links to its neighbours and a listpack that has free room on both sides, so that a push or a pop at
 * either end moves no other entry. A short list is one such node and nothing else.
 *
 *   | previous: ref | next: ref | kind and start | free room | listpack | free room |
 *   word 0           1           2                ^12         ^start
 *
 *   word 2   bits 0-28 start: where the listpack begins in the block, in bytes
 *            bit 31: PLAIN, one text and no listpack:        | ... | length | bytes ...
 *            bit 30: COMPRESSED, the listpack through LZF:   | ... | count | listpack's bytes | compressed bytes | bytes ...
 *
 * The listpacks never hold as many entries as would make their count unknown: a node has 64 KiB at most, or one entry.
 */
import { EMPTY_BYTES, listpackBytes, storedCount, writeEmptyListpack } from "../listpack/layout.ts";
import { allocate, copyBytes, NIL, offsetOf, usableBytes, windowOf, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";

const PREVIOUS = 0;
const NEXT = 1;
const KIND_AND_START = 2;
const DETAILS = 3;

/** Where the listpack of a node without room before it begins. */
export const NODE_HEADER_BYTES = 12;
const PLAIN_HEADER_BYTES = 16;
const COMPRESSED_HEADER_BYTES = 24;

const PLAIN = 1 << 31;
const COMPRESSED = 1 << 30;
const START_MASK = (1 << 29) - 1;

export function previousNode(heap: Heap, node: number): number {
  return heap.i32[wordOf(node) + PREVIOUS];
}

export function nextNode(heap: Heap, node: number): number {
  return heap.i32[wordOf(node) + NEXT];
}

export function setPreviousNode(heap: Heap, node: number, previous: number): void {
  heap.i32[wordOf(node) + PREVIOUS] = previous;
}

export function setNextNode(heap: Heap, node: number, next: number): void {
  heap.i32[wordOf(node) + NEXT] = next;
}

/** Whether the node is one text instead of a listpack. */
export function isPlainNode(heap: Heap, node: number): boolean {
  return heap.i32[wordOf(node) + KIND_AND_START] < 0;
}

/** Whether the node's listpack is compressed. */
export function isCompressedNode(heap: Heap, node: number): boolean {
  return (heap.i32[wordOf(node) + KIND_AND_START] & COMPRESSED) !== 0;
}

/** Where the listpack begins in the block; of a node that is neither plain nor compressed. */
export function startOf(heap: Heap, node: number): number {
  return heap.i32[wordOf(node) + KIND_AND_START];
}

/** Says where the listpack begins; the node is then neither plain nor compressed. */
export function setStart(heap: Heap, node: number, start: number): void {
  heap.i32[wordOf(node) + KIND_AND_START] = start & START_MASK;
}

/** Number of entries. O(1). */
export function nodeCount(heap: Heap, node: number): number {
  const word = wordOf(node);
  const kind = heap.i32[word + KIND_AND_START];
  if (kind < 0) return 1;
  if ((kind & COMPRESSED) !== 0) return heap.i32[word + DETAILS];
  return storedCount(windowOf(heap, node), (offsetOf(node) + kind) | 0);
}

/** Bytes of the listpack, uncompressed, or of the text of a plain node. O(1). */
export function nodeBytes(heap: Heap, node: number): number {
  const word = wordOf(node);
  const kind = heap.i32[word + KIND_AND_START];
  if (kind < 0) return heap.i32[word + DETAILS];
  if ((kind & COMPRESSED) !== 0) return heap.i32[word + DETAILS + 1];
  return listpackBytes(windowOf(heap, node), (offsetOf(node) + kind) | 0);
}

/** Where the text of a plain node begins in its window. */
export function plainOffset(node: number): number {
  return offsetOf(node) + PLAIN_HEADER_BYTES;
}

/** Bytes of a compressed node's compressed form, and where it begins in the window. */
export function compressedBytes(heap: Heap, node: number): number {
  return heap.i32[wordOf(node) + DETAILS + 2];
}

export function compressedOffset(node: number): number {
  return offsetOf(node) + COMPRESSED_HEADER_BYTES;
}

/**
 * A node with an empty listpack and room for `roomBytes` of entries, all of it at the end that is going to be used. NIL: no memory.
 * It has no neighbours yet. O(1).
 */
export function createNode(heap: Heap, roomBytes: number, roomAtHead: boolean): number {
  const node = allocate(heap, NODE_HEADER_BYTES + EMPTY_BYTES + roomBytes);
  if (node === NIL) return NIL;
  const start = roomAtHead ? usableBytes(heap, node) - EMPTY_BYTES : NODE_HEADER_BYTES;
  initialize(heap, node, start);
  writeEmptyListpack(windowOf(heap, node), offsetOf(node) + start);
  return node;
}

/** A node of one text. NIL: no memory. O(length). */
export function createPlainNode(heap: Heap, bytes: Uint8Array, offset: number, length: number): number {
  const node = allocate(heap, PLAIN_HEADER_BYTES + length);
  if (node === NIL) return NIL;
  initialize(heap, node, PLAIN);
  heap.i32[wordOf(node) + DETAILS] = length;
  copyBytes(windowOf(heap, node), plainOffset(node), bytes, offset, length);
  return node;
}

/** A node for a listpack of `byteLength` bytes, which is the caller's to write behind the header. NIL: no memory. */
export function createNodeFor(heap: Heap, byteLength: number): number {
  const node = allocate(heap, NODE_HEADER_BYTES + byteLength);
  if (node !== NIL) initialize(heap, node, NODE_HEADER_BYTES);
  return node;
}

/** A compressed node; the bytes are the LZF form of a listpack of `count` entries and `rawBytes` bytes. NIL: no memory. */
export function createCompressedNode(
  heap: Heap,
  count: number,
  rawBytes: number,
  bytes: Uint8Array,
  length: number,
): number {
  const node = allocate(heap, COMPRESSED_HEADER_BYTES + length);
  if (node === NIL) return NIL;
  initialize(heap, node, COMPRESSED);
  const word = wordOf(node) + DETAILS;
  heap.i32[word] = count;
  heap.i32[word + 1] = rawBytes;
  heap.i32[word + 2] = length;
  copyBytes(windowOf(heap, node), compressedOffset(node), bytes, 0, length);
  return node;
}

function initialize(heap: Heap, node: number, kindAndStart: number): void {
  const word = wordOf(node);
  heap.i32[word + PREVIOUS] = NIL;
  heap.i32[word + NEXT] = NIL;
  heap.i32[word + KIND_AND_START] = kindAndStart;
}

/** Copies the links of a node to the node that takes its place. */
export function copyLinks(heap: Heap, from: number, to: number): void {
  const i32 = heap.i32;
  i32[wordOf(to) + PREVIOUS] = i32[wordOf(from) + PREVIOUS];
  i32[wordOf(to) + NEXT] = i32[wordOf(from) + NEXT];
}
