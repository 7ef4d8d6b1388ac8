/** Changing lists in their midst: LSET, LINSERT, LTRIM, LREM. */
import { NIL, QuicklistCursor, toEqual } from "@sider/datastructures";
import {
  clampedRange,
  deleteFromList,
  growList,
  insertIntoList,
  listLength,
  openListAt,
  openListHead,
  prepareDeletion,
  removeEntry,
  removeFromList,
  replaceInList,
  shrinkList,
  TYPE_LIST,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { NO_SUCH_KEY, SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { rangeOf } from "./read.ts";

const OUT_OF_RANGE = "ERR index out of range";

const cursor = new QuicklistCursor();

/** LSET key index element */
export function lset(context: CommandContext): void {
  const { keyspace, database } = context;
  const heap = keyspace.heap;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_LIST);
  if (context.error === null && entry === NIL) context.refuse(NO_SUCH_KEY);
  if (context.error !== null) return;
  const index = context.integer(2);
  if (context.error !== null) return;
  const value = context.value(3);
  growList(keyspace, entry, value.length, 1);
  const fromHead = index < 0 ? index + listLength(heap, entry) : index;
  if (!openListAt(heap, entry, cursor, fromHead)) {
    context.refuse(OUT_OF_RANGE);
    return;
  }
  replaceInList(keyspace, entry, cursor, value.bytes, value.offset, value.length);
  shrinkList(keyspace, entry);
  keyspace.changed(database, key, "l", "lset");
  context.reply.ok();
}

/** LINSERT key BEFORE|AFTER pivot element */
export function linsert(context: CommandContext): void {
  const { keyspace, database } = context;
  const heap = keyspace.heap;
  const isAfter = context.is(2, "after");
  if (!isAfter && !context.is(2, "before")) {
    context.refuse(SYNTAX_ERROR);
    return;
  }
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_LIST);
  if (context.error !== null) return;
  if (entry === NIL) {
    context.reply.integer(0);
    return;
  }
  const value = context.value(4);
  growList(keyspace, entry, value.length, 1);
  if (!findPivot(context, entry)) {
    context.reply.integer(-1);
    return;
  }
  insertIntoList(keyspace, entry, cursor, isAfter, value.bytes, value.offset, value.length);
  keyspace.changed(database, key, "l", "linsert");
  context.reply.integer(listLength(heap, entry));
}

/** Stands the cursor at the first element that equals argument 3. */
function findPivot(context: CommandContext, entry: number): boolean {
  const heap = context.keyspace.heap;
  const pivot = context.otherValue(3);
  openListHead(heap, entry, cursor);
  return toEqual(heap, cursor, pivot.bytes, pivot.offset, pivot.length);
}

/** LTRIM key start stop */
export function ltrim(context: CommandContext): void {
  const { keyspace, database } = context;
  const start = context.integer(2);
  const stop = context.integer(3);
  if (context.error !== null) return;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_LIST);
  if (context.error !== null) return;
  if (entry === NIL) {
    context.reply.ok();
    return;
  }
  const length = listLength(keyspace.heap, entry);
  const isSome = rangeOf(start, stop, length);
  const before = isSome ? clampedRange.start : length;
  const behind = isSome ? length - 1 - clampedRange.end : 0;
  if (isSome) keepRange(context, entry, before, behind, length);
  else removeEntry(keyspace, database, key.hash, entry);
  keyspace.changed(database, key, "l", "ltrim");
  keyspace.dirty += before + behind - 1;
  if (!isSome) keyspace.announce(database, key, "g", "del");
  context.reply.ok();
}

function keepRange(context: CommandContext, entry: number, before: number, behind: number, length: number): void {
  const { keyspace } = context;
  if (before > 0) prepareDeletion(keyspace, entry, 0, before);
  if (behind > 0) prepareDeletion(keyspace, entry, length - behind, behind);
  deleteFromList(keyspace, entry, length - behind, behind);
  deleteFromList(keyspace, entry, 0, before);
  shrinkList(keyspace, entry);
}

/** LREM key count element */
export function lrem(context: CommandContext): void {
  const { keyspace, database } = context;
  const count = context.integer(2);
  if (context.error !== null) return;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_LIST);
  if (context.error !== null) return;
  const value = context.value(3);
  const removed =
    entry === NIL
      ? 0
      : removeFromList(keyspace, entry, count >= 0, Math.abs(count), value.bytes, value.offset, value.length);
  if (removed === 0) {
    context.reply.integer(0);
    return;
  }
  const isEmptied = listLength(keyspace.heap, entry) === 0;
  if (isEmptied) removeEntry(keyspace, database, key.hash, entry);
  else shrinkList(keyspace, entry);
  keyspace.changed(database, key, "l", "lrem");
  keyspace.dirty += removed - 1;
  if (isEmptied) keyspace.announce(database, key, "g", "del");
  context.reply.integer(removed);
}
