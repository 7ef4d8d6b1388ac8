/**
 * Putting entries into nodes of a stream: one copy of the texts into place, and no allocation while the node has room.
 *
 * A piece is written as a listpack's entry, and what follows it is written over its back length. Nothing gets beyond the node by that: the
 * last piece of an entry is followed by the entry's back length, which is not shorter.
 */
import { copyBytes } from "../memory/copy-bytes.ts";
import { allocate, free, NIL, offsetOf, reallocateInPlace, usableBytes, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import {
  encodedBytes,
  encodedIntegerBytes,
  isShortText,
  SHORT_TEXT_OVERHEAD_BYTES,
  writeEntry,
  writeIntegerEntry,
  writeShortText,
} from "../listpack/encode.ts";
import { entryEquals } from "../listpack/find.ts";
import { backLengthBytes, contentBytes, EMPTY_BYTES, writeBackLength } from "../listpack/layout.ts";
import type { EntryTexts } from "./entry-texts.ts";
import {
  clearNode,
  countAt,
  countEntries,
  differenceHigh,
  fieldCountPosition,
  FIXED_PIECES,
  FLAG_SAME_FIELDS,
  growNode,
  NODE_HEADER_BYTES,
  streamNodeBytes,
  pieceAfter,
  pieceCount,
} from "./node-layout.ts";
import type { StreamId } from "./stream-id.ts";

/** A whole integer with its back length, or head and back length of any text. */
const PIECE_OVERHEAD_MAXIMUM = 10;
/** A node that must move gets this share of its size as room for more. */
const HEADROOM_SHIFT = 2;

/** What was written since it was set to 0 would take so many bytes in a listpack. */
let asListpack = 0;

/**
 * A node with one entry, whose fields are the node's. The block has room for `capacityBytes` if that is more. NIL without memory.
 */
export function createStreamNode(heap: Heap, texts: EntryTexts, capacityBytes: number): number {
  const fieldCount = texts.count >> 1;
  let needed = NODE_HEADER_BYTES + encodedIntegerBytes(0, fieldCount) + entryBytesAtMost(texts, 0, 0, 0, 0, true);
  for (let index = 0; index < texts.count; index += 2) {
    needed += encodedBytes(texts.bytes, texts.offsets[index], texts.lengths[index]);
  }
  const node = allocate(heap, Math.max(needed, capacityBytes));
  if (node === NIL) return NIL;
  clearNode(heap, node);
  const bytes = windowOf(heap, node);
  asListpack = EMPTY_BYTES;
  let at = writeIntegerPiece(bytes, fieldCountPosition(offsetOf(node)), 0, fieldCount);
  for (let index = 0; index < texts.count; index += 2) at = writeTextPiece(bytes, at, texts, index);
  asListpack += encodedIntegerBytes(0, 0);
  at = writeStreamEntry(bytes, at, texts, 0, 0, 0, 0, true);
  growNode(heap, node, at, asListpack);
  countEntries(heap, node, 1, 0);
  return node;
}

/**
 * Appends an entry to a node whose id is `nodeId`. Returns where the node is now; NIL without memory, nothing changed. O(length of the
 * texts and the fields), and O(bytes) when the node moves.
 */
export function appendToNode(heap: Heap, node: number, nodeId: StreamId, id: StreamId, texts: EntryTexts): number {
  const isSame = hasFieldsOfNode(windowOf(heap, node), offsetOf(node), texts);
  const msLow = (id.msLow - nodeId.msLow) | 0;
  const msHigh = differenceHigh(id.msHigh, id.msLow, nodeId.msHigh, nodeId.msLow);
  const seqLow = (id.seqLow - nodeId.seqLow) | 0;
  const seqHigh = differenceHigh(id.seqHigh, id.seqLow, nodeId.seqHigh, nodeId.seqLow);
  const used = streamNodeBytes(heap, node);
  // most entries fit by far: their size need not be known
  const most = used + texts.totalBytes + (texts.count + FIXED_PIECES + 1) * PIECE_OVERHEAD_MAXIMUM;
  let roomy = node;
  if (most > usableBytes(heap, node)) {
    roomy = withRoom(heap, node, used, used + entryBytesAtMost(texts, msHigh, msLow, seqHigh, seqLow, isSame));
    if (roomy === NIL) return NIL;
  }
  asListpack = 0;
  const at = offsetOf(roomy) + used;
  const end = writeStreamEntry(windowOf(heap, roomy), at, texts, msHigh, msLow, seqHigh, seqLow, isSame);
  growNode(heap, roomy, end, asListpack);
  countEntries(heap, roomy, 1, 0);
  return roomy;
}

/** The node itself if it holds `needed` bytes, or its copy in a larger block; NIL without memory. */
function withRoom(heap: Heap, node: number, used: number, needed: number): number {
  if (needed <= usableBytes(heap, node)) return node;
  if (reallocateInPlace(heap, node, needed + (needed >> HEADROOM_SHIFT))) return node;
  let moved = allocate(heap, needed + (needed >> HEADROOM_SHIFT));
  if (moved === NIL) moved = allocate(heap, needed);
  if (moved === NIL) return NIL;
  copyBytes(windowOf(heap, moved), offsetOf(moved), windowOf(heap, node), offsetOf(node), used);
  free(heap, node);
  return moved;
}

/** Whether the texts' fields are those of the node, in the same order. */
function hasFieldsOfNode(bytes: Uint8Array, start: number, texts: EntryTexts): boolean {
  let at = fieldCountPosition(start);
  if (countAt(bytes, at) !== texts.count >> 1) return false;
  at = pieceAfter(bytes, at);
  for (let index = 0; index < texts.count; index += 2) {
    if (!entryEquals(bytes, at, texts.bytes, texts.offsets[index], texts.lengths[index])) return false;
    at = pieceAfter(bytes, at);
  }
  return true;
}

/** Bytes of an entry; a few too many where texts are long. */
function entryBytesAtMost(
  texts: EntryTexts,
  msHigh: number,
  msLow: number,
  seqHigh: number,
  seqLow: number,
  isSame: boolean,
): number {
  const pieces = pieceCount(texts.count >> 1, isSame);
  let bytes = encodedIntegerBytes(0, 0) + encodedIntegerBytes(msHigh, msLow) + encodedIntegerBytes(seqHigh, seqLow);
  if (!isSame) bytes += encodedIntegerBytes(0, texts.count >> 1);
  for (let index = isSame ? 1 : 0; index < texts.count; index += isSame ? 2 : 1) {
    bytes += encodedBytes(texts.bytes, texts.offsets[index], texts.lengths[index]);
  }
  // a back length is one byte at least
  return bytes - pieces + backLengthBytes(bytes - pieces);
}

/** Writes an entry to bytes[at, ...) and returns the position behind it. */
function writeStreamEntry(
  bytes: Uint8Array,
  at: number,
  texts: EntryTexts,
  msHigh: number,
  msLow: number,
  seqHigh: number,
  seqLow: number,
  isSame: boolean,
): number {
  const fieldCount = texts.count >> 1;
  let position = writeIntegerPiece(bytes, at, 0, isSame ? FLAG_SAME_FIELDS : 0);
  position = writeIntegerPiece(bytes, position, msHigh, msLow);
  position = writeIntegerPiece(bytes, position, seqHigh, seqLow);
  if (!isSame) position = writeIntegerPiece(bytes, position, 0, fieldCount);
  for (let index = isSame ? 1 : 0; index < texts.count; index += isSame ? 2 : 1) {
    position = writeTextPiece(bytes, position, texts, index);
  }
  asListpack += encodedIntegerBytes(0, pieceCount(fieldCount, isSame));
  return position + writeBackLength(bytes, position, position - at);
}

function writeIntegerPiece(bytes: Uint8Array, at: number, high: number, low: number): number {
  const entryBytes = writeIntegerEntry(bytes, at, high, low);
  asListpack += entryBytes;
  return at + entryBytes - 1;
}

function writeTextPiece(bytes: Uint8Array, at: number, texts: EntryTexts, index: number): number {
  const offset = texts.offsets[index];
  const length = texts.lengths[index];
  if (isShortText(texts.bytes, offset, length)) {
    asListpack += length + SHORT_TEXT_OVERHEAD_BYTES;
    return writeShortText(bytes, at, texts.bytes, offset, length);
  }
  asListpack += writeEntry(bytes, at, texts.bytes, offset, length);
  return at + contentBytes(bytes, at);
}
