/** Asking a set: SCARD, SISMEMBER, SMISMEMBER, SMEMBERS. */
import { NIL } from "@sider/datastructures";
import { openSetCursor, setCardinality, setContains, SetCursor, TYPE_SET } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

const cursor = new SetCursor();

/** SCARD key */
export function scard(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_SET);
  if (context.error !== null) return;
  context.reply.integer(entry === NIL ? 0 : setCardinality(context.keyspace.heap, entry));
}

/** SISMEMBER key member */
export function sismember(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_SET);
  if (context.error !== null) return;
  context.reply.integer(has(context, entry, 2) ? 1 : 0);
}

/** SMISMEMBER key member [member ...] */
export function smismember(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_SET);
  if (context.error !== null) return;
  const count = context.count;
  context.reply.arrayHeader(count - 2);
  for (let index = 2; index < count; index++) context.reply.integer(has(context, entry, index) ? 1 : 0);
}

function has(context: CommandContext, entry: number, index: number): boolean {
  if (entry === NIL) return false;
  const member = context.value(index);
  return setContains(context.keyspace, entry, member.bytes, member.offset, member.length);
}

/** SMEMBERS key */
export function smembers(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_SET);
  if (context.error !== null) return;
  replyMembers(context, entry);
}

/** Replies with all members of an entry's set, NIL being the empty one. */
export function replyMembers(context: CommandContext, entry: number): void {
  const heap = context.keyspace.heap;
  if (entry === NIL) {
    context.reply.setHeader(0);
    return;
  }
  context.reply.setHeader(setCardinality(heap, entry));
  openSetCursor(heap, entry, cursor);
  while (cursor.next()) context.replyBulk(cursor.member);
}
