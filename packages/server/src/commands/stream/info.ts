/** XINFO: what a stream, its groups and their consumers are. */
import { IdCursor, idTreeCount, NIL, radixNodeCount, StreamId } from "@sider/datastructures";
import {
  activeAtMs,
  consumerAt,
  consumerCount,
  consumerOfPending,
  createInt64Scratch,
  deliveredAtMs,
  deliveriesHigh,
  deliveriesLow,
  entriesAddedHigh,
  entriesAddedLow,
  entriesReadHigh,
  entriesReadLow,
  findGroup,
  findPending,
  groupAt,
  groupCount,
  groupLag,
  int64FromHalves,
  NEVER_ACTIVE,
  pendingCount,
  pendingOf,
  readBlockName,
  readFirstId,
  readGroupLastId,
  readLastId,
  readMaximalDeletedId,
  seenAtMs,
  Slice,
  streamIndexOf,
  streamLength,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { NO_SUCH_KEY } from "../../dispatch/error-texts.ts";
import { countEntriesBetween, HIGHEST_ID, LOWEST_ID, readStream, replyEntriesBetween } from "./entries-reply.ts";
import { noSuchGroupOfKey, subcommandSyntaxError } from "./group-lookup.ts";
import { replyId } from "./stream-ids.ts";

const USUAL_COUNT = 10;

const id = new StreamId();
const name = new Slice();
const integer = createInt64Scratch();
const cursor = new IdCursor();

/** The stream in argument 2, or NIL after a refusal. */
function needStream(context: CommandContext): number {
  const block = readStream(context, 2);
  if (context.error === null && block === NIL) context.refuse(NO_SUCH_KEY);
  return block;
}

/** XINFO CONSUMERS key group */
export function xinfoConsumers(context: CommandContext): void {
  const { keyspace, reply } = context;
  const { heap, nowMs } = keyspace;
  const block = needStream(context);
  if (context.error !== null) return;
  const group = findGroup(heap, block, context.value(3));
  if (group === NIL) return context.refuse(noSuchGroupOfKey(context));
  const count = consumerCount(heap, group);
  reply.arrayHeader(count);
  for (let place = 0; place < count; place++) {
    const consumer = consumerAt(heap, group, place);
    const activeMs = activeAtMs(heap, consumer);
    reply.mapHeader(4);
    replyName(context, consumer);
    replyNumber(context, "pending", pendingCount(heap, consumer));
    replyNumber(context, "idle", Math.max(0, nowMs - seenAtMs(heap, consumer)));
    replyNumber(context, "inactive", activeMs === NEVER_ACTIVE ? NEVER_ACTIVE : Math.max(0, nowMs - activeMs));
  }
}

/** XINFO GROUPS key */
export function xinfoGroups(context: CommandContext): void {
  const { keyspace, reply } = context;
  const heap = keyspace.heap;
  const block = needStream(context);
  if (context.error !== null) return;
  const count = groupCount(heap, block);
  reply.arrayHeader(count);
  for (let place = 0; place < count; place++) {
    const group = groupAt(heap, block, place);
    reply.mapHeader(6);
    replyName(context, group);
    replyNumber(context, "consumers", consumerCount(heap, group));
    replyNumber(context, "pending", pendingCount(heap, group));
    replyProgress(context, block, group);
  }
}

/** XINFO STREAM key [FULL [COUNT count]] */
export function xinfoStream(context: CommandContext): void {
  const heap = context.keyspace.heap;
  const block = needStream(context);
  if (context.error !== null) return;
  const isFull = context.count > 3;
  const most = isFull ? readFullOptions(context) : 0;
  if (context.error !== null) return;
  context.reply.mapHeader(isFull ? 9 : 10);
  replyNumber(context, "length", streamLength(heap, block));
  replyNumber(context, "radix-tree-keys", idTreeCount(heap, streamIndexOf(heap, block)));
  replyNumber(context, "radix-tree-nodes", radixNodeCount(heap, streamIndexOf(heap, block)));
  replyIdOf(context, "last-generated-id", readLastId(heap, block, id));
  replyIdOf(context, "max-deleted-entry-id", readMaximalDeletedId(heap, block, id));
  context.reply.bulkLatin1("entries-added");
  replyHalves(context, entriesAddedHigh(heap, block), entriesAddedLow(heap, block));
  replyIdOf(context, "recorded-first-entry-id", readFirstId(heap, block, id));
  if (isFull) replyContents(context, block, most);
  else replySummary(context, block);
}

/** FULL, and its COUNT: 0 means all. */
function readFullOptions(context: CommandContext): number {
  const hasCount = context.count === 6;
  const isSound = context.is(3, "full") && (context.count === 4 || (hasCount && context.is(4, "count")));
  if (!isSound) {
    context.refuse(subcommandSyntaxError(context));
    return 0;
  }
  const most = hasCount ? context.integer(5) : USUAL_COUNT;
  return most < 0 ? USUAL_COUNT : most;
}

function replySummary(context: CommandContext, block: number): void {
  const heap = context.keyspace.heap;
  replyNumber(context, "groups", groupCount(heap, block));
  replyEdge(context, block, "first-entry", false);
  replyEdge(context, block, "last-entry", true);
}

function replyEdge(context: CommandContext, block: number, label: string, isLast: boolean): void {
  context.reply.bulkLatin1(label);
  if (streamLength(context.keyspace.heap, block) === 0) context.reply.nullBulk();
  else replyEntriesBetween(context, block, LOWEST_ID, HIGHEST_ID, 1, isLast);
}

function replyContents(context: CommandContext, block: number, most: number): void {
  const { keyspace, reply } = context;
  const heap = keyspace.heap;
  const entries = countEntriesBetween(context, block, LOWEST_ID, HIGHEST_ID, most, false);
  reply.bulkLatin1("entries");
  reply.arrayHeader(entries);
  replyEntriesBetween(context, block, LOWEST_ID, HIGHEST_ID, entries, false);
  const groups = groupCount(heap, block);
  reply.bulkLatin1("groups");
  reply.arrayHeader(groups);
  for (let place = 0; place < groups; place++) replyGroup(context, block, groupAt(heap, block, place), most);
}

function replyGroup(context: CommandContext, block: number, group: number, most: number): void {
  const { keyspace, reply } = context;
  const heap = keyspace.heap;
  reply.mapHeader(7);
  replyName(context, group);
  replyProgress(context, block, group);
  replyNumber(context, "pel-count", pendingCount(heap, group));
  replyPending(context, group, group, most);
  const consumers = consumerCount(heap, group);
  reply.bulkLatin1("consumers");
  reply.arrayHeader(consumers);
  for (let place = 0; place < consumers; place++) {
    const consumer = consumerAt(heap, group, place);
    reply.mapHeader(5);
    replyName(context, consumer);
    replyNumber(context, "seen-time", seenAtMs(heap, consumer));
    replyNumber(context, "active-time", activeAtMs(heap, consumer));
    replyNumber(context, "pel-count", pendingCount(heap, consumer));
    replyPending(context, group, consumer, most);
  }
}

/** What is pending for a consumer, or in the whole group, which then also tells for whom. */
function replyPending(context: CommandContext, group: number, owner: number, most: number): void {
  const { keyspace, reply } = context;
  const heap = keyspace.heap;
  const all = pendingCount(heap, owner);
  const count = most === 0 || most > all ? all : most;
  reply.bulkLatin1("pending");
  reply.arrayHeader(count);
  cursor.seekFirst(heap, pendingOf(heap, owner));
  for (let left = count; left > 0; left--) {
    const slot = findPending(heap, group, id.read(heap.i32, cursor.word));
    reply.arrayHeader(owner === group ? 4 : 3);
    replyId(reply, id);
    if (owner === group) context.replyBulk(readBlockName(heap, consumerOfPending(heap, slot), name));
    reply.integer(deliveredAtMs(heap, slot));
    replyHalves(context, deliveriesHigh(heap, slot), deliveriesLow(heap, slot));
    cursor.next(heap);
  }
}

/** last-delivered-id, entries-read and lag. */
function replyProgress(context: CommandContext, block: number, group: number): void {
  const { keyspace, reply } = context;
  const heap = keyspace.heap;
  replyIdOf(context, "last-delivered-id", readGroupLastId(heap, group, id));
  reply.bulkLatin1("entries-read");
  const high = entriesReadHigh(heap, group);
  const low = entriesReadLow(heap, group);
  if ((high & low) === -1) reply.nullBulk();
  else replyHalves(context, high, low);
  reply.bulkLatin1("lag");
  if (groupLag(heap, block, group, integer)) context.replyInt64(integer);
  else reply.nullBulk();
}

function replyName(context: CommandContext, groupOrConsumer: number): void {
  context.reply.bulkLatin1("name");
  context.replyBulk(readBlockName(context.keyspace.heap, groupOrConsumer, name));
}

function replyNumber(context: CommandContext, label: string, value: number): void {
  context.reply.bulkLatin1(label);
  context.reply.integer(value);
}

function replyHalves(context: CommandContext, high: number, low: number): void {
  int64FromHalves(high, low, integer);
  context.replyInt64(integer);
}

function replyIdOf(context: CommandContext, label: string, value: StreamId): void {
  context.reply.bulkLatin1(label);
  replyId(context.reply, value);
}
