/**
 * The hash value of an entry, over both of its encodings.
 *
 * A field that was found is a number, FIELD_MISSING when there is none: the offset of its name in a listpack, the ref of its block in
 * a table. It is good until the hash or the heap changes.
 *
 * A hash is never empty but between `createHash` and its first field, and before the entry of one that lost its last is removed.
 */
import {
  appendPair,
  createListpack,
  deleteEntries,
  END,
  findEntry,
  findInTable,
  firstEntry,
  free,
  insertIntoTable,
  listpackCount,
  hashTableCount,
  nextEntry,
  NIL,
  offsetOf,
  readText,
  removeFromTable,
  replaceEntry,
  replaceInTable,
  windowOf,
} from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { OutOfMemoryError } from "../../errors.ts";
import { ENCODING_LISTPACK, encodingOf, NO_EXPIRY, TYPE_HASH } from "../../keyspace/entry.ts";
import type { Database, Keyspace } from "../../keyspace/keyspace.ts";
import type { Key, Slice } from "../../slice.ts";
import { placeValue } from "../placed-value.ts";
import { setValueBlock, valueBlockOf } from "../value-block.ts";
import { allocateField, overwriteValue, readBlockName, readBlockValue, writeField } from "./field-block.ts";
import { convertHashToTable } from "./hash-conversion.ts";

/** No such field. */
export const FIELD_MISSING = END;

/**
 * An entry with an empty hash under a key that is missing, with room for `capacityBytes` of listpack. Throws OutOfMemoryError with nothing
 * changed.
 */
export function createHash(keyspace: Keyspace, database: Database, key: Key, capacityBytes = 0): number {
  const block = createListpack(keyspace.heap, capacityBytes);
  if (block === NIL) throw new OutOfMemoryError();
  try {
    return placeValue(keyspace, database, key, NIL, TYPE_HASH, ENCODING_LISTPACK, block, NO_EXPIRY);
  } catch (error) {
    free(keyspace.heap, block);
    throw error;
  }
}

/** Number of fields. O(1). */
export function hashLength(heap: Heap, entry: number): number {
  const block = valueBlockOf(heap, entry);
  if (encodingOf(heap, entry) !== ENCODING_LISTPACK) return hashTableCount(heap, block);
  return listpackCount(windowOf(heap, block), offsetOf(block)) >> 1;
}

/**
 * Makes a hash ready for `pairs` fields, the longest name or value of which has `longestBytes`: a listpack that cannot hold them
 * becomes a table at once. Throws OutOfMemoryError with nothing changed. O(1), O(n) when it converts.
 */
export function prepareHash(keyspace: Keyspace, entry: number, pairs: number, longestBytes: number): void {
  const { heap, limits } = keyspace;
  if (pairs <= limits.hashMaxListpackEntries && longestBytes <= limits.hashMaxListpackValue) return;
  if (encodingOf(heap, entry) !== ENCODING_LISTPACK) return;
  if (!convertHashToTable(keyspace, entry)) throw new OutOfMemoryError();
}

/** The field of this name, or FIELD_MISSING. O(1), O(n) in a listpack. */
export function findField(keyspace: Keyspace, entry: number, name: Slice): number {
  const heap = keyspace.heap;
  const block = valueBlockOf(heap, entry);
  if (encodingOf(heap, entry) === ENCODING_LISTPACK) {
    const bytes = windowOf(heap, block);
    return findEntry(bytes, firstEntry(bytes, offsetOf(block)), name.bytes, name.offset, name.length, 1);
  }
  const hash = keyspace.hash(name.bytes, name.offset, name.length);
  const ref = findInTable(heap, block, name.bytes, name.offset, name.length, hash);
  return ref === NIL ? FIELD_MISSING : ref;
}

/** Points `out` at the name of a field. */
export function readFieldName(heap: Heap, entry: number, field: number, out: Slice): Slice {
  if (encodingOf(heap, entry) !== ENCODING_LISTPACK) return readBlockName(heap, field, out);
  readText(windowOf(heap, valueBlockOf(heap, entry)), field, out);
  return out;
}

