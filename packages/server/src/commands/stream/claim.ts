/** XCLAIM and XAUTOCLAIM: making pending messages those of another consumer. */
import { IdCursor, incrementId, NO_SLOT, StreamId } from "@sider/datastructures";
import {
  acknowledge,
  assignPending,
  countDelivery,
  createInt64Scratch,
  deliveredAtMs,
  findPending,
  OutOfMemoryError,
  pendingOf,
  raiseGroupLastId,
  setActiveAtMs,
  setDeliveredAtMs,
  setDeliveries,
  streamHasEntry,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import type { PropagatedWord } from "../../propagation/index.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { quoted } from "../../dispatch/refusals.ts";
import { replyEntryOf } from "./entries-reply.ts";
import { needGroup, seeConsumer, seen, target } from "./group-lookup.ts";
import { IdList } from "./id-list.ts";
import { groupLastIdText, propagateClaim, propagateConsumer, propagateProgress } from "./propagate-group.ts";
import { idText, isStrictId, readRangeStart, readStrictId, replyId } from "./stream-ids.ts";

const NOT_A_COUNT = "ERR COUNT must be > 0";
const COUNT_TOO_HIGH = "ERR Insufficient memory, failed allocating transient memory, COUNT too high.";
const COUNT_MAXIMUM = 576460752303423487;
/** Redis has room for as many ids as it may have to tell of; this much it never gets. */
const COUNT_IN_MEMORY_MAXIMUM = 2 ** 43;
const USUAL_COUNT = 100;
/** XAUTOCLAIM looks at so many messages for each that it may claim. */
const ATTEMPTS_PER_COUNT = 10;

/** Where XCLAIM and XAUTOCLAIM name the group. */
const PLACE = { keyIndex: 1, groupIndex: 2 };

const id = new StreamId();
const lastId = new StreamId();
const cursor = new IdCursor();
const retries = createInt64Scratch();
const claimed = new IdList();
const deleted = new IdList();

/** How messages are claimed. */
const options = {
  minimumIdleMs: 0,
  deliveredAtMs: 0,
  hasRetries: false,
  isForced: false,
  idsOnly: false,
  most: USUAL_COUNT,
};

/** XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-ms] [RETRYCOUNT n] [FORCE] [JUSTID] [LASTID lastid] */
export function xclaim(context: CommandContext): void {
  if (!needGroup(context)) return;
  resetOptions(context);
  options.minimumIdleMs = Math.max(0, context.integer(4, undefined, undefined, invalid("min-idle-time argument")));
  if (context.error !== null) return;
  let index = 5;
  while (index < context.count && isStrictId(context, index, id)) index++;
  const behindIds = index;
  for (; index < context.count; index++) {
    index = readClaimOption(context, index, index + 1 < context.count);
    if (context.error !== null) return;
  }
  const isRaised = raiseGroupLastId(context.keyspace.heap, target.group, lastId);
  context.preventPropagation(); // what is claimed is, message by message
  const isNewConsumer = seeConsumer(context, target.group, 3, 1);
  const dirtyBefore = context.keyspace.dirty;
  claimAll(context, seen.consumer, behindIds);
  const isLastIdLeft = isRaised && context.keyspace.dirty === dirtyBefore;
  if (isLastIdLeft) context.keyspace.dirty++;
  if (isNewConsumer && claimed.count === 0 && context.propagates) propagateConsumer(context, PLACE);
  if (isLastIdLeft && context.propagates) propagateProgress(context, PLACE, target.group);
  replyClaimed(context);
}

function invalid(what: string): string {
  return `ERR Invalid ${what} for XCLAIM`;
}

function resetOptions(context: CommandContext): void {
  options.deliveredAtMs = context.keyspace.nowMs;
  options.hasRetries = false;
  options.isForced = false;
  options.idsOnly = false;
  options.most = USUAL_COUNT;
  lastId.set(0, 0, 0, 0);
  claimed.clear();
  deleted.clear();
}

/** Reads the option at `index`; the index of its last argument. */
function readClaimOption(context: CommandContext, index: number, hasMore: boolean): number {
  const nowMs = context.keyspace.nowMs;
  if (context.is(index, "force")) options.isForced = true;
  else if (context.is(index, "justid")) options.idsOnly = true;
  else if (hasMore && context.is(index, "idle")) {
    setTime(nowMs - context.integer(++index, undefined, undefined, invalid("IDLE option argument")), nowMs);
  } else if (hasMore && context.is(index, "time")) {
    setTime(context.integer(++index, undefined, undefined, invalid("TIME option argument")), nowMs);
  } else if (hasMore && context.is(index, "retrycount")) {
    if (context.int64(++index, retries, invalid("RETRYCOUNT option argument"))) options.hasRetries = retries.high >= 0;
  } else if (hasMore && context.is(index, "lastid")) readStrictId(context, ++index, lastId);
  else context.refuse(`ERR Unrecognized XCLAIM option '${quoted(context, index)}'`);
  return index;
}

/** A time that makes no sense means now: clocks differ. */
function setTime(timeMs: number, nowMs: number): void {
  options.deliveredAtMs = timeMs < 0 || timeMs > nowMs ? nowMs : timeMs;
}

function claimAll(context: CommandContext, consumer: number, behindIds: number): void {
  const { heap, nowMs } = context.keyspace;
  for (let index = 5; index < behindIds; index++) {
    readStrictId(context, index, id);
    const slot = findPending(heap, target.group, id);
    if (!streamHasEntry(heap, target.block, id)) {
      if (slot === NO_SLOT) continue;
      if (context.propagates) propagateSlot(context, slot, context.otherValue(index));
      acknowledge(heap, target.group, id);
      context.keyspace.dirty++;
      continue;
    }
    if (slot === NO_SLOT && !options.isForced) continue;
    if (slot !== NO_SLOT && isYoung(context, slot, nowMs)) continue;
    if (!claim(context, consumer)) return;
    if (context.propagates) propagateSlot(context, findPending(heap, target.group, id), context.otherValue(index));
  }
}

/** Propagates what is in a slot: of a message whose entry is gone it takes the slot away, of another one it makes it what it is. */
function propagateSlot(context: CommandContext, slot: number, idWord: PropagatedWord): void {
  propagateClaim(context, PLACE, slot, idWord, groupLastIdText(context, target.group));
}

function isYoung(context: CommandContext, slot: number, nowMs: number): boolean {
  return options.minimumIdleMs > 0 && nowMs - deliveredAtMs(context.keyspace.heap, slot) < options.minimumIdleMs;
}

/** Makes the message `id` one of the consumer's; false where memory ends, and OutOfMemoryError when it is the first. */
function claim(context: CommandContext, consumer: number): boolean {
  const heap = context.keyspace.heap;
  const isNew = findPending(heap, target.group, id) === NO_SLOT;
  const slot = assignPending(heap, target.group, consumer, id);
  if (slot === NO_SLOT) {
    if (claimed.count + deleted.count === 0) throw new OutOfMemoryError();
    return false;
  }
  if (isNew) setDeliveries(heap, slot, 0, 1);
  setDeliveredAtMs(heap, slot, options.deliveredAtMs);
  if (options.hasRetries) setDeliveries(heap, slot, retries.high, retries.low);
  else if (!options.idsOnly) countDelivery(heap, slot);
  setActiveAtMs(heap, consumer, context.keyspace.nowMs);
  claimed.add(id);
  context.keyspace.dirty++;
  return true;
}

function replyClaimed(context: CommandContext): void {
  context.reply.arrayHeader(claimed.count);
  for (let index = 0; index < claimed.count; index++) {
    claimed.read(index, id);
    if (options.idsOnly) replyId(context.reply, id);
    else replyEntryOf(context, target.block, id);
  }
}

/** XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID] */
export function xautoclaim(context: CommandContext): void {
  resetOptions(context);
  const error = "ERR Invalid min-idle-time argument for XAUTOCLAIM";
  options.minimumIdleMs = Math.max(0, context.integer(4, undefined, undefined, error));
  if (context.error !== null || !readRangeStart(context, 5, lastId)) return;
  for (let index = 6; index < context.count; index++) {
    if (index + 1 < context.count && context.is(index, "count")) {
      options.most = context.integer(++index, 1, COUNT_MAXIMUM, NOT_A_COUNT);
    } else if (context.is(index, "justid")) options.idsOnly = true;
    else context.refuse(SYNTAX_ERROR);
    if (context.error !== null) return;
  }
  if (!needGroup(context)) return;
  if (options.most > COUNT_IN_MEMORY_MAXIMUM) return context.refuse(COUNT_TOO_HIGH);
  context.preventPropagation(); // what is claimed is, message by message
  const isNewConsumer = seeConsumer(context, target.group, 3, 1);
  const hasNext = claimFrom(context, seen.consumer);
  if (isNewConsumer && claimed.count === 0 && context.propagates) propagateConsumer(context, PLACE);
  context.reply.arrayHeader(3);
  if (!hasNext) lastId.set(0, 0, 0, 0);
  replyId(context.reply, lastId);
  replyClaimed(context);
  context.reply.arrayHeader(deleted.count);
  for (let index = 0; index < deleted.count; index++) replyId(context.reply, deleted.read(index, id));
}

/** Claims from `lastId` on, which is then where to go on; false when there is nothing to go on with. */
function claimFrom(context: CommandContext, consumer: number): boolean {
  const { heap, nowMs } = context.keyspace;
  const tree = pendingOf(heap, target.group);
  let attempts = options.most * ATTEMPTS_PER_COUNT;
  let isFound = cursor.seekAtLeast(heap, tree, lastId);
  while (isFound && attempts > 0 && claimed.count + deleted.count < options.most) {
    attempts--;
    id.read(heap.i32, cursor.word);
    if (!streamHasEntry(heap, target.block, id)) {
      if (context.propagates) propagateSlot(context, cursor.word, idText(id));
      acknowledge(heap, target.group, id);
      deleted.add(id);
      context.keyspace.dirty++;
    } else if (!isYoung(context, cursor.word, nowMs)) {
      if (!claim(context, consumer)) break;
      if (context.propagates) propagateSlot(context, findPending(heap, target.group, id), idText(id));
    }
    if (!incrementId(lastId.copy(id))) return false;
    isFound = cursor.seekAtLeast(heap, tree, lastId);
  }
  if (isFound) lastId.read(heap.i32, cursor.word);
  return isFound;
}
