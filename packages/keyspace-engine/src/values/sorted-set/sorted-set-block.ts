/**
 * The block of a sorted-set value (see `ValueKind`), by encoding:
 *
 *     listpack    datastructures/listpack: member, score, member, score ... (`sorted-set-listpack.ts`)
 *     skiplist    datastructures/sorted-set: a hash table and a B+tree; the name is the one that Redis's clients know
 */
import {
  duplicateBlock,
  copySortedSet,
  destroySortedSet,
  free,
  freeSomeOfSortedSet,
  listpackBytes,
  listpackCount,
  NIL,
  offsetOf,
  sortedSetBytes,
  sortedSetCount,
  usableBytes,
  windowOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { OutOfMemoryError } from "../../errors.ts";
import { ENCODING_SKIPLIST } from "../../keyspace/entry.ts";
import type { ValueKind } from "../value-kind.ts";

export const sortedSetKind: ValueKind = {
  size: sizeOfSortedSet,
  free: (heap, encoding, block) => {
    if (encoding === ENCODING_SKIPLIST) destroySortedSet(heap, block);
    else free(heap, block);
  },
  freeSome: (heap, encoding, block, budget) => {
    if (encoding === ENCODING_SKIPLIST) return freeSomeOfSortedSet(heap, block, budget);
    free(heap, block);
    return Math.max(1, budget - 1);
  },
  copy: (heap, encoding, block) => {
    const copy = encoding === ENCODING_SKIPLIST ? copySortedSet(heap, block) : copyListpack(heap, block);
    if (copy === NIL) throw new OutOfMemoryError();
    return copy;
  },
  memoryBytes: (heap, encoding, block, samples) =>
    encoding === ENCODING_SKIPLIST ? sortedSetBytes(heap, block, samples) : usableBytes(heap, block),
};

/** Number of members. O(1). */
export function sizeOfSortedSet(heap: Heap, encoding: number, block: number): number {
  if (encoding === ENCODING_SKIPLIST) return sortedSetCount(heap, block);
  return listpackCount(windowOf(heap, block), offsetOf(block)) >> 1;
}

function copyListpack(heap: Heap, block: number): number {
  return duplicateBlock(heap, block, listpackBytes(windowOf(heap, block), offsetOf(block)));
}
