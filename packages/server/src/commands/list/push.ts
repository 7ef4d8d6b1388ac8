/** Pushing: LPUSH, RPUSH, LPUSHX, RPUSHX, and what else adds elements at an end. All of a command's elements go in, or none. */
import { encodedBytes, NIL } from "@sider/datastructures";
import {
  createList,
  dropFromList,
  growList,
  listLength,
  pushToList,
  removeEntry,
  TYPE_LIST,
} from "@sider/keyspace-engine";
import type { Key } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

/** LPUSH key element [element ...] */
export function lpush(context: CommandContext): void {
  push(context, true, false);
}

/** RPUSH key element [element ...] */
export function rpush(context: CommandContext): void {
  push(context, false, false);
}

/** LPUSHX key element [element ...] */
export function lpushx(context: CommandContext): void {
  push(context, true, true);
}

/** RPUSHX key element [element ...] */
export function rpushx(context: CommandContext): void {
  push(context, false, true);
}

function push(context: CommandContext, isAtHead: boolean, mustExist: boolean): void {
  const { keyspace, database } = context;
  const key = context.key(1);
  const old = context.writeTyped(key, TYPE_LIST);
  if (context.error !== null) return;
  if (old === NIL && mustExist) {
    context.reply.integer(0);
    return;
  }
  const entry = pushArguments(context, key, old, isAtHead);
  keyspace.changed(database, key, "l", pushEvent(isAtHead));
  keyspace.dirty += context.count - 3;
  context.reply.integer(listLength(keyspace.heap, entry));
}

/** The name of the event of a push. */
export function pushEvent(isAtHead: boolean): string {
  return isAtHead ? "lpush" : "rpush";
}

/** Pushes the arguments from 2 on, one after the other. Returns the entry. */
function pushArguments(context: CommandContext, key: Key, old: number, isAtHead: boolean): number {
  const { keyspace, database, count } = context;
  let bytes = 0;
  for (let index = 2; index < count; index++) bytes += context.lengthOf(index);
  let entry = old;
  if (old === NIL) entry = createList(keyspace, database, key, NIL, bytes, count - 2, roomFor(context), isAtHead);
  else growList(keyspace, old, bytes, count - 2);
  let index = 2;
  try {
    for (; index < count; index++) {
      const value = context.value(index);
      pushToList(keyspace, entry, value.bytes, value.offset, value.length, isAtHead);
    }
  } catch (error) {
    if (old === NIL) removeEntry(keyspace, database, key.hash, entry);
    else dropFromList(keyspace, entry, isAtHead, index - 2);
    throw error;
  }
  return entry;
}

/** What the elements of a list that is created take: it gets a block without waste. */
function roomFor(context: CommandContext): number {
  let bytes = 0;
  for (let index = 2; index < context.count; index++) {
    const value = context.value(index);
    bytes += encodedBytes(value.bytes, value.offset, value.length);
  }
  return bytes;
}
