/**
 * Main's half of a snapshot: keeps it at its point in time while commands go on. `shared-state.ts` has the agreement with the worker.
 *
 * Before an entry changes that is not saved yet it is copied, in the heap, and the copy goes to the worker through the ring; the ring
 * being full, the copy takes the entry's place in the list of its stripe. Copies are freed once they are saved.
 */
import {
  allocate,
  free,
  isOvercrowded,
  NIL,
  positionCount,
  RefList,
  setFrozen,
  usableBytes,
  wordOf,
} from "@sider/datastructures";
import { duplicateEntry, entryFootprintBytes, freeDuplicate } from "@sider/keyspace-engine";
import type { Database, Keyspace, SnapshotHook } from "@sider/keyspace-engine";
import {
  BUSY,
  CANCELLED,
  collectStripe,
  createSharedWords,
  DONE,
  FREE,
  HEARTBEAT,
  IS_AWAITED,
  isOver,
  LATE,
  LATE_SLOTS,
  LATE_URGENT,
  lateWord,
  MAIN,
  PHASE,
  RING_READ,
  RING_SLOTS,
  RING_WRITTEN,
  ringWord,
  RUNNING,
  STRIPE_POSITIONS,
  STRIPE_SHIFT,
  stripeOf,
  stripeWord,
  type TablePlan,
  URGENT,
  WORKER,
} from "./shared-state.ts";

/** A value of more is worth waiting for rather than copying: some tens of microseconds. */
const LARGE_BYTES = 32 * 1024;
const SPINS = 2000;
const WAIT_MS = 1;
/** A worker that does nothing for so long while a command waits for it is given up. */
const PATIENCE_MS = 10_000;
/** Copies that one more copy frees at most, once they are saved. */
const FREED_AT_ONCE = 8;
/** Blocks that the end of a snapshot frees in one turn of the event loop. */
const FREED_A_TURN = 4096;
/** Stripes that one insert into a crowded table looks at. */
const THAW_BUDGET = 64;
const NOT_FOUND = -1;

class GuardedTable {
  readonly plan: TablePlan;
  /** Stripes before this one no longer need the table's buckets. */
  thawed = 0;
  isFrozen = true;
  /** What `take` was given besides the table of entries. */
  expires: number = NIL;
  takenCount = 0;

  constructor(plan: TablePlan) {
    this.plan = plan;
  }
}

export class SnapshotGuard implements SnapshotHook {
  readonly words: Int32Array;
  readonly plans: readonly TablePlan[];
  /** Bytes of entries copied so far, and of copies and lists that are still there. */
  copiedBytes = 0;
  heldBytes = 0;
  private readonly keyspace: Keyspace;
  private readonly tables: readonly GuardedTable[];
  /** Lets the worker work where that is no thread of its own; returns whether it was so. */
  private readonly help: () => boolean;
  private readonly onGivenUp: (reason: string) => void;
  private readonly keepsLosses: boolean;
  /** The table that was looked up last. */
  private lastTable: number = NIL;
  private last: GuardedTable | null = null;
  /** How many copies of the ring have been freed. */
  private freed = 0;
  /** Lists of stripes, and copies that are in them; freed at the end. */
  private readonly lists = new RefList();
  private readonly listedCopies = new RefList();
  private readonly found = new RefList();
  /** Where the last search looked: in a list of the heap, or in the shared words. */
  private placeIsInHeap = false;

  /**
   * Begins with all that is in the keyspace now.
   * @param help see there
   * @param keepsLosses entries that expire or are evicted meanwhile are saved too: commands that follow the snapshot in a log, and that
   *   were executed before, may have read them
   * @param onGivenUp called when the snapshot ends without a result, for want of memory or because the worker does not move
   */
  constructor(keyspace: Keyspace, keepsLosses: boolean, help: () => boolean, onGivenUp: (reason: string) => void) {
    this.keyspace = keyspace;
    this.keepsLosses = keepsLosses;
    this.help = help;
    this.onGivenUp = onGivenUp;
    const { plans, stripeCount } = planTables(keyspace);
    this.plans = plans;
    this.words = createSharedWords(stripeCount);
    this.tables = plans.map((plan) => new GuardedTable(plan));
    for (const plan of plans) setFrozen(keyspace.heap, plan.table, true);
    keyspace.heap.isPinned = true;
    keyspace.snapshot = this;
  }

