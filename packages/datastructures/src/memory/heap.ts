/**
 * The heap: one reservation of memory outside the JavaScript heap, and the bookkeeping of its allocator beside it.
 *
 *   buffer   | FIRST_BYTE | page 0: never used | page 1 | page 2 | ...       top | never touched ...      | capacity
 *   pageTable  one int32 a page: the number of its span (certain for a span's first and last page, and all of a slab's)
 *   spans      8 int32 a span, see span.ts
 *
 * Reserving is not using: the operating system hands out a page when it is first written. Where it refuses a reservation
 * of the full capacity, the heap starts with a smaller one and grows by doubling: a new buffer, a copy, new views. So no
 * view and no index may be kept across a call that may allocate; read `heap.i32` and the others anew.
 */
import { FIRST_BYTE } from "./first-byte.ts";
import { MAXIMUM_CAPACITY_BYTES, WINDOW_BYTES, windowNumberOf } from "./ref.ts";
import { CLASS_COUNT, PAGE_BYTES } from "./size-classes.ts";
import { BIN_COUNT, SPAN_INTS } from "./span.ts";

/** Gives a zeroed buffer of so many bytes or throws a RangeError. */
export type Reserve = (byteLength: number) => ArrayBufferLike;

/** What stands between the callers and the allocator in a debug heap; see checks.ts. */
export interface HeapGuard {
  allocate(byteLength: number): number;
  free(ref: number): void;
  usableBytes(ref: number): number;
  reallocateInPlace(ref: number, byteLength: number): boolean;
  verify(): void;
  /** Gives the freed blocks that are held back to the allocator. */
  drain(): void;
  /** Bytes that the allocator still counts as allocated, but that the caller has freed. */
  readonly heldBackBytes: number;
}

/** Places in `heap.counters`. Doubles in a typed array: adding to them makes no garbage, unlike a big number in a field. */
export const ALLOCATED_BYTES = 0;
export const COUNTER_COUNT = 1;

const SMALLEST_RESERVATION_BYTES = 2 ** 20;

export class Heap {
  /** Words of 4 bytes over the whole reservation; `i32[wordOf(ref)]` is the first of a block. */
  i32: Int32Array;
  /** Doubles over the whole reservation; `f64[doubleOf(ref)]` is the first of a block. */
  f64: Float64Array;
  /** The bytes, in windows of 2 GiB; see windowOf. */
  windows: Uint8Array[];
  /** How far the reservation can go. */
  readonly capacityBytes: number;
  /** What is reserved now: the capacity, unless that was refused. */
  reservedBytes: number;
  /** Pages in use stay below this many bytes; allocate answers NIL beyond. May be changed at any time. */
  limitBytes: number;
  /**
   * Tables that are full on average do not double where more than this would be allocated then: their owner would have to throw entries
   * away to pay for the room for more. Those that are crowded do.
   */
  growthLimitBytes = Infinity;

  /** The rest belongs to the allocator. */
  readonly reserve: Reserve;
  pageTable: Int32Array;
  spans: Int32Array;
  readonly counters = new Float64Array(COUNTER_COUNT);
  /** Per class the first slab with a free block, 0 if none. */
  readonly partialSlabs = new Int32Array(CLASS_COUNT);
  /** Per class its slabs, and its live blocks. Entry 0: large blocks (in use in `liveBlocks` only). */
  readonly slabCounts = new Int32Array(CLASS_COUNT);
  readonly liveBlocks = new Int32Array(CLASS_COUNT);
  /** Per bin the first free run, 0 if none; and a bit for each bin that has one. */
  readonly bins = new Int32Array(BIN_COUNT);
  readonly binBitmap = new Int32Array(Math.ceil(BIN_COUNT / 32));
  /** First page that is in no span; and the highest that it ever was. */
  topPage = 1;
  highestPage = 1;
  /** Pages in slabs and large blocks. */
  usedPages = 0;
  /** Unused span records: a list of returned ones, and the first that was never used. Record 0 stands for none. */
  freeSpanRecord = 0;
  nextSpanRecord = 1;
  guard: HeapGuard | null = null;
  /** Another thread has views of the buffer: the reservation stays as it is, so that they see what is written. */
  isPinned = false;
  /**
   * Gives memory back that nobody uses any more but that is not freed yet; called where an allocation fails, which is then tried once
   * more. May free blocks and nothing else. Null: there is none.
   */
  reclaim: (() => void) | null = null;

  constructor(capacityBytes: number, limitBytes: number, reserve: Reserve) {
    this.capacityBytes = capacityBytes;
    this.limitBytes = limitBytes;
    this.reserve = reserve;
    this.i32 = new Int32Array(0);
    this.f64 = new Float64Array(0);
    this.windows = [];
    this.reservedBytes = 0;
    this.pageTable = new Int32Array(0);
    this.spans = new Int32Array(0);
  }

