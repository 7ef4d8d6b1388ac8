/** SSCAN. */
import { keyLengthOf, keyOffsetOf, NIL, windowOf } from "@sider/datastructures";
import {
  ENCODING_HASHTABLE,
  encodingOf,
  openSetCursor,
  SetCursor,
  TYPE_SET,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { emptyFound, matchesPattern, openScan, replyCursor, scanOptions, walkTable } from "../generic/scan-options.ts";

const cursor = new SetCursor();

/** SSCAN key cursor [MATCH pattern] [COUNT count]: sets in one block come in one call. */
export function sscan(context: CommandContext): void {
  const entry = openScan(context, TYPE_SET);
  if (entry === NIL) return;
  if (encodingOf(context.keyspace.heap, entry) === ENCODING_HASHTABLE) scanMembers(context, entry);
  else replyMatching(context, entry);
}

function scanMembers(context: CommandContext, entry: number): void {
  const heap = context.keyspace.heap;
  const found = emptyFound();
  const next = walkTable(heap, valueBlockOf(heap, entry), scanOptions.cursor, scanOptions.count, found);
  let kept = 0;
  for (let at = 0; at < found.count; at++) {
    const block = found.refs[at];
    const length = keyLengthOf(heap, block);
    if (!matchesPattern(context, scanOptions.patternIndex, windowOf(heap, block), keyOffsetOf(block), length)) continue;
    found.refs[kept++] = block;
  }
  replyCursor(context, next);
  context.reply.arrayHeader(kept);
  for (let at = 0; at < kept; at++) {
    const block = found.refs[at];
    context.reply.bulk(windowOf(heap, block), keyOffsetOf(block), keyLengthOf(heap, block));
  }
}

function replyMatching(context: CommandContext, entry: number): void {
  const heap = context.keyspace.heap;
  let count = 0;
  openSetCursor(heap, entry, cursor);
  while (cursor.next()) if (isWanted(context)) count++;
  replyCursor(context, 0);
  context.reply.arrayHeader(count);
  openSetCursor(heap, entry, cursor);
  while (cursor.next()) if (isWanted(context)) context.replyBulk(cursor.member);
}

function isWanted(context: CommandContext): boolean {
  const member = cursor.member;
  return matchesPattern(context, scanOptions.patternIndex, member.bytes, member.offset, member.length);
}
