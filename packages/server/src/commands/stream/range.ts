/** XLEN, XRANGE and XREVRANGE. */
import { NIL, StreamId } from "@sider/datastructures";
import { streamLength } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { countEntriesBetween, readStream, replyEntriesBetween } from "./entries-reply.ts";
import { readRangeEnd, readRangeStart } from "./stream-ids.ts";

const start = new StreamId();
const end = new StreamId();
/** No COUNT was given. */
const ALL = -1;

/** XLEN key */
export function xlen(context: CommandContext): void {
  const block = readStream(context, 1);
  if (context.error !== null) return;
  context.reply.integer(block === NIL ? 0 : streamLength(context.keyspace.heap, block));
}

/** XRANGE key start end [COUNT count] */
export function xrange(context: CommandContext): void {
  replyRange(context, 2, 3, false);
}

/** XREVRANGE key end start [COUNT count] */
export function xrevrange(context: CommandContext): void {
  replyRange(context, 3, 2, true);
}

function replyRange(context: CommandContext, startIndex: number, endIndex: number, isReverse: boolean): void {
  if (!readRangeStart(context, startIndex, start) || !readRangeEnd(context, endIndex, end)) return;
  const most = readCount(context);
  if (context.error !== null) return;
  const block = readStream(context, 1);
  if (context.error !== null) return;
  if (block === NIL) return context.reply.arrayHeader(0);
  if (most === 0) return context.reply.nullArray();
  const limit = most === ALL ? 0 : most;
  const isWhole = limit === 0 && start.isZero && end.isMaximum;
  const count = isWhole
    ? streamLength(context.keyspace.heap, block)
    : countEntriesBetween(context, block, start, end, limit, isReverse);
  context.reply.arrayHeader(count);
  replyEntriesBetween(context, block, start, end, count, isReverse);
}

/** COUNT, which is 0 if it is negative; ALL without it. */
function readCount(context: CommandContext): number {
  let most = ALL;
  for (let index = 4; index < context.count && context.error === null; index += 2) {
    if (index + 1 < context.count && context.is(index, "count")) most = Math.max(0, context.integer(index + 1));
    else context.refuse(SYNTAX_ERROR);
  }
  return most;
}
