/**
 * Deleting keys that no command asks to delete: their time has come, or memory runs short. Every such deletion passes here, so that a
 * snapshot, the observer, who watches the key and the propagation hear of it.
 */
import type { Key } from "../slice.ts";
import type { Database, Keyspace, RemovalReason } from "./keyspace.ts";
import { keyOfEntry, removeEntry, removeEntryLazily } from "./store.ts";

/**
 * Deletes an entry; `isLazy`: a large value is freed later. That is no change that a save counts. `key` must not point into the entry:
 * it is told to others when that is gone.
 */
export function removeUnasked(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  entry: number,
  reason: RemovalReason,
  isLazy: boolean,
): void {
  if (keyspace.snapshot !== null) keyspace.snapshot.beforeLoss(database.entries, key.hash, entry);
  const watch = keyspace.removalWatch;
  const startedMs = watch === null ? 0 : watch.steadyMs();
  if (isLazy) removeEntryLazily(keyspace, database, key.hash, entry);
  else removeEntry(keyspace, database, key.hash, entry);
  if (watch !== null) watch.removed(reason, watch.steadyMs() - startedMs);
  keyspace.announce(database, key, reason === "expired" ? "x" : "e", reason);
  if (keyspace.onUnaskedRemoval !== null) keyspace.onUnaskedRemoval(database, key, isLazy);
}

let keyBytes = new Uint8Array(256);

/** Points `key` at a copy of an entry's key, which outlives the entry. Valid until the next call. O(length). */
export function copyKeyOfEntry(keyspace: Keyspace, entry: number, key: Key): Key {
  const own = keyOfEntry(keyspace, entry, key);
  if (own.length > keyBytes.length) keyBytes = new Uint8Array(own.length * 2);
  for (let at = 0; at < own.length; at++) keyBytes[at] = own.bytes[own.offset + at];
  return key.set(keyBytes, 0, own.length, own.hash);
}
