/** Elements of a list as bulk strings, many at a time. */
import {
  goOn,
  QuicklistCursor,
  readAt,
  SHORT_TEXT_FRAME_BYTES,
  SHORT_TEXT_HEAD_BYTES,
  shortTextLength,
  toNext,
  toPrevious,
} from "@sider/datastructures";
import { openListAt, openListTail, Slice } from "@sider/keyspace-engine";
import { PROTOCOL_BYTES, type ReplyWriter } from "@sider/resp-protocol";
import type { CommandContext } from "../../dispatch/command-context.ts";

const cursor = new QuicklistCursor();
const element = new Slice();

const { CR, DOLLAR, LF, ZERO } = PROTOCOL_BYTES;
/** `$63`, a line end, 63 bytes, a line end. */
const SHORT_BULK_BYTES = 70;
/** Short elements for which room is reserved at a time. */
const RUN_ELEMENTS = 512;

/** Replies with `count` elements from `index` on, which are there. */
export function replyForward(context: CommandContext, entry: number, index: number, count: number): void {
  const heap = context.keyspace.heap;
  openListAt(heap, entry, cursor, index);
  let left = count;
  while (left > 0) {
    left -= replyShortTexts(context.reply, left);
    if (left === 0) break;
    if (cursor.plainLength < 0 && !goOn(heap, cursor, cursor.position)) break;
    readAt(cursor, element);
    context.replyBulk(element);
    left--;
    if (left > 0) toNext(heap, cursor);
  }
}

/**
 * Replies with the short texts from the cursor's on, `most` at most, up to the end of the node or another element, where it leaves the
 * cursor. Returns how many these were. Lists mostly are such texts, and this is the loop over them: straight from listpack to reply.
 */
function replyShortTexts(reply: ReplyWriter, most: number): number {
  if (cursor.plainLength >= 0) return 0;
  const count = most < RUN_ELEMENTS ? most : RUN_ELEMENTS;
  let at = reply.reserve(count * SHORT_BULK_BYTES);
  const target = reply.bytes;
  const bytes = cursor.bytes;
  let position = cursor.position;
  let written = 0;
  for (; written < count; written++) {
    const length = shortTextLength(bytes, position);
    if (length < 0) break;
    at = writeShortHeader(target, at, length);
    const from = (position + SHORT_TEXT_HEAD_BYTES) | 0;
    for (let index = 0; index < length; index++) target[at + index] = bytes[from + index];
    at = (at + length) | 0;
    target[at] = CR;
    target[at + 1] = LF;
    at = (at + 2) | 0;
    position = (position + length + SHORT_TEXT_FRAME_BYTES) | 0;
  }
  reply.length = at;
  cursor.position = position;
  return written;
}

/** Writes the line before a bulk string of fewer than 100 bytes; returns the place behind it. */
function writeShortHeader(target: Uint8Array, at: number, length: number): number {
  target[at] = DOLLAR;
  let end = (at + 1) | 0;
  const tens = (length / 10) | 0;
  if (tens > 0) target[end++] = ZERO + tens;
  target[end] = ZERO + length - tens * 10;
  target[end + 1] = CR;
  target[end + 2] = LF;
  return (end + 3) | 0;
}

/** Replies with the last `count` elements, which are there, the last one first. */
export function replyBackward(context: CommandContext, entry: number, count: number): void {
  const heap = context.keyspace.heap;
  openListTail(heap, entry, cursor);
  for (let left = count; left > 0; left--) {
    readAt(cursor, element);
    context.replyBulk(element);
    if (left > 1) toPrevious(heap, cursor);
  }
}
