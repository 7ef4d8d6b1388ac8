/**
 * Changing the listpack of a node, which is neither plain nor compressed. Functions that make it longer return where the node is now: it
 * may have moved, its links with it, and whoever points at it is to be told. NIL: no memory, nothing changed.
 *
 * Room: a node grows by a sixteenth, then an eighth while it is small, so that many short lists stay snug, and doubles later, up to what a node may hold;
 * beyond that it gets an eighth more, which is what keeps a node that is pushed at one end and popped at the other from being shifted
 * all the time.
 */
import type { TextTarget } from "../listpack/read.ts";
import { isShortText, SHORT_TEXT_OVERHEAD_BYTES, writeShortText } from "../listpack/encode.ts";
import { encodedBytes, entryBytes, lastEntry, moveBytes, writeEntry } from "../listpack/index.ts";
import {
  HEADER_BYTES,
  listpackBytes,
  SHORT_TEXT,
  storeCount,
  storedCount,
  TERMINATOR,
  writeWord,
} from "../listpack/layout.ts";
import { allocate, copyBytes, free, NIL, offsetOf, usableBytes, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { isTooFull } from "./limits.ts";
import { copyLinks, createNodeFor, NODE_HEADER_BYTES, setStart, startOf } from "./node.ts";

/** Up to here a listpack grows by a sixteenth. */
const TINY_BYTES = 512;
/** Up to here it grows by an eighth, and is shifted within its block rather than given a larger one. */
const SMALL_BYTES = 1024;
const MEDIUM_BYTES = 4096;

/** What tells a short text from other entries, in its first byte. */
const SHORT_TEXT_MASK = 0xc0;
/** Where the kind of a node begins in what `startOf` reads. */
const KIND_SHIFT = 30;

/** Adds a text at one end. O(length), amortised. */
export function pushEntry(
  heap: Heap,
  node: number,
  atHead: boolean,
  bytes: Uint8Array,
  offset: number,
  length: number,
  limitBytes: number,
): number {
  const size = encodedBytes(bytes, offset, length);
  const now = makeRoom(heap, node, atHead, size, limitBytes);
  if (now === NIL) return NIL;
  const window = windowOf(heap, now);
  const oldStart = startOf(heap, now);
  const at = (offsetOf(now) + oldStart) | 0;
  const total = listpackBytes(window, at);
  const count = storedCount(window, at);
  let header = at;
  if (atHead) {
    header = (at - size) | 0;
    setStart(heap, now, oldStart - size);
    writeEntry(window, header + HEADER_BYTES, bytes, offset, length);
  } else {
    const end = (at + total - 1) | 0;
    writeEntry(window, end, bytes, offset, length);
    window[end + size] = TERMINATOR;
  }
  writeWord(window, header, total + size);
  storeCount(window, header, count + 1);
  return now;
}

/**
 * Adds a text at one end where that is no more than writing it: the node is a listpack with free room at that end, the text is short and
 * does not look like an integer. The way of nearly all pushes. False, with nothing changed, where `pushEntry` is needed. O(length).
 */
export function pushShortText(
  heap: Heap,
  node: number,
  atHead: boolean,
  bytes: Uint8Array,
  offset: number,
  length: number,
  fill: number,
): boolean {
  const start = startOf(heap, node);
  if (start >>> KIND_SHIFT !== 0 || !isShortText(bytes, offset, length)) return false;
  const window = windowOf(heap, node);
  const at = (offsetOf(node) + start) | 0;
  const total = listpackBytes(window, at);
  const count = storedCount(window, at);
  const size = length + SHORT_TEXT_OVERHEAD_BYTES;
  const room = atHead ? start - NODE_HEADER_BYTES : usableBytes(heap, node) - start - total;
  if (room < size || isTooFull(fill, total, count, length)) return false;
  const header = atHead ? (at - size) | 0 : at;
  if (atHead) setStart(heap, node, start - size);
  const entry = atHead ? (header + HEADER_BYTES) | 0 : (at + total - 1) | 0;
  window[writeShortText(window, entry, bytes, offset, length)] = length + 1;
  if (!atHead) window[entry + size] = TERMINATOR;
  writeWord(window, header, total + size);
  storeCount(window, header, count + 1);
  return true;
}

/** Takes the entry at one end away. Needs no memory. O(1). */
export function dropEntry(heap: Heap, node: number, atHead: boolean): void {
  const window = windowOf(heap, node);
  const start = startOf(heap, node);
  const at = (offsetOf(node) + start) | 0;
  const total = listpackBytes(window, at);
  const count = storedCount(window, at);
  let header = at;
  let size: number;
  if (atHead) {
    size = entryBytes(window, at + HEADER_BYTES);
    header = (at + size) | 0;
    setStart(heap, node, start + size);
  } else {
    const last = lastEntry(window, at);
    size = (at + total - 1 - last) | 0;
    window[last] = TERMINATOR;
  }
  writeWord(window, header, total - size);
  storeCount(window, header, count - 1);
}

/**
 * Points `out` at the text of the entry at one end if `dropShortText` can take that away, which it can of most: the node is a listpack with
 * other entries, the entry a short text, and the block not too large for what stays. O(1).
 */
export function peekShortText(heap: Heap, node: number, atHead: boolean, out: TextTarget): boolean {
  const start = startOf(heap, node);
  if (start >>> KIND_SHIFT !== 0) return false;
  const window = windowOf(heap, node);
  const at = (offsetOf(node) + start) | 0;
  const total = listpackBytes(window, at);
  const end = (at + total - 1) | 0;
  const backLength = window[end - 1];
  const entry = atHead ? (at + HEADER_BYTES) | 0 : (end - 1 - backLength) | 0;
  if (storedCount(window, at) < 2 || entry < at + HEADER_BYTES) return false;
  const length = window[entry] & ~SHORT_TEXT_MASK;
  // A long entry has a longer back length, which does not lead to its beginning.
  if ((window[entry] & SHORT_TEXT_MASK) !== SHORT_TEXT || (!atHead && backLength !== length + 1)) return false;
  if (isTooLarge(usableBytes(heap, node), total - length - SHORT_TEXT_OVERHEAD_BYTES)) return false;
  out.bytes = window;
  out.offset = entry + 1;
  out.length = length;
  return true;
}

/** Takes away the entry at one end, a text of `length` bytes that `peekShortText` has shown. Needs no memory. O(1). */
export function dropShortText(heap: Heap, node: number, atHead: boolean, length: number): void {
  const window = windowOf(heap, node);
  const start = startOf(heap, node);
  const at = (offsetOf(node) + start) | 0;
  const total = (listpackBytes(window, at) - length - SHORT_TEXT_OVERHEAD_BYTES) | 0;
  const count = storedCount(window, at) - 1;
  let header = at;
  if (atHead) {
    header = (at + length + SHORT_TEXT_OVERHEAD_BYTES) | 0;
    setStart(heap, node, start + length + SHORT_TEXT_OVERHEAD_BYTES);
  } else window[at + total - 1] = TERMINATOR;
  writeWord(window, header, total);
  storeCount(window, header, count);
}

/**
 * Makes `newBytes` of room in the place of `oldBytes`, `relative` bytes behind the listpack's start, for the caller to write; the number of
 * entries changes by `countChange`. The shorter side moves. Where it gets no longer it stays where it is and needs no memory. O(bytes).
 */
export function spliceNode(
  heap: Heap,
  node: number,
  relative: number,
  oldBytes: number,
  newBytes: number,
  countChange: number,
  limitBytes: number,
): number {
  const window = windowOf(heap, node);
  const start = startOf(heap, node);
  const at = offsetOf(node) + start;
  const total = listpackBytes(window, at);
  const growth = newBytes - oldBytes;
  const behind = total - relative - oldBytes;
  const headFits = start - NODE_HEADER_BYTES >= growth;
  const tailFits = usableBytes(heap, node) - start - total >= growth;
  let now = node;
  if (headFits && (relative < behind || !tailFits)) {
    moveBytes(window, at - growth, at, relative);
    setStart(heap, node, start - growth);
  } else if (tailFits) {
    moveBytes(window, at + relative + newBytes, at + relative + oldBytes, behind);
  } else {
    now = moveWithGap(heap, node, relative, oldBytes, newBytes, limitBytes);
    if (now === NIL) return NIL;
  }
  const bytes = windowOf(heap, now);
  const header = offsetOf(now) + startOf(heap, now);
  writeWord(bytes, header, total + growth);
  storeCount(bytes, header, storedCount(bytes, header) + countChange);
  return now;
}

/** The listpack in a larger block, with the gap. */
function moveWithGap(
  heap: Heap,
  node: number,
  relative: number,
  oldBytes: number,
  newBytes: number,
  limitBytes: number,
): number {
  const total = listpackBytes(windowOf(heap, node), offsetOf(node) + startOf(heap, node));
  const larger = allocateRoomy(heap, total + newBytes - oldBytes, limitBytes);
  if (larger === NIL) return NIL;
  const source = windowOf(heap, node);
  const target = windowOf(heap, larger);
  const from = offsetOf(node) + startOf(heap, node);
  const to = offsetOf(larger) + NODE_HEADER_BYTES;
  copyBytes(target, to, source, from, relative);
  const behind = relative + oldBytes;
  copyBytes(target, to + relative + newBytes, source, from + behind, total - behind);
  return replaceBlock(heap, node, larger, NODE_HEADER_BYTES);
}

/** Takes out `count` entries, the first of them `relative` bytes behind the listpack's start, `byteLength` bytes together. No memory. */
export function cutEntries(heap: Heap, node: number, relative: number, byteLength: number, count: number): void {
  spliceNode(heap, node, relative, byteLength, 0, -count, 0);
}

/** A new node with the entries from `relative` bytes behind the listpack's start on; they leave the old one. NIL: no memory. */
export function splitNode(heap: Heap, node: number, relative: number, countBefore: number): number {
  const source = windowOf(heap, node);
  const at = offsetOf(node) + startOf(heap, node);
  const moved = listpackBytes(source, at) - relative;
  const count = storedCount(source, at) - countBefore;
  const other = createNodeFor(heap, HEADER_BYTES + moved);
  if (other === NIL) return NIL;
  const bytes = windowOf(heap, node);
  const from = offsetOf(node) + startOf(heap, node);
  const target = windowOf(heap, other);
  const to = offsetOf(other) + NODE_HEADER_BYTES;
  copyBytes(target, to + HEADER_BYTES, bytes, from + relative, moved);
  writeWord(target, to, HEADER_BYTES + moved);
  storeCount(target, to, count);
  bytes[from + relative] = TERMINATOR;
  writeWord(bytes, from, relative + 1);
  storeCount(bytes, from, countBefore);
  return other;
}

/** A new node with the entries of both, to take their place; they stay as they are. NIL: no memory. */
export function joinNodes(heap: Heap, first: number, second: number): number {
  const firstBytes = listpackBytes(windowOf(heap, first), offsetOf(first) + startOf(heap, first));
  const secondBytes = listpackBytes(windowOf(heap, second), offsetOf(second) + startOf(heap, second));
  const total = firstBytes + secondBytes - HEADER_BYTES - 1;
  const joined = createNodeFor(heap, total);
  if (joined === NIL) return NIL;
  const target = windowOf(heap, joined);
  const to = offsetOf(joined) + NODE_HEADER_BYTES;
  const one = windowOf(heap, first);
  const two = windowOf(heap, second);
  const oneAt = offsetOf(first) + startOf(heap, first);
  const twoAt = offsetOf(second) + startOf(heap, second);
  copyBytes(target, to, one, oneAt, firstBytes - 1);
  copyBytes(target, to + firstBytes - 1, two, twoAt + HEADER_BYTES, secondBytes - HEADER_BYTES);
  writeWord(target, to, total);
  storeCount(target, to, storedCount(one, oneAt) + storedCount(two, twoAt));
  return joined;
}

/** Gives a node that uses less than a quarter of its block a smaller one, if there is memory. Returns where it is. O(bytes), amortised O(1). */
export function shrinkNode(heap: Heap, node: number): number {
  const total = listpackBytes(windowOf(heap, node), offsetOf(node) + startOf(heap, node));
  if (!isTooLarge(usableBytes(heap, node), total)) return node;
  const smaller = allocate(heap, NODE_HEADER_BYTES + total + (total >> 3));
  return smaller === NIL ? node : moveListpack(heap, node, smaller, NODE_HEADER_BYTES);
}

/** Whether a block is worth exchanging for a smaller one. */
function isTooLarge(capacity: number, total: number): boolean {
  return capacity > SMALL_BYTES && total <= capacity >> 2;
}

/** Room for `extra` bytes at one end: there, taken from the other end, or in a larger block. */
function makeRoom(heap: Heap, node: number, atHead: boolean, extra: number, limitBytes: number): number {
  const start = startOf(heap, node);
  const headRoom = start - NODE_HEADER_BYTES;
  if (atHead && headRoom >= extra) return node;
  const window = windowOf(heap, node);
  const total = listpackBytes(window, offsetOf(node) + start);
  const tailRoom = usableBytes(heap, node) - start - total;
  if (!atHead && tailRoom >= extra) return node;
  const left = headRoom + tailRoom - extra;
  if (left >= 0 && (total <= SMALL_BYTES || left >= total >> 4)) {
    const kept = left >> 2;
    shift(heap, node, atHead ? NODE_HEADER_BYTES + headRoom + tailRoom - kept : NODE_HEADER_BYTES + kept, total);
    return node;
  }
  return grow(heap, node, atHead, total, extra, limitBytes);
}

function shift(heap: Heap, node: number, start: number, total: number): void {
  const base = offsetOf(node);
  moveBytes(windowOf(heap, node), base + start, base + startOf(heap, node), total);
  setStart(heap, node, start);
}

function grow(heap: Heap, node: number, atHead: boolean, total: number, extra: number, limitBytes: number): number {
  const larger = allocateRoomy(heap, total + extra, limitBytes);
  if (larger === NIL) return NIL;
  return moveListpack(heap, node, larger, atHead ? usableBytes(heap, larger) - total : NODE_HEADER_BYTES);
}

/** A block for a listpack of `byteLength` bytes, with room to grow if there is memory for it. */
function allocateRoomy(heap: Heap, byteLength: number, limitBytes: number): number {
  const bytes = NODE_HEADER_BYTES + byteLength;
  const roomy = allocate(heap, bytes + growthRoom(bytes, limitBytes));
  return roomy === NIL ? allocate(heap, bytes) : roomy;
}

function growthRoom(bytes: number, limitBytes: number): number {
  if (bytes > limitBytes) return limitBytes >> 3;
  if (bytes <= TINY_BYTES) return bytes >> 4;
  const room = bytes <= SMALL_BYTES ? bytes >> 3 : bytes < MEDIUM_BYTES ? bytes >> 1 : bytes;
  if (bytes + room <= limitBytes) return room;
  const left = limitBytes - bytes;
  return left >= bytes >> 4 ? left : limitBytes >> 3;
}

function moveListpack(heap: Heap, node: number, to: number, start: number): number {
  const source = windowOf(heap, node);
  const from = offsetOf(node) + startOf(heap, node);
  copyBytes(windowOf(heap, to), offsetOf(to) + start, source, from, listpackBytes(source, from));
  return replaceBlock(heap, node, to, start);
}

function replaceBlock(heap: Heap, node: number, by: number, start: number): number {
  copyLinks(heap, node, by);
  setStart(heap, by, start);
  free(heap, node);
  return by;
}