  /** Bytes of all live blocks, as their sizes were rounded up. O(1). */
  get allocatedBytes(): number {
    return (this.counters[ALLOCATED_BYTES] ?? 0) - (this.guard === null ? 0 : this.guard.heldBackBytes);
  }
}

/** The 2 GiB byte window that a block is in; its bytes start at offsetOf(ref). A block never crosses a window. O(1). */
export function windowOf(heap: Heap, ref: number): Uint8Array {
  return heap.windows[windowNumberOf(ref)];
}

/** A capacity in whole pages between two pages and 16 GiB. */
export function roundCapacity(capacityBytes: number): number {
  const bounded = Math.min(MAXIMUM_CAPACITY_BYTES, Math.max(2 * PAGE_BYTES, capacityBytes));
  return Math.floor(bounded / PAGE_BYTES) * PAGE_BYTES;
}

/** A SharedArrayBuffer, so that other threads can read the heap; an ArrayBuffer on pages where the browser has none. */
export function reserveShared(byteLength: number): ArrayBufferLike {
  return typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(byteLength) : new SharedArrayBuffer(byteLength);
}

/** Reserves so much, or as much of it as is granted, halving. Throws the RangeError when even 1 MiB is refused. */
export function reserveInitial(heap: Heap, byteLength: number): void {
  let bytes = Math.min(byteLength, heap.capacityBytes);
  while (!tryReserve(heap, bytes, bytes <= SMALLEST_RESERVATION_BYTES)) {
    bytes = roundCapacity(Math.max(bytes / 2, SMALLEST_RESERVATION_BYTES));
  }
}

/**
 * Doubles the reservation until it has pageCount pages, or takes what is needed where doubling is refused. O(bytes in use).
 * False when the capacity is reached, nothing is granted or the heap is pinned; it is then as before.
 */
export function growReservation(heap: Heap, pageCount: number): boolean {
  const neededBytes = pageCount * PAGE_BYTES;
  if (neededBytes > heap.capacityBytes || heap.isPinned) return false;
  let bytes = heap.reservedBytes;
  while (bytes < neededBytes) bytes = Math.min(bytes * 2, heap.capacityBytes);
  return tryReserve(heap, bytes, false) || (bytes > neededBytes && tryReserve(heap, neededBytes, false));
}

function tryReserve(heap: Heap, byteLength: number, mustSucceed: boolean): boolean {
  const pages = byteLength / PAGE_BYTES;
  try {
    const buffer = heap.reserve(FIRST_BYTE + byteLength);
    const pageTable = new Int32Array(heap.reserve(pages * 4));
    const spans = new Int32Array(heap.reserve(pages * SPAN_INTS * 4));
    moveTo(heap, buffer, pageTable, spans);
    return true;
  } catch (error) {
    if (mustSucceed || !(error instanceof RangeError)) throw error;
    return false;
  }
}

/** Views of a buffer from its page 0 on. */
export interface HeapViews {
  i32: Int32Array;
  f64: Float64Array;
  /** The 2 GiB windows, the last one shorter. */
  windows: Uint8Array[];
  /** Bytes of all pages. */
  byteLength: number;
}

/** All views are made before the first is replaced: where one is refused, nothing has changed. */
function moveTo(heap: Heap, buffer: ArrayBufferLike, pageTable: Int32Array, spans: Int32Array): void {
  const views = viewsOf(buffer);
  copyUsed(heap.windows, views.windows, heap.topPage * PAGE_BYTES);
  pageTable.set(heap.pageTable.subarray(0, heap.topPage));
  spans.set(heap.spans.subarray(0, heap.nextSpanRecord * SPAN_INTS));
  useViews(heap, views);
  heap.pageTable = pageTable;
  heap.spans = spans;
}

/** The heap's pages are those of these views. */
export function useViews(heap: Heap, views: HeapViews): void {
  heap.i32 = views.i32;
  heap.f64 = views.f64;
  heap.windows = views.windows;
  heap.reservedBytes = views.byteLength;
}

/** The views of a buffer that was reserved for a heap. */
export function viewsOf(buffer: ArrayBufferLike): HeapViews {
  const byteLength = buffer.byteLength - FIRST_BYTE;
  const windows: Uint8Array[] = [];
  for (let start = 0; start < byteLength; start += WINDOW_BYTES) {
    windows.push(new Uint8Array(buffer, FIRST_BYTE + start, Math.min(WINDOW_BYTES, byteLength - start)));
  }
  const i32 = new Int32Array(buffer, FIRST_BYTE, byteLength / 4);
  const f64 = new Float64Array(buffer, FIRST_BYTE, byteLength / 8);
  return { i32, f64, windows, byteLength };
}

function copyUsed(from: Uint8Array[], to: Uint8Array[], usedBytes: number): void {
  for (const [index, source] of from.entries()) {
    const length = Math.min(source.length, usedBytes - index * WINDOW_BYTES);
    if (length > 0) to[index]?.set(source.subarray(0, length));
  }
}
