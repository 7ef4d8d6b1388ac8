/**
 * The checks of a debug heap. Each block is made longer by a canary, and freed blocks wait, poisoned, before they are used again:
 *
 *   live      | what the caller asked for, first filled with 0xA5 | canary 0xCA to the end of the block |
 *   freed     | poison 0xDB ................................................................. |  in a queue, oldest first
 *
 * Found: a free of what is no live block (double or wild), a write beyond the end (at free and at verify), a write
 * after free (when the block leaves the queue and at verify). usableBytes answers just what was asked for, so that a
 * caller who uses more is caught. Errors are thrown at once: they are bugs of the caller, never states to handle.
 * Allocation can be made to fail, after a number of calls or at random, to test how callers cope.
 */
import { allocateBlock, freeBlock, reallocateBlockInPlace, usableBytesOfBlock } from "./blocks.ts";
import { type Heap, type HeapGuard, windowOf } from "./heap.ts";
import { NIL, offsetOf } from "./ref.ts";

const FRESH = 0xa5;
const CANARY = 0xca;
const POISON = 0xdb;
/** Of very large blocks only the two ends are filled and looked at, so that they stay cheap. */
const EDGE_BYTES = 32 * 1024;
const CACHE_LINE_BYTES = 64;
const MINIMUM_CANARY_BYTES = 8;
/** Blocks that wait before they are used again. */
const QUEUE_LENGTH = 64;

export interface CheckOptions {
  /** So many allocations succeed, all further ones answer NIL. */
  failAfter?: number;
  /** Each allocation answers NIL with this probability. */
  failureRate?: number;
  /** Seed of the random failures. */
  failureSeed?: number;
}

export class Checks implements HeapGuard {
  heldBackBytes = 0;
  /** How many allocations may still succeed; may be set at any time. */
  remainingAllocations: number;
  private readonly heap: Heap;
  private readonly failureRate: number;
  private randomState: number;
  /** The length that was asked for, of each live block. */
  private readonly lengths = new Map<number, number>();
  private readonly queue: number[] = [];

  constructor(heap: Heap, options: CheckOptions) {
    this.heap = heap;
    this.remainingAllocations = options.failAfter ?? Infinity;
    this.failureRate = options.failureRate ?? 0;
    this.randomState = (options.failureSeed ?? 1) | 0;
  }

  allocate(byteLength: number): number {
    if (!(byteLength > 0) || this.fails()) return NIL;
    let ref = allocateBlock(this.heap, lengthWithCanary(byteLength));
    if (ref === NIL && this.queue.length > 0) {
      this.drain();
      ref = allocateBlock(this.heap, lengthWithCanary(byteLength));
    }
    if (ref === NIL) return NIL;
    if (this.lengths.has(ref)) throw new Error("heap: the allocator handed out a live block");
    this.lengths.set(ref, byteLength);
    fillEdges(this.heap, ref, byteLength, FRESH);
    this.writeCanary(ref, byteLength);
    return ref;
  }

  free(ref: number): void {
    if (ref === NIL) return;
    const length = this.lengths.get(ref);
    if (length === undefined) throw new Error(this.queue.includes(ref) ? DOUBLE_FREE : WILD_FREE);
    this.checkCanary(ref, length);
    this.lengths.delete(ref);
    const usable = usableBytesOfBlock(this.heap, ref);
    fillEdges(this.heap, ref, usable, POISON);
    this.heldBackBytes += usable;
    this.queue.push(ref);
    if (this.queue.length > QUEUE_LENGTH) this.releaseOldest();
  }

  usableBytes(ref: number): number {
    return ref === NIL ? 0 : this.lengthOf(ref);
  }

  reallocateInPlace(ref: number, byteLength: number): boolean {
    if (ref === NIL || !(byteLength > 0)) return false;
    this.checkCanary(ref, this.lengthOf(ref));
    if (!reallocateBlockInPlace(this.heap, ref, lengthWithCanary(byteLength))) return false;
    this.lengths.set(ref, byteLength);
    this.writeCanary(ref, byteLength);
    return true;
  }

  /** Looks at all live blocks and all that wait. O(blocks). */
  verify(): void {
    for (const [ref, length] of this.lengths) this.checkCanary(ref, length);
    for (const ref of this.queue) this.checkPoison(ref);
  }

  /** Gives all waiting blocks to the allocator. */
  drain(): void {
    while (this.queue.length > 0) this.releaseOldest();
  }

  private releaseOldest(): void {
    const ref = this.queue.shift() ?? NIL;
    this.checkPoison(ref);
    this.heldBackBytes -= usableBytesOfBlock(this.heap, ref);
    freeBlock(this.heap, ref);
  }

  private lengthOf(ref: number): number {
    const length = this.lengths.get(ref);
    if (length === undefined) throw new Error(NOT_LIVE);
    return length;
  }

  private fails(): boolean {
    if (this.remainingAllocations <= 0) return true;
    this.remainingAllocations--;
    return this.failureRate > 0 && this.random() < this.failureRate;
  }

  /** A linear congruential generator (constants of Numerical Recipes): good enough to choose victims. 0 to 1. */
  private random(): number {
    this.randomState = (Math.imul(this.randomState, 1664525) + 1013904223) | 0;
    return (this.randomState >>> 8) / 2 ** 24;
  }

  private writeCanary(ref: number, length: number): void {
    const start = offsetOf(ref);
    const usable = usableBytesOfBlock(this.heap, ref);
    windowOf(this.heap, ref).fill(CANARY, start + length, start + usable);
  }

  private checkCanary(ref: number, length: number): void {
    const usable = usableBytesOfBlock(this.heap, ref);
    if (!isFilled(this.heap, ref, length, usable, CANARY)) throw new Error(OVERRUN);
  }

  private checkPoison(ref: number): void {
    const usable = usableBytesOfBlock(this.heap, ref);
    const head = Math.min(usable, EDGE_BYTES);
    const clean = isFilled(this.heap, ref, 0, head, POISON);
    const tail = Math.max(head, usable - EDGE_BYTES);
    if (!clean || !isFilled(this.heap, ref, tail, usable, POISON)) throw new Error(USE_AFTER_FREE);
  }
}

const DOUBLE_FREE = "heap: double free";
const WILD_FREE = "heap: free of a ref that is no live block";
const NOT_LIVE = "heap: the ref is no live block";
const OVERRUN = "heap: a block was written beyond its end";
const USE_AFTER_FREE = "heap: a block was written after it was freed";

/** Multiples of 64 stay so: such blocks keep their alignment. */
function lengthWithCanary(byteLength: number): number {
  return byteLength + (byteLength % CACHE_LINE_BYTES === 0 ? CACHE_LINE_BYTES : MINIMUM_CANARY_BYTES);
}

function fillEdges(heap: Heap, ref: number, length: number, value: number): void {
  const window = windowOf(heap, ref);
  const start = offsetOf(ref);
  window.fill(value, start, start + Math.min(length, EDGE_BYTES));
  if (length > EDGE_BYTES) window.fill(value, start + Math.max(EDGE_BYTES, length - EDGE_BYTES), start + length);
}

function isFilled(heap: Heap, ref: number, from: number, to: number, value: number): boolean {
  const window = windowOf(heap, ref);
  const end = offsetOf(ref) + to;
  for (let at = offsetOf(ref) + from; at < end; at++) {
    if (window[at] !== value) return false;
  }
  return true;
}
