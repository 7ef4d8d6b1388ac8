/**
 * Changing the listpack of a node, which is neither plain nor compressed. Functions that make it longer return where the node is now: it
 * may have moved, its links with it, and whoever points at it is to be told. NIL: no memory, nothing changed.
 *
 * Room: a node grows by a sixteenth, then an eighth while it is small, so that many short lists stay snug, and doubles later, up to what a node may hold;
 * beyond that it gets an eighth more, which is what keeps a node that is pushed at one end and popped at the other from being shifted
 * all the time.
 */
import { encodedBytes, entryBytes, lastEntry, moveBytes, writeEntry } from "../listpack/index.ts";
import { HEADER_BYTES, listpackBytes, storeCount, storedCount, TERMINATOR, writeWord } from "../listpack/layout.ts";
import { allocate, copyBytes, free, NIL, offsetOf, usableBytes, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { copyLinks, createNodeFor, NODE_HEADER_BYTES, setStart, startOf } from "./node.ts";

/** Up to here a listpack grows by a sixteenth. */
const TINY_BYTES = 512;
/** Up to here it grows by an eighth, and is shifted within its block rather than given a larger one. */
const SMALL_BYTES = 1024;
const MEDIUM_BYTES = 4096;

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
  const capacity = usableBytes(heap, node);
  if (capacity <= SMALL_BYTES) return node;
  const total = listpackBytes(windowOf(heap, node), offsetOf(node) + startOf(heap, node));
  if (total > capacity >> 2) return node;
  const smaller = allocate(heap, NODE_HEADER_BYTES + total + (total >> 3));
  return smaller === NIL ? node : moveListpack(heap, node, smaller, NODE_HEADER_BYTES);
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
