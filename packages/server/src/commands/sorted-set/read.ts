/** Asking a sorted set about single members and about numbers of them. */
import { NIL } from "@sider/datastructures";
import {
  locateMember,
  LooseValue,
  MemberPlace,
  openLooseValue,
  rankOfLocated,
  sizeOfSortedSet,
  sortedSetCardinality,
  sortedSetLocate,
  TYPE_SORTED_SET,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { wrongArity } from "../../dispatch/refusals.ts";
import { BY_BYTES, BY_SCORE, locateRange, ranks, readRange } from "./bounds.ts";
import { replyScore } from "./scores.ts";

const set = new LooseValue();
const place = new MemberPlace();

/** ZCARD key */
export function zcard(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_SORTED_SET);
  if (context.error !== null) return;
  context.reply.integer(entry === NIL ? 0 : sortedSetCardinality(context.keyspace.heap, entry));
}

/** ZSCORE key member */
export function zscore(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_SORTED_SET);
  if (context.error !== null) return;
  replyScoreOf(context, entry, 2);
}

/** ZMSCORE key member [member ...] */
export function zmscore(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_SORTED_SET);
  if (context.error !== null) return;
  context.reply.arrayHeader(context.count - 2);
  for (let index = 2; index < context.count; index++) replyScoreOf(context, entry, index);
}

function replyScoreOf(context: CommandContext, entry: number, index: number): void {
  const { bytes, offset, length } = context.value(index);
  if (entry !== NIL && sortedSetLocate(context.keyspace, entry, bytes, offset, length, place)) {
    replyScore(context, place.score);
  } else context.reply.nullBulk();
}

/** ZRANK key member [WITHSCORE] */
export function zrank(context: CommandContext): void {
  replyRank(context, false);
}

/** ZREVRANK key member [WITHSCORE] */
export function zrevrank(context: CommandContext): void {
  replyRank(context, true);
}

function replyRank(context: CommandContext, isReverse: boolean): void {
  const withScore = context.count > 3;
  if (context.count > 4) context.refuse(wrongArity(context.server.table.commands[context.command]));
  else if (withScore && !context.is(3, "withscore")) context.refuse(SYNTAX_ERROR);
  if (context.error !== null) return;
  const { keyspace, reply } = context;
  const entry = context.readTyped(1, TYPE_SORTED_SET);
  if (context.error !== null) return;
  const { bytes, offset, length } = context.value(2);
  if (entry !== NIL) openLooseValue(keyspace.heap, entry, set);
  if (entry === NIL || !locateMember(keyspace, set, bytes, offset, length, place)) {
    if (withScore) reply.nullArray();
    else reply.nullBulk();
    return;
  }
  const rank = rankOfLocated(keyspace, set, place);
  if (withScore) reply.arrayHeader(2);
  reply.integer(isReverse ? sizeOfSortedSet(keyspace.heap, set.encoding, set.block) - 1 - rank : rank);
  if (withScore) replyScore(context, place.score);
}

/** ZCOUNT key min max */
export function zcount(context: CommandContext): void {
  replyCount(context, BY_SCORE);
}

/** ZLEXCOUNT key min max */
export function zlexcount(context: CommandContext): void {
  replyCount(context, BY_BYTES);
}

function replyCount(context: CommandContext, kind: number): void {
  readRange(context, kind, 2, 3);
  if (context.error !== null) return;
  const entry = context.readTyped(1, TYPE_SORTED_SET);
  if (context.error !== null) return;
  if (entry === NIL) {
    context.reply.integer(0);
    return;
  }
  openLooseValue(context.keyspace.heap, entry, set);
  locateRange(context, set, kind, false);
  context.reply.integer(ranks.end - ranks.start);
}
