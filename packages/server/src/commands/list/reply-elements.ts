/** Elements of a list as bulk strings, many at a time. */
import { QuicklistCursor, readAt, toNext, toPrevious } from "@sider/datastructures";
import { openListAt, openListTail, Slice } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

const cursor = new QuicklistCursor();
const element = new Slice();

/** Replies with `count` elements from `index` on, which are there. */
export function replyForward(context: CommandContext, entry: number, index: number, count: number): void {
  const heap = context.keyspace.heap;
  openListAt(heap, entry, cursor, index);
  for (let left = count; left > 0; left--) {
    readAt(cursor, element);
    context.replyBulk(element);
    if (left > 1) toNext(heap, cursor);
  }
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
