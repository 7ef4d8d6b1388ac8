/**
 * A heap for those who only read: views of the buffer of another heap, possibly in another thread. Everything that follows refs works on
 * it; what would allocate finds no memory, and what would free throws.
 *
 * Whose blocks may be read, and when, is for the two threads to agree on. The other heap must be pinned meanwhile.
 */
import { Heap, type HeapGuard, useViews, viewsOf } from "./heap.ts";

const READ_ONLY = "this heap is only read";

function refuse(): never {
  throw new Error(READ_ONLY);
}

const readOnlyGuard: HeapGuard = {
  allocate: () => 0,
  free: refuse,
  usableBytes: refuse,
  reallocateInPlace: () => false,
  verify: refuse,
  drain: refuse,
  heldBackBytes: 0,
};

/** Views of the buffer of a heap (`heap.i32.buffer`). O(1). */
export function heapView(buffer: ArrayBufferLike): Heap {
  const views = viewsOf(buffer);
  const heap = new Heap(views.byteLength, 0, refuse);
  useViews(heap, views);
  heap.guard = readOnlyGuard;
  return heap;
}
