/**
 * A value that is not under a key yet: it hangs off an entry that no table knows, so that the functions of all types work on it. That is
 * how a value from outside is built and checked before anything of the keyspace changes.
 */
import { allocate, free, keyedPrefixBytes, NIL, wordOf } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { OutOfMemoryError } from "../errors.ts";
import { encodingOf, setHeader, setValueOutside, typeOf } from "../keyspace/entry.ts";
import type { Database, Keyspace } from "../keyspace/keyspace.ts";
import type { Key } from "../slice.ts";
import { placeValue } from "./placed-value.ts";
import { freeValueBlock, REF_PART_BYTES, setValueBlock, valueBlockOf, valueKindOf } from "./value-block.ts";

/**
 * An entry that no key has, with the value `block`, which is its own from now on. NIL is the result of a call that found no memory: like
 * the entry's own lack of memory it throws OutOfMemoryError, and nothing is left. O(1).
 */
export function holdValue(heap: Heap, type: number, encoding: number, block: number): number {
  if (block === NIL) throw new OutOfMemoryError();
  const entry = allocate(heap, keyedPrefixBytes(0) + REF_PART_BYTES);
  if (entry === NIL) {
    valueKindOf(type)?.free(heap, encoding, block);
    throw new OutOfMemoryError();
  }
  heap.i32.fill(0, wordOf(entry), wordOf(entry) + (keyedPrefixBytes(0) >> 2));
  setHeader(heap, entry, type, encoding, 0);
  setValueOutside(heap, entry, true);
  setValueBlock(heap, entry, block);
  return entry;
}

/** Frees the entry and its value. */
export function dropHeldValue(heap: Heap, held: number): void {
  freeValueBlock(heap, held);
  free(heap, held);
}

/** Puts the value under a key, in place of `old`, and frees its holder. Throws OutOfMemoryError with nothing changed: it is then still held. */
export function placeHeldValue(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  old: number,
  held: number,
  expiresAtMs: number,
): number {
  const heap = keyspace.heap;
  const type = typeOf(heap, held);
  const block = valueBlockOf(heap, held);
  const entry = placeValue(keyspace, database, key, old, type, encodingOf(heap, held), block, expiresAtMs);
  free(heap, held);
  return entry;
}
