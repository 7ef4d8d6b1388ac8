/**
 * The allocator's interface: allocate, free, and questions about blocks. A heap with checks sends each call through its
 * guard (checks.ts); a heap without goes straight to the blocks, at the price of one comparison.
 */
import { allocateBlock, freeBlock, reallocateBlockInPlace, usableBytesOfBlock } from "./blocks.ts";
import type { Heap } from "./heap.ts";
import { NIL, WINDOW_BYTES } from "./ref.ts";

/**
 * A block of at least byteLength bytes (a whole number), as a granule ref. NIL when there is no memory, and for lengths
 * below 1 or above 2 GiB; never throws. The contents are undefined. Blocks are aligned to 8 bytes; blocks of a multiple
 * of 64 bytes and all above 256 bytes whose length is rounded to such, to 64. O(1); may move the heap.
 */
export function allocate(heap: Heap, byteLength: number): number {
  const ref = heap.guard === null ? allocateBlock(heap, byteLength) : heap.guard.allocate(byteLength);
  return ref !== NIL || heap.reclaim === null ? ref : allocateAfterReclaim(heap, heap.reclaim, byteLength);
}

function allocateAfterReclaim(heap: Heap, reclaim: () => void, byteLength: number): number {
  if (byteLength < 1 || byteLength > WINDOW_BYTES) return NIL;
  reclaim();
  return heap.guard === null ? allocateBlock(heap, byteLength) : heap.guard.allocate(byteLength);
}

/** Gives a block back, for blocks of any size. NIL is no block: nothing happens. O(1). */
export function free(heap: Heap, ref: number): void {
  if (heap.guard === null) freeBlock(heap, ref);
  else heap.guard.free(ref);
}

/** What the block can hold, in bytes: at least what was asked for. 0 for NIL. O(1). */
export function usableBytes(heap: Heap, ref: number): number {
  return heap.guard === null ? usableBytesOfBlock(heap, ref) : heap.guard.usableBytes(ref);
}

/**
 * True when the block holds byteLength bytes where it is, from now on: because it does already, or because it could be
 * made longer. A large block (above 16 KiB) that gets shorter gives its surplus pages back. False changes nothing. O(1).
 */
export function reallocateInPlace(heap: Heap, ref: number, byteLength: number): boolean {
  return heap.guard === null
    ? reallocateBlockInPlace(heap, ref, byteLength)
    : heap.guard.reallocateInPlace(ref, byteLength);
}
