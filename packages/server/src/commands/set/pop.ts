/** SPOP. */
import { NIL } from "@sider/datastructures";
import {
  addToSet,
  createLooseSet,
  ENCODING_INTSET,
  ENCODING_LISTPACK,
  encodingOf,
  freeLooseSet,
  isMember,
  LooseValue,
  openSetCursor,
  randomPosition,
  readMember,
  removeEntry,
  setCardinality,
  SetCursor,
  setRemovePosition,
  setReplace,
  sizeOfSet,
  Slice,
  TYPE_SET,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { propagateRemoval } from "./propagate-removal.ts";
import { replyMembers } from "./read.ts";

const COUNT_MAXIMUM = 2 ** 63;
/** When so many times what stays is no more than what goes, those that stay are drawn. */
const TAKEN_FOR_EACH_KEPT = 5;

const member = new Slice();
const kept = new LooseValue();
const cursor = new SetCursor();

/** SPOP key [count] */
export function spop(context: CommandContext): void {
  if (context.count === 3) popMany(context);
  else if (context.count > 3) context.refuse(SYNTAX_ERROR);
  else popOne(context);
}

function popOne(context: CommandContext): void {
  const { keyspace, database } = context;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_SET);
  if (context.error !== null) return;
  if (entry === NIL) {
    context.reply.nullBulk();
    return;
  }
  replyAndRemove(context, entry, 0, 1);
  const isEmpty = setCardinality(keyspace.heap, entry) === 0;
  if (isEmpty) removeEntry(keyspace, database, key.hash, entry);
  keyspace.changed(database, key, "s", "spop");
  if (isEmpty) keyspace.announce(database, key, "g", "del");
}

/** Takes a random member out, after replying with it: needs no memory. It is number `index` of `total`. */
function replyAndRemove(context: CommandContext, entry: number, index: number, total: number): void {
  const position = drawPosition(context, entry);
  const heap = context.keyspace.heap;
  context.replyBulk(readMember(heap, encodingOf(heap, entry), valueBlockOf(heap, entry), position, member));
  propagateRemoval(context, member, index, total);
  setRemovePosition(context.keyspace, entry, position);
}

function drawPosition(context: CommandContext, entry: number): number {
  const heap = context.keyspace.heap;
  return randomPosition(context.keyspace, encodingOf(heap, entry), valueBlockOf(heap, entry));
}

function popMany(context: CommandContext): void {
  const { keyspace, database } = context;
  const count = context.integer(2, 0, COUNT_MAXIMUM, "ERR value is out of range, must be positive");
  if (context.error !== null) return;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_SET);
  if (context.error !== null) return;
  const size = entry === NIL ? 0 : setCardinality(keyspace.heap, entry);
  const taken = Math.min(count, size);
  if (taken === 0) {
    context.reply.setHeader(0);
    return;
  }
  if (taken === size) {
    replyMembers(context, entry);
    removeEntry(keyspace, database, key.hash, entry);
    context.propagateDeletion(keyspace.lazyFree.onOverwrite);
  } else if ((size - taken) * TAKEN_FOR_EACH_KEPT > taken) {
    context.reply.setHeader(taken);
    for (let index = 0; index < taken; index++) replyAndRemove(context, entry, index, taken);
  } else {
    popAllBut(context, entry, size - taken);
  }
  keyspace.changed(database, key, "s", "spop");
  keyspace.dirty += taken - 1;
  if (taken === size) keyspace.announce(database, key, "g", "del");
}

/** Draws the few that stay and replies with all others. */
function popAllBut(context: CommandContext, entry: number, keptCount: number): void {
  const keyspace = context.keyspace;
  const heap = keyspace.heap;
  drawKept(context, entry, keptCount);
  const total = setCardinality(heap, entry) - keptCount;
  context.reply.setHeader(total);
  openSetCursor(heap, entry, cursor);
  let index = 0;
  while (cursor.next()) {
    const { bytes, offset, length } = cursor.member;
    if (isMember(keyspace, kept.encoding, kept.block, bytes, offset, length)) continue;
    context.replyBulk(cursor.member);
    propagateRemoval(context, cursor.member, index++, total);
  }
  setReplace(keyspace, entry, kept);
}

/** Fills `kept` with so many different members. What stays is small: as in Redis it may be a listpack again. */
function drawKept(context: CommandContext, entry: number, count: number): void {
  const keyspace = context.keyspace;
  const heap = keyspace.heap;
  const encoding = encodingOf(heap, entry);
  createLooseSet(keyspace, kept, encoding === ENCODING_INTSET ? ENCODING_INTSET : ENCODING_LISTPACK, 0);
  try {
    while (sizeOfSet(heap, kept.encoding, kept.block) < count) {
      const position = drawPosition(context, entry);
      const { bytes, offset, length } = readMember(heap, encoding, valueBlockOf(heap, entry), position, member);
      addToSet(keyspace, kept, bytes, offset, length);
    }
  } catch (error) {
    freeLooseSet(keyspace, kept);
    throw error;
  }
}
