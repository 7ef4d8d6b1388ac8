/**
 * Walks everything that the allocator knows and throws an Error at the first thing that does not add up. For tests and
 * fuzzers; any heap, with checks or without.
 */
import { ALLOCATED_BYTES, type Heap } from "./heap.ts";
import { CLASS_COUNT, classBytes, classGranules, classSlots, PAGE_BYTES } from "./size-classes.ts";
import * as span from "./span.ts";

interface Totals {
  allocatedBytes: number;
  usedPages: number;
  freeRuns: number;
  partialSlabs: number;
}

/** Throws an Error that says what is wrong. O(pages in use + free blocks). */
export function verifyHeap(heap: Heap): void {
  heap.guard?.verify();
  const totals: Totals = { allocatedBytes: 0, usedPages: 0, freeRuns: 0, partialSlabs: 0 };
  let page = 1;
  let previousKind = 0;
  while (page < heap.topPage) {
    const at = heap.pageTable[page] << span.SPAN_SHIFT;
    const kind = heap.spans[at + span.KIND];
    verifyExtent(heap, page, at);
    verifySpan(heap, at, kind, totals);
    if (kind === span.FREE && previousKind === span.FREE && page % span.WINDOW_PAGES !== 0) {
      throw new Error(`page ${page}: two free runs side by side`);
    }
    previousKind = kind;
    page += heap.spans[at + span.PAGES];
  }
  if (previousKind === span.FREE) throw new Error("a free run ends at the top");
  verifyBins(heap, totals.freeRuns);
  verifyPartialLists(heap, totals.partialSlabs);
  expectEqual("pages in use", heap.usedPages, totals.usedPages);
  expectEqual("allocated bytes", heap.counters[ALLOCATED_BYTES], totals.allocatedBytes);
}

function expectEqual(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${what}: counted ${actual}, found ${expected}`);
}

function verifyExtent(heap: Heap, page: number, at: number): void {
  const pages = heap.spans[at + span.PAGES];
  const last = page + pages - 1;
  expectEqual(`page ${page}: start of its span`, heap.spans[at + span.START_PAGE], page);
  if (pages < 1 || last >= heap.topPage) throw new Error(`page ${page}: a span of ${pages} pages`);
  expectEqual(`page ${last}: span of a last page`, heap.pageTable[last], at >> span.SPAN_SHIFT);
  if (Math.floor(page / span.WINDOW_PAGES) !== Math.floor(last / span.WINDOW_PAGES)) {
    throw new Error(`page ${page}: a span crosses a window`);
  }
}

function verifySpan(heap: Heap, at: number, kind: number, totals: Totals): void {
  const pages = heap.spans[at + span.PAGES];
  if (kind === span.FREE) {
    totals.freeRuns++;
    return;
  }
  totals.usedPages += pages;
  if (kind === span.LARGE) totals.allocatedBytes += pages * PAGE_BYTES;
  else if (kind > 0 && kind < CLASS_COUNT) verifySlab(heap, at, kind, totals);
  else throw new Error(`span ${at >> span.SPAN_SHIFT}: kind ${kind}`);
}

function verifySlab(heap: Heap, at: number, sizeClass: number, totals: Totals): void {
  const first = heap.spans[at + span.START_PAGE] << span.PAGE_SHIFT;
  const carvedBytes = (heap.spans[at + span.BUMP] - first) * 8;
  const carved = carvedBytes / classBytes[sizeClass];
  const live = heap.spans[at + span.LIVE];
  const slots = classSlots[sizeClass];
  const free = verifyFreeBlocks(heap, at, sizeClass, carved);
  expectEqual(`slab of class ${sizeClass}: live blocks`, live, carved - free);
  if (carved > slots) throw new Error(`slab of class ${sizeClass}: ${carved} blocks, room for ${slots}`);
  verifyInnerPages(heap, at);
  if (live < slots) totals.partialSlabs++;
  totals.allocatedBytes += live * classBytes[sizeClass];
}

/** Every free block of the slab's list must be one of its blocks, and none be there twice. Their number. */
function verifyFreeBlocks(heap: Heap, at: number, sizeClass: number, carved: number): number {
  const first = heap.spans[at + span.START_PAGE] << span.PAGE_SHIFT;
  const seen = new Set<number>();
  let ref = heap.spans[at + span.FREE_HEAD];
  while (ref !== 0) {
    const slot = (ref - first) / classGranules[sizeClass];
    if (!Number.isInteger(slot) || slot < 0 || slot >= carved) throw new Error(`ref ${ref}: not a block of its slab`);
    if (seen.has(ref)) throw new Error(`ref ${ref}: free twice`);
    seen.add(ref);
    ref = heap.i32[ref * 2];
  }
  return seen.size;
}

function verifyInnerPages(heap: Heap, at: number): void {
  const start = heap.spans[at + span.START_PAGE];
  const pages = heap.spans[at + span.PAGES];
  for (let page = start; page < start + pages; page++) {
    expectEqual(`page ${page}: slab`, heap.pageTable[page], at >> span.SPAN_SHIFT);
  }
}

function verifyBins(heap: Heap, expected: number): void {
  let count = 0;
  for (let bin = 0; bin < span.BIN_COUNT; bin++) {
    const marked = ((heap.binBitmap[bin >> 5] >> (bin & 31)) & 1) === 1;
    if (marked !== (heap.bins[bin] !== 0)) throw new Error(`bin ${bin}: its bit is wrong`);
    for (let run = heap.bins[bin]; run !== 0; count++) {
      const at = run << span.SPAN_SHIFT;
      expectEqual(`bin ${bin}: kind of a run`, heap.spans[at + span.KIND], span.FREE);
      expectEqual(`bin ${bin}: bin of a run`, span.binOf(heap.spans[at + span.PAGES]), bin);
      run = heap.spans[at + span.NEXT];
    }
  }
  expectEqual("free runs in bins", count, expected);
}

function verifyPartialLists(heap: Heap, expected: number): void {
  let count = 0;
  for (let sizeClass = 1; sizeClass < CLASS_COUNT; sizeClass++) {
    let previous = 0;
    for (let slab = heap.partialSlabs[sizeClass]; slab !== 0; count++) {
      const at = slab << span.SPAN_SHIFT;
      expectEqual(`list of class ${sizeClass}: kind`, heap.spans[at + span.KIND], sizeClass);
      expectEqual(`list of class ${sizeClass}: back link`, heap.spans[at + span.PREVIOUS], previous);
      previous = slab;
      slab = heap.spans[at + span.NEXT];
    }
  }
  expectEqual("slabs with free blocks", count, expected);
}
