/**
 * The worker's half of a snapshot: visits the stripes and gives their entries to a sink, as they were when the snapshot began.
 * `shared-state.ts` has the agreement with main.
 *
 * A stripe is locked while its small entries are written, which touches no file; its others are then saved one by one with the stripe
 * open, so that main only ever waits for one of them, and only with what changes that very entry.
 */
import {
  intsetBytes,
  keyLengthOf,
  listpackBytes,
  NIL,
  nodeBytes,
  offsetOf,
  RefList,
  windowOf,
  wordOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import {
  ENCODING_INTSET,
  ENCODING_LISTPACK,
  encodingOf,
  isValueOutside,
  stringLength,
  TYPE_LIST,
  TYPE_STRING,
  typeOf,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { EntrySink } from "./entry-sink.ts";
import {
  BUSY,
  collectStripe,
  DONE,
  FREE,
  HEARTBEAT,
  IS_AWAITED,
  KEYS,
  LATE,
  LATE_SLOTS,
  LATE_URGENT,
  lateWord,
  MAIN,
  RING_READ,
  RING_WRITTEN,
  ringWord,
  stripeWord,
  type TablePlan,
  URGENT,
  WORKER,
} from "./shared-state.ts";

/** Values of more are saved on their own. */
const SMALL_BYTES = 16 * 1024;
const NO_STRIPE = -1;

/** A stripe of which entries are left, in one of the late lists. */
class LateStripe {
  readonly state: number;
  stripe = NO_STRIPE;
  databaseIndex = 0;
  /** How many of the list are taken. */
  taken = 0;
  count = 0;

  constructor(state: number) {
    this.state = state;
  }
}

export class SnapshotWalk {
  /** Called when something that main waits for may be saved. */
  onSaved: () => void = () => undefined;
  /** Called around what is written with a stripe locked: the sink's file must not be waited for. */
  onLocked: (isLocked: boolean) => void = () => undefined;
  private readonly heap: Heap;
  private readonly words: Int32Array;
  private readonly plans: readonly TablePlan[];
  private readonly sink: EntrySink;
  private readonly found = new RefList();
  private readonly late = new LateStripe(LATE);
  private readonly lateUrgent = new LateStripe(LATE_URGENT);
  /** The next stripe in order, and its table. */
  private next = 0;
  private planNumber = 0;

  constructor(heap: Heap, words: Int32Array, plans: readonly TablePlan[], sink: EntrySink) {
    this.heap = heap;
    this.words = words;
    this.plans = plans;
    this.sink = sink;
  }

  /** Saves one stripe, or one large entry, and what main has copied meanwhile. False when all is saved. @throws what the sink throws */
  step(): boolean {
    Atomics.add(this.words, HEARTBEAT, 1);
    this.saveCopies();
    if (this.saveLate(this.lateUrgent) || this.visitUrgent() || this.saveLate(this.late) || this.visitNext())
      return true;
    // A stripe that is done gets no more copies, so these are the last.
    this.saveCopies();
    return false;
  }

  private saveCopies(): void {
    const { words } = this;
    const end = Atomics.load(words, RING_WRITTEN);
    for (let at = Atomics.load(words, RING_READ); at !== end; at = (at + 1) | 0) {
      const word = ringWord(at);
      this.write(words[word + 1], words[word]);
      Atomics.store(words, RING_READ, (at + 1) | 0);
    }
  }

  private visitNext(): boolean {
    for (;;) {
      if (this.planNumber === this.plans.length) return false;
      const plan = this.plans[this.planNumber];
      if (this.next === plan.firstStripe + plan.stripeCount) this.planNumber++;
      else if (this.visit(plan, this.next++, this.late)) return true;
    }
  }

  private visitUrgent(): boolean {
    const { words } = this;
    const stripe = Atomics.load(words, URGENT) - 1;
    if (stripe === NO_STRIPE) return false;
    // The rest of one that has been visited is in its late list.
    if (stripe === this.late.stripe && this.saveLate(this.late)) return true;
    const plan = this.plans.find((each) => stripe >= each.firstStripe && stripe < each.firstStripe + each.stripeCount);
    if (plan !== undefined && stripe !== this.late.stripe) this.visit(plan, stripe, this.lateUrgent);
    if (this.lateUrgent.stripe === stripe) return true;
    Atomics.store(words, URGENT, 0);
    this.announce();
    return true;
  }

  /** Saves a stripe, but for what is put into a late list. False when it had been done. */
  private visit(plan: TablePlan, stripe: number, late: LateStripe): boolean {
    const state = this.lock(stripe);
    if (state === DONE) return false;
    const { found, heap } = this;
    found.count = 0;
    if (state === FREE) collectStripe(heap, plan, stripe, found);
    else readList(heap, state, found);
    this.onLocked(true);
    late.stripe = stripe;
    late.databaseIndex = plan.databaseIndex;
    late.taken = 0;
    late.count = 0;
    for (let at = 0; at < found.count; at++) {
      const entry = found.refs[at];
      if (late.count < LATE_SLOTS && !isSmall(heap, entry)) this.words[lateWord(late.state) + late.count++] = entry;
      else this.write(plan.databaseIndex, entry);
    }
    this.words.fill(NIL, lateWord(late.state) + late.count, lateWord(late.state) + LATE_SLOTS);
    this.onLocked(false);
    this.unlock(stripe, late.count === 0 ? DONE : late.state);
    if (late.count === 0) late.stripe = NO_STRIPE;
    return true;
  }

  /** Saves the next entry of a late list. False when there is none; its stripe is done then. */
  private saveLate(late: LateStripe): boolean {
    if (late.stripe === NO_STRIPE) return false;
    const { words } = this;
    this.lock(late.stripe);
    let entry = NIL as number;
    while (entry === NIL && late.taken < late.count) {
      const at = lateWord(late.state) + late.taken++;
      entry = words[at];
      words[at] = NIL;
    }
    if (entry === NIL) {
      this.unlock(late.stripe, DONE);
      late.stripe = NO_STRIPE;
      this.announce();
      return false;
    }
    Atomics.store(words, BUSY, entry);
    this.unlock(late.stripe, late.state);
    this.write(late.databaseIndex, entry);
    Atomics.store(words, BUSY, NIL);
    Atomics.notify(words, BUSY);
    this.announce();
    return true;
  }

  private write(databaseIndex: number, entry: number): void {
    if (entry === NIL) return;
    this.sink.entry(databaseIndex, entry);
    this.words[KEYS]++;
  }

  /** Locks a stripe. Gives the state before, or DONE, which needs no lock. */
  private lock(stripe: number): number {
    const { words } = this;
    const at = stripeWord(stripe);
    for (;;) {
      const state = Atomics.load(words, at);
      if (state === DONE) return DONE;
      if (state !== MAIN && Atomics.compareExchange(words, at, state, WORKER) === state) return state;
    }
  }

  private unlock(stripe: number, state: number): void {
    const at = stripeWord(stripe);
    Atomics.store(this.words, at, state);
    Atomics.notify(this.words, at);
  }

  /** Tells main, if it waits for something. */
  private announce(): void {
    if (Atomics.exchange(this.words, IS_AWAITED, 0) !== 0) this.onSaved();
  }
}

/** Adds what is left in the list of a stripe. */
function readList(heap: Heap, list: number, found: RefList): void {
  const word = wordOf(list);
  const count = heap.i32[word];
  for (let at = 1; at <= count; at++) if (heap.i32[word + at] !== NIL) found.push(heap.i32[word + at]);
}

/** Whether an entry is written in microseconds. */
function isSmall(heap: Heap, entry: number): boolean {
  if (keyLengthOf(heap, entry) > SMALL_BYTES) return false;
  if (!isValueOutside(heap, entry)) return true;
  const type = typeOf(heap, entry);
  const encoding = encodingOf(heap, entry);
  if (type === TYPE_STRING) return stringLength(heap, entry) <= SMALL_BYTES;
  const block = valueBlockOf(heap, entry);
  const window = windowOf(heap, block);
  if (encoding === ENCODING_INTSET) return intsetBytes(window, offsetOf(block)) <= SMALL_BYTES;
  if (encoding !== ENCODING_LISTPACK) return false;
  if (type === TYPE_LIST) return nodeBytes(heap, block) <= SMALL_BYTES;
  return listpackBytes(window, offsetOf(block)) <= SMALL_BYTES;
}
