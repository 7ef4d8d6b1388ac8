/**
 * What the thread that serves commands (main) and the one that saves (the worker) tell each other: one shared array of words.
 *
 * ```
 *  control words, each in a cache line of its own
 *  ring      entries that main has copied before their change: | copy | database |, RING_SLOTS times
 *  late      two lists of LATE_SLOTS entries that the worker has yet to save, in a stripe that it has otherwise done
 *  stripes   one state for each
 * ```
 *
 * A stripe is a run of STRIPE_POSITIONS positions of a table. Its state says where those of its entries are that are not saved yet:
 *
 *   FREE    in the buckets, all of them; main has changed nothing here
 *   > 0     in a list in the heap, `| count | entry | entry ...`, at this ref; main has changed something here
 *   LATE    in the first or second late list
 *   DONE    nowhere: all are saved
 *   MAIN, WORKER   somebody has locked the stripe, for microseconds; only he reads or changes its list or buckets
 *
 * An entry is in one such place until it is saved: main takes it out, and puts a copy into the ring, before it changes it, so that the
 * worker only ever meets entries as they were. Once a stripe is not FREE its buckets are main's alone.
 *
 * The atomic operations on states order all other reads and writes between the two threads.
 */

import { collectPosition } from "@sider/datastructures";
import type { Heap, RefList } from "@sider/datastructures";

const LINE = 16;

/** What has become of the snapshot: RUNNING, then COMMITTING (the worker), or CANCELLED (main), or FAILED (the worker). */
export const PHASE = 0;
/** The entry that the worker saves without a lock of its stripe, 0 for none: main waits before it changes that one. */
export const BUSY = PHASE + LINE;
/** A stripe that the worker is to visit next, plus 1; 0 for none. Main sets it, the worker clears it. */
export const URGENT = BUSY + LINE;
/** 1: the worker is to send a message when something large, or what was urgent, is saved. */
export const IS_AWAITED = URGENT + LINE;
/** How many copies main has ever put into the ring, and how many the worker has saved; modulo 2^32. */
export const RING_WRITTEN = IS_AWAITED + LINE;
export const RING_READ = RING_WRITTEN + LINE;
/** Keys saved. */
export const KEYS = RING_READ + LINE;
/** Bytes written: low word, high word. */
export const BYTES = KEYS + 1;
/** Changes whenever the worker gets on. */
export const HEARTBEAT = BYTES + 2;
const CONTROL_WORDS = KEYS + LINE;

export const RING_SLOTS = 1 << 14;
const RING = CONTROL_WORDS;
export const LATE_SLOTS = 512;
const LATE_LISTS = RING + RING_SLOTS * 2;
const STRIPES = LATE_LISTS + LATE_SLOTS * 2;

export const RUNNING = 0;
export const COMMITTING = 1;
export const CANCELLED = 2;
export const FAILED = 3;

export const FREE = 0;
export const DONE = -1;
export const WORKER = -2;
export const MAIN = -3;
/** The states for the two late lists. */
export const LATE = -4;
export const LATE_URGENT = -5;

export const STRIPE_SHIFT = 3;
export const STRIPE_POSITIONS = 1 << STRIPE_SHIFT;

/** A table of entries that belongs to the snapshot. Plain data: it is sent to the worker. */
export interface TablePlan {
  readonly table: number;
  readonly databaseIndex: number;
  /** Number of its first stripe, and of its stripes. */
  readonly firstStripe: number;
  readonly stripeCount: number;
  /** Number of its positions, a power of two. */
  readonly positions: number;
  readonly keyCount: number;
  readonly expiringCount: number;
}

/** The array for so many stripes: all free, nothing in the ring. */
export function createSharedWords(stripeCount: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer((STRIPES + stripeCount) * 4));
}

/** Where the state of a stripe is. */
export function stripeWord(stripe: number): number {
  return STRIPES + stripe;
}

/** Where the ring has a copy, its database in the next word. */
export function ringWord(number: number): number {
  return RING + (number & (RING_SLOTS - 1)) * 2;
}

/** Where the late list of a state begins. */
export function lateWord(state: number): number {
  return state === LATE ? LATE_LISTS : LATE_LISTS + LATE_SLOTS;
}

/** The stripe of a hash. */
export function stripeOf(plan: TablePlan, hash: number): number {
  return plan.firstStripe + ((hash & (plan.positions - 1)) >> STRIPE_SHIFT);
}

/** Adds all entries in the buckets of a stripe to `found`. The table must be frozen. */
export function collectStripe(heap: Heap, plan: TablePlan, stripe: number, found: RefList): void {
  const first = (stripe - plan.firstStripe) << STRIPE_SHIFT;
  const end = Math.min(first + STRIPE_POSITIONS, plan.positions);
  for (let position = first; position < end; position++) collectPosition(heap, plan.table, position, found);
}

/** Whether the snapshot has ended without a result: nobody needs to wait for anything. */
export function isOver(words: Int32Array): boolean {
  return Atomics.load(words, PHASE) >= CANCELLED;
}