  /** Lets go of the keyspace. The worker has ended, or what it still reads leads to nothing. */
  release(): void {
    const { keyspace } = this;
    const { heap } = keyspace;
    keyspace.snapshot = null;
    heap.isPinned = false;
    for (const guarded of this.tables) {
      const { table } = guarded.plan;
      setFrozen(heap, table, false);
      if (guarded.expires !== NIL) keyspace.lazyFree.freeDatabase(table, guarded.expires, guarded.takenCount);
    }
    this.freeLeftovers();
  }

  beforeChange(table: number, hash: number, entry: number): void {
    this.save(table, hash, entry, true);
  }

  beforeLoss(table: number, hash: number, entry: number): void {
    this.save(table, hash, entry, this.keepsLosses);
  }

  beforeInsert(table: number, hash: number): void {
    const guarded = this.find(table);
    if (guarded === null) return;
    const stripe = stripeOf(guarded.plan, hash);
    const state = this.lock(guarded, stripe);
    if (state !== DONE) this.unlock(stripe, state);
    if (guarded.isFrozen && isOvercrowded(this.keyspace.heap, table)) this.thaw(guarded);
  }

  needs(table: number): boolean {
    return this.find(table) !== null;
  }

  take(entries: number, expires: number, count: number): void {
    const guarded = this.find(entries);
    if (guarded === null) return;
    guarded.expires = expires;
    guarded.takenCount = count;
  }

  giveUp(): void {
    this.end("there is no memory for the old state of what changes");
  }

  /** Whether all that has this hash is saved. */
  isSaved(table: number, hash: number): boolean {
    const guarded = this.find(table);
    return guarded === null || Atomics.load(this.words, stripeWord(stripeOf(guarded.plan, hash))) === DONE;
  }

  /** Whether an entry is large and not saved yet. Then its stripe is visited next, and a message follows. */
  mustWait(database: Database, hash: number, entry: number): boolean {
    const guarded = this.find(database.entries);
    if (guarded === null) return false;
    const stripe = stripeOf(guarded.plan, hash);
    const state = Atomics.load(this.words, stripeWord(stripe));
    if (state === DONE || entryFootprintBytes(this.keyspace.heap, entry) <= LARGE_BYTES) return false;
    const isBusy = Atomics.load(this.words, BUSY) === entry;
    if (!isBusy && state !== FREE && state !== WORKER && this.search(state, entry) === NOT_FOUND) return false;
    Atomics.compareExchange(this.words, URGENT, 0, stripe + 1);
    Atomics.store(this.words, IS_AWAITED, 1);
    return true;
  }

  private end(reason: string): void {
    if (Atomics.compareExchange(this.words, PHASE, RUNNING, CANCELLED) === RUNNING) this.onGivenUp(reason);
  }

  private find(table: number): GuardedTable | null {
    if (this.lastTable === table) return this.last;
    this.lastTable = table;
    this.last = null;
    for (const guarded of this.tables) if (guarded.plan.table === table) this.last = guarded;
    return this.last;
  }

  /** Makes sure that a change of an entry and of its chain is not seen; the old state is kept where it is asked for. */
  private save(table: number, hash: number, entry: number, isWanted: boolean): void {
    const guarded = this.find(table);
    if (guarded === null) return;
    const stripe = stripeOf(guarded.plan, hash);
    for (;;) {
      const state = this.lock(guarded, stripe);
      if (state === DONE) return;
      const isBusy = state < 0 && Atomics.load(this.words, BUSY) === entry;
      const isSaved = !isBusy && this.takeOut(guarded.plan, state, entry, isWanted);
      this.unlock(stripe, state);
      if (isSaved) return;
      if (isBusy) this.waitWhile(BUSY, entry);
      else this.awaitStripe(stripe);
    }
  }

