/** Private copies of whole entries, key and expiry and value, which no table knows: how an old state outlives a change. */
import { allocate, copyBlockStart, duplicateBlock, free, NIL, usableBytes } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { OutOfMemoryError } from "../errors.ts";
import {
  ENCODING_INTSET,
  ENCODING_LISTPACK,
  encodingOf,
  entryBytesOf,
  isValueOutside,
  typeOf,
} from "../keyspace/entry.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import { setValueBlock, valueBlockOf, valueKindOf, valuePartBytes } from "./value-block.ts";

/** Elements that are measured to tell the size of a value. */
const SAMPLES = 4;

/** A copy of an entry with all of its value. NIL without memory, and then nothing is left behind. O(n). */
export function duplicateEntry(heap: Heap, entry: number): number {
  const bytes = entryBytesOf(heap, entry, valuePartBytes(heap, entry));
  const copy = allocate(heap, bytes);
  if (copy === NIL) return NIL;
  copyBlockStart(heap, copy, entry, bytes);
  if (!isValueOutside(heap, entry)) return copy;
  const block = duplicateValue(heap, entry);
  if (block === NIL) {
    free(heap, copy);
    return NIL;
  }
  setValueBlock(heap, copy, block);
  return copy;
}

function duplicateValue(heap: Heap, entry: number): number {
  const block = valueBlockOf(heap, entry);
  const kind = valueKindOf(typeOf(heap, entry));
  if (kind === null) return duplicateBlock(heap, block, usableBytes(heap, block));
  try {
    return kind.copy(heap, encodingOf(heap, entry), block);
  } catch (error) {
    if (error instanceof OutOfMemoryError) return NIL;
    throw error;
  }
}

/** Frees a copy; a large value of it later. */
export function freeDuplicate(keyspace: Keyspace, copy: number): void {
  keyspace.lazyFree.freeValue(copy);
  free(keyspace.heap, copy);
}

/** Bytes that an entry and its value take, estimated from a few elements where there are many. O(1). */
export function entryFootprintBytes(heap: Heap, entry: number): number {
  const own = usableBytes(heap, entry);
  if (!isValueOutside(heap, entry)) return own;
  const block = valueBlockOf(heap, entry);
  const encoding = encodingOf(heap, entry);
  const kind = valueKindOf(typeOf(heap, entry));
  const isFlat = kind === null || encoding === ENCODING_LISTPACK || encoding === ENCODING_INTSET;
  return own + (isFlat ? usableBytes(heap, block) : kind.memoryBytes(heap, encoding, block, SAMPLES));
}
