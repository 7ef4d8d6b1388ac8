/** Popping: LPOP, RPOP, LMPOP and their blocking forms BLPOP, BRPOP, BLMPOP. */
import { NIL } from "@sider/datastructures";
import {
  dropFromList,
  dropPeekedEnd,
  listLength,
  peekListEnd,
  prepareDeletion,
  preparePop,
  readListEnd,
  removeEntry,
  shrinkList,
  Slice,
  TYPE_LIST,
} from "@sider/keyspace-engine";
import type { Key } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { wrongArity } from "../../dispatch/refusals.ts";
import { replyBackward, replyForward } from "./reply-elements.ts";

const MUST_BE_POSITIVE = "ERR value is out of range, must be positive";
const KEY_COUNT_ERROR = "ERR numkeys should be greater than 0";
const COUNT_ERROR = "ERR count should be greater than 0";

const element = new Slice();

/** LPOP key [count] */
export function lpop(context: CommandContext): void {
  pop(context, true);
}

/** RPOP key [count] */
export function rpop(context: CommandContext): void {
  pop(context, false);
}

function pop(context: CommandContext, isAtHead: boolean): void {
  const hasCount = context.count === 3;
  if (context.count > 3) {
    context.refuse(wrongArity(context.server.table.commands[context.command]));
    return;
  }
  const most = hasCount ? context.integer(2, 0, 2 ** 63, MUST_BE_POSITIVE) : 1;
  if (context.error !== null) return;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_LIST);
  if (context.error !== null) return;
  if (entry === NIL) {
    if (hasCount) context.reply.nullArray();
    else context.reply.nullBulk();
  } else if (!hasCount) popOne(context, key, entry, isAtHead);
  else popSome(context, key, entry, isAtHead, most);
}

function popOne(context: CommandContext, key: Key, entry: number, isAtHead: boolean): void {
  const { keyspace } = context;
  if (peekListEnd(keyspace.heap, entry, isAtHead, element)) {
    context.replyBulk(element);
    dropPeekedEnd(keyspace.heap, entry, isAtHead, element.length);
    keyspace.changed(context.database, key, "l", popEvent(isAtHead));
    return;
  }
  const length = listLength(keyspace.heap, entry);
  preparePop(keyspace, entry, isAtHead);
  context.replyBulk(readListEnd(keyspace.heap, entry, isAtHead, element));
  dropElements(context, key, entry, isAtHead, 1, length);
}

/** Replies with an array of up to `most` elements from one end, the outermost first, and takes them out. Returns how many. */
function popSome(context: CommandContext, key: Key, entry: number, isAtHead: boolean, most: number): number {
  const { keyspace, reply } = context;
  const length = listLength(keyspace.heap, entry);
  const count = Math.min(most, length);
  if (count > 0) prepareDeletion(keyspace, entry, isAtHead ? 0 : length - count, count);
  reply.arrayHeader(count);
  if (count === 0) return 0;
  if (isAtHead) replyForward(context, entry, 0, count);
  else replyBackward(context, entry, count);
  dropElements(context, key, entry, isAtHead, count, length);
  return count;
}

/** Takes `count` of `length` elements from one end, and says so; without any left the key goes. */
export function dropElements(
  context: CommandContext,
  key: Key,
  entry: number,
  isAtHead: boolean,
  count: number,
  length: number,
): void {
  const { keyspace, database } = context;
  const isEmptied = count === length;
  if (isEmptied) removeEntry(keyspace, database, key.hash, entry);
  else {
    dropFromList(keyspace, entry, isAtHead, count);
    shrinkList(keyspace, entry);
  }
  keyspace.changed(database, key, "l", popEvent(isAtHead));
  keyspace.dirty += count - 1;
  if (isEmptied) keyspace.announce(database, key, "g", "del");
}

function popEvent(isAtHead: boolean): string {
  return isAtHead ? "lpop" : "rpop";
}

/** LMPOP numkeys key [key ...] LEFT|RIGHT [COUNT count] */
export function lmpop(context: CommandContext): void {
  if (!popFirstList(context, 1)) context.reply.nullArray();
}

/** BLMPOP timeout numkeys key [key ...] LEFT|RIGHT [COUNT count] */
export function blmpop(context: CommandContext): void {
  if (popFirstList(context, 2)) return;
  context.waitForKeys(3, 2 + context.integer(2), TYPE_LIST, context.timeoutMs(1), "nullArray");
}

/** Pops from the first of the keys behind `countAt` that holds a list. False where none does; true too when it refused something. */
function popFirstList(context: CommandContext, countAt: number): boolean {
  const keyCount = context.integer(countAt, 1, 2 ** 63, KEY_COUNT_ERROR);
  if (context.error !== null) return true;
  const endAt = countAt + keyCount + 1;
  const isAtHead = endAt < context.count && context.is(endAt, "left");
  if (!isAtHead && (endAt >= context.count || !context.is(endAt, "right"))) {
    context.refuse(SYNTAX_ERROR);
    return true;
  }
  const most = readCount(context, endAt + 1);
  if (context.error === null && countAt === 2) context.timeoutMs(1);
  if (context.error !== null) return true;
  for (let index = countAt + 1; index < endAt; index++) {
    const key = context.key(index);
    const entry = context.writeTyped(key, TYPE_LIST);
    if (context.error !== null) return true;
    if (entry === NIL) continue;
    context.reply.arrayHeader(2);
    context.reply.bulk(key.bytes, key.offset, key.length);
    const count = popSome(context, key, entry, isAtHead, most);
    if (context.propagates) context.propagateAs(isAtHead ? "LPOP" : "RPOP", key, count);
    return true;
  }
  return false;
}

/** [COUNT count] from argument `index` on, to the end. */
function readCount(context: CommandContext, index: number): number {
  if (index === context.count) return 1;
  if (!context.is(index, "count") || index + 1 >= context.count) {
    context.refuse(SYNTAX_ERROR);
    return 0;
  }
  const count = context.integer(index + 1, 1, 2 ** 63, COUNT_ERROR);
  if (index + 2 < context.count) context.refuse(SYNTAX_ERROR);
  return count;
}

/** BLPOP key [key ...] timeout */
export function blpop(context: CommandContext): void {
  popOrWait(context, true);
}

/** BRPOP key [key ...] timeout */
export function brpop(context: CommandContext): void {
  popOrWait(context, false);
}

function popOrWait(context: CommandContext, isAtHead: boolean): void {
  const last = context.count - 1;
  const timeoutMs = context.timeoutMs(last);
  if (context.error !== null) return;
  for (let index = 1; index < last; index++) {
    const key = context.key(index);
    const entry = context.writeTyped(key, TYPE_LIST);
    if (context.error !== null) return;
    if (entry === NIL) continue;
    context.reply.arrayHeader(2);
    context.reply.bulk(key.bytes, key.offset, key.length);
    popOne(context, key, entry, isAtHead);
    if (context.propagates) context.propagateAs(isAtHead ? "LPOP" : "RPOP", key);
    return;
  }
  context.waitForKeys(1, last - 1, TYPE_LIST, timeoutMs, "nullArray");
}
