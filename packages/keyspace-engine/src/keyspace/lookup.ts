/**
 * Finding a key. A key whose time has come is deleted when it is met, so no caller ever sees one.
 */
import { findInTable, NIL } from "@sider/datastructures";
import type { Key } from "../slice.ts";
import { expiryOf, hasExpiry, setAccess } from "./entry.ts";
import type { Database, Keyspace } from "./keyspace.ts";
import { removeEntry, removeEntryLazily } from "./store.ts";

/** The live entry of a key, or NIL. No statistics, no access time: for commands that only ask about the key. */
export function peek(keyspace: Keyspace, database: Database, key: Key): number {
  const entry = findInTable(keyspace.heap, database.entries, key.bytes, key.offset, key.length, key.hash);
  if (entry !== NIL && hasExpiry(keyspace.heap, entry) && isDue(keyspace, entry)) {
    expire(keyspace, database, key, entry);
    return NIL;
  }
  return entry;
}

/** The live entry of a key that a command reads, or NIL; counts hit or miss and notes the access. */
export function lookupRead(keyspace: Keyspace, database: Database, key: Key): number {
  const entry = peek(keyspace, database, key);
  if (entry === NIL) {
    keyspace.misses++;
    return NIL;
  }
  keyspace.hits++;
  if (keyspace.touchesOnLookup) setAccess(keyspace.heap, entry, keyspace.accessClock);
  return entry;
}

/** As `lookupRead`, without noting the access (EXISTS, TYPE, OBJECT ...). */
export function lookupQuietly(keyspace: Keyspace, database: Database, key: Key): number {
  const entry = peek(keyspace, database, key);
  if (entry === NIL) keyspace.misses++;
  else keyspace.hits++;
  return entry;
}

/** The live entry of a key that a command is going to change, or NIL. The observer sees the old value first. */
export function lookupWrite(keyspace: Keyspace, database: Database, key: Key): number {
  const entry = peek(keyspace, database, key);
  if (entry === NIL) return NIL;
  if (keyspace.touchesOnLookup) setAccess(keyspace.heap, entry, keyspace.accessClock);
  if (keyspace.observer !== null) keyspace.observer.beforeChange(database, entry);
  if (keyspace.snapshot !== null) keyspace.snapshot.beforeChange(database.entries, key.hash, entry);
  return entry;
}

/** Whether an entry's time has come. */
export function isDue(keyspace: Keyspace, entry: number): boolean {
  const expiresAtMs = expiryOf(keyspace.heap, entry);
  return expiresAtMs >= 0 && keyspace.nowMs > expiresAtMs && keyspace.lazyExpiry;
}

/** Deletes an entry because its time has come. That is no change that a save counts: the file has the expiry too. */
export function expire(keyspace: Keyspace, database: Database, key: Key, entry: number): void {
  if (keyspace.observer !== null) keyspace.observer.beforeChange(database, entry);
  if (keyspace.snapshot !== null) keyspace.snapshot.beforeExpiry(database.entries, key.hash, entry);
  if (keyspace.lazyFree.onExpiry) removeEntryLazily(keyspace, database, key.hash, entry);
  else removeEntry(keyspace, database, key.hash, entry);
  keyspace.expiredKeys++;
  keyspace.announce(database, key, "x", "expired");
  if (keyspace.onExpired !== null) keyspace.onExpired(database, key);
}
