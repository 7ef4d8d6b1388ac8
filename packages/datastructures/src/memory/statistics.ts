/** Figures about a heap, for INFO, MEMORY STATS and the benches. */
import type { Heap } from "./heap.ts";
import { PAGE_BYTES } from "./size-classes.ts";

export interface HeapStatistics {
  /** Live blocks, as their sizes were rounded up. */
  allocatedBytes: number;
  /** Pages in slabs and large blocks. */
  usedPagesBytes: number;
  /** Pages that were ever in use: what the operating system has handed out at most. */
  residentBytes: number;
  /** usedPagesBytes / allocatedBytes; 1 for an empty heap. */
  fragmentationRatio: number;
  reservedBytes: number;
  capacityBytes: number;
}

/** The figures of this moment. */
export function heapStatistics(heap: Heap): HeapStatistics {
  const usedPagesBytes = heap.usedPages * PAGE_BYTES;
  return {
    allocatedBytes: heap.allocatedBytes,
    usedPagesBytes,
    residentBytes: heap.highestPage * PAGE_BYTES,
    fragmentationRatio: heap.allocatedBytes === 0 ? 1 : usedPagesBytes / heap.allocatedBytes,
    reservedBytes: heap.reservedBytes,
    capacityBytes: heap.capacityBytes,
  };
}
