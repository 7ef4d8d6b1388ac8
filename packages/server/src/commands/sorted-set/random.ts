/** ZRANDMEMBER: members are drawn by rank, so that each is equally likely in every encoding. */
import { NIL } from "@sider/datastructures";
import { openRankedCursor, RankedCursor, sortedSetCardinality, TYPE_SORTED_SET } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { randomCount, readRandomCount } from "../../dispatch/random-count.ts";
import { replyMember, replyMembersHeader } from "./scores.ts";

const OUT_OF_RANGE = "ERR value is out of range";

const cursor = new RankedCursor();

/** ZRANDMEMBER key [count [WITHSCORES]] */
export function zrandmember(context: CommandContext): void {
  if (context.count === 2) {
    replyOne(context);
    return;
  }
  if (!readRandomCount(context, 2)) return;
  const withScores = context.count > 3;
  if (context.count > 4 || (withScores && !context.is(3, "withscores"))) context.refuse(SYNTAX_ERROR);
  else if (withScores && randomCount.isBeyondHalf) context.refuse(OUT_OF_RANGE);
  if (context.error !== null) return;
  const entry = context.readTyped(1, TYPE_SORTED_SET);
  if (context.error !== null) return;
  const count = randomCount.wanted;
  if (entry === NIL || count === 0) context.reply.arrayHeader(0);
  else if (count < 0) replyDrawn(context, entry, -count, withScores);
  else replyDistinct(context, entry, count, withScores);
}

function replyOne(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_SORTED_SET);
  if (context.error !== null) return;
  if (entry === NIL) {
    context.reply.nullBulk();
    return;
  }
  const heap = context.keyspace.heap;
  openRankedCursor(heap, entry, cursor);
  cursor.seek(context.keyspace.random(sortedSetCardinality(heap, entry)));
  context.replyBulk(cursor.member);
}

/** So many draws, each from all members. A client that is gone ends it. */
function replyDrawn(context: CommandContext, entry: number, count: number, withScores: boolean): void {
  const { heap, random } = context.keyspace;
  const size = sortedSetCardinality(heap, entry);
  openRankedCursor(heap, entry, cursor);
  replyMembersHeader(context, count, withScores);
  const { session } = context;
  for (let left = count; left > 0 && !session.closing; left--) {
    cursor.seek(random(size));
    replyMember(context, cursor, withScores);
  }
}

/** Different members, all of them in order where as many are wanted. */
function replyDistinct(context: CommandContext, entry: number, wanted: number, withScores: boolean): void {
  const heap = context.keyspace.heap;
  const size = sortedSetCardinality(heap, entry);
  const count = Math.min(wanted, size);
  openRankedCursor(heap, entry, cursor);
  replyMembersHeader(context, count, withScores);
  if (count === size) {
    for (let isThere = cursor.seek(0); isThere; isThere = cursor.next()) replyMember(context, cursor, withScores);
    return;
  }
  for (const rank of distinctRanks(context, count, size)) {
    cursor.seek(rank);
    replyMember(context, cursor, withScores);
  }
}

/** Floyd's way to draw `count` different numbers below `size`. O(count). */
function distinctRanks(context: CommandContext, count: number, size: number): Set<number> {
  const drawn = new Set<number>();
  for (let bound = size - count; bound < size; bound++) {
    const rank = context.keyspace.random(bound + 1);
    drawn.add(drawn.has(rank) ? bound : rank);
  }
  return drawn;
}
