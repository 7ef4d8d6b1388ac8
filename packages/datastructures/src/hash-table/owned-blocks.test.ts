import { expect, test } from "vitest";
import { allocate, createHeap, free, heapStatistics, NIL, verifyHeap, wordOf } from "../memory/index.ts";
import type { Checks, Heap } from "../memory/index.ts";
import {
  collectAll,
  copyTableAndBlocks,
  createHashTable,
  drainTable,
  freeSomeOfTable,
  freeTableAndBlocks,
  halfSipHash,
  hashTableBytes,
  hashTableCount,
  insertIntoTable,
  isResizing,
  keyedPrefixBytes,
  keyEquals,
  RefList,
  tableMemoryBytes,
  writeKey,
} from "./index.ts";

const encoder = new TextEncoder();
const BLOCK_BYTES = keyedPrefixBytes(8);

/** A table of `count` blocks whose keys are numbers of eight digits. */
function tableOf(heap: Heap, count: number): number {
  const table = createHashTable(heap, 1, 2);
  for (let number = 0; number < count; number++) {
    const key = encoder.encode(String(number).padStart(8, "0"));
    const ref = allocate(heap, BLOCK_BYTES);
    heap.i32[wordOf(ref)] = number;
    writeKey(heap, ref, 0, key, 0, key.length);
    expect(insertIntoTable(heap, table, halfSipHash(key, 0, key.length, 1, 2), ref)).toBe(true);
  }
  return table;
}

const SIZES = [0, 1, 9, 12, 13, 100, 1000, 1155, 5000];

test.each(SIZES)("a table of %i is freed with its blocks, at once or in slices", (count) => {
  const heap = createHeap({ capacityBytes: 2 ** 26, checks: true });
  freeTableAndBlocks(heap, tableOf(heap, count));
  expect(heapStatistics(heap).liveBlocks).toBe(0);
  const table = tableOf(heap, count);
  let slices = 1;
  while (freeSomeOfTable(heap, table, 100) === 0) slices++;
  expect(slices).toBeGreaterThanOrEqual(Math.floor(count / 150));
  expect(heapStatistics(heap).allocatedBytes).toBe(0);
  verifyHeap(heap);
});

test("freeing in slices also frees a table that is resizing", () => {
  const heap = createHeap({ capacityBytes: 2 ** 26, checks: true });
  let resizing = 0;
  for (let count = 1; count < 800; count += 7) {
    const table = tableOf(heap, count);
    if (isResizing(heap, table)) resizing++;
    const list = new RefList();
    while (!drainTable(heap, table, 10, list));
    expect(list.count).toBe(count);
    for (let at = 0; at < list.count; at++) free(heap, list.refs[at]);
    expect(heapStatistics(heap).allocatedBytes).toBe(0);
  }
  expect(resizing).toBeGreaterThan(0);
});

test.each(SIZES)("a copy of a table of %i has the same blocks, and the original keeps its own", (count) => {
  const heap = createHeap({ capacityBytes: 2 ** 26, checks: true });
  const table = tableOf(heap, count);
  const copy = copyTableAndBlocks(heap, table, () => BLOCK_BYTES);
  freeTableAndBlocks(heap, table);
  expect(hashTableCount(heap, copy)).toBe(count);
  const list = new RefList();
  collectAll(heap, copy, list);
  for (let at = 0; at < list.count; at++) {
    const key = encoder.encode(String(heap.i32[wordOf(list.refs[at])]).padStart(8, "0"));
    expect(keyEquals(heap, list.refs[at], key, 0, key.length)).toBe(true);
  }
  freeTableAndBlocks(heap, copy);
  expect(heapStatistics(heap).allocatedBytes).toBe(0);
});

test("a copy for which there is no memory leaves nothing behind", () => {
  const heap = createHeap({ capacityBytes: 2 ** 26, checks: true });
  const table = tableOf(heap, 3000);
  const before = heapStatistics(heap).allocatedBytes;
  for (const allocations of [0, 1, 2, 1000]) {
    (heap.guard as Checks).remainingAllocations = allocations;
    expect(copyTableAndBlocks(heap, table, () => BLOCK_BYTES)).toBe(NIL);
    expect(heapStatistics(heap).allocatedBytes).toBe(before);
  }
});

test("memory is what the table and its blocks take, estimated from samples", () => {
  const heap = createHeap({ capacityBytes: 2 ** 26 });
  const table = tableOf(heap, 1000);
  const exact = hashTableBytes(heap, table) + 1000 * BLOCK_BYTES;
  expect(tableMemoryBytes(heap, table, 0)).toBe(exact);
  expect(tableMemoryBytes(heap, table, 5)).toBe(exact);
  expect(tableMemoryBytes(heap, createHashTable(heap, 1, 2), 5)).toBe(128);
});