  /** Removes an entry from what is to be saved, leaving a copy if that is wanted. False without memory for the copy. */
  private takeOut(plan: TablePlan, state: number, entry: number, isWanted: boolean): boolean {
    const at = this.search(state, entry);
    if (at === NOT_FOUND) return true;
    const list = this.placeIsInHeap ? this.keyspace.heap.i32 : this.words;
    if (!isWanted) {
      list[at] = NIL;
      return true;
    }
    const copy = duplicateEntry(this.keyspace.heap, entry);
    if (copy === NIL) return false;
    const copyBytes = entryFootprintBytes(this.keyspace.heap, copy);
    this.copiedBytes += copyBytes;
    this.heldBytes += copyBytes;
    if (this.pushToRing(copy, plan.databaseIndex)) list[at] = NIL;
    else {
      list[at] = copy;
      this.listedCopies.push(copy);
    }
    return true;
  }

  /** Where the list of a stripe has an entry, as a word of the heap or of the shared words; NOT_FOUND if it is not there. */
  private search(state: number, entry: number): number {
    this.placeIsInHeap = state > 0;
    if (state > 0) {
      const i32 = this.keyspace.heap.i32;
      const first = wordOf(state) + 1;
      return indexIn(i32, first, first + i32[first - 1], entry);
    }
    if (state !== LATE && state !== LATE_URGENT) return NOT_FOUND;
    const first = lateWord(state);
    return indexIn(this.words, first, first + LATE_SLOTS, entry);
  }

  private pushToRing(copy: number, databaseIndex: number): boolean {
    const { words } = this;
    const written = Atomics.load(words, RING_WRITTEN);
    this.freeCopies(Atomics.load(words, RING_READ), FREED_AT_ONCE);
    if (((written - this.freed) | 0) >= RING_SLOTS) return false;
    const at = ringWord(written);
    words[at] = copy;
    words[at + 1] = databaseIndex;
    Atomics.store(words, RING_WRITTEN, (written + 1) | 0);
    return true;
  }

  /** Frees up to `budget` copies of the ring, up to number `end`. Gives what is left of the budget. */
  private freeCopies(end: number, budget: number): number {
    let left = budget;
    for (; left > 0 && this.freed !== end; left--, this.freed = (this.freed + 1) | 0) {
      this.freeCopy(this.words[ringWord(this.freed)]);
    }
    return left;
  }

  /** Frees what was kept for the worker, which reads it no more, in slices. */
  private freeLeftovers(): void {
    const { listedCopies, lists } = this;
    let left = this.freeCopies(Atomics.load(this.words, RING_WRITTEN), FREED_A_TURN);
    for (; left > 0 && lists.count > 0; left--) this.freeList(lists.refs[--lists.count]);
    for (; left > 0 && listedCopies.count > 0; left--) this.freeCopy(listedCopies.refs[--listedCopies.count]);
    if (left === 0) setImmediate(() => this.freeLeftovers());
  }

  private freeCopy(copy: number): void {
    this.heldBytes -= entryFootprintBytes(this.keyspace.heap, copy);
    freeDuplicate(this.keyspace, copy);
  }

  private freeList(list: number): void {
    const { heap } = this.keyspace;
    this.heldBytes -= usableBytes(heap, list);
    free(heap, list);
  }

  /** Locks a stripe, whose buckets are then main's. Gives the state that `unlock` gives back, or DONE, which needs no lock. */
  private lock(guarded: GuardedTable, stripe: number): number {
    const { words } = this;
    const at = stripeWord(stripe);
    for (;;) {
      const state = Atomics.load(words, at);
      if (state === DONE || isOver(words)) return DONE;
      if (state === WORKER) this.waitWhile(at, WORKER);
      else if (Atomics.compareExchange(words, at, state, MAIN) === state) {
        if (state !== FREE) return state;
        const list = this.listStripe(guarded.plan, stripe);
        if (list !== NIL) return list;
        this.unlock(stripe, FREE);
        this.awaitStripe(stripe);
      }
    }
  }

