/**
 * What commands do to a group, as commands that do the same again: who has got which message, how far the group has come, and that a
 * consumer is there.
 */
import { StreamId } from "@sider/datastructures";
import {
  consumerOfPending,
  deliveredAtMs,
  deliveriesHigh,
  deliveriesLow,
  entriesReadHigh,
  entriesReadLow,
  findPending,
  int64ToBigInt,
  readBlockName,
  readGroupLastId,
  Slice,
  StreamCursor,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import type { PropagatedWord } from "../../propagation/index.ts";
import { HIGHEST_ID } from "./entries-reply.ts";
import { idText } from "./stream-ids.ts";

const groupId = new StreamId();
const owner = new Slice();
const cursor = new StreamCursor();

/** Where a command names the group that it changes: arguments. The consumer's name is behind the group's. */
export interface GroupArguments {
  readonly keyIndex: number;
  readonly groupIndex: number;
}

/** `XCLAIM ... FORCE`: the message in `slot` is its consumer's, since when and for which time. `id` is the text of its id. */
export function propagateClaim(
  context: CommandContext,
  { keyIndex, groupIndex }: GroupArguments,
  slot: number,
  id: PropagatedWord,
  lastId: string,
): void {
  const heap = context.keyspace.heap;
  context.propagateAs(
    "XCLAIM",
    context.key(keyIndex),
    context.value(groupIndex),
    readBlockName(heap, consumerOfPending(heap, slot), owner),
    "0",
    id,
    "TIME",
    deliveredAtMs(heap, slot),
    "RETRYCOUNT",
    int64ToBigInt(deliveriesHigh(heap, slot), deliveriesLow(heap, slot)),
    "FORCE",
    "JUSTID",
    "LASTID",
    lastId,
  );
}

/** How far a group has come, as text. */
export function groupLastIdText(context: CommandContext, group: number): string {
  return idText(readGroupLastId(context.keyspace.heap, group, groupId));
}

/**
 * `XGROUP SETID`: how far a group has come and how much it has read. XCLAIM says only the former; Redis says the latter always since
 * 7.2.5, before only with NOACK.
 */
export function propagateProgress(
  context: CommandContext,
  { keyIndex, groupIndex }: GroupArguments,
  group: number,
): void {
  const heap = context.keyspace.heap;
  const entriesRead = int64ToBigInt(entriesReadHigh(heap, group), entriesReadLow(heap, group));
  const lastId = groupLastIdText(context, group);
  const [key, name] = [context.key(keyIndex), context.value(groupIndex)];
  context.propagateAs("XGROUP", "SETID", key, name, lastId, "ENTRIESREAD", entriesRead);
}

/** `XGROUP CREATECONSUMER`: for a consumer whom no claim names. */
export function propagateConsumer(context: CommandContext, { keyIndex, groupIndex }: GroupArguments): void {
  const [key, name] = [context.key(keyIndex), context.value(groupIndex)];
  context.propagateAs("XGROUP", "CREATECONSUMER", key, name, context.otherValue(groupIndex + 1));
}

/** The first `count` entries from `start` on are pending now. */
export function propagateDelivery(
  context: CommandContext,
  place: GroupArguments,
  block: number,
  group: number,
  start: StreamId,
  count: number,
): void {
  const heap = context.keyspace.heap;
  cursor.open(heap, block, start, HIGHEST_ID, false);
  for (let left = count; left > 0 && cursor.next(); left--) {
    const id = idText(cursor.id);
    propagateClaim(context, place, findPending(heap, group, cursor.id), id, id);
  }
}
