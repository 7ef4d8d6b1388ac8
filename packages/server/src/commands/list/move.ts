/** From one list to another, or around in one: LMOVE, RPOPLPUSH, and the blocking forms BLMOVE and BRPOPLPUSH. */
import { copyBytes, encodedBytes, NIL } from "@sider/datastructures";
import {
  createList,
  dropFromList,
  growList,
  listLength,
  preparePop,
  pushToList,
  readListEnd,
  removeEntry,
  shrinkList,
  Slice,
  TYPE_LIST,
} from "@sider/keyspace-engine";
import type { Key } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { pushEvent } from "./push.ts";

const SCRATCH_BYTES = 4096;

const element = new Slice();
/** Where the element is while it is in no list. */
const scratch = new Uint8Array(SCRATCH_BYTES);
const moved = new Slice();

/** LMOVE source destination LEFT|RIGHT LEFT|RIGHT */
export function lmove(context: CommandContext): void {
  if (!checkEnds(context)) return;
  if (!move(context, context.is(3, "left"), context.is(4, "left"))) context.reply.nullBulk();
}

/** RPOPLPUSH source destination */
export function rpoplpush(context: CommandContext): void {
  if (!move(context, false, true)) context.reply.nullBulk();
}

/** BLMOVE source destination LEFT|RIGHT LEFT|RIGHT timeout */
export function blmove(context: CommandContext): void {
  if (!checkEnds(context) || !moveOrWait(context, context.is(3, "left"), context.is(4, "left"), 5)) return;
  if (!context.propagates) return;
  context.propagateAs("LMOVE", context.key(1), context.otherKey(2), context.value(3), context.otherValue(4));
}

/** BRPOPLPUSH source destination timeout */
export function brpoplpush(context: CommandContext): void {
  if (!moveOrWait(context, false, true, 3)) return;
  if (context.propagates) context.propagateAs("RPOPLPUSH", context.key(1), context.otherKey(2));
}

/** Whether an element was moved. */
function moveOrWait(context: CommandContext, isFromHead: boolean, isToHead: boolean, timeoutAt: number): boolean {
  const timeoutMs = context.timeoutMs(timeoutAt);
  if (context.error !== null) return false;
  if (move(context, isFromHead, isToHead)) return context.error === null;
  // Who waited too long gets a null array; in a transaction, where nobody waits, it is a null as LMOVE gives it.
  if (context.neverWaits) context.reply.nullBulk();
  else context.waitForKeys(1, 1, TYPE_LIST, timeoutMs, "nullArray");
  return false;
}

function checkEnds(context: CommandContext): boolean {
  if (isEnd(context, 3) && isEnd(context, 4)) return true;
  context.refuse(SYNTAX_ERROR);
  return false;
}

function isEnd(context: CommandContext, index: number): boolean {
  return context.is(index, "left") || context.is(index, "right");
}

/** Moves an element and replies with it. False when there is none; true too when it refused something. */
function move(context: CommandContext, isFromHead: boolean, isToHead: boolean): boolean {
  const { keyspace, database } = context;
  const source = context.key(1);
  const from = context.writeTyped(source, TYPE_LIST);
  if (context.error !== null) return true;
  if (from === NIL) return false;
  const target = context.otherKey(2);
  const to = context.writeTyped(target, TYPE_LIST);
  if (context.error !== null) return true;
  const length = listLength(keyspace.heap, from);
  preparePop(keyspace, from, isFromHead);
  const isInteger = takeCopy(context, from, isFromHead);
  pushMoved(context, target, to, from, isInteger ? 0 : moved.length, isToHead);
  const isEmptied = length === 1 && to !== from;
  if (isEmptied) removeEntry(keyspace, database, source.hash, from);
  else {
    // Where it was pushed at this very end of the same list, the copy goes: they are equal.
    dropFromList(keyspace, from, isFromHead, 1);
    shrinkList(keyspace, from);
  }
  keyspace.changed(database, target, "l", pushEvent(isToHead));
  keyspace.announce(database, source, "l", isFromHead ? "lpop" : "rpop");
  if (isEmptied) keyspace.announce(database, source, "g", "del");
  context.replyBulk(moved);
  return true;
}

/** Copies the element out of the heap; whether it is an integer there. */
function takeCopy(context: CommandContext, from: number, isFromHead: boolean): boolean {
  readListEnd(context.keyspace.heap, from, isFromHead, element);
  const length = element.length;
  const room = length <= SCRATCH_BYTES ? scratch : new Uint8Array(length);
  copyBytes(room, 0, element.bytes, element.offset, length);
  moved.set(room, 0, length);
  return element.bytes === element.digits;
}

/** Pushes the element before it is taken from where it was: so nothing is lost for want of memory. */
function pushMoved(
  context: CommandContext,
  target: Key,
  to: number,
  from: number,
  addedBytes: number,
  isToHead: boolean,
): void {
  const { keyspace, database } = context;
  const entryBytes = encodedBytes(moved.bytes, 0, moved.length);
  if (to !== NIL) {
    // Within one list it does not get longer: what is added goes elsewhere.
    if (to === from) growList(keyspace, to, addedBytes - entryBytes, 0);
    else growList(keyspace, to, addedBytes, 1);
    pushToList(keyspace, to, moved.bytes, 0, moved.length, isToHead);
    return;
  }
  const created = createList(keyspace, database, target, NIL, addedBytes, 1, entryBytes, isToHead);
  try {
    pushToList(keyspace, created, moved.bytes, 0, moved.length, isToHead);
  } catch (error) {
    removeEntry(keyspace, database, target.hash, created);
    throw error;
  }
}
