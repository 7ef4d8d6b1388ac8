/** Putting members into sets and taking them out: SADD, SREM, SMOVE. */
import { EMPTY_LISTPACK_BYTES, encodedBytes, NIL, shrinkListpack } from "@sider/datastructures";
import {
  addToSet,
  createLooseSet,
  ENCODING_LISTPACK,
  encodingForFirst,
  freeLooseSet,
  LooseValue,
  NO_EXPIRY,
  placeSet,
  removeEntry,
  setAdd,
  setCardinality,
  setContains,
  setExpect,
  setRemove,
  TYPE_SET,
} from "@sider/keyspace-engine";
import type { Key } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

const created = new LooseValue();

/** SADD key member [member ...] */
export function sadd(context: CommandContext): void {
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_SET);
  if (context.error !== null) return;
  if (entry === NIL) {
    const added = addToNew(context, key, 2, context.count - 1);
    changedBy(context, key, "sadd", added);
    context.reply.integer(added);
  } else {
    context.reply.integer(addToOld(context, key, entry));
  }
}

/** What was added before memory ran out stays added, and is said. */
function addToOld(context: CommandContext, key: Key, entry: number): number {
  const { keyspace, count } = context;
  let added = 0;
  try {
    if (count > 3) setExpect(keyspace, entry, count - 2);
    for (let index = 2; index < count; index++) {
      const member = context.value(index);
      if (setAdd(keyspace, entry, member.bytes, member.offset, member.length)) added++;
    }
  } finally {
    if (added > 0) changedBy(context, key, "sadd", added);
  }
  return added;
}

/** Puts a set of the members in arguments [first, last] under a key that is free; returns how many they are. */
function addToNew(context: CommandContext, key: Key, first: number, last: number): number {
  const keyspace = context.keyspace;
  const count = last - first + 1;
  const start = context.value(first);
  const encoding = encodingForFirst(keyspace, start.bytes, start.offset, start.length, count);
  const capacityBytes = encoding === ENCODING_LISTPACK ? listpackBytesOf(context, first, last) : 0;
  createLooseSet(keyspace, created, encoding, count, capacityBytes);
  let added = 0;
  try {
    for (let index = first; index <= last; index++) {
      const member = context.value(index);
      if (addToSet(keyspace, created, member.bytes, member.offset, member.length)) added++;
    }
    if (added < count && created.encoding === ENCODING_LISTPACK) {
      created.block = shrinkListpack(keyspace.heap, created.block);
    }
    placeSet(keyspace, context.database, key, NIL, created, NO_EXPIRY);
  } catch (error) {
    freeLooseSet(keyspace, created);
    throw error;
  }
  return added;
}

/** What a listpack of the members takes, or little where they are bound for a table. */
function listpackBytesOf(context: CommandContext, first: number, last: number): number {
  const longest = context.keyspace.limits.setMaxListpackValue;
  let bytes = EMPTY_LISTPACK_BYTES;
  for (let index = first; index <= last; index++) {
    const member = context.value(index);
    if (member.length > longest) return EMPTY_LISTPACK_BYTES;
    bytes += encodedBytes(member.bytes, member.offset, member.length);
  }
  return bytes;
}

/** Says that a set has changed by so many members. */
function changedBy(context: CommandContext, key: Key, event: string, members: number): void {
  context.keyspace.changed(context.database, key, "s", event);
  context.keyspace.dirty += members - 1;
}

/** SREM key member [member ...] */
export function srem(context: CommandContext): void {
  const { keyspace, count } = context;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_SET);
  if (context.error !== null) return;
  let removed = 0;
  let left = entry === NIL ? 0 : setCardinality(keyspace.heap, entry);
  for (let index = 2; index < count && left > 0; index++) {
    const member = context.value(index);
    if (!setRemove(keyspace, entry, member.bytes, member.offset, member.length)) continue;
    removed++;
    left--;
  }
  if (removed > 0) {
    if (left === 0) removeEntry(keyspace, context.database, key.hash, entry);
    changedBy(context, key, "srem", removed);
    if (left === 0) keyspace.announce(context.database, key, "g", "del");
  }
  context.reply.integer(removed);
}

/** SMOVE source destination member */
export function smove(context: CommandContext): void {
  const keyspace = context.keyspace;
  const key = context.key(1);
  const targetKey = context.otherKey(2);
  const source = context.writeTyped(key, TYPE_SET);
  const target = source === NIL ? NIL : context.writeTyped(targetKey, TYPE_SET);
  if (context.error !== null) return;
  const member = context.value(3);
  const isThere = source !== NIL && setContains(keyspace, source, member.bytes, member.offset, member.length);
  if (isThere && source !== target) moveMember(context, key, source, targetKey, target);
  context.reply.integer(isThere ? 1 : 0);
}

/** The addition comes first, because it may fail for want of memory; the events come in Redis's order. */
function moveMember(context: CommandContext, key: Key, source: number, targetKey: Key, target: number): void {
  const { keyspace, database } = context;
  const member = context.value(3);
  let added = true;
  const { onAdded } = keyspace;
  keyspace.onAdded = null;
  try {
    if (target === NIL) addToNew(context, targetKey, 3, 3);
    else added = setAdd(keyspace, target, member.bytes, member.offset, member.length);
  } finally {
    keyspace.onAdded = onAdded;
  }
  setRemove(keyspace, source, member.bytes, member.offset, member.length);
  const isEmpty = setCardinality(keyspace.heap, source) === 0;
  if (isEmpty) removeEntry(keyspace, database, key.hash, source);
  keyspace.changed(database, key, "s", "srem");
  if (isEmpty) keyspace.announce(database, key, "g", "del");
  if (target === NIL) keyspace.announceAdded(database, targetKey);
  if (added) keyspace.changed(database, targetKey, "s", "sadd");
}
