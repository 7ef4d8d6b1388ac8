/**
 * Tables that own the blocks they refer to, as those of hashes and sets do: freeing them, at once or in slices, copying and
 * measuring them.
 *
 * A table that is freed in slices gives up its positions one after the other; header word 9 counts those that are gone. It is good
 * for nothing else from the first slice on.
 */
import { duplicateBlock, free, NIL, usableBytes, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { createHashTable, hashTableBytes, hashTableCount, insertIntoTable } from "./hash-table.ts";
import { hashOfKey } from "./keyed-block.ts";
import {
  BUCKET_GRANULES,
  BUCKETS,
  DRAINED,
  HASH_KEY_0,
  HASH_KEY_1,
  MASK,
  NEXT,
  OLD_BUCKETS,
  OLD_MASK,
  POSITION,
} from "./layout.ts";
import { freeArray, reserveTable } from "./resize.ts";
import { collectPosition, positionCount, RefList } from "./walk.ts";

const found = new RefList();
/** A list of its own: memory may be reclaimed, by freeing such tables, in the middle of anything that allocates. */
const freed = new RefList();

/**
 * Takes about `wanted` entries out of a table that nobody needs any more and adds them to `list`; they are the caller's to free.
 * True when the table is empty, and then it is freed.
 */
export function drainTable(heap: Heap, table: number, wanted: number, list: RefList): boolean {
  const i32 = heap.i32;
  const drained = wordOf(table) + DRAINED;
  const positions = positionCount(heap, table);
  const enough = list.count + wanted;
  while (list.count < enough && i32[drained] < positions) {
    const position = i32[drained]++;
    collectPosition(heap, table, position, list);
    freeOverflowAt(heap, table, position);
  }
  if (i32[drained] < positions) return false;
  const header = wordOf(table);
  if (i32[header + OLD_BUCKETS] !== NIL) freeArray(heap, table, i32[header + OLD_BUCKETS]);
  freeArray(heap, table, i32[header + BUCKETS]);
  free(heap, table);
  return true;
}

/** Frees the overflow buckets of the chains that belong to one position. */
function freeOverflowAt(heap: Heap, table: number, position: number): void {
  const i32 = heap.i32;
  const header = wordOf(table);
  const inOld = i32[header + OLD_BUCKETS] !== NIL && position >= i32[header + POSITION];
  const buckets = i32[header + (inOld ? OLD_BUCKETS : BUCKETS)];
  const mask = i32[header + (inOld ? OLD_MASK : MASK)];
  const stride = positionCount(heap, table);
  for (let index = position; index <= mask; index += stride) {
    let overflow = i32[wordOf(buckets + index * BUCKET_GRANULES) + NEXT];
    while (overflow !== NIL) {
      const next = i32[wordOf(overflow) + NEXT];
      free(heap, overflow);
      overflow = next;
    }
  }
}

/** Frees a table and every block that it refers to. O(n). */
export function freeTableAndBlocks(heap: Heap, table: number): void {
  const slice = 1024;
  while (freeSomeOfTable(heap, table, slice) === 0);
}

/** Frees about `budget` blocks of a table that it owns. Gives what is left of the budget, at least 1 when the table is gone, else 0. */
export function freeSomeOfTable(heap: Heap, table: number, budget: number): number {
  freed.count = 0;
  const isGone = drainTable(heap, table, budget, freed);
  for (let at = 0; at < freed.count; at++) free(heap, freed.refs[at]);
  return isGone ? Math.max(1, budget - freed.count) : 0;
}

/**
 * A copy of a table and of its blocks, `bytesOf` telling how much of a block is in use. NIL without memory, and then nothing is left
 * behind. O(n).
 */
export function copyTableAndBlocks(heap: Heap, table: number, bytesOf: (heap: Heap, ref: number) => number): number {
  const key0 = heap.i32[wordOf(table) + HASH_KEY_0];
  const key1 = heap.i32[wordOf(table) + HASH_KEY_1];
  const copy = createHashTable(heap, key0, key1);
  if (copy === NIL) return NIL;
  let isDone = reserveTable(heap, copy, hashTableCount(heap, table));
  for (let position = positionCount(heap, table) - 1; isDone && position >= 0; position--) {
    found.count = 0;
    collectPosition(heap, table, position, found);
    for (let at = 0; isDone && at < found.count; at++) {
      isDone = insertCopy(heap, copy, found.refs[at], bytesOf(heap, found.refs[at]), key0, key1);
    }
  }
  if (isDone) return copy;
  freeTableAndBlocks(heap, copy);
  return NIL;
}

function insertCopy(heap: Heap, table: number, ref: number, bytes: number, key0: number, key1: number): boolean {
  const copy = duplicateBlock(heap, ref, bytes);
  if (copy === NIL) return false;
  if (insertIntoTable(heap, table, hashOfKey(heap, copy, key0, key1), copy)) return true;
  free(heap, copy);
  return false;
}

/** Bytes of a table and its blocks, estimated from about `samples` of them; 0: all are measured. */
export function tableMemoryBytes(heap: Heap, table: number, samples: number): number {
  const count = hashTableCount(heap, table);
  const wanted = samples === 0 ? count : samples;
  let measured = 0;
  let blockBytes = 0;
  for (let position = 0; position < positionCount(heap, table) && measured < wanted; position++) {
    found.count = 0;
    collectPosition(heap, table, position, found);
    for (let at = 0; at < found.count; at++) blockBytes += usableBytes(heap, found.refs[at]);
    measured += found.count;
  }
  return hashTableBytes(heap, table) + (measured === 0 ? 0 : Math.round((blockBytes / measured) * count));
}
