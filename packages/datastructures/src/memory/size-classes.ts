/**
 * Size classes of small blocks: which sizes exist, and how many blocks of each a slab holds.
 *
 *   class  1   2   3  ...  64 | 65   66  ...   72 | ...  |   97  ...   104
 *   bytes  8  16  24  ... 512 | 576  640 ... 1024 | ...  | 9216  ... 16384
 *          every 8 bytes        8 classes for every doubling: at most 12.5 % is lost inside a block
 *
 * A request of a multiple of 64 bytes always gets a class that is a multiple of 64. Slabs start at a page and blocks lie
 * back to back, so such blocks are aligned to cache lines without any further care.
 */

export const PAGE_BYTES = 4096;
/** Blocks above this are runs of whole pages. */
export const MAXIMUM_SMALL_BYTES = 16384;

const FINE_CLASSES = 64;
/** Where the fine classes end. */
const FINE_BYTES = FINE_CLASSES * 8;
const CLASSES_PER_DOUBLING = 8;
const DOUBLINGS = 5;
/** Classes count from 1; entry 0 of every table is unused. */
export const CLASS_COUNT = FINE_CLASSES + CLASSES_PER_DOUBLING * DOUBLINGS + 1;

const MINIMUM_SLAB_PAGES = 4;
const MAXIMUM_SLAB_PAGES = 16;
const MINIMUM_SLOTS = 4;

const GROWTH_FROM_BYTES = 256;
const GROWTH_STEP_BYTES = 32;

/** Bytes of a block of class c. */
export const classBytes = new Int32Array(CLASS_COUNT);
/** The same in granules. */
export const classGranules = new Int32Array(CLASS_COUNT);
/** Pages of a slab of class c. */
export const classSlabPages = new Int32Array(CLASS_COUNT);
/** Blocks in a slab of class c. */
export const classSlots = new Int32Array(CLASS_COUNT);
/** Class of a size in granules, rounded up: `classOfGranules[(byteLength + 7) >> 3]`. */
export const classOfGranules = new Uint8Array(MAXIMUM_SMALL_BYTES / 8 + 1);

/**
 * What a block of short texts asks for when it has outgrown its own: where classes are so fine that the next text would move it again, a
 * little more than it needs. O(1).
 */
export function withRoomToGrow(byteLength: number): number {
  return byteLength <= GROWTH_FROM_BYTES ? byteLength : (byteLength + GROWTH_STEP_BYTES - 1) & -GROWTH_STEP_BYTES;
}

function bytesOfClass(sizeClass: number): number {
  if (sizeClass <= FINE_CLASSES) return sizeClass * 8;
  const step = sizeClass - FINE_CLASSES - 1;
  const doubling = Math.floor(step / CLASSES_PER_DOUBLING);
  return (
    (FINE_BYTES / CLASSES_PER_DOUBLING) * 2 ** doubling * (CLASSES_PER_DOUBLING + 1 + (step % CLASSES_PER_DOUBLING))
  );
}

/** The number of pages that leaves the smallest share of a slab unused; the smaller number where two are equal. */
function bestSlabPages(bytes: number): number {
  let best = 0;
  let bestWaste = 1;
  for (let pages = MINIMUM_SLAB_PAGES; pages <= MAXIMUM_SLAB_PAGES; pages++) {
    const slabBytes = pages * PAGE_BYTES;
    const waste = (slabBytes % bytes) / slabBytes;
    if (slabBytes < bytes * MINIMUM_SLOTS || waste > bestWaste - 0.005) continue;
    best = pages;
    bestWaste = waste;
  }
  return best;
}

for (let sizeClass = 1; sizeClass < CLASS_COUNT; sizeClass++) {
  const bytes = bytesOfClass(sizeClass);
  const pages = bestSlabPages(bytes);
  classBytes[sizeClass] = bytes;
  classGranules[sizeClass] = bytes / 8;
  classSlabPages[sizeClass] = pages;
  classSlots[sizeClass] = Math.floor((pages * PAGE_BYTES) / bytes);
  classOfGranules.fill(sizeClass, (classGranules[sizeClass - 1] ?? 0) + 1, bytes / 8 + 1);
}
