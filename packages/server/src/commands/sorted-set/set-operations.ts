/** ZUNION, ZINTER, ZDIFF, their STORE forms, and ZINTERCARD. */
import { freeLooseSortedSet, RankedCursor, sizeOfSortedSet } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { combine, countCommon } from "./combine.ts";
import type { Aggregate, Operation } from "./combine.ts";
import { readDouble, replyMember, replyMembersHeader } from "./scores.ts";
import { readSources } from "./sources.ts";
import type { Source } from "./sources.ts";
import { storeResult } from "./store.ts";

const AGGREGATES: readonly Aggregate[] = ["sum", "min", "max"];

const cursor = new RankedCursor();
/** What the options of a command say. */
const options = { aggregate: "sum" as Aggregate, withScores: false, limit: 0 };

/** ZUNION numkeys key [key ...] [WEIGHTS weight ...] [AGGREGATE SUM | MIN | MAX] [WITHSCORES] */
export function zunion(context: CommandContext): void {
  replyResult(context, "zunion", "union");
}

/** ZINTER numkeys key [key ...] [WEIGHTS weight ...] [AGGREGATE SUM | MIN | MAX] [WITHSCORES] */
export function zinter(context: CommandContext): void {
  replyResult(context, "zinter", "inter");
}

/** ZDIFF numkeys key [key ...] [WITHSCORES] */
export function zdiff(context: CommandContext): void {
  replyResult(context, "zdiff", "diff");
}

/** ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight ...] [AGGREGATE SUM | MIN | MAX] */
export function zunionstore(context: CommandContext): void {
  store(context, "zunionstore", "union");
}

/** ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight ...] [AGGREGATE SUM | MIN | MAX] */
export function zinterstore(context: CommandContext): void {
  store(context, "zinterstore", "inter");
}

/** ZDIFFSTORE destination numkeys key [key ...] */
export function zdiffstore(context: CommandContext): void {
  store(context, "zdiffstore", "diff");
}

/** ZINTERCARD numkeys key [key ...] [LIMIT limit] */
export function zintercard(context: CommandContext): void {
  const sources = readOperands(context, 1, "zintercard");
  for (let index = 2 + sources.length; index < context.count && context.error === null; index += 2) {
    if (index + 1 < context.count && context.is(index, "limit")) {
      options.limit = context.integer(index + 1, 0, 2 ** 63, "ERR LIMIT can't be negative");
    } else context.refuse(SYNTAX_ERROR);
  }
  if (context.error === null) context.reply.integer(countCommon(sources, options.limit));
}

function replyResult(context: CommandContext, name: string, operation: Operation): void {
  const sources = readOperands(context, 1, name);
  readOptions(context, 2 + sources.length, operation !== "diff", true, sources);
  if (context.error !== null) return;
  const keyspace = context.keyspace;
  const withScores = options.withScores;
  const set = combine(keyspace, operation, sources, options.aggregate, false);
  replyMembersHeader(context, sizeOfSortedSet(keyspace.heap, set.encoding, set.block), withScores);
  cursor.open(keyspace.heap, set.encoding, set.block);
  for (let isThere = cursor.seek(0); isThere; isThere = cursor.next()) replyMember(context, cursor, withScores);
  freeLooseSortedSet(keyspace, set);
}

function store(context: CommandContext, name: string, operation: Operation): void {
  const sources = readOperands(context, 2, name);
  readOptions(context, 3 + sources.length, operation !== "diff", false, sources);
  if (context.error !== null) return;
  storeResult(context, combine(context.keyspace, operation, sources, options.aggregate, true), name);
}

/** Reads `numkeys key [key ...]` from argument `index` on, and resets the options; refuses. */
function readOperands(context: CommandContext, index: number, name: string): Source[] {
  options.aggregate = "sum";
  options.withScores = false;
  options.limit = 0;
  const count = context.integer(index);
  if (context.error !== null) return [];
  if (count < 1) context.refuse(`ERR at least 1 input key is needed for '${name}' command`);
  else if (count > context.count - index - 1) context.refuse(SYNTAX_ERROR);
  return context.error === null ? readSources(context, index + 1, index + count) : [];
}

function readOptions(
  context: CommandContext,
  first: number,
  takesWeights: boolean,
  takesScores: boolean,
  sources: Source[],
): void {
  for (let index = first; index < context.count && context.error === null; index++) {
    const rest = context.count - index;
    if (takesWeights && rest > sources.length && context.is(index, "weights")) {
      readWeights(context, index + 1, sources);
      index += sources.length;
    } else if (takesWeights && rest >= 2 && context.is(index, "aggregate")) readAggregate(context, ++index);
    else if (takesScores && context.is(index, "withscores")) options.withScores = true;
    else context.refuse(SYNTAX_ERROR);
  }
}

function readWeights(context: CommandContext, first: number, sources: Source[]): void {
  for (const [at, source] of sources.entries()) {
    source.weight = readDouble(context, first + at, "ERR weight value is not a float");
    if (context.error !== null) return;
  }
}

function readAggregate(context: CommandContext, index: number): void {
  const aggregate = AGGREGATES.find((word) => context.is(index, word));
  if (aggregate === undefined) context.refuse(SYNTAX_ERROR);
  else options.aggregate = aggregate;
}
