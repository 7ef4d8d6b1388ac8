/** Setting and removing fields: HSET, HMSET, HSETNX, HDEL. */
import { EMPTY_LISTPACK_BYTES, encodedBytes, NIL } from "@sider/datastructures";
import {
  createHash,
  deleteField,
  FIELD_MISSING,
  findField,
  hashLength,
  prepareHash,
  removeEntry,
  setField,
  TYPE_HASH,
} from "@sider/keyspace-engine";
import type { Key } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { wrongArity } from "../../dispatch/refusals.ts";

/** HSET key field value [field value ...] */
export function hset(context: CommandContext): void {
  const created = setAll(context);
  if (context.error === null) context.reply.integer(created);
}

/** HMSET key field value [field value ...] */
export function hmset(context: CommandContext): void {
  setAll(context);
  if (context.error === null) context.reply.ok();
}

/** HSETNX key field value */
export function hsetnx(context: CommandContext): void {
  const { keyspace } = context;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_HASH);
  if (context.error !== null) return;
  if (entry !== NIL && findField(keyspace, entry, context.value(2)) !== FIELD_MISSING) {
    context.reply.integer(0);
    return;
  }
  setPairs(context, key, entry);
  context.reply.integer(1);
}

/** Sets what the arguments say; gives the number of new fields. */
function setAll(context: CommandContext): number {
  if ((context.count & 1) === 1) {
    context.refuse(wrongArity(context.server.table.commands[context.command]));
    return 0;
  }
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_HASH);
  return context.error === null ? setPairs(context, key, entry) : 0;
}

/** Sets the pairs from argument 2 on in the hash of `key`, which is `old`, or a new one where that is NIL. */
function setPairs(context: CommandContext, key: Key, old: number): number {
  const { keyspace, database, count } = context;
  const entry = old === NIL ? createHash(keyspace, database, key, listpackBytesOfPairs(context)) : old;
  let created = 0;
  let index = 2;
  try {
    // For a single pair setField sees to it.
    if (count > 4) prepareHash(keyspace, entry, (count - 2) >> 1, longestArgument(context));
    for (; index < count; index += 2) {
      if (setField(keyspace, entry, context.value(index), context.otherValue(index + 1))) created++;
    }
  } catch (error) {
    if (hashLength(keyspace.heap, entry) === 0) removeEntry(keyspace, database, key.hash, entry);
    else if (index > 2) countChanges(context, key, (index - 2) >> 1);
    throw error;
  }
  countChanges(context, key, (count - 2) >> 1);
  return created;
}

function countChanges(context: CommandContext, key: Key, pairs: number): void {
  context.keyspace.changed(context.database, key, "h", "hset");
  context.keyspace.dirty += pairs - 1;
}

/** What a listpack of the pairs takes, or little where they are bound for a table. */
function listpackBytesOfPairs(context: CommandContext): number {
  const limits = context.keyspace.limits;
  if ((context.count - 2) >> 1 > limits.hashMaxListpackEntries) return EMPTY_LISTPACK_BYTES;
  let bytes = EMPTY_LISTPACK_BYTES;
  for (let index = 2; index < context.count; index++) {
    const argument = context.value(index);
    if (argument.length > limits.hashMaxListpackValue) return EMPTY_LISTPACK_BYTES;
    bytes += encodedBytes(argument.bytes, argument.offset, argument.length);
  }
  return bytes;
}

function longestArgument(context: CommandContext): number {
  let longest = 0;
  for (let index = 2; index < context.count; index++) {
    const length = context.lengthOf(index);
    if (length > longest) longest = length;
  }
  return longest;
}

/** HDEL key field [field ...] */
export function hdel(context: CommandContext): void {
  const { keyspace, database } = context;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_HASH);
  if (context.error !== null) return;
  let deleted = 0;
  let isEmpty = false;
  for (let index = 2; entry !== NIL && !isEmpty && index < context.count; index++) {
    if (!deleteField(keyspace, entry, context.value(index))) continue;
    deleted++;
    isEmpty = hashLength(keyspace.heap, entry) === 0;
  }
  if (deleted > 0) {
    if (isEmpty) removeEntry(keyspace, database, key.hash, entry);
    keyspace.changed(database, key, "h", "hdel");
    if (isEmpty) keyspace.announce(database, key, "g", "del");
    keyspace.dirty += deleted - 1;
  }
  context.reply.integer(deleted);
}
