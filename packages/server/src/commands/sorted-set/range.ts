/** ZRANGE with all its relatives, and ZRANGESTORE: one body over ranks. */
import { NIL } from "@sider/datastructures";
import {
  createLooseSortedSet,
  freeLooseSortedSet,
  LooseValue,
  openLooseValue,
  putScore,
  RankedCursor,
  TYPE_SORTED_SET,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { BY_BYTES, BY_RANK, BY_SCORE, locateRange, ranks, readRange } from "./bounds.ts";
import { replyMember, replyMembersHeader } from "./scores.ts";
import { storeResult } from "./store.ts";

/** What the options say; set anew by each command. */
const options = { kind: BY_RANK, isReverse: false, withScores: false, offset: 0, limit: -1 };
const set = new LooseValue();
const result = new LooseValue();
const cursor = new RankedCursor();

/** ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES] */
export function zrange(context: CommandContext): void {
  range(context, BY_RANK, false, true);
}

/** ZREVRANGE key start stop [WITHSCORES] */
export function zrevrange(context: CommandContext): void {
  range(context, BY_RANK, true, false);
}

/** ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count] */
export function zrangebyscore(context: CommandContext): void {
  range(context, BY_SCORE, false, false);
}

/** ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count] */
export function zrevrangebyscore(context: CommandContext): void {
  range(context, BY_SCORE, true, false);
}

/** ZRANGEBYLEX key min max [LIMIT offset count] */
export function zrangebylex(context: CommandContext): void {
  range(context, BY_BYTES, false, false);
}

/** ZREVRANGEBYLEX key max min [LIMIT offset count] */
export function zrevrangebylex(context: CommandContext): void {
  range(context, BY_BYTES, true, false);
}

function range(context: CommandContext, kind: number, isReverse: boolean, isFree: boolean): void {
  options.kind = kind;
  options.isReverse = isReverse;
  if (!readArguments(context, 1, isFree, true)) return;
  const entry = context.readTyped(1, TYPE_SORTED_SET);
  if (context.error !== null) return;
  if (entry === NIL) {
    context.reply.arrayHeader(0);
    return;
  }
  openLooseValue(context.keyspace.heap, entry, set);
  const count = seekRange(context);
  const withScores = options.withScores;
  replyMembersHeader(context, count, withScores);
  for (let left = count; left > 0; left--) {
    replyMember(context, cursor, withScores);
    if (left > 1) step();
  }
}

/** ZRANGESTORE destination source start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] */
export function zrangestore(context: CommandContext): void {
  options.kind = BY_RANK;
  options.isReverse = false;
  if (!readArguments(context, 2, true, false)) return;
  const entry = context.readTyped(2, TYPE_SORTED_SET);
  if (context.error !== null) return;
  const keyspace = context.keyspace;
  let count = 0;
  if (entry !== NIL) {
    openLooseValue(keyspace.heap, entry, set);
    count = seekRange(context);
  }
  createLooseSortedSet(keyspace, result, count, 0);
  try {
    for (let left = count; left > 0; left--) {
      const { bytes, offset, length } = cursor.member;
      putScore(keyspace, result, bytes, offset, length, cursor.score);
      if (left > 1) step();
    }
  } catch (error) {
    freeLooseSortedSet(keyspace, result);
    throw error;
  }
  storeResult(context, result, "zrangestore");
}

/** Reads what follows the key in argument `keyIndex`; refuses and gives false. With `isFree` kind and direction may be said. */
function readArguments(context: CommandContext, keyIndex: number, isFree: boolean, mayHaveScores: boolean): boolean {
  const kindGiven = options.kind;
  options.withScores = false;
  options.offset = 0;
  options.limit = -1;
  let isKindFree = isFree;
  let isDirectionFree = isFree;
  for (let index = keyIndex + 3; index < context.count; index++) {
    if (mayHaveScores && context.is(index, "withscores")) options.withScores = true;
    else if (context.is(index, "limit") && index + 2 < context.count) {
      options.offset = context.integer(index + 1);
      if (context.error === null) options.limit = context.integer(index + 2);
      index += 2;
    } else if (isDirectionFree && context.is(index, "rev")) {
      options.isReverse = true;
      isDirectionFree = false;
    } else if (isKindFree && (context.is(index, "bylex") || context.is(index, "byscore"))) {
      options.kind = context.is(index, "bylex") ? BY_BYTES : BY_SCORE;
      isKindFree = false;
    } else context.refuse(SYNTAX_ERROR);
    if (context.error !== null) return false;
  }
  checkConflicts(context, kindGiven === BY_RANK);
  if (context.error !== null) return false;
  const swaps = options.isReverse && options.kind !== BY_RANK ? 1 : 0;
  readRange(context, options.kind, keyIndex + 1 + swaps, keyIndex + 2 - swaps);
  return context.error === null;
}

function checkConflicts(context: CommandContext, isByName: boolean): void {
  if (options.limit !== -1 && isByName && options.kind === BY_RANK) {
    context.refuse("ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
  } else if (options.withScores && options.kind === BY_BYTES) {
    context.refuse("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
  }
}

/** Points the cursor at the first member of the range in `set`, in its direction, and gives how many there are. */
function seekRange(context: CommandContext): number {
  const { kind, isReverse, offset, limit } = options;
  locateRange(context, set, kind, isReverse);
  const size = ranks.end - ranks.start;
  const skipped = kind === BY_RANK ? 0 : offset;
  if (skipped < 0 || skipped >= size) return 0;
  const count = kind === BY_RANK || limit < 0 ? size - skipped : Math.min(limit, size - skipped);
  if (count === 0) return 0;
  cursor.open(context.keyspace.heap, set.encoding, set.block);
  cursor.seek(isReverse ? ranks.end - 1 - skipped : ranks.start + skipped);
  return count;
}

function step(): void {
  if (options.isReverse) cursor.previous();
  else cursor.next();
}
