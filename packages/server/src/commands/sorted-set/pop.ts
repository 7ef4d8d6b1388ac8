/** Taking members off either end: ZPOPMIN, ZPOPMAX, ZMPOP, and the forms that wait. */
import { NIL } from "@sider/datastructures";
import {
  LooseValue,
  openLooseValue,
  RankedCursor,
  removeRankRange,
  sizeOfSortedSet,
  TYPE_SORTED_SET,
} from "@sider/keyspace-engine";
import type { Key } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { replyScore } from "./scores.ts";
import { afterRemoval } from "./store.ts";

const COUNT_MAXIMUM = 2 ** 63;
const MUST_BE_POSITIVE = "ERR value is out of range, must be positive";

const set = new LooseValue();
const cursor = new RankedCursor();
/** What ZMPOP and BZMPOP were told. */
const request = { keyCount: 0, isMaximum: false, count: 1 };

/** ZPOPMIN key [count] */
export function zpopmin(context: CommandContext): void {
  pop(context, false);
}

/** ZPOPMAX key [count] */
export function zpopmax(context: CommandContext): void {
  pop(context, true);
}

function pop(context: CommandContext, isMaximum: boolean): void {
  let count = 1;
  if (context.count > 3) context.refuse(SYNTAX_ERROR);
  else if (context.count === 3) count = context.integer(2, 0, COUNT_MAXIMUM, MUST_BE_POSITIVE);
  if (context.error !== null) return;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_SORTED_SET);
  if (context.error !== null) return;
  if (entry === NIL || count === 0) {
    context.reply.arrayHeader(0);
    return;
  }
  const taken = seekEnd(context, entry, count, isMaximum);
  const isNested = context.count === 3 && context.reply.protocol === 3;
  context.reply.arrayHeader(isNested ? taken : taken * 2);
  takeMembers(context, key, entry, taken, isMaximum, isNested);
}

/** Points the cursor at the end to take from; gives how many members will go. */
function seekEnd(context: CommandContext, entry: number, count: number, isMaximum: boolean): number {
  const heap = context.keyspace.heap;
  openLooseValue(heap, entry, set);
  const size = sizeOfSortedSet(heap, set.encoding, set.block);
  cursor.open(heap, set.encoding, set.block);
  cursor.seek(isMaximum ? size - 1 : 0);
  return Math.min(count, size);
}

/** Replies with the members from the cursor on and takes them out. */
function takeMembers(
  context: CommandContext,
  key: Key,
  entry: number,
  count: number,
  isMaximum: boolean,
  isNested: boolean,
): void {
  const keyspace = context.keyspace;
  for (let left = count; left > 0; left--) {
    if (isNested) context.reply.arrayHeader(2);
    context.replyBulk(cursor.member);
    replyScore(context, cursor.score);
    if (left === 1) break;
    if (isMaximum) cursor.previous();
    else cursor.next();
  }
  const size = sizeOfSortedSet(keyspace.heap, set.encoding, set.block);
  const start = isMaximum ? size - count : 0;
  removeRankRange(keyspace, set, start, start + count);
  afterRemoval(context, key, entry, count, isMaximum ? "zpopmax" : "zpopmin");
}

/** ZMPOP numkeys key [key ...] MIN | MAX [COUNT count] */
export function zmpop(context: CommandContext): void {
  if (!readRequest(context, 1)) return;
  if (!popFirst(context, 2, 1 + request.keyCount) && context.error === null) context.reply.nullArray();
}

/** BZMPOP timeout numkeys key [key ...] MIN | MAX [COUNT count] */
export function bzmpop(context: CommandContext): void {
  if (!readRequest(context, 2)) return;
  const timeoutMs = context.timeoutMs(1);
  if (context.error !== null) return;
  const lastKey = 2 + request.keyCount;
  if (popFirst(context, 3, lastKey) || context.error !== null) return;
  context.waitForKeys(3, lastKey, TYPE_SORTED_SET, timeoutMs, "nullArray");
}

/** Reads `numkeys key [key ...] MIN | MAX [COUNT count]` from argument `first` on; refuses and gives false. */
function readRequest(context: CommandContext, first: number): boolean {
  request.keyCount = context.integer(first, 1, COUNT_MAXIMUM, "ERR numkeys should be greater than 0");
  request.count = 1;
  if (context.error !== null) return false;
  const where = first + 1 + request.keyCount;
  if (where >= context.count || !(context.is(where, "min") || context.is(where, "max"))) {
    context.refuse(SYNTAX_ERROR);
    return false;
  }
  request.isMaximum = context.is(where, "max");
  let isCountGiven = false;
  for (let index = where + 1; index < context.count; index += 2) {
    if (!isCountGiven && index + 1 < context.count && context.is(index, "count")) {
      request.count = context.integer(index + 1, 1, COUNT_MAXIMUM, "ERR count should be greater than 0");
      isCountGiven = true;
    } else context.refuse(SYNTAX_ERROR);
    if (context.error !== null) return false;
  }
  return true;
}

/** Takes from the first of the keys that holds a sorted set, and replies with key and pairs. False when there is none, or it was refused. */
function popFirst(context: CommandContext, firstKey: number, lastKey: number): boolean {
  for (let index = firstKey; index <= lastKey; index++) {
    const key = context.key(index);
    const entry = context.writeTyped(key, TYPE_SORTED_SET);
    if (context.error !== null) return false;
    if (entry === NIL) continue;
    const taken = seekEnd(context, entry, request.count, request.isMaximum);
    context.reply.arrayHeader(2);
    context.replyBulk(context.value(index));
    context.reply.arrayHeader(taken);
    takeMembers(context, key, entry, taken, request.isMaximum, true);
    if (context.propagates) context.propagateAs(request.isMaximum ? "ZPOPMAX" : "ZPOPMIN", key, taken);
    return true;
  }
  return false;
}

/** BZPOPMIN key [key ...] timeout */
export function bzpopmin(context: CommandContext): void {
  popOrWait(context, false);
}

/** BZPOPMAX key [key ...] timeout */
export function bzpopmax(context: CommandContext): void {
  popOrWait(context, true);
}

function popOrWait(context: CommandContext, isMaximum: boolean): void {
  const lastKey = context.count - 2;
  const timeoutMs = context.timeoutMs(context.count - 1);
  if (context.error !== null) return;
  for (let index = 1; index <= lastKey; index++) {
    const key = context.key(index);
    const entry = context.writeTyped(key, TYPE_SORTED_SET);
    if (context.error !== null) return;
    if (entry === NIL) continue;
    const taken = seekEnd(context, entry, 1, isMaximum);
    context.reply.arrayHeader(3);
    context.replyBulk(context.value(index));
    takeMembers(context, key, entry, taken, isMaximum, false);
    if (context.propagates) context.propagateAs(isMaximum ? "ZPOPMAX" : "ZPOPMIN", key);
    return;
  }
  context.waitForKeys(1, lastKey, TYPE_SORTED_SET, timeoutMs, "nullArray");
}
