/** What XREADGROUP does to a group: delivering new entries to a consumer, and telling it again what is pending for it. */
import { IdCursor, NO_SLOT, StreamId } from "@sider/datastructures";
import {
  advanceGroup,
  assignPending,
  countDelivery,
  findPending,
  OutOfMemoryError,
  pendingOf,
  setActiveAtMs,
  setDeliveredAtMs,
  setDeliveries,
  StreamCursor,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { HIGHEST_ID, replyEntryOf } from "./entries-reply.ts";
import { replyId } from "./stream-ids.ts";

const cursor = new StreamCursor();
const pending = new IdCursor();
const id = new StreamId();

/**
 * Delivers up to `most` (0: all) entries from `start` on to a consumer and returns how many: the group has come that far, and unless
 * `withoutPending` they are pending. Where memory ends, fewer are delivered; OutOfMemoryError when it is not even one.
 */
export function deliverNew(
  context: CommandContext,
  block: number,
  group: number,
  consumer: number,
  start: StreamId,
  most: number,
  withoutPending: boolean,
): number {
  const heap = context.keyspace.heap;
  let count = 0;
  cursor.open(heap, block, start, HIGHEST_ID, false);
  while ((most === 0 || count < most) && cursor.next()) {
    if (!withoutPending && !makePending(context, group, consumer, cursor.id)) {
      if (count === 0) throw new OutOfMemoryError();
      break;
    }
    advanceGroup(heap, block, group, cursor.id);
    count++;
  }
  if (count > 0 && !withoutPending) setActiveAtMs(heap, consumer, context.keyspace.nowMs);
  return count;
}

function makePending(context: CommandContext, group: number, consumer: number, entryId: StreamId): boolean {
  const heap = context.keyspace.heap;
  const slot = assignPending(heap, group, consumer, entryId);
  if (slot === NO_SLOT) return false;
  setDeliveredAtMs(heap, slot, context.keyspace.nowMs);
  setDeliveries(heap, slot, 0, 1);
  return true;
}

/** How much is pending for a consumer from `start` on, `most` (0: no limit) if there is more. */
export function countHistory(context: CommandContext, consumer: number, start: StreamId, most: number): number {
  const heap = context.keyspace.heap;
  let count = 0;
  let isFound = pending.seekAtLeast(heap, pendingOf(heap, consumer), start);
  while (isFound && (most === 0 || count < most)) {
    count++;
    isFound = pending.next(heap);
  }
  return count;
}

/** Replies with `count` entries that are pending for a consumer from `start` on, and counts that as a delivery of those still there. */
export function replyHistory(
  context: CommandContext,
  block: number,
  group: number,
  consumer: number,
  start: StreamId,
  count: number,
): void {
  const { keyspace, reply } = context;
  const heap = keyspace.heap;
  let isFound = pending.seekAtLeast(heap, pendingOf(heap, consumer), start);
  for (let left = count; left > 0 && isFound; left--) {
    id.read(heap.i32, pending.word);
    if (replyEntryOf(context, block, id)) {
      const slot = findPending(heap, group, id);
      setDeliveredAtMs(heap, slot, keyspace.nowMs);
      countDelivery(heap, slot);
    } else {
      reply.arrayHeader(2);
      replyId(reply, id);
      reply.nullArray();
    }
    isFound = pending.next(heap);
  }
}
