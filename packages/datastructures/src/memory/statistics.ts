/** Figures about a heap, for INFO, MEMORY STATS and the benches. */
import type { Heap } from "./heap.ts";
import { CLASS_COUNT, classBytes, classSlabPages, classSlots, PAGE_BYTES } from "./size-classes.ts";

export interface SizeClassStatistics {
  /** Size of each block. */
  blockBytes: number;
  slabs: number;
  liveBlocks: number;
  /** Room in the slabs for more of them. */
  freeBlocks: number;
  /** Pages of the slabs. */
  slabBytes: number;
}

export interface HeapStatistics {
  /** Live blocks, as their sizes were rounded up. */
  allocatedBytes: number;
  /** Number of live blocks. */
  liveBlocks: number;
  /** Those of them above 16 KiB, which are runs of whole pages. */
  largeBlocks: number;
  /** Pages in slabs and large blocks. */
  usedPagesBytes: number;
  /** Pages that were ever in use: what the operating system has handed out at most. It does not shrink. */
  residentBytes: number;
  /** usedPagesBytes / allocatedBytes; 1 for a heap without blocks. */
  fragmentationRatio: number;
  reservedBytes: number;
  capacityBytes: number;
  /** The size classes that have slabs, small ones first. */
  sizeClasses: SizeClassStatistics[];
}

/** The figures of this moment. O(size classes). */
export function heapStatistics(heap: Heap): HeapStatistics {
  heap.guard?.drain();
  const allocatedBytes = heap.allocatedBytes;
  const usedPagesBytes = heap.usedPages * PAGE_BYTES;
  return {
    allocatedBytes,
    liveBlocks: heap.liveBlocks.reduce((sum, count) => sum + count, 0),
    largeBlocks: heap.liveBlocks[0],
    usedPagesBytes,
    residentBytes: heap.highestPage * PAGE_BYTES,
    fragmentationRatio: allocatedBytes === 0 ? 1 : usedPagesBytes / allocatedBytes,
    reservedBytes: heap.reservedBytes,
    capacityBytes: heap.capacityBytes,
    sizeClasses: statisticsOfClasses(heap),
  };
}

function statisticsOfClasses(heap: Heap): SizeClassStatistics[] {
  const table: SizeClassStatistics[] = [];
  for (let sizeClass = 1; sizeClass < CLASS_COUNT; sizeClass++) {
    const slabs = heap.slabCounts[sizeClass];
    const liveBlocks = heap.liveBlocks[sizeClass];
    if (slabs === 0) continue;
    table.push({
      blockBytes: classBytes[sizeClass],
      slabs,
      liveBlocks,
      freeBlocks: slabs * classSlots[sizeClass] - liveBlocks,
      slabBytes: slabs * classSlabPages[sizeClass] * PAGE_BYTES,
    });
  }
  return table;
}
