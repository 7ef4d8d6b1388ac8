/**
 * Blocks: the allocator under the checks. A block has no header; the page table tells the span, and that the size.
 *
 *   slab of class c   | block | block | free: next -> | block | ... | never used ...            | rest of the last page |
 *   large block       | page | page | ... |
 *
 * Small blocks come from slabs, spans of some pages that hold blocks of one size. Each slab keeps its own list of free
 * blocks, threaded through them, and counts the live ones, so that an empty slab is seen at once and its pages can
 * serve any other size. One empty slab is kept where it is the only one with room, so that a single block freed and
 * allocated in turns does not move pages.
 *
 * A slab that was full goes to the front of its class's list when a block of it is freed. So the fullest slabs are
 * filled first and the emptier ones get the time to become empty. The other way round is as fast but wastes memory:
 * used over live bytes after three quarters of 500,000 blocks were deleted at random and the rest churned was 1.12 with
 * the front, 1.66 with the back (fragmentation.bench.ts has the workload).
 */
import { ALLOCATED_BYTES, type Heap } from "./heap.ts";
import { extendSpan, givePages, shrinkSpan, takePages } from "./page-pool.ts";
import { NIL, WINDOW_BYTES } from "./ref.ts";
import {
  CLASS_COUNT,
  classBytes,
  classGranules,
  classOfGranules,
  classSlabPages,
  classSlots,
  MAXIMUM_SMALL_BYTES,
  PAGE_BYTES,
} from "./size-classes.ts";
import {
  BUMP,
  FREE_HEAD,
  KIND,
  LARGE,
  LIVE,
  NEXT,
  PAGE_SHIFT,
  PAGES,
  PREVIOUS,
  SPAN_SHIFT,
  START_PAGE,
} from "./span.ts";

/** Place of the large blocks in `heap.liveBlocks`. */
const LARGE_BLOCKS = 0;

/** See allocate in allocator.ts. */
export function allocateBlock(heap: Heap, byteLength: number): number {
  if (byteLength > MAXIMUM_SMALL_BYTES) return allocateLarge(heap, byteLength);
  if (!(byteLength > 0)) return NIL;
  const sizeClass = classOfGranules[(byteLength + 7) >> 3];
  let slab = heap.partialSlabs[sizeClass];
  if (slab === 0) {
    slab = addSlab(heap, sizeClass);
    if (slab === 0) return NIL;
  }
  const at = slab << SPAN_SHIFT;
  const spans = heap.spans;
  let ref = spans[at + FREE_HEAD];
  if (ref !== 0) {
    spans[at + FREE_HEAD] = heap.i32[ref * 2];
  } else {
    ref = spans[at + BUMP];
    spans[at + BUMP] = ref + classGranules[sizeClass];
  }
  const live = spans[at + LIVE] + 1;
  spans[at + LIVE] = live;
  if (live === classSlots[sizeClass]) unlinkSlab(heap, slab, sizeClass);
  heap.counters[ALLOCATED_BYTES] += classBytes[sizeClass];
  heap.liveBlocks[sizeClass]++;
  return ref;
}

/** See free in allocator.ts. */
export function freeBlock(heap: Heap, ref: number): void {
  if (ref === NIL) return;
  const number = heap.pageTable[ref >> PAGE_SHIFT];
  const at = number << SPAN_SHIFT;
  const spans = heap.spans;
  const sizeClass = spans[at + KIND];
  if (sizeClass < 0) {
    freeLarge(heap, number);
    return;
  }
  heap.i32[ref * 2] = spans[at + FREE_HEAD];
  spans[at + FREE_HEAD] = ref;
  const live = spans[at + LIVE] - 1;
  spans[at + LIVE] = live;
  heap.counters[ALLOCATED_BYTES] -= classBytes[sizeClass];
  heap.liveBlocks[sizeClass]--;
  if (live === 0) retireSlab(heap, number, sizeClass);
  else if (live === classSlots[sizeClass] - 1) linkSlab(heap, number, sizeClass);
}

/** See usableBytes in allocator.ts. */
export function usableBytesOfBlock(heap: Heap, ref: number): number {
  if (ref === NIL) return 0;
  const at = heap.pageTable[ref >> PAGE_SHIFT] << SPAN_SHIFT;
  const kind = heap.spans[at + KIND];
  return kind < 0 ? heap.spans[at + PAGES] * PAGE_BYTES : classBytes[kind];
}

