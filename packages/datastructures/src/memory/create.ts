/** Making a heap: the options, their defaults, and the first reservation. */
import { Checks, type CheckOptions } from "./checks.ts";
import { Heap, reserveInitial, reserveShared, roundCapacity, type Reserve } from "./heap.ts";
import { MAXIMUM_CAPACITY_BYTES } from "./ref.ts";

const GIBIBYTE = 2 ** 30;
const DEFAULT_CAPACITY_BYTES = 4 * GIBIBYTE;

export interface HeapOptions extends CheckOptions {
  /** How much may be reserved, up to 16 GiB; rounded down to pages of 4 KiB. Default 4 GiB. */
  capacityBytes?: number;
  /** How much is reserved at first, where less than the capacity is wanted; doubled (and copied) as needed. */
  initialBytes?: number;
  /** A lower bound for pages in use, changeable later through `heap.limitBytes`. Default: none. */
  limitBytes?: number;
  /** Debug: every call is checked, freed blocks are poisoned, overruns are found; see checks.ts. Slow. Failures ask for it too. */
  checks?: boolean;
  /** Where memory comes from; for tests. Throws a RangeError to refuse. */
  reserve?: Reserve;
}

/** A heap without blocks. Throws a RangeError when not even 1 MiB can be reserved. O(1): only touched pages cost. */
export function createHeap(options: HeapOptions = {}): Heap {
  const capacityBytes = roundCapacity(options.capacityBytes ?? DEFAULT_CAPACITY_BYTES);
  const heap = new Heap(capacityBytes, options.limitBytes ?? Infinity, options.reserve ?? reserveShared);
  reserveInitial(heap, roundCapacity(options.initialBytes ?? capacityBytes));
  const fails = options.failAfter !== undefined || options.failureRate !== undefined;
  if (options.checks === true || fails) heap.guard = new Checks(heap, options);
  return heap;
}

/** The capacity for a machine with so much memory: all of it, since reserving is free, within 1 to 16 GiB. */
export function defaultCapacityBytes(physicalBytes: number): number {
  return roundCapacity(Math.min(MAXIMUM_CAPACITY_BYTES, Math.max(GIBIBYTE, physicalBytes)));
}
