/**
 * A node of a stream as Redis's listpack, which dumps are made of, and back. `node-layout.ts` has the picture of a node; the listpack is
 *
 *   | live | deleted | field count | field | field | ... | 0 |  entry | entry | ...             "master entry", then the entries
 *
 *   entry with the fields of the master entry   | flags 2 | ms - ms of the node | seq - seq of the node | value | ... | pieces |
 *   entry with other fields                     | flags 0 | ms ... | seq ... | field count | field | value | field | ... | pieces |
 *
 * where each piece has its back length. `pieces` is how many come before it in its entry, so that entries can be read backwards.
 */
import { encodedIntegerBytes, writeIntegerEntry } from "../listpack/encode.ts";
import {
  backLengthBytes,
  contentBytes,
  EMPTY_BYTES,
  HEADER_BYTES,
  SHORT_TEXT,
  storeCount,
  TERMINATOR,
  writeBackLength,
  writeWord,
} from "../listpack/layout.ts";
import { entryBytes } from "../listpack/read.ts";
import { copyBytes } from "../memory/copy-bytes.ts";
import { allocate, NIL, offsetOf, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { shrinkStreamNode } from "./node-change.ts";
import {
  clearNode,
  countAt,
  countEntries,
  fieldCountPosition,
  FIXED_PIECES,
  FLAG_SAME_FIELDS,
  growNode,
  NODE_HEADER_BYTES,
  streamNodeBytes,
  nodeDeletedCount,
  nodeLiveCount,
  pieceCount,
} from "./node-layout.ts";

/** Where the walk reads and writes. */
let from = 0;
let to = 0;
/** What it has read would take so many bytes in a listpack, or it has written so many entries of one. */
let listpackBytes = 0;
let listpackCount = 0;

/** Writes the node's listpack to the beginning of `out`, which has room for nodeListpackBytes. O(bytes). */
export function writeNodeListpack(heap: Heap, node: number, out: Uint8Array): void {
  const bytes = windowOf(heap, node);
  const start = offsetOf(node);
  const end = start + streamNodeBytes(heap, node);
  from = fieldCountPosition(start);
  to = HEADER_BYTES;
  listpackCount = 0;
  putInteger(out, nodeLiveCount(heap, node));
  putInteger(out, nodeDeletedCount(heap, node));
  const fieldCount = countAt(bytes, from);
  unpackPieces(bytes, out, 1 + fieldCount);
  putInteger(out, 0);
  while (from < end) unpackEntry(bytes, out, fieldCount);
  out[to] = TERMINATOR;
  writeWord(out, 0, to + 1);
  storeCount(out, 0, listpackCount);
}

/** One entry of a node to one of a listpack. */
function unpackEntry(bytes: Uint8Array, out: Uint8Array, nodeFieldCount: number): void {
  const begin = from;
  const isSame = (bytes[from] & FLAG_SAME_FIELDS) !== 0;
  unpackPieces(bytes, out, FIXED_PIECES);
  const pieces = pieceCount(isSame ? nodeFieldCount : countAt(bytes, from), isSame);
  unpackPieces(bytes, out, pieces - FIXED_PIECES);
  putInteger(out, pieces);
  from += backLengthBytes(from - begin);
}

/** Most pieces are integers of one byte. */
function unpackPieces(bytes: Uint8Array, out: Uint8Array, pieces: number): void {
  let position = from;
  let at = to;
  for (let left = pieces; left > 0; left--) {
    const head = bytes[position];
    if (head < SHORT_TEXT) {
      out[at] = head;
      out[at + 1] = 1;
      position++;
      at += 2;
      continue;
    }
    const content = contentBytes(bytes, position);
    copyBytes(out, at, bytes, position, content);
    position += content;
    at += content;
    at += writeBackLength(out, at, content);
  }
  from = position;
  to = at;
  listpackCount += pieces;
}

function putInteger(out: Uint8Array, low: number): void {
  to += writeIntegerEntry(out, to, 0, low);
  listpackCount++;
}

/** A node made of the listpack at bytes[start...], which validateStreamListpack has found sound; NIL without memory. O(length). */
export function createNodeOfListpack(heap: Heap, bytes: Uint8Array, start: number, length: number): number {
  // only the header can be longer than that of the listpack
  const node = allocate(heap, length + NODE_HEADER_BYTES);
  if (node === NIL) return NIL;
  clearNode(heap, node);
  const out = windowOf(heap, node);
  from = start + HEADER_BYTES;
  const live = takeInteger(bytes);
  countEntries(heap, node, live, takeInteger(bytes));
  to = fieldCountPosition(offsetOf(node));
  listpackBytes = EMPTY_BYTES;
  const fieldCount = countAt(bytes, from);
  packPieces(bytes, out, 1 + fieldCount);
  skipInteger(bytes);
  while (bytes[from] !== TERMINATOR) packEntry(bytes, out, fieldCount);
  growNode(heap, node, to, listpackBytes);
  return shrinkStreamNode(heap, node);
}

/** One entry of a listpack to one of a node. */
function packEntry(bytes: Uint8Array, out: Uint8Array, nodeFieldCount: number): void {
  const begin = to;
  const isSame = (bytes[from] & FLAG_SAME_FIELDS) !== 0;
  packPieces(bytes, out, FIXED_PIECES);
  packPieces(bytes, out, pieceCount(isSame ? nodeFieldCount : countAt(bytes, from), isSame) - FIXED_PIECES);
  skipInteger(bytes);
  to += writeBackLength(out, to, to - begin);
}

function packPieces(bytes: Uint8Array, out: Uint8Array, pieces: number): void {
  let position = from;
  let at = to;
  for (let left = pieces; left > 0; left--) {
    const content = contentBytes(bytes, position);
    if (content === 1) out[at] = bytes[position];
    else copyBytes(out, at, bytes, position, content);
    position += content + backLengthBytes(content);
    at += content;
  }
  listpackBytes += position - from;
  from = position;
  to = at;
}

/** An integer that is not in the node: written anew it takes its fewest bytes. */
function skipInteger(bytes: Uint8Array): void {
  listpackBytes += encodedIntegerBytes(0, takeInteger(bytes));
}

function takeInteger(bytes: Uint8Array): number {
  const low = countAt(bytes, from);
  from += entryBytes(bytes, from);
  return low;
}
