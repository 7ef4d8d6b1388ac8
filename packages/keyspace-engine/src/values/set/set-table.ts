/**
 * The hashtable encoding of sets: the keyspace's hash table over one keyed block for each member, with nothing behind the key.
 *
 *     table   datastructures/hash-table, under the keyspace's hash key
 *     block   word 0 unused | length of the member | the member
 */
import {
  createHashTable,
  findInTable,
  free,
  freeTableAndBlocks,
  hashOfKey,
  insertIntoTable,
  keyedPrefixBytes,
  NIL,
  removeFromTable,
  reserveTable,
  writeKey,
} from "@sider/datastructures";
import { OutOfMemoryError } from "../../errors.ts";
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { allocateOrThrow } from "../../keyspace/store.ts";

/** An empty table for about `count` members. Throws OutOfMemoryError with nothing left behind. */
export function createMemberTable(keyspace: Keyspace, count: number): number {
  const heap = keyspace.heap;
  const table = createHashTable(heap, keyspace.hashKey0, keyspace.hashKey1);
  if (table === NIL) throw new OutOfMemoryError();
  if (reserveTable(heap, table, count)) return table;
  freeTableAndBlocks(heap, table);
  throw new OutOfMemoryError();
}

/** The block of a member, or NIL. O(1). */
export function findMember(
  keyspace: Keyspace,
  table: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): number {
  return findInTable(keyspace.heap, table, bytes, offset, length, keyspace.hash(bytes, offset, length));
}

/** Adds a member; false when it is there. Throws OutOfMemoryError with nothing changed. Amortised O(1). */
export function addToMembers(
  keyspace: Keyspace,
  table: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  const heap = keyspace.heap;
  const hash = keyspace.hash(bytes, offset, length);
  if (findInTable(heap, table, bytes, offset, length, hash) !== NIL) return false;
  const block = allocateOrThrow(heap, keyedPrefixBytes(length));
  writeKey(heap, block, 0, bytes, offset, length);
  if (insertIntoTable(heap, table, hash, block)) return true;
  free(heap, block);
  throw new OutOfMemoryError();
}

/** Takes a member out; false when it is not there. Needs no memory. O(1). */
export function removeFromMembers(
  keyspace: Keyspace,
  table: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): boolean {
  const heap = keyspace.heap;
  const hash = keyspace.hash(bytes, offset, length);
  const block = findInTable(heap, table, bytes, offset, length, hash);
  if (block === NIL) return false;
  removeFromTable(heap, table, hash, block);
  free(heap, block);
  return true;
}

/** Takes out the member of a block that the table has. O(1). */
export function removeMemberBlock(keyspace: Keyspace, table: number, block: number): void {
  const heap = keyspace.heap;
  removeFromTable(heap, table, hashOfKey(heap, block, keyspace.hashKey0, keyspace.hashKey1), block);
  free(heap, block);
}
