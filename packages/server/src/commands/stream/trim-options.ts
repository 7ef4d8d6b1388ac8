/** The options that XADD and XTRIM share: how far to trim, and for XADD whether to make a stream and under which id to add. */
import { StreamId } from "@sider/datastructures";
import { readFirstId, streamLength, TrimOptions } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { HIGHEST_ID } from "./entries-reply.ts";
import { idText, readIdToAdd, readStrictId, wasSequenceGiven } from "./stream-ids.ts";

const TWO_STRATEGIES = "ERR syntax error, MAXLEN and MINID options at the same time are not compatible";
const NEGATIVE_MAXLEN = "ERR The MAXLEN argument must be >= 0.";
const NEGATIVE_LIMIT = "ERR The LIMIT argument must be >= 0.";
const LIMIT_ALONE = "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy";
const NO_STRATEGY = "ERR syntax error, XTRIM must be called with a trimming strategy";
const EXACT_LIMIT = "ERR syntax error, LIMIT cannot be used without the special ~ option";

/** Without LIMIT an approximate trim deletes at most so many full nodes, within these bounds. */
const NODES_PER_TRIM = 100;
const LIMIT_OF_ENDLESS_NODES = 10_000;
const LIMIT_MAXIMUM = 1_000_000;

/** What `readTrimOptions` has found. One object, since a command is done with it before the next begins. */
export const found = {
  trims: false,
  trim: new TrimOptions(),
  /** Index of the argument that says how far. */
  thresholdIndex: 0,
  makesStream: true,
  /** Index of the id's argument; the number of arguments if there is none. */
  idIndex: 0,
  isIdGiven: false,
  isSequenceGiven: false,
  id: new StreamId(),
};

let isLimitGiven = false;
const firstId = new StreamId();

/** Reads options from argument 2 on, for XADD up to the id, into `found`; refuses and gives false for what does not go. */
export function readTrimOptions(context: CommandContext, isAdd: boolean): boolean {
  found.trims = false;
  found.makesStream = true;
  found.isIdGiven = false;
  found.isSequenceGiven = false;
  found.trim.limit = 0;
  found.trim.isApproximate = false;
  isLimitGiven = false;
  const index = readOptions(context, isAdd);
  if (index < 0) return false;
  found.idIndex = index;
  if (found.trim.limit !== 0 && !found.trims) return refuse(context, LIMIT_ALONE);
  if (!isAdd && !found.trims) return refuse(context, NO_STRATEGY);
  // propagated trims are exact and keep their LIMIT, which says nothing any more
  if (isLimitGiven && context.isReplay) found.trim.limit = 0;
  else if (isLimitGiven) return found.trim.isApproximate || refuse(context, EXACT_LIMIT);
  if (found.trim.isApproximate) found.trim.limit = usualLimit(context);
  return true;
}

/** Reads options until the id or the end; its index, or -1 after a refusal. */
function readOptions(context: CommandContext, isAdd: boolean): number {
  let index = 2;
  for (; index < context.count; index++) {
    const hasMore = index + 1 < context.count;
    if (isAdd && context.is(index, "*")) return index;
    if (hasMore && context.is(index, "maxlen")) index = readStrategy(context, index, true);
    else if (hasMore && context.is(index, "minid")) index = readStrategy(context, index, false);
    else if (hasMore && context.is(index, "limit")) index = readLimit(context, index + 1);
    else if (isAdd && context.is(index, "nomkstream")) found.makesStream = false;
    else if (isAdd) return readGivenId(context, index);
    else context.refuse(SYNTAX_ERROR);
    if (context.error !== null) return -1;
  }
  return index;
}

function readGivenId(context: CommandContext, index: number): number {
  if (!readIdToAdd(context, index, found.id)) return -1;
  found.isIdGiven = true;
  found.isSequenceGiven = wasSequenceGiven();
  return index;
}

/** Reads MAXLEN or MINID; the index of its last argument. */
function readStrategy(context: CommandContext, index: number, isByLength: boolean): number {
  if (found.trims) context.refuse(TWO_STRATEGIES);
  let at = index + 1;
  const hasMore = at + 1 < context.count;
  found.trim.isApproximate = hasMore && context.is(at, "~");
  if (found.trim.isApproximate || (hasMore && context.is(at, "="))) at++;
  if (context.error !== null) return at;
  found.trims = true;
  found.trim.mostEntries = -1;
  found.thresholdIndex = at;
  if (!isByLength) readStrictId(context, at, found.trim.lowestId);
  else {
    found.trim.mostEntries = context.integer(at);
    if (found.trim.mostEntries < 0) context.refuse(NEGATIVE_MAXLEN);
  }
  return at;
}

function readLimit(context: CommandContext, index: number): number {
  found.trim.limit = context.integer(index);
  isLimitGiven = true;
  if (found.trim.limit < 0) context.refuse(NEGATIVE_LIMIT);
  return index;
}

function usualLimit(context: CommandContext): number {
  const limit = NODES_PER_TRIM * context.keyspace.limits.streamNodeMaxEntries;
  return limit <= 0 ? LIMIT_OF_ENDLESS_NODES : Math.min(limit, LIMIT_MAXIMUM);
}

function refuse(context: CommandContext, error: string): boolean {
  context.refuse(error);
  return false;
}

/**
 * How far an approximate trim goes depends on the nodes that the entries are in: it is propagated as an exact one to what it has left.
 * The arguments are those that `readTrimOptions` has read.
 */
export function propagateExactTrim(context: CommandContext, block: number): void {
  const { trim, thresholdIndex } = found;
  if (!trim.isApproximate) return;
  const { heap } = context.keyspace;
  context.replaceArgument(thresholdIndex - 1, "=");
  if (trim.mostEntries >= 0) context.replaceArgument(thresholdIndex, String(streamLength(heap, block)));
  else if (streamLength(heap, block) === 0) context.replaceArgument(thresholdIndex, idText(HIGHEST_ID));
  else context.replaceArgument(thresholdIndex, idText(readFirstId(heap, block, firstId)));
}
