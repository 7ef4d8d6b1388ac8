/** Tables of keyed blocks for tests: keys are numbers, written as text. */
import { expect } from "vitest";
import { allocate, createHeap, free, heapStatistics, NIL, verifyHeap, wordOf } from "../../memory/index.ts";
import type { Checks, Heap } from "../../memory/index.ts";
import {
  collectAll,
  createHashTable,
  destroyHashTable,
  findInTable,
  halfSipHash,
  hashTableBytes,
  hashTableCount,
  insertIntoTable,
  keyedPrefixBytes,
  RefList,
  removeFromTable,
  writeKey,
} from "../index.ts";

const encoder = new TextEncoder();

/** A table with its heap, under heap checks. */
export class TestTable {
  readonly heap: Heap = createHeap({ capacityBytes: 2 ** 28, checks: true });
  readonly table: number = createHashTable(this.heap, 1, 2);
  readonly refs = new Map<string, number>();

  hash(name: string): number {
    const bytes = encoder.encode(name);
    return halfSipHash(bytes, 0, bytes.length, 1, 2);
  }

  find(name: string): number {
    const bytes = encoder.encode(name);
    return findInTable(this.heap, this.table, bytes, 0, bytes.length, this.hash(name));
  }

  /** Makes a block and inserts it; false (and no block) when the table had no memory. */
  insert(name: string): boolean {
    const bytes = encoder.encode(name);
    const left = this.allocationsLeft;
    this.allocationsLeft = Infinity;
    const ref = allocate(this.heap, keyedPrefixBytes(bytes.length));
    this.allocationsLeft = left;
    this.heap.i32[wordOf(ref)] = 0;
    writeKey(this.heap, ref, 0, bytes, 0, bytes.length);
    const inserted = insertIntoTable(this.heap, this.table, this.hash(name), ref);
    if (inserted) this.refs.set(name, ref);
    else free(this.heap, ref);
    return inserted;
  }

  remove(name: string): boolean {
    const ref = this.refs.get(name) ?? NIL;
    const removed = removeFromTable(this.heap, this.table, this.hash(name), ref);
    if (removed) free(this.heap, ref);
    this.refs.delete(name);
    return removed;
  }

  insertNumbers(from: number, to: number): void {
    for (let number = from; number < to; number++) {
      if (!this.insert(String(number))) throw new Error(`not inserted: ${String(number)}`);
    }
  }

  removeNumbers(from: number, to: number): void {
    for (let number = from; number < to; number++) {
      if (!this.remove(String(number))) throw new Error(`not removed: ${String(number)}`);
    }
  }

  /** How many allocations may still succeed. */
  get allocationsLeft(): number {
    return (this.heap.guard as Checks).remainingAllocations;
  }

  set allocationsLeft(count: number) {
    (this.heap.guard as Checks).remainingAllocations = count;
  }

  /** Everything is found, nothing else is in the table, and the memory is what the table says. */
  verify(): void {
    for (const [name, ref] of this.refs) if (this.find(name) !== ref) throw new Error(`not found: ${name}`);
    expect(hashTableCount(this.heap, this.table)).toBe(this.refs.size);
    const all = new RefList();
    collectAll(this.heap, this.table, all);
    expect([...all.refs.subarray(0, all.count)].sort()).toEqual([...this.refs.values()].sort());
    verifyHeap(this.heap);
  }

  /** Bytes of live blocks that are the table's own, by the heap's count of blocks of whole buckets. */
  expectBytes(): void {
    const live = heapStatistics(this.heap).allocatedBytes;
    for (const ref of this.refs.values()) free(this.heap, ref);
    const own = heapStatistics(this.heap).allocatedBytes;
    // Checks add up to a cache line to each block, and big blocks are whole pages.
    expect(own).toBeGreaterThanOrEqual(hashTableBytes(this.heap, this.table));
    expect(own).toBeLessThanOrEqual(hashTableBytes(this.heap, this.table) * 2 + 8192);
    expect(live).toBeGreaterThanOrEqual(own);
    this.refs.clear();
  }

  /** Frees entries and table; nothing may be left. */
  close(): void {
    for (const ref of this.refs.values()) free(this.heap, ref);
    destroyHashTable(this.heap, this.table);
    verifyHeap(this.heap);
    expect(heapStatistics(this.heap).allocatedBytes).toBe(0);
  }
}
