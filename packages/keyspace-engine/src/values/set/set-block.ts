/**
 * The block of a set value (see `ValueKind`), by encoding:
 *
 *     intset      datastructures/intset: sorted integers
 *     listpack    datastructures/listpack: the members, integers as such
 *     hashtable   a table that owns one keyed block for each member (`set-table.ts`)
 */
import {
  copyTableAndBlocks,
  duplicateBlock,
  free,
  freeSomeOfTable,
  freeTableAndBlocks,
  hashTableCount,
  intsetBytes,
  intsetCount,
  keyedPrefixBytes,
  keyLengthOf,
  listpackBytes,
  listpackCount,
  NIL,
  offsetOf,
  tableMemoryBytes,
  usableBytes,
  windowOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { OutOfMemoryError } from "../../errors.ts";
import { ENCODING_HASHTABLE, ENCODING_INTSET } from "../../keyspace/entry.ts";
import type { ValueKind } from "../value-kind.ts";

export const setKind: ValueKind = {
  size: sizeOfSet,
  free: (heap, encoding, block) => {
    if (encoding === ENCODING_HASHTABLE) freeTableAndBlocks(heap, block);
    else free(heap, block);
  },
  freeSome: (heap, encoding, block, budget) => {
    if (encoding === ENCODING_HASHTABLE) return freeSomeOfTable(heap, block, budget);
    free(heap, block);
    return Math.max(1, budget - 1);
  },
  copy: (heap, encoding, block) => {
    const copy =
      encoding === ENCODING_HASHTABLE
        ? copyTableAndBlocks(heap, block, memberBlockBytes)
        : duplicateBlock(heap, block, flatBytes(heap, encoding, block));
    if (copy === NIL) throw new OutOfMemoryError();
    return copy;
  },
  memoryBytes: (heap, encoding, block, samples) =>
    encoding === ENCODING_HASHTABLE ? tableMemoryBytes(heap, block, samples) : usableBytes(heap, block),
};

/** Number of members. O(1). */
export function sizeOfSet(heap: Heap, encoding: number, block: number): number {
  if (encoding === ENCODING_HASHTABLE) return hashTableCount(heap, block);
  const bytes = windowOf(heap, block);
  return encoding === ENCODING_INTSET ? intsetCount(bytes, offsetOf(block)) : listpackCount(bytes, offsetOf(block));
}

/** Bytes in use of the block of an intset or listpack. */
function flatBytes(heap: Heap, encoding: number, block: number): number {
  const bytes = windowOf(heap, block);
  return encoding === ENCODING_INTSET ? intsetBytes(bytes, offsetOf(block)) : listpackBytes(bytes, offsetOf(block));
}

/** Bytes of a member's block that are in use. */
function memberBlockBytes(heap: Heap, block: number): number {
  return keyedPrefixBytes(keyLengthOf(heap, block));
}
