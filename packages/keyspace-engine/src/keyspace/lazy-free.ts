/**
 * Large values, and whole tables, that nobody can see any more: a queue that is emptied in slices, when there is time for it or when
 * memory runs short.
 *
 * What is handed over is out of all databases already. The server runs `freeFor` between batches of requests; an allocation that
 * fails empties the whole queue first (`heap.reclaim`).
 */
import { drainTable, free, RefList } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { freeValueBlock, valueBlockOf, valueKindOf } from "../values/value-block.ts";
import { ENCODING_INTSET, ENCODING_LISTPACK, encodingOf, isValueOutside, typeOf } from "./entry.ts";

/** Values of more elements are worth the queue, as in Redis. */
const ELEMENTS_FREED_AT_ONCE = 64;
/** Elements between two looks at the clock: some ten microseconds. */
const SLICE_ELEMENTS = 256;
/** Kinds of jobs beside the types of values: the entries of a database, and a table that owns nothing. */
const ALL_ENTRIES = -1;
const MERE_TABLE = -2;

interface Job {
  readonly type: number;
  readonly encoding: number;
  readonly block: number;
}

/** What is still to be freed. */
export class LazyFreeQueue {
  /** Values whose expiry has come go to the queue (directive lazyfree-lazy-expire). */
  onExpiry = false;
  /** Values that are overwritten go to the queue (directive lazyfree-lazy-server-del). */
  onOverwrite = false;
  /** Called when there is work after there was none. */
  onWork: () => void = () => undefined;
  /** Keys whose values wait here. */
  pendingObjects = 0;
  /** Keys whose values were freed from here, since CONFIG RESETSTAT. */
  freedObjects = 0;

  private readonly heap: Heap;
  private readonly jobs: Job[] = [];
  private readonly found = new RefList();

  constructor(heap: Heap) {
    this.heap = heap;
  }

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.jobs.length === 0;
  }

  /** Takes over the value of an entry if it is large, else frees it. The entry itself stays the caller's. */
  freeValue(entry: number): void {
    const heap = this.heap;
    if (!isValueOutside(heap, entry) || !isLarge(heap, entry)) {
      freeValueBlock(heap, entry);
      return;
    }
    this.pendingObjects++;
    this.add(typeOf(heap, entry), encodingOf(heap, entry), valueBlockOf(heap, entry));
  }

  /** Takes over the two tables of a database with all `count` entries. */
  freeDatabase(entries: number, expires: number, count: number): void {
    this.pendingObjects += count;
    this.add(MERE_TABLE, 0, expires);
    this.add(ALL_ENTRIES, 0, entries);
  }

  private add(type: number, encoding: number, block: number): void {
    const wasEmpty = this.isEmpty;
    this.jobs.push({ type, encoding, block });
    if (!wasEmpty) return;
    this.heap.reclaim = (): void => this.freeAll();
    this.onWork();
  }

  /** Frees for about `budgetMs`, measured by `nowMs`. True when nothing is left. */
  freeFor(budgetMs: number, nowMs: () => number): boolean {
    const endMs = nowMs() + budgetMs;
    while (!this.isEmpty) {
      this.freeSome(SLICE_ELEMENTS);
      if (nowMs() >= endMs) return this.isEmpty;
    }
    return true;
  }

  /** Frees everything. */
  freeAll(): void {
    while (!this.isEmpty) this.freeSome(SLICE_ELEMENTS);
  }

  /** Frees up to about so many elements of what came last: then values of a database go before its further entries. */
  private freeSome(elements: number): void {
    for (let left = elements; left > 0 && !this.isEmpty;) left = this.work(this.jobs[this.jobs.length - 1], left);
    if (this.isEmpty) this.heap.reclaim = null;
  }

  /** Gives what is left of the budget, 0 when it is used up. */
  private work(job: Job, budget: number): number {
    if (job.type < 0) return this.drain(job, budget);
    const left = valueKindOf(job.type)?.freeSome(this.heap, job.encoding, job.block, budget) ?? budget;
    if (left === 0) return 0;
    this.jobs.pop();
    this.countFreed(1);
    return left;
  }

  private drain(job: Job, budget: number): number {
    const { heap, found, jobs } = this;
    found.count = 0;
    const at = jobs.length - 1;
    const isGone = drainTable(heap, job.block, budget, found);
    if (isGone) jobs.splice(at, 1);
    if (job.type === ALL_ENTRIES) this.freeFound();
    return isGone ? Math.max(1, budget - found.count) : Math.max(0, budget - found.count);
  }

  private freeFound(): void {
    const { heap, found } = this;
    for (let index = 0; index < found.count; index++) {
      const entry = found.refs[index];
      const isQueued = isValueOutside(heap, entry) && isLarge(heap, entry);
      if (isQueued)
        this.jobs.push({
          type: typeOf(heap, entry),
          encoding: encodingOf(heap, entry),
          block: valueBlockOf(heap, entry),
        });
      else {
        freeValueBlock(heap, entry);
        this.countFreed(1);
      }
      free(heap, entry);
    }
  }

  private countFreed(objects: number): void {
    this.pendingObjects -= objects;
    this.freedObjects += objects;
  }
}

/** Whether freeing a value outside takes long: it has many elements in blocks of their own. */
function isLarge(heap: Heap, entry: number): boolean {
  const kind = valueKindOf(typeOf(heap, entry));
  if (kind === null) return false;
  const encoding = encodingOf(heap, entry);
  if (encoding === ENCODING_LISTPACK || encoding === ENCODING_INTSET) return false;
  return kind.size(heap, encoding, valueBlockOf(heap, entry)) > ELEMENTS_FREED_AT_ONCE;
}
