/** Putting entries into nodes of a stream: one copy of the texts into place, and no allocation while the node has room. */
import { copyBytes } from "../memory/copy-bytes.ts";
import { allocate, free, NIL, offsetOf, reallocateInPlace, usableBytes, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { replaceInteger } from "../listpack/change.ts";
import { encodedBytes, encodedIntegerBytes, writeEntry, writeIntegerEntry } from "../listpack/encode.ts";
import { entryEquals } from "../listpack/find.ts";
import {
  EMPTY_BYTES,
  listpackBytes,
  storeCount,
  storedCount,
  TERMINATOR,
  writeEmptyListpack,
  writeWord,
} from "../listpack/layout.ts";
import { UNKNOWN_COUNT } from "../listpack/layout.ts";
import type { EntryTexts } from "./entry-texts.ts";
import { countAt, differenceHigh, FIXED_PIECES, FLAG_SAME_FIELDS, livePosition, pieceAfter } from "./node-layout.ts";
import type { StreamId } from "./stream-id.ts";

const FLAGS_BYTES = 2;
/** Head and back length of any text, or a whole integer. */
const PIECE_OVERHEAD_MAXIMUM = 10;
/** A node that must move gets this share of its size as room for more. */
const HEADROOM_SHIFT = 2;

/**
 * A node with one entry, whose fields are the master entry's. The block has room for `capacityBytes` if that is more. NIL without memory.
 */
export function createStreamNode(heap: Heap, texts: EntryTexts, capacityBytes: number): number {
  const fieldCount = texts.count >> 1;
  let master = encodedIntegerBytes(0, 1) + encodedIntegerBytes(0, 0) + encodedIntegerBytes(0, fieldCount);
  for (let index = 0; index < texts.count; index += 2) {
    master += encodedBytes(texts.bytes, texts.offsets[index], texts.lengths[index]);
  }
  master += encodedIntegerBytes(0, 0);
  const needed = EMPTY_BYTES + master + entrySize(texts, 0, 0, 0, 0, true);
  const node = allocate(heap, Math.max(needed, capacityBytes));
  if (node === NIL) return NIL;
  const bytes = windowOf(heap, node);
  const start = offsetOf(node);
  writeEmptyListpack(bytes, start);
  let at = livePosition(start);
  at += writeIntegerEntry(bytes, at, 0, 1);
  at += writeIntegerEntry(bytes, at, 0, 0);
  at += writeIntegerEntry(bytes, at, 0, fieldCount);
  for (let index = 0; index < texts.count; index += 2) {
    at += writeEntry(bytes, at, texts.bytes, texts.offsets[index], texts.lengths[index]);
  }
  at += writeIntegerEntry(bytes, at, 0, 0);
  at = writeStreamEntry(bytes, at, texts, 0, 0, 0, 0, true);
  finish(bytes, start, at, fieldCount * 2 + 5 + FIXED_PIECES);
  return node;
}

/**
 * Appends an entry to a node whose id is `nodeId`. Returns where the node is now; NIL without memory, nothing changed. O(length of the
 * texts and the fields), and O(bytes) when the node moves.
 */
export function appendToNode(heap: Heap, node: number, nodeId: StreamId, id: StreamId, texts: EntryTexts): number {
  const bytes = windowOf(heap, node);
  const start = offsetOf(node);
  const live = countAt(bytes, livePosition(start));
  const liveBytes = pieceAfter(bytes, livePosition(start)) - livePosition(start);
  if (liveBytes !== encodedIntegerBytes(0, live + 1)) return appendWithWiderCount(heap, node, nodeId, id, texts, live);
  const grown = appendEntryOnly(heap, node, nodeId, id, texts);
  if (grown !== NIL) writeIntegerEntry(windowOf(heap, grown), livePosition(offsetOf(grown)), 0, live + 1);
  return grown;
}

/** The 128th entry and some later ones: the count takes another byte, which moves everything. */
function appendWithWiderCount(
  heap: Heap,
  node: number,
  nodeId: StreamId,
  id: StreamId,
  texts: EntryTexts,
  live: number,
): number {
  // room first: what fails then has changed nothing, and what follows does not fail
  const grown = appendEntryOnly(heap, node, nodeId, id, texts, EXTRA_COUNT_BYTES);
  return grown === NIL ? NIL : replaceInteger(heap, grown, livePosition(offsetOf(grown)), 0, live + 1);
}

/** How much longer a count may get by one more. */
const EXTRA_COUNT_BYTES = 4;

function appendEntryOnly(
  heap: Heap,
  node: number,
  nodeId: StreamId,
  id: StreamId,
  texts: EntryTexts,
  spareBytes = 0,
): number {
  const isSame = hasFieldsOfNode(windowOf(heap, node), offsetOf(node), texts);
  const msLow = (id.msLow - nodeId.msLow) | 0;
  const msHigh = differenceHigh(id.msHigh, id.msLow, nodeId.msHigh, nodeId.msLow);
  const seqLow = (id.seqLow - nodeId.seqLow) | 0;
  const seqHigh = differenceHigh(id.seqHigh, id.seqLow, nodeId.seqHigh, nodeId.seqLow);
  const used = listpackBytes(windowOf(heap, node), offsetOf(node));
  // most entries fit by far: their exact size need not be known
  const most = used + spareBytes + texts.totalBytes + (texts.count + FIXED_PIECES + 2) * PIECE_OVERHEAD_MAXIMUM;
  let roomy = node;
  if (most > usableBytes(heap, node)) {
    const size = entrySize(texts, msHigh, msLow, seqHigh, seqLow, isSame);
    roomy = withRoom(heap, node, used, used + size + spareBytes);
    if (roomy === NIL) return NIL;
  }
  const bytes = windowOf(heap, roomy);
  const start = offsetOf(roomy);
  const end = writeStreamEntry(bytes, start + used - 1, texts, msHigh, msLow, seqHigh, seqLow, isSame);
  finish(bytes, start, end, storedCount(bytes, start) + pieceCount(texts, isSame) + 1);
  return roomy;
}

/** Terminator and header of a listpack that ends before `end` and has so many entries. */
function finish(bytes: Uint8Array, start: number, end: number, count: number): void {
  bytes[end] = TERMINATOR;
  writeWord(bytes, start, end + 1 - start);
  storeCount(bytes, start, count < UNKNOWN_COUNT ? count : UNKNOWN_COUNT);
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

/** Whether the texts' fields are those of the master entry, in the same order. */
function hasFieldsOfNode(bytes: Uint8Array, start: number, texts: EntryTexts): boolean {
  let at = pieceAfter(bytes, pieceAfter(bytes, livePosition(start)));
  if (countAt(bytes, at) !== texts.count >> 1) return false;
  at = pieceAfter(bytes, at);
  for (let index = 0; index < texts.count; index += 2) {
    if (!entryEquals(bytes, at, texts.bytes, texts.offsets[index], texts.lengths[index])) return false;
    at = pieceAfter(bytes, at);
  }
  return true;
}

/** Pieces of an entry before the last, which holds this number. */
function pieceCount(texts: EntryTexts, isSame: boolean): number {
  return isSame ? FIXED_PIECES + (texts.count >> 1) : FIXED_PIECES + 1 + texts.count;
}

function entrySize(
  texts: EntryTexts,
  msHigh: number,
  msLow: number,
  seqHigh: number,
  seqLow: number,
  isSame: boolean,
): number {
  let size = FLAGS_BYTES + encodedIntegerBytes(msHigh, msLow) + encodedIntegerBytes(seqHigh, seqLow);
  if (!isSame) size += encodedIntegerBytes(0, texts.count >> 1);
  for (let index = isSame ? 1 : 0; index < texts.count; index += isSame ? 2 : 1) {
    size += encodedBytes(texts.bytes, texts.offsets[index], texts.lengths[index]);
  }
  return size + encodedIntegerBytes(0, pieceCount(texts, isSame));
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
  let position = at + writeIntegerEntry(bytes, at, 0, isSame ? FLAG_SAME_FIELDS : 0);
  position += writeIntegerEntry(bytes, position, msHigh, msLow);
  position += writeIntegerEntry(bytes, position, seqHigh, seqLow);
  if (!isSame) position += writeIntegerEntry(bytes, position, 0, texts.count >> 1);
  for (let index = isSame ? 1 : 0; index < texts.count; index += isSame ? 2 : 1) {
    position += writeEntry(bytes, position, texts.bytes, texts.offsets[index], texts.lengths[index]);
  }
  return position + writeIntegerEntry(bytes, position, 0, pieceCount(texts, isSame));
}
