/**
 * Finding a key. A key whose time has come is deleted when it is met, so no caller ever sees one (`keepsExpired`: hidden only).
 */
import { findInTable, NIL } from "@sider/datastructures";
import type { Key } from "../slice.ts";
import { noteAccess } from "./access.ts";
import { expiryOf, hasExpiry } from "./entry.ts";
import type { Database, Keyspace } from "./keyspace.ts";
import { removeUnasked } from "./removal.ts";

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
    countMiss(keyspace, database, key);
    return NIL;
  }
  keyspace.hits++;
  if (keyspace.touchesOnLookup) noteAccess(keyspace, entry);
  return entry;
}

/** As `lookupRead`, without noting the access (EXISTS, TYPE, OBJECT ...). */
export function lookupQuietly(keyspace: Keyspace, database: Database, key: Key): number {
  const entry = peek(keyspace, database, key);
  if (entry === NIL) countMiss(keyspace, database, key);
  else keyspace.hits++;
  return entry;
}

/** As `lookupQuietly`, and nobody is told when the key is not there (OBJECT). */
export function lookupSilently(keyspace: Keyspace, database: Database, key: Key): number {
  const entry = peek(keyspace, database, key);
  if (entry === NIL) keyspace.misses++;
  else keyspace.hits++;
  return entry;
}

/** Counts and tells what `lookupRead` would, of an entry or NIL that was looked up otherwise: the command changes it, but begins as a reader. */
export function countAsRead(keyspace: Keyspace, database: Database, key: Key, entry: number): void {
  if (entry === NIL) countMiss(keyspace, database, key);
  else keyspace.hits++;
}

function countMiss(keyspace: Keyspace, database: Database, key: Key): void {
  keyspace.misses++;
  if (keyspace.onMissed !== null) keyspace.onMissed(database, key);
}

/** The live entry of a key that a command is going to change, or NIL. */
export function lookupWrite(keyspace: Keyspace, database: Database, key: Key): number {
  const entry = peek(keyspace, database, key);
  if (entry === NIL) return NIL;
  if (keyspace.touchesOnLookup) noteAccess(keyspace, entry);
  if (keyspace.snapshot !== null) keyspace.snapshot.beforeChange(database.entries, key.hash, entry);
  return entry;
}

/** Whether an entry's time has come. */
export function isDue(keyspace: Keyspace, entry: number): boolean {
  const expiresAtMs = expiryOf(keyspace.heap, entry);
  return expiresAtMs >= 0 && keyspace.nowMs > expiresAtMs && keyspace.lazyExpiry;
}

/** Deletes an entry because its time has come, unless nothing may be deleted now. */
export function expire(keyspace: Keyspace, database: Database, key: Key, entry: number): void {
  if (keyspace.keepsExpired) return;
  removeUnasked(keyspace, database, key, entry, "expired", keyspace.lazyFree.onExpiry);
  keyspace.expiredKeys++;
}