/** Points `out` at the value of a field. */
export function readFieldValue(heap: Heap, entry: number, field: number, out: Slice): Slice {
  if (encodingOf(heap, entry) !== ENCODING_LISTPACK) return readBlockValue(heap, field, out);
  const bytes = windowOf(heap, valueBlockOf(heap, entry));
  readText(bytes, nextEntry(bytes, field), out);
  return out;
}

/**
 * Sets a field; true when it is a new one. Neither slice may point into the heap. Throws OutOfMemoryError with nothing changed.
 * O(1), O(n) in a listpack.
 */
export function setField(keyspace: Keyspace, entry: number, name: Slice, value: Slice): boolean {
  const { heap, limits } = keyspace;
  if (encodingOf(heap, entry) === ENCODING_LISTPACK) {
    prepareHash(keyspace, entry, 1, name.length > value.length ? name.length : value.length);
  }
  if (encodingOf(heap, entry) !== ENCODING_LISTPACK) return setInTable(keyspace, entry, name, value);
  const isNew = setInListpack(heap, entry, name, value);
  // A conversion for which there is no memory is tried again with the next field.
  if (isNew && hashLength(heap, entry) > limits.hashMaxListpackEntries) convertHashToTable(keyspace, entry);
  return isNew;
}

function setInListpack(heap: Heap, entry: number, name: Slice, value: Slice): boolean {
  const block = valueBlockOf(heap, entry);
  const bytes = windowOf(heap, block);
  const field = findEntry(bytes, firstEntry(bytes, offsetOf(block)), name.bytes, name.offset, name.length, 1);
  if (field === END) {
    moveBlock(heap, entry, block, appendPair(heap, block, name, value));
    return true;
  }
  const at = nextEntry(bytes, field);
  moveBlock(heap, entry, block, replaceEntry(heap, block, at, value.bytes, value.offset, value.length));
  return false;
}

/** Notes where the listpack is after a change that may have moved it; NIL: there was no memory for the change. */
function moveBlock(heap: Heap, entry: number, block: number, moved: number): void {
  if (moved === NIL) throw new OutOfMemoryError();
  if (moved !== block) setValueBlock(heap, entry, moved);
}

function setInTable(keyspace: Keyspace, entry: number, name: Slice, value: Slice): boolean {
  const heap = keyspace.heap;
  const table = valueBlockOf(heap, entry);
  const hash = keyspace.hash(name.bytes, name.offset, name.length);
  const old = findInTable(heap, table, name.bytes, name.offset, name.length, hash);
  if (old !== NIL && overwriteValue(heap, old, value)) return false;
  const field = allocateField(heap, name.length, value.length);
  if (field === NIL) throw new OutOfMemoryError();
  writeField(heap, field, name, value);
  if (old !== NIL) {
    replaceInTable(heap, table, hash, old, field);
    free(heap, old);
    return false;
  }
  if (insertIntoTable(heap, table, hash, field)) return true;
  free(heap, field);
  throw new OutOfMemoryError();
}

/** Takes a field out; false when there is none. Needs no memory. O(1), O(n) in a listpack. */
export function deleteField(keyspace: Keyspace, entry: number, name: Slice): boolean {
  const heap = keyspace.heap;
  const block = valueBlockOf(heap, entry);
  if (encodingOf(heap, entry) === ENCODING_LISTPACK) {
    const bytes = windowOf(heap, block);
    const at = findEntry(bytes, firstEntry(bytes, offsetOf(block)), name.bytes, name.offset, name.length, 1);
    if (at !== END) deleteEntries(heap, block, at, 2);
    return at !== END;
  }
  const hash = keyspace.hash(name.bytes, name.offset, name.length);
  const ref = findInTable(heap, block, name.bytes, name.offset, name.length, hash);
  if (ref === NIL) return false;
  removeFromTable(heap, block, hash, ref);
  free(heap, ref);
  return true;
}

export * from "./hash-walk.ts";
