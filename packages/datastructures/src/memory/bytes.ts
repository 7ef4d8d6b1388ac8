/**
 * Moving bytes between blocks and plain arrays, and comparing them. Ranges are the caller's business: none is checked against the block's length.
 */
import { allocate } from "./allocator.ts";
import { copyBytes } from "./copy-bytes.ts";
import { type Heap, windowOf } from "./heap.ts";
import { NIL, offsetOf, wordOf } from "./ref.ts";

/** Copies source[sourceOffset, + length) into the block, from byteOffset on. O(length). */
export function copyIn(
  heap: Heap,
  ref: number,
  byteOffset: number,
  source: Uint8Array,
  sourceOffset: number,
  length: number,
): void {
  copyBytes(windowOf(heap, ref), offsetOf(ref) + byteOffset, source, sourceOffset, length);
}

/** Copies length bytes of the block, from byteOffset on, to target[targetOffset, ...). O(length). */
export function copyOut(
  heap: Heap,
  ref: number,
  byteOffset: number,
  target: Uint8Array,
  targetOffset: number,
  length: number,
): void {
  copyBytes(target, targetOffset, windowOf(heap, ref), offsetOf(ref) + byteOffset, length);
}

/** Copies from one block to another one. Not for ranges that overlap: see moveWithin. O(length). */
export function copyBlock(
  heap: Heap,
  targetRef: number,
  targetOffset: number,
  sourceRef: number,
  sourceOffset: number,
  length: number,
): void {
  const source = windowOf(heap, sourceRef);
  copyBytes(
    windowOf(heap, targetRef),
    offsetOf(targetRef) + targetOffset,
    source,
    offsetOf(sourceRef) + sourceOffset,
    length,
  );
}

/** A block with a copy of the first `length` bytes of another one. NIL: no memory. O(length). */
export function duplicateBlock(heap: Heap, ref: number, length: number): number {
  const copy = allocate(heap, length);
  if (copy !== NIL) copyBlock(heap, copy, 0, ref, 0, length);
  return copy;
}

/**
 * Copies the first length bytes of one block to the start of another, in whole words: up to 3 bytes more. The quickest way from block to
 * block: it makes no view. O(length).
 */
export function copyBlockStart(heap: Heap, targetRef: number, sourceRef: number, length: number): void {
  const source = wordOf(sourceRef);
  heap.i32.copyWithin(wordOf(targetRef), source, source + ((length + 3) >> 2));
}

/** Moves length bytes inside a block; the ranges may overlap. O(length). */
export function moveWithin(heap: Heap, ref: number, toOffset: number, fromOffset: number, length: number): void {
  const start = offsetOf(ref);
  windowOf(heap, ref).copyWithin(start + toOffset, start + fromOffset, start + fromOffset + length);
}

/** Sets length bytes of the block to one value. O(length). */
export function fillBytes(heap: Heap, ref: number, byteOffset: number, length: number, value: number): void {
  const start = offsetOf(ref) + byteOffset;
  windowOf(heap, ref).fill(value, start, start + length);
}

/** Whether the block holds exactly bytes[offset, + length) at byteOffset. O(length). */
export function equalsBytes(
  heap: Heap,
  ref: number,
  byteOffset: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  const window = windowOf(heap, ref);
  const start = offsetOf(ref) + byteOffset;
  for (let index = 0; index < length; index++) {
    if (window[start + index] !== bytes[offset + index]) return false;
  }
  return true;
}
