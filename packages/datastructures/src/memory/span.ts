/**
 * A span is a run of pages with one use. Its record is 8 int32 in `heap.spans`, at 8 times the span's number:
 *
 *   | kind | start page | pages | free head | bump | live | next | previous |
 *
 *   kind       1 .. 104: a slab of that size class; LARGE: one big block; FREE: nobody's; UNUSED: the record is not in use
 *   free head  slabs: ref of the free block that goes next, each holding the ref of the one after it in its first word
 *   bump       slabs: ref of the first block that was never handed out
 *   live       slabs: blocks in use
 *   next, previous  links of the class's list of slabs with free blocks, or of the bin of a free run; 0 ends
 *
 * Spans tile the pages from 1 to the heap's top without gaps, and none crosses a window.
 */

export const SPAN_INTS = 8;
export const SPAN_SHIFT = 3;

export const KIND = 0;
export const START_PAGE = 1;
export const PAGES = 2;
export const FREE_HEAD = 3;
export const BUMP = 4;
export const LIVE = 5;
export const NEXT = 6;
export const PREVIOUS = 7;

export const UNUSED = 0;
export const LARGE = -1;
export const FREE = -2;

/** Pages have 512 granules: `ref >> PAGE_SHIFT` is the page of a ref, `page << PAGE_SHIFT` the ref of a page. */
export const PAGE_SHIFT = 9;
/** Pages of a window of 2 GiB. */
export const WINDOW_PAGES = 2 ** 19;

/** Free runs below this many pages have a bin for each length; above, 16 bins for each doubling. */
export const EXACT_BINS = 64;
const BINS_PER_DOUBLING = 16;
/** Enough for a run of a whole window. */
export const BIN_COUNT = EXACT_BINS + 15 * BINS_PER_DOUBLING;

/** The bin of a free run of so many pages. O(1). */
export function binOf(pages: number): number {
  if (pages < EXACT_BINS) return pages;
  const exponent = 31 - Math.clz32(pages);
  return EXACT_BINS + (exponent - 6) * BINS_PER_DOUBLING + ((pages >> (exponent - 4)) & (BINS_PER_DOUBLING - 1));
}