  private unlock(stripe: number, state: number): void {
    Atomics.store(this.words, stripeWord(stripe), state);
  }

  /** A list of all entries of a stripe. NIL without memory. */
  private listStripe(plan: TablePlan, stripe: number): number {
    const { found } = this;
    const { heap } = this.keyspace;
    found.count = 0;
    collectStripe(heap, plan, stripe, found);
    const list = allocate(heap, (found.count + 1) * 4);
    if (list === NIL) return NIL;
    const word = wordOf(list);
    heap.i32[word] = found.count;
    for (let at = 0; at < found.count; at++) heap.i32[word + 1 + at] = found.refs[at];
    this.lists.push(list);
    this.heldBytes += usableBytes(heap, list);
    return list;
  }

  /** Lists one more stripe of a crowded table. When all are listed or saved the table may grow. */
  private thaw(guarded: GuardedTable): void {
    const { plan } = guarded;
    for (let budget = THAW_BUDGET; budget > 0 && guarded.thawed < plan.stripeCount; budget--) {
      const stripe = plan.firstStripe + guarded.thawed;
      const state = Atomics.load(this.words, stripeWord(stripe));
      if (state === WORKER) return;
      if (state === FREE) {
        budget = 0;
        const locked = this.lock(guarded, stripe);
        if (locked !== DONE) this.unlock(stripe, locked);
      }
      guarded.thawed++;
    }
    if (guarded.thawed < plan.stripeCount) return;
    guarded.isFrozen = false;
    setFrozen(this.keyspace.heap, plan.table, false);
  }

  /** Waits until the worker has saved all of a stripe. */
  private awaitStripe(stripe: number): void {
    const at = stripeWord(stripe);
    for (;;) {
      const state = Atomics.load(this.words, at);
      if (state === DONE || isOver(this.words)) return;
      Atomics.compareExchange(this.words, URGENT, 0, stripe + 1);
      this.waitWhile(at, state);
    }
  }

  /** Waits until a shared word is no longer what it is, or the snapshot is over. Blocks; the worker's lock lasts microseconds. */
  private waitWhile(at: number, value: number): void {
    const { words } = this;
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(words, at) !== value) return;
    let heartbeat = Atomics.load(words, HEARTBEAT);
    let idleMs = 0;
    while (Atomics.load(words, at) === value && !isOver(words)) {
      if (this.help()) continue;
      Atomics.wait(words, at, value, WAIT_MS);
      const beat = Atomics.load(words, HEARTBEAT);
      idleMs = beat === heartbeat ? idleMs + WAIT_MS : 0;
      heartbeat = beat;
      if (idleMs >= PATIENCE_MS) this.end("the thread that saves does not move");
    }
  }
}

/** Which tables there are to save, in the order of their databases. */
function planTables(keyspace: Keyspace): { plans: TablePlan[]; stripeCount: number } {
  const plans: TablePlan[] = [];
  let stripeCount = 0;
  for (const database of keyspace.databases) {
    const keyCount = keyspace.count(database);
    if (keyCount === 0) continue;
    const positions = positionCount(keyspace.heap, database.entries);
    const stripes = (positions + STRIPE_POSITIONS - 1) >> STRIPE_SHIFT;
    plans.push({
      table: database.entries,
      databaseIndex: database.index,
      firstStripe: stripeCount,
      stripeCount: stripes,
      positions,
      keyCount,
      expiringCount: keyspace.expiresCount(database),
    });
    stripeCount += stripes;
  }
  return { plans, stripeCount };
}

function indexIn(words: Int32Array, first: number, end: number, entry: number): number {
  for (let at = first; at < end; at++) if (words[at] === entry) return at;
  return NOT_FOUND;
}