/** See reallocateInPlace in allocator.ts. */
export function reallocateBlockInPlace(heap: Heap, ref: number, byteLength: number): boolean {
  if (ref === NIL || !(byteLength > 0) || byteLength > WINDOW_BYTES) return false;
  const number = heap.pageTable[ref >> PAGE_SHIFT];
  const kind = heap.spans[(number << SPAN_SHIFT) + KIND];
  if (kind >= 0) return byteLength <= classBytes[kind];
  const before = heap.usedPages;
  const pages = Math.ceil(byteLength / PAGE_BYTES);
  const fits = extendSpan(heap, number, pages);
  if (fits) shrinkSpan(heap, number, pages);
  heap.counters[ALLOCATED_BYTES] += (heap.usedPages - before) * PAGE_BYTES;
  return fits;
}

/** Gives the empty slabs that were kept to the pool; the number of slabs. O(slabs with free blocks). */
export function releaseEmptySlabs(heap: Heap): number {
  let released = 0;
  for (let sizeClass = 1; sizeClass < CLASS_COUNT; sizeClass++) {
    let slab = heap.partialSlabs[sizeClass];
    while (slab !== 0) {
      const at = slab << SPAN_SHIFT;
      const next = heap.spans[at + NEXT];
      if (heap.spans[at + LIVE] === 0) {
        dropSlab(heap, slab, sizeClass);
        released++;
      }
      slab = next;
    }
  }
  return released;
}

/** Pages from the pool; when it has none, from it and the empty slabs that were kept. */
function takePagesOrEmptySlabs(heap: Heap, pages: number): number {
  const taken = takePages(heap, pages);
  return taken !== 0 || releaseEmptySlabs(heap) === 0 ? taken : takePages(heap, pages);
}

function allocateLarge(heap: Heap, byteLength: number): number {
  if (byteLength > WINDOW_BYTES) return NIL;
  const pages = Math.ceil(byteLength / PAGE_BYTES);
  const number = takePagesOrEmptySlabs(heap, pages);
  if (number === 0) return NIL;
  const at = number << SPAN_SHIFT;
  heap.spans[at + KIND] = LARGE;
  heap.counters[ALLOCATED_BYTES] += pages * PAGE_BYTES;
  heap.liveBlocks[LARGE_BLOCKS]++;
  return heap.spans[at + START_PAGE] << PAGE_SHIFT;
}

function freeLarge(heap: Heap, number: number): void {
  const pages = heap.spans[(number << SPAN_SHIFT) + PAGES];
  heap.counters[ALLOCATED_BYTES] -= pages * PAGE_BYTES;
  heap.liveBlocks[LARGE_BLOCKS]--;
  givePages(heap, number);
}

function addSlab(heap: Heap, sizeClass: number): number {
  const pages = classSlabPages[sizeClass];
  const slab = takePagesOrEmptySlabs(heap, pages);
  if (slab === 0) return 0;
  const at = slab << SPAN_SHIFT;
  const start = heap.spans[at + START_PAGE];
  heap.pageTable.fill(slab, start, start + pages);
  heap.spans[at + KIND] = sizeClass;
  heap.spans[at + FREE_HEAD] = 0;
  heap.spans[at + BUMP] = start << PAGE_SHIFT;
  heap.spans[at + LIVE] = 0;
  linkSlab(heap, slab, sizeClass);
  heap.slabCounts[sizeClass]++;
  return slab;
}

/** An empty slab goes back to the pool, unless it is the only one of its class with room. */
function retireSlab(heap: Heap, slab: number, sizeClass: number): void {
  if (heap.partialSlabs[sizeClass] === slab && heap.spans[(slab << SPAN_SHIFT) + NEXT] === 0) return;
  dropSlab(heap, slab, sizeClass);
}

function dropSlab(heap: Heap, slab: number, sizeClass: number): void {
  unlinkSlab(heap, slab, sizeClass);
  givePages(heap, slab);
  heap.slabCounts[sizeClass]--;
}

function linkSlab(heap: Heap, slab: number, sizeClass: number): void {
  const next = heap.partialSlabs[sizeClass];
  const at = slab << SPAN_SHIFT;
  heap.spans[at + NEXT] = next;
  heap.spans[at + PREVIOUS] = 0;
  if (next !== 0) heap.spans[(next << SPAN_SHIFT) + PREVIOUS] = slab;
  heap.partialSlabs[sizeClass] = slab;
}

function unlinkSlab(heap: Heap, slab: number, sizeClass: number): void {
  const at = slab << SPAN_SHIFT;
  const next = heap.spans[at + NEXT];
  const previous = heap.spans[at + PREVIOUS];
  if (next !== 0) heap.spans[(next << SPAN_SHIFT) + PREVIOUS] = previous;
  if (previous !== 0) heap.spans[(previous << SPAN_SHIFT) + NEXT] = next;
  else heap.partialSlabs[sizeClass] = next;
}
