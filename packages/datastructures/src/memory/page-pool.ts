/**
 * The page pool: hands out runs of pages as spans and takes them back, for any use.
 *
 * Free runs are coalesced with their free neighbours at once and kept in bins by length with a bitmap over the bins, so
 * a run that fits well is found in O(1): the same bin is searched a little for the tightest fit, then the next
 * non-empty bin above. What nothing fits is cut from the top, the part that was never in use. A free run at the top
 * becomes part of it again. Runs never cross a window: neither cutting nor coalescing goes over the boundary.
 */
import { growReservation, type Heap } from "./heap.ts";
import * as span from "./span.ts";
import { PAGE_BYTES } from "./size-classes.ts";

const SPAN_SHIFT = span.SPAN_SHIFT;
/** How many runs of a bin of mixed lengths are looked at. */
const BIN_SEARCH_LIMIT = 16;

/**
 * A span of exactly so many pages, 0 when there is no memory (or it would go above the limit). The caller sets its kind
 * and the table entries of inner pages if it wants them; first and last are set here. O(1).
 */
export function takePages(heap: Heap, pages: number): number {
  if (pages > span.WINDOW_PAGES || (heap.usedPages + pages) * PAGE_BYTES > heap.limitBytes) return 0;
  const found = findFreeRun(heap, pages);
  if (found === 0) return takeFromTop(heap, pages);
  unlinkFreeRun(heap, found);
  const start = heap.spans[(found << SPAN_SHIFT) + span.START_PAGE];
  const surplus = heap.spans[(found << SPAN_SHIFT) + span.PAGES] - pages;
  setExtent(heap, found, start, pages);
  heap.spans[(found << SPAN_SHIFT) + span.KIND] = span.LARGE;
  if (surplus > 0) addFreeRun(heap, start + pages, surplus);
  heap.usedPages += pages;
  return found;
}

/** Gives all pages of a span back to the pool; the span's number is void afterwards. O(1). */
export function givePages(heap: Heap, number: number): void {
  const at = number << SPAN_SHIFT;
  const start = heap.spans[at + span.START_PAGE];
  const pages = heap.spans[at + span.PAGES];
  heap.usedPages -= pages;
  releaseRecord(heap, number);
  coalesce(heap, start, pages);
}

/** Cuts a span in use down to so many pages; the rest goes to the pool. O(1). */
export function shrinkSpan(heap: Heap, number: number, pages: number): void {
  const at = number << SPAN_SHIFT;
  const start = heap.spans[at + span.START_PAGE];
  const surplus = heap.spans[at + span.PAGES] - pages;
  if (surplus <= 0) return;
  setExtent(heap, number, start, pages);
  heap.usedPages -= surplus;
  coalesce(heap, start + pages, surplus);
}

/** Lengthens a span in use to so many pages where it lies. False when the pages behind it are not free. O(1). */
export function extendSpan(heap: Heap, number: number, pages: number): boolean {
  const start = heap.spans[(number << SPAN_SHIFT) + span.START_PAGE];
  const current = heap.spans[(number << SPAN_SHIFT) + span.PAGES];
  const missing = pages - current;
  if (missing <= 0) return true;
  if (crossesWindow(start, pages)) return false;
  if ((heap.usedPages + missing) * PAGE_BYTES > heap.limitBytes) return false;
  if (!takeBehind(heap, start + current, missing)) return false;
  setExtent(heap, number, start, pages);
  heap.usedPages += missing;
  return true;
}

/** Takes the pages [page, page + missing) out of the free run that starts there, or from the top. */
function takeBehind(heap: Heap, page: number, missing: number): boolean {
  if (page === heap.topPage) return raiseTop(heap, page + missing);
  const behind = heap.pageTable[page];
  const at = behind << SPAN_SHIFT;
  const available = heap.spans[at + span.PAGES];
  if (heap.spans[at + span.KIND] !== span.FREE) return false;
  if (available < missing) return false;
  unlinkFreeRun(heap, behind);
  releaseRecord(heap, behind);
  if (available > missing) addFreeRun(heap, page + missing, available - missing);
  return true;
}

function crossesWindow(start: number, pages: number): boolean {
  return Math.floor(start / span.WINDOW_PAGES) !== Math.floor((start + pages - 1) / span.WINDOW_PAGES);
}

function takeFromTop(heap: Heap, pages: number): number {
  const start = crossesWindow(heap.topPage, pages)
    ? Math.ceil(heap.topPage / span.WINDOW_PAGES) * span.WINDOW_PAGES
    : heap.topPage;
  const skipped = start - heap.topPage;
  if (!raiseTop(heap, start + pages)) return 0;
  if (skipped > 0) addFreeRun(heap, start - skipped, skipped);
  const taken = newRecord(heap);
  setExtent(heap, taken, start, pages);
  heap.spans[(taken << SPAN_SHIFT) + span.KIND] = span.LARGE;
  heap.usedPages += pages;
  return taken;
}

function raiseTop(heap: Heap, topPage: number): boolean {
  if (topPage * PAGE_BYTES > heap.reservedBytes && !growReservation(heap, topPage)) return false;
  heap.topPage = topPage;
  if (topPage > heap.highestPage) heap.highestPage = topPage;
  return true;
}

