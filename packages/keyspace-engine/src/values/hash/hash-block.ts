/**
 * The block of a hash value: a listpack of names and values in turn, or a table of fields (`field-block.ts`) that owns them.
 */
import {
  copyTableAndBlocks,
  duplicateBlock,
  free,
  freeSomeOfTable,
  freeTableAndBlocks,
  hashTableCount,
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
import { ENCODING_LISTPACK } from "../../keyspace/entry.ts";
import type { ValueKind } from "../value-kind.ts";
import { fieldBlockBytes } from "./field-block.ts";

export const hashKind: ValueKind = {
  size: (heap, encoding, block) =>
    encoding === ENCODING_LISTPACK
      ? listpackCount(windowOf(heap, block), offsetOf(block)) >> 1
      : hashTableCount(heap, block),
  free: (heap, encoding, block) => {
    if (encoding === ENCODING_LISTPACK) free(heap, block);
    else freeTableAndBlocks(heap, block);
  },
  freeSome: (heap, encoding, block, budget) => {
    if (encoding !== ENCODING_LISTPACK) return freeSomeOfTable(heap, block, budget);
    free(heap, block);
    return Math.max(1, budget - 1);
  },
  copy: (heap, encoding, block) => {
    const copy =
      encoding === ENCODING_LISTPACK ? copyListpack(heap, block) : copyTableAndBlocks(heap, block, fieldBlockBytes);
    if (copy === NIL) throw new OutOfMemoryError();
    return copy;
  },
  memoryBytes: (heap, encoding, block, samples) =>
    encoding === ENCODING_LISTPACK ? usableBytes(heap, block) : tableMemoryBytes(heap, block, samples),
};

function copyListpack(heap: Heap, block: number): number {
  return duplicateBlock(heap, block, listpackBytes(windowOf(heap, block), offsetOf(block)));
}
