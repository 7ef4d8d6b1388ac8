/** What the commands over several sets share: looking the sets up, and putting the result under a key. */
import { NIL, RefList } from "@sider/datastructures";
import {
  freeLooseSet,
  lookupWrite,
  NO_EXPIRY,
  placeSet,
  removeEntry,
  setCardinality,
  sizeOfSet,
  TYPE_SET,
} from "@sider/keyspace-engine";
import type { LooseValue } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

/** The entries of the sets that the command reads, NIL for keys that are missing. */
export const operands = new RefList();

/** Looks up the sets in arguments [first, last] into `operands`; refuses and gives false where there is another type. */
export function readOperands(context: CommandContext, first: number, last: number): boolean {
  operands.count = 0;
  for (let index = first; index <= last; index++) {
    operands.push(context.readTyped(index, TYPE_SET));
    if (context.error !== null) return false;
  }
  return true;
}

/** Orders the operands from number `from` on by how many members they have; `sign` -1: the largest first. */
export function sortOperands(context: CommandContext, from: number, sign: 1 | -1): void {
  const heap = context.keyspace.heap;
  const sizeOf = (entry: number): number => (entry === NIL ? 0 : setCardinality(heap, entry));
  operands.refs.subarray(from, operands.count).sort((one, other) => sign * (sizeOf(one) - sizeOf(other)));
}

/**
 * Puts a set under the key in argument 1 in place of whatever is there, or deletes that key if the set is empty, and replies with
 * its size. The set is no longer the caller's.
 */
export function storeResult(context: CommandContext, set: LooseValue, event: string): void {
  const { keyspace, database } = context;
  const size = sizeOfSet(keyspace.heap, set.encoding, set.block);
  const key = context.key(1);
  const old = lookupWrite(keyspace, database, key);
  if (size === 0) {
    freeLooseSet(keyspace, set);
    deleteTarget(context, old);
    return;
  }
  try {
    placeSet(keyspace, database, key, old, set, NO_EXPIRY);
  } catch (error) {
    freeLooseSet(keyspace, set);
    throw error;
  }
  keyspace.changed(database, key, "s", event);
  context.reply.integer(size);
}

/** Deletes the entry of the key in argument 1, if there is one, and replies with 0. */
function deleteTarget(context: CommandContext, old: number): void {
  const { keyspace, database } = context;
  const key = context.key(1);
  if (old !== NIL) {
    removeEntry(keyspace, database, key.hash, old);
    keyspace.changed(database, key, "g", "del");
  }
  context.reply.integer(0);
}
