/** Entries as replies: an array of two, the id and an array of fields and values in turn. */
import { ListpackText, NIL, StreamId } from "@sider/datastructures";
import { StreamCursor, TYPE_STREAM, valueBlockOf } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { replyId } from "./stream-ids.ts";

/** The smallest id and the largest one. */
export const LOWEST_ID = new StreamId();
export const HIGHEST_ID = new StreamId().set(-1, -1, -1, -1);

const cursor = new StreamCursor();
const field = new ListpackText();
const value = new ListpackText();

/** The block of the stream in argument `index` for reading, or NIL; refuses another type. */
export function readStream(context: CommandContext, index: number): number {
  const entry = context.readTyped(index, TYPE_STREAM);
  return entry === NIL ? NIL : valueBlockOf(context.keyspace.heap, entry);
}

/** Replies with the entry that the cursor stands on. */
function replyEntry(context: CommandContext): void {
  const reply = context.reply;
  reply.arrayHeader(2);
  replyId(reply, cursor.id);
  const fieldCount = cursor.fieldCount;
  reply.arrayHeader(fieldCount * 2);
  for (let left = fieldCount; left > 0; left--) {
    cursor.readPair(field, value);
    reply.bulk(field.bytes, field.offset, field.length);
    reply.bulk(value.bytes, value.offset, value.length);
  }
}

/** Number of entries in [start, end], `most` if there are more; 0 means all of them. O(entries). */
export function countEntriesBetween(
  context: CommandContext,
  block: number,
  start: StreamId,
  end: StreamId,
  most: number,
  isReverse: boolean,
): number {
  cursor.open(context.keyspace.heap, block, start, end, isReverse);
  let count = 0;
  while ((most === 0 || count < most) && cursor.next()) count++;
  return count;
}

/** Replies with `count` entries of [start, end], which are there, without a header. */
export function replyEntriesBetween(
  context: CommandContext,
  block: number,
  start: StreamId,
  end: StreamId,
  count: number,
  isReverse: boolean,
): void {
  cursor.open(context.keyspace.heap, block, start, end, isReverse);
  for (let left = count; left > 0 && cursor.next(); left--) replyEntry(context);
}

/** Replies with the entry of this id; false, without a reply, when it is not there. */
export function replyEntryOf(context: CommandContext, block: number, id: StreamId): boolean {
  cursor.open(context.keyspace.heap, block, id, id, false);
  if (!cursor.next()) return false;
  replyEntry(context);
  return true;
}
