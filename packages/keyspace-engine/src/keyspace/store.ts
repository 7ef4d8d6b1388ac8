/**
 * Putting, moving and deleting entries: the only code that changes the two tables of a database.
 *
 * An entry that no longer fits its block moves; callers use the ref that they get back. Each function secures all memory
 * first and throws OutOfMemoryError before anything has changed; deleting and taking an expiry away need none.
 */
import {
  allocate,
  clearHashTable,
  collectPosition,
  createHashTable,
  destroyHashTable,
  free,
  hashOfKey,
  insertIntoTable,
  KEY_LENGTH_MASK,
  keyLengthOf,
  keyOffsetOf,
  NIL,
  positionCount,
  RefList,
  removeFromTable,
  replaceInTable,
  usableBytes,
  windowOf,
  wordAfterKey,
  wordOf,
  writeKey,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { OutOfMemoryError } from "../errors.ts";
import type { Key } from "../slice.ts";
import { freeValueBlock, valuePartBytes } from "../values/value-block.ts";
import {
  dropExpiry,
  entryBytes,
  entryBytesOf,
  expiryOf,
  FLAG_EXPIRY,
  FLAG_VALUE_OUTSIDE,
  hasExpiry,
  NO_EXPIRY,
  resetFlags,
  valueWord,
  writeExpiry,
} from "./entry.ts";
import type { Database, Keyspace } from "./keyspace.ts";

/** A block may be this much larger than needed before a smaller one is taken. */
const SLACK_BYTES = 16;

/** Whether a block of `usable` bytes holds `bytes` without wasting much. */
function isSnug(usable: number, bytes: number): boolean {
  return usable >= bytes && usable - bytes <= SLACK_BYTES + (bytes >> 3);
}

/** `allocate` that throws. */
export function allocateOrThrow(heap: Heap, byteLength: number): number {
  const ref = allocate(heap, byteLength);
  if (ref === NIL) throw new OutOfMemoryError();
  return ref;
}

/**
 * An entry for `key` with room for a value part of `valueBytes`, in the tables, its expiry set; header, flags of the value and
 * the value part are the caller's to write. `old` is the key's entry so far or NIL: its value is given up, its block is used
 * again if it fits. The value must not point into `old`.
 */
export function placeEntry(
  keyspace: Keyspace,
  database: Database,
  key: Key,
  old: number,
  valueBytes: number,
  expiresAtMs: number,
): number {
  const heap = keyspace.heap;
  const willExpire = expiresAtMs !== NO_EXPIRY;
  const bytes = entryBytes(key.length, willExpire, valueBytes);
  if (old === NIL) return insertEntry(keyspace, database, key, bytes, expiresAtMs);
  if (keyspace.snapshot !== null) keyspace.snapshot.beforeChange(database.entries, key.hash, old);
  const entry = isSnug(usableBytes(heap, old), bytes) ? old : allocateOrThrow(heap, bytes);
  if (!trackExpiry(heap, database, key.hash, old, entry, willExpire)) {
    if (entry !== old) free(heap, entry);
    throw new OutOfMemoryError();
  }
  if (keyspace.lazyFree.onOverwrite) keyspace.lazyFree.freeValue(old);
  else freeValueBlock(heap, old);
  if (entry === old) resetFlags(heap, entry, key.length, willExpire);
  else {
    writeKey(heap, entry, willExpire ? FLAG_EXPIRY : 0, key.bytes, key.offset, key.length);
    replaceInTable(heap, database.entries, key.hash, old, entry);
    free(heap, old);
  }
  if (willExpire) writeExpiry(heap, entry, expiresAtMs);
  return entry;
}

function insertEntry(keyspace: Keyspace, database: Database, key: Key, bytes: number, expiresAtMs: number): number {
  if (key.length > KEY_LENGTH_MASK) throw new OutOfMemoryError();
  const heap = keyspace.heap;
  if (keyspace.snapshot !== null) keyspace.snapshot.beforeInsert(database.entries, key.hash);
  const entry = allocateOrThrow(heap, bytes);
  writeKey(heap, entry, expiresAtMs === NO_EXPIRY ? 0 : FLAG_EXPIRY, key.bytes, key.offset, key.length);
  if (expiresAtMs !== NO_EXPIRY) writeExpiry(heap, entry, expiresAtMs);
  if (!insertIntoTable(heap, database.entries, key.hash, entry)) {
    free(heap, entry);
    throw new OutOfMemoryError();
  }
  if (expiresAtMs !== NO_EXPIRY && !insertIntoTable(heap, database.expires, key.hash, entry)) {
    removeFromTable(heap, database.entries, key.hash, entry);
    free(heap, entry);
    throw new OutOfMemoryError();
  }
  if (keyspace.onAdded !== null) keyspace.onAdded(database, key);
  return entry;
}

/** Brings the table of expiries up to date for an entry that moves from `old` to `entry`. False without memory. */
function trackExpiry(
  heap: Heap,
  database: Database,
  hash: number,
  old: number,
  entry: number,
  willExpire: boolean,
): boolean {
  if (!hasExpiry(heap, old)) return !willExpire || insertIntoTable(heap, database.expires, hash, entry);
  if (!willExpire) removeFromTable(heap, database.expires, hash, old);
  else if (entry !== old) replaceInTable(heap, database.expires, hash, old, entry);
  return true;
}

/**
 * Gives an entry a value part of another size and keeps the rest: key, header, expiry and the old part's leading bytes.
 * Returns the entry, which may have moved. For strings that grow in place, or out into a block.
 */
export function resizeEntry(
  keyspace: Keyspace,
  database: Database,
  hash: number,
  entry: number,
  valueBytes: number,
): number {
  const heap = keyspace.heap;
  if (keyspace.snapshot !== null) keyspace.snapshot.beforeChange(database.entries, hash, entry);
  const bytes = entryBytesOf(heap, entry, valueBytes);
  const usable = usableBytes(heap, entry);
  if (isSnug(usable, bytes)) return entry;
  const moved = allocate(heap, bytes);
  if (moved === NIL) {
    if (usable >= bytes) return entry;
    throw new OutOfMemoryError();
  }
  const kept = Math.min(bytes, entryBytesOf(heap, entry, valuePartBytes(heap, entry)));
  copyWords(heap, entry, moved, (kept + 3) >> 2);
  replaceInTable(heap, database.entries, hash, entry, moved);
  if (hasExpiry(heap, entry)) replaceInTable(heap, database.expires, hash, entry, moved);
  free(heap, entry);
  return moved;
}

/** Sets, changes or (with NO_EXPIRY) takes away the expiry of an entry. Returns the entry, which may have moved. */
export function setExpiry(
  keyspace: Keyspace,
  database: Database,
  hash: number,
  entry: number,
  expiresAtMs: number,
): number {
  const heap = keyspace.heap;
  const willExpire = expiresAtMs !== NO_EXPIRY;
  if (keyspace.snapshot !== null) keyspace.snapshot.beforeChange(database.entries, hash, entry);
  if (hasExpiry(heap, entry) === willExpire) {
    if (willExpire) writeExpiry(heap, entry, expiresAtMs);
    return entry;
  }
  const valueBytes = valuePartBytes(heap, entry);
  if (willExpire) return addExpiry(heap, database, hash, entry, valueBytes, expiresAtMs);
  removeFromTable(heap, database.expires, hash, entry);
  dropExpiry(heap, entry, valueBytes);
  return entry;
}

function addExpiry(
  heap: Heap,
  database: Database,
  hash: number,
  entry: number,
  valueBytes: number,
  expiresAtMs: number,
): number {
  const moved = allocateOrThrow(heap, entryBytes(keyLengthOf(heap, entry), true, valueBytes));
  if (!insertIntoTable(heap, database.expires, hash, moved)) {
    free(heap, moved);
    throw new OutOfMemoryError();
  }
  copyWords(heap, entry, moved, wordAfterKey(heap, entry) - wordOf(entry));
  heap.i32[wordOf(moved) + 1] |= FLAG_EXPIRY;
  writeExpiry(heap, moved, expiresAtMs);
  copyValuePart(heap, entry, moved, valueBytes);
  replaceInTable(heap, database.entries, hash, entry, moved);
  free(heap, entry);
  return moved;
}

/**
 * Moves an entry to another name, another database, or both, with its value, header and expiry. `old` is the entry that
 * `target` names there so far, and that is given up, or NIL; it is not `entry`. Returns the new entry.
 */
export function moveEntry(
  keyspace: Keyspace,
  from: Database,
  hash: number,
  entry: number,
  to: Database,
  target: Key,
  old: number = NIL,
): number {
  const heap = keyspace.heap;
  const valueBytes = valuePartBytes(heap, entry);
  const moved = placeEntry(keyspace, to, target, old, valueBytes, expiryOf(heap, entry));
  heap.i32[wordOf(moved)] = heap.i32[wordOf(entry)];
  heap.i32[wordOf(moved) + 1] |= heap.i32[wordOf(entry) + 1] & FLAG_VALUE_OUTSIDE;
  copyValuePart(heap, entry, moved, valueBytes);
  unlinkEntry(keyspace, from, hash, entry);
  free(heap, entry);
  return moved;
}

/** Deletes an entry and frees its value. O(elements). */
export function removeEntry(keyspace: Keyspace, database: Database, hash: number, entry: number): void {
  const heap = keyspace.heap;
  unlinkEntry(keyspace, database, hash, entry);
  freeValueBlock(heap, entry);
  free(heap, entry);
}

/** As `removeEntry`, but a large value is freed later. O(1). */
export function removeEntryLazily(keyspace: Keyspace, database: Database, hash: number, entry: number): void {
  const heap = keyspace.heap;
  unlinkEntry(keyspace, database, hash, entry);
  keyspace.lazyFree.freeValue(entry);
  free(heap, entry);
}

/** Throws when the entry is not there: an entry freed though a table still has it would be a corruption without a sound. */
function unlinkEntry(keyspace: Keyspace, database: Database, hash: number, entry: number): void {
  const heap = keyspace.heap;
  if (keyspace.snapshot !== null) keyspace.snapshot.beforeChange(database.entries, hash, entry);
  if (!removeFromTable(heap, database.entries, hash, entry)) throw new Error(NOT_IN_TABLE);
  if (hasExpiry(heap, entry)) removeFromTable(heap, database.expires, hash, entry);
}

const NOT_IN_TABLE = "the entry is not in the database under this hash";

/** Deletes all entries of a database. Needs no memory. O(n). Returns how many there were. */
export function emptyDatabase(keyspace: Keyspace, database: Database): number {
  const { heap, snapshot } = keyspace;
  const count = keyspace.count(database);
  if (snapshot !== null && snapshot.needs(database.entries)) {
    if (detachTables(keyspace, database, count)) return count;
    snapshot.giveUp();
  }
  keyspace.watch?.databaseChanging(database, null);
  if (count > 0) freeAllEntries(heap, database.entries);
  clearHashTable(heap, database.entries);
  clearHashTable(heap, database.expires);
  database.expireCursor = 0;
  keyspace.watch?.databaseChanged(database);
  return count;
}

/** As `emptyDatabase`, but the entries are freed later. O(1), O(n) where there is not even memory for two empty tables. */
export function emptyDatabaseLazily(keyspace: Keyspace, database: Database): number {
  const count = keyspace.count(database);
  return count > 0 && detachTables(keyspace, database, count) ? count : emptyDatabase(keyspace, database);
}

/** Gives a database two new tables; those it had, with all `count` entries, are freed later. False without memory. O(1). */
function detachTables(keyspace: Keyspace, database: Database, count: number): boolean {
  const { heap, snapshot } = keyspace;
  const entries = createHashTable(heap, keyspace.hashKey0, keyspace.hashKey1);
  const expires = entries === NIL ? NIL : createHashTable(heap, keyspace.hashKey0, keyspace.hashKey1);
  if (expires === NIL) {
    if (entries !== NIL) destroyHashTable(heap, entries);
    return false;
  }
  keyspace.watch?.databaseChanging(database, null);
  const isNeeded = snapshot !== null && snapshot.needs(database.entries);
  if (isNeeded) snapshot.take(database.entries, database.expires, count);
  else keyspace.lazyFree.freeDatabase(database.entries, database.expires, count);
  database.entries = entries;
  database.expires = expires;
  database.expireCursor = 0;
  keyspace.watch?.databaseChanged(database);
  return true;
}

function freeAllEntries(heap: Heap, table: number): void {
  const found = new RefList();
  for (let position = positionCount(heap, table) - 1; position >= 0; position--) {
    found.count = 0;
    collectPosition(heap, table, position, found);
    for (let at = 0; at < found.count; at++) {
      freeValueBlock(heap, found.refs[at]);
      free(heap, found.refs[at]);
    }
  }
}

/** Exchanges the contents of two databases; their numbers stay. One change, however many keys. O(1). */
export function swapDatabases(keyspace: Keyspace, one: Database, other: Database): void {
  keyspace.watch?.databaseChanging(one, other);
  keyspace.watch?.databaseChanging(other, one);
  [one.entries, other.entries] = [other.entries, one.entries];
  [one.expires, other.expires] = [other.expires, one.expires];
  [one.expireCursor, other.expireCursor] = [other.expireCursor, one.expireCursor];
  [one.averageTtlMs, other.averageTtlMs] = [other.averageTtlMs, one.averageTtlMs];
  keyspace.dirty++;
  keyspace.watch?.databaseChanged(one);
  keyspace.watch?.databaseChanged(other);
}

/** Points `key` at the key of an entry. Valid until the heap may move or the entry does. */
export function keyOfEntry(keyspace: Keyspace, entry: number, key: Key): Key {
  const heap = keyspace.heap;
  const hash = hashOfKey(heap, entry, keyspace.hashKey0, keyspace.hashKey1);
  return key.set(windowOf(heap, entry), keyOffsetOf(entry), keyLengthOf(heap, entry), hash);
}

function copyValuePart(heap: Heap, from: number, to: number, valueBytes: number): void {
  const source = valueWord(heap, from);
  heap.i32.copyWithin(valueWord(heap, to), source, source + ((valueBytes + 3) >> 2));
}

function copyWords(heap: Heap, from: number, to: number, words: number): void {
  heap.i32.copyWithin(wordOf(to), wordOf(from), wordOf(from) + words);
}
