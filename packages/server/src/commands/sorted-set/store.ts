/** Putting results under keys, and what follows a removal. */
import { NIL } from "@sider/datastructures";
import {
  freeLooseSortedSet,
  lookupWrite,
  NO_EXPIRY,
  placeSortedSet,
  removeEntry,
  sizeOfSortedSet,
  sortedSetCardinality,
} from "@sider/keyspace-engine";
import type { Key, LooseValue } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

/** Puts a new set under the key in argument `index` in place of `old`. The set is no longer the caller's, whatever happens. */
export function placeOrFree(context: CommandContext, key: Key, old: number, set: LooseValue): void {
  try {
    placeSortedSet(context.keyspace, context.database, key, old, set, NO_EXPIRY);
  } catch (error) {
    freeLooseSortedSet(context.keyspace, set);
    throw error;
  }
}

/**
 * Puts a result under the key in argument 1 in place of whatever is there, or deletes that key if the result is empty, and replies with
 * its size. The set is no longer the caller's.
 */
export function storeResult(context: CommandContext, set: LooseValue, event: string): void {
  const { keyspace, database } = context;
  const size = sizeOfSortedSet(keyspace.heap, set.encoding, set.block);
  const key = context.key(1);
  const old = lookupWrite(keyspace, database, key);
  if (size > 0) {
    placeOrFree(context, key, old, set);
    keyspace.changed(database, key, "z", event);
  } else {
    freeLooseSortedSet(keyspace, set);
    deleteKey(context, key, old);
  }
  context.reply.integer(size);
}

/** Deletes a key that a command has nothing to store under; nothing where it is missing. */
export function deleteKey(context: CommandContext, key: Key, old: number): void {
  if (old === NIL) return;
  removeEntry(context.keyspace, context.database, key.hash, old);
  context.keyspace.changed(context.database, key, "g", "del");
}

/** Says that `removed` members are gone, at least one, and takes the key away with the last. */
export function afterRemoval(context: CommandContext, key: Key, entry: number, removed: number, event: string): void {
  const { keyspace, database } = context;
  keyspace.changed(database, key, "z", event);
  keyspace.dirty += removed - 1;
  if (sortedSetCardinality(keyspace.heap, entry) > 0) return;
  removeEntry(keyspace, database, key.hash, entry);
  keyspace.announce(database, key, "g", "del");
}
