/** Putting a value that has a block of its own under a key: what lists, hashes, sets, sorted sets and streams begin with. */
import { accessOfPlaced } from "../keyspace/access.ts";
import { encodingOf, expiryOf, setHeader, setValueOutside, typeOf } from "../keyspace/entry.ts";
import type { Database, Keyspace } from "../keyspace/keyspace.ts";
import { placeEntry } from "../keyspace/store.ts";
import type { Key, Slice } from "../slice.ts";
import { copyString } from "./string-value.ts";
import { REF_PART_BYTES, setValueBlock, valueBlockOf, valueKindOf } from "./value-block.ts";

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
  const access = accessOfPlaced(keyspace, old);
  const entry = placeEntry(keyspace, database, key, old, REF_PART_BYTES, expiresAtMs);
  setHeader(heap, entry, type, encoding, access);
  setValueOutside(heap, entry, true);
  setValueBlock(heap, entry, block);
  return entry;
}

/**
 * Copies a value of any type, with its encoding and expiry, to `key` of `database`, in place of `old` (its live entry, or NIL). `scratch`
 * is for a moment's use. Returns the new entry. Throws OutOfMemoryError with nothing changed. O(n).
 */
export function copyValue(
  keyspace: Keyspace,
  entry: number,
  database: Database,
  key: Key,
  old: number,
  scratch: Slice,
): number {
  const heap = keyspace.heap;
  const type = typeOf(heap, entry);
  const kind = valueKindOf(type);
  if (kind === null) return copyString(keyspace, entry, database, key, old, scratch);
  const encoding = encodingOf(heap, entry);
  const block = kind.copy(heap, encoding, valueBlockOf(heap, entry));
  try {
    return placeValue(keyspace, database, key, old, type, encoding, block, expiryOf(heap, entry));
  } catch (error) {
    kind.free(heap, encoding, block);
    throw error;
  }
}
