/** XACK and XPENDING. */
import { compareIds, IdCursor, NIL, StreamId } from "@sider/datastructures";
import {
  acknowledge,
  consumerAt,
  consumerCount,
  consumerOfPending,
  createInt64Scratch,
  deliveredAtMs,
  deliveriesHigh,
  deliveriesLow,
  findConsumer,
  findGroup,
  findPending,
  int64FromHalves,
  pendingCount,
  pendingOf,
  readBlockName,
  Slice,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { readStream } from "./entries-reply.ts";
import { findStreamAndGroup, noSuchGroup, target } from "./group-lookup.ts";
import { readRangeEnd, readRangeStart, readStrictId, replyId } from "./stream-ids.ts";

const id = new StreamId();
const start = new StreamId();
const end = new StreamId();
const cursor = new IdCursor();
const name = new Slice();
const deliveries = createInt64Scratch();

/** XACK key group id [id ...] */
export function xack(context: CommandContext): void {
  if (!findStreamAndGroup(context)) return;
  const { keyspace, reply } = context;
  if (target.group === NIL) return reply.integer(0);
  for (let index = 3; index < context.count; index++) if (!readStrictId(context, index, id)) return;
  let acknowledged = 0;
  for (let index = 3; index < context.count; index++) {
    readStrictId(context, index, id);
    if (acknowledge(keyspace.heap, target.group, id)) acknowledged++;
  }
  keyspace.dirty += acknowledged;
  reply.integer(acknowledged);
}

/** XPENDING key group [[IDLE min-idle-time] start end count [consumer]] */
export function xpending(context: CommandContext): void {
  const count = context.count;
  if (count !== 3 && (count < 6 || count > 9)) return context.refuse(SYNTAX_ERROR);
  if (count === 3) return replySummary(context);
  const hasIdle = context.is(3, "idle");
  const minimumIdleMs = hasIdle ? context.integer(4) : 0;
  if (context.error !== null) return;
  if (hasIdle && count < 8) return context.refuse(SYNTAX_ERROR);
  const first = hasIdle ? 5 : 3;
  const most = Math.max(0, context.integer(first + 2));
  if (context.error !== null) return;
  if (!readRangeStart(context, first, start) || !readRangeEnd(context, first + 1, end)) return;
  replyPending(context, minimumIdleMs, most, first + 3 < count ? first + 3 : 0);
}

/** The group of argument 2 for reading; refuses when there is none. */
function readGroup(context: CommandContext): number {
  const block = readStream(context, 1);
  if (context.error !== null) return NIL;
  const group = block === NIL ? NIL : findGroup(context.keyspace.heap, block, context.value(2));
  if (group === NIL) context.refuse(noSuchGroup(context));
  return group;
}

function replySummary(context: CommandContext): void {
  const { keyspace, reply } = context;
  const heap = keyspace.heap;
  const group = readGroup(context);
  if (group === NIL) return;
  const all = pendingOf(heap, group);
  reply.arrayHeader(4);
  reply.integer(pendingCount(heap, group));
  if (pendingCount(heap, group) === 0) {
    reply.nullBulk();
    reply.nullBulk();
    reply.nullArray();
    return;
  }
  cursor.seekFirst(heap, all);
  replyId(reply, id.read(heap.i32, cursor.word));
  cursor.seekLast(heap, all);
  replyId(reply, id.read(heap.i32, cursor.word));
  replyConsumers(context, group);
}

/** The consumers that something is pending for, and how much. */
function replyConsumers(context: CommandContext, group: number): void {
  const { keyspace, reply } = context;
  const heap = keyspace.heap;
  const consumers = consumerCount(heap, group);
  let busy = 0;
  for (let place = 0; place < consumers; place++) if (pendingCount(heap, consumerAt(heap, group, place)) > 0) busy++;
  reply.arrayHeader(busy);
  for (let place = 0; place < consumers; place++) {
    const consumer = consumerAt(heap, group, place);
    const count = pendingCount(heap, consumer);
    if (count === 0) continue;
    reply.arrayHeader(2);
    context.replyBulk(readBlockName(heap, consumer, name));
    reply.bulkLatin1(String(count));
  }
}

/** The pending messages of the range, of one consumer if `consumerIndex` is not 0. */
function replyPending(context: CommandContext, minimumIdleMs: number, most: number, consumerIndex: number): void {
  const heap = context.keyspace.heap;
  const group = readGroup(context);
  if (group === NIL) return;
  const consumer = consumerIndex === 0 ? NIL : findConsumer(heap, group, context.value(consumerIndex));
  if (consumerIndex !== 0 && consumer === NIL) return context.reply.arrayHeader(0);
  const tree = pendingOf(heap, consumer === NIL ? group : consumer);
  context.reply.arrayHeader(walkPending(context, group, tree, minimumIdleMs, most, false));
  walkPending(context, group, tree, minimumIdleMs, most, true);
}

/** Counts the messages that a reply is to have, or replies with them. */
function walkPending(
  context: CommandContext,
  group: number,
  tree: number,
  minimumIdleMs: number,
  most: number,
  isReply: boolean,
): number {
  const { heap, nowMs } = context.keyspace;
  let count = 0;
  let isFound = cursor.seekAtLeast(heap, tree, start);
  while (isFound && count < most) {
    if (compareIds(id.read(heap.i32, cursor.word), end) > 0) break;
    const slot = tree === pendingOf(heap, group) ? cursor.word : findPending(heap, group, id);
    if (minimumIdleMs === 0 || nowMs - deliveredAtMs(heap, slot) >= minimumIdleMs) {
      count++;
      if (isReply) replyMessage(context, slot);
    }
    isFound = cursor.next(heap);
  }
  return count;
}

function replyMessage(context: CommandContext, slot: number): void {
  const { keyspace, reply } = context;
  const heap = keyspace.heap;
  reply.arrayHeader(4);
  replyId(reply, id);
  context.replyBulk(readBlockName(heap, consumerOfPending(heap, slot), name));
  reply.integer(Math.max(0, keyspace.nowMs - deliveredAtMs(heap, slot)));
  int64FromHalves(deliveriesHigh(heap, slot), deliveriesLow(heap, slot), deliveries);
  context.replyInt64(deliveries);
}