/** Makes a free run of pages that are in no span (any more), joined with the free runs at both sides. */
function coalesce(heap: Heap, start: number, pages: number): void {
  const end = start + pages;
  let first = start;
  let last = end;
  if (start % span.WINDOW_PAGES !== 0 && start > 1) first -= absorb(heap, heap.pageTable[start - 1]);
  if (end % span.WINDOW_PAGES !== 0 && end < heap.topPage) last += absorb(heap, heap.pageTable[end]);
  if (last === heap.topPage) lowerTop(heap, first);
  else addFreeRun(heap, first, last - first);
}

/** The free run that ends at a window's end, below the new top, is no neighbour to coalesce with but may go as well. */
function lowerTop(heap: Heap, page: number): void {
  let topPage = page;
  let absorbed = 1;
  while (topPage % span.WINDOW_PAGES === 0 && absorbed > 0) {
    absorbed = absorb(heap, heap.pageTable[topPage - 1]);
    topPage -= absorbed;
  }
  heap.topPage = topPage;
}

/** Dissolves a neighbour if it is a free run; the pages it had. */
function absorb(heap: Heap, neighbour: number): number {
  const at = neighbour << SPAN_SHIFT;
  if (heap.spans[at + span.KIND] !== span.FREE) return 0;
  const pages = heap.spans[at + span.PAGES];
  unlinkFreeRun(heap, neighbour);
  releaseRecord(heap, neighbour);
  return pages;
}

function findFreeRun(heap: Heap, pages: number): number {
  const bin = span.binOf(pages);
  const tight = bin < span.EXACT_BINS ? heap.bins[bin] : searchBin(heap, bin, pages);
  if (tight !== 0) return tight;
  const next = nextBin(heap, bin + 1);
  return next < 0 ? 0 : heap.bins[next];
}

/** The tightest fit among the first runs of a bin; 0 when none of them is long enough. */
function searchBin(heap: Heap, bin: number, pages: number): number {
  let best = 0;
  let bestPages = span.WINDOW_PAGES + 1;
  let candidate = heap.bins[bin];
  for (let looked = 0; candidate !== 0 && looked < BIN_SEARCH_LIMIT; looked++) {
    const at = candidate << SPAN_SHIFT;
    const candidatePages = heap.spans[at + span.PAGES];
    if (candidatePages >= pages && candidatePages < bestPages) {
      best = candidate;
      bestPages = candidatePages;
    }
    candidate = heap.spans[at + span.NEXT];
  }
  return best;
}

/** The first bin from here on that has a run, -1 if there is none. */
function nextBin(heap: Heap, from: number): number {
  const bitmap = heap.binBitmap;
  let mask = -1 << (from & 31);
  for (let word = from >> 5; word < bitmap.length; word++) {
    const bits = bitmap[word] & mask;
    if (bits !== 0) return (word << 5) + 31 - Math.clz32(bits & -bits);
    mask = -1;
  }
  return -1;
}

function addFreeRun(heap: Heap, start: number, pages: number): void {
  const number = newRecord(heap);
  setExtent(heap, number, start, pages);
  const at = number << SPAN_SHIFT;
  const bin = span.binOf(pages);
  const next = heap.bins[bin];
  heap.spans[at + span.KIND] = span.FREE;
  heap.spans[at + span.NEXT] = next;
  heap.spans[at + span.PREVIOUS] = 0;
  if (next !== 0) heap.spans[(next << SPAN_SHIFT) + span.PREVIOUS] = number;
  heap.bins[bin] = number;
  heap.binBitmap[bin >> 5] |= 1 << (bin & 31);
}

function unlinkFreeRun(heap: Heap, number: number): void {
  const at = number << SPAN_SHIFT;
  const bin = span.binOf(heap.spans[at + span.PAGES]);
  const next = heap.spans[at + span.NEXT];
  const previous = heap.spans[at + span.PREVIOUS];
  if (next !== 0) heap.spans[(next << SPAN_SHIFT) + span.PREVIOUS] = previous;
  if (previous !== 0) heap.spans[(previous << SPAN_SHIFT) + span.NEXT] = next;
  else heap.bins[bin] = next;
  if (heap.bins[bin] === 0) heap.binBitmap[bin >> 5] &= ~(1 << (bin & 31));
}

function setExtent(heap: Heap, number: number, start: number, pages: number): void {
  const at = number << SPAN_SHIFT;
  heap.spans[at + span.START_PAGE] = start;
  heap.spans[at + span.PAGES] = pages;
  heap.pageTable[start] = number;
  heap.pageTable[start + pages - 1] = number;
}

/** There are at least as many records as pages, and each span has a page: there is always one left. */
function newRecord(heap: Heap): number {
  const returned = heap.freeSpanRecord;
  if (returned === 0) return heap.nextSpanRecord++;
  heap.freeSpanRecord = heap.spans[(returned << SPAN_SHIFT) + span.NEXT];
  return returned;
}

function releaseRecord(heap: Heap, number: number): void {
  const at = number << SPAN_SHIFT;
  heap.spans[at + span.KIND] = span.UNUSED;
  heap.spans[at + span.NEXT] = heap.freeSpanRecord;
  heap.freeSpanRecord = number;
}
