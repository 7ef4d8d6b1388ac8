/** Putting a value that has a block of its own under a key: what lists, hashes, sets, sorted sets and streams begin with. */
import { setHeader, setValueOutside, valueWord } from "../keyspace/entry.ts";
import type { Database, Keyspace } from "../keyspace/keyspace.ts";
import { placeEntry } from "../keyspace/store.ts";
import type { Key } from "../slice.ts";
import { FIXED_PART_BYTES } from "./value-block.ts";

/**
 * An entry for `key` whose value is the block `block`, in place of `old` (its live entry of whatever type, whose value is freed, or
 * NIL). `expiresAtMs` is the expiry from now on, or NO_EXPIRY. Returns the entry. Throws OutOfMemoryError with nothing changed: the
 * block is then still the caller's to free.
 */
export function placeValue(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  old: number,
  type: number,
  encoding: number,
  block: number,
  expiresAtMs: number,
): number {
  const heap = keyspace.heap;
  const entry = placeEntry(keyspace, database, key, old, FIXED_PART_BYTES, expiresAtMs);
  setHeader(heap, entry, type, encoding, keyspace.accessClock);
  setValueOutside(heap, entry, true);
  const at = valueWord(heap, entry);
  heap.i32[at] = 0;
  heap.i32[at + 1] = block;
  return entry;
}
