/** LCS: the longest common subsequence of two strings, its length, or where its runs are. */
import {
  LCS_TOO_LARGE,
  lcsLength,
  lcsTableBytes,
  longestCommonSubsequence,
  lookupRead,
  readString,
  Slice,
  TYPE_STRING,
  typeOf,
} from "@sider/keyspace-engine";
import type { LongestCommonSubsequence } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";

const NOT_STRINGS = "ERR The specified keys must contain string values";
const LENGTH_AND_INDEXES = "ERR If you want both the length and indexes, please just use IDX.";
const NO_MEMORY = "ERR Insufficient memory, failed allocating transient memory for LCS";
const NO_BYTES = new Uint8Array(0);

const text = new Slice();
const options = { isLength: false, isIndexes: false, withMatchLength: false, minimumMatchLength: 0 };

/** LCS key1 key2 [LEN] [IDX] [MINMATCHLEN length] [WITHMATCHLEN] */
export function lcs(context: CommandContext): void {
  const first = bytesOf(context, 1);
  const second = bytesOf(context, 2);
  if (first === null || second === null) {
    context.refuse(NOT_STRINGS);
    return;
  }
  if (!readLcsOptions(context)) return;
  if (lcsTableBytes(first.length, second.length) > context.server.configuration.get("proto-max-bulk-len")) {
    context.refuse(LCS_TOO_LARGE);
    return;
  }
  try {
    answer(context, first, second);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.refuse(NO_MEMORY);
  }
}

/** A copy of the string, empty for a missing key; null for another type. */
function bytesOf(context: CommandContext, index: number): Uint8Array | null {
  const heap = context.keyspace.heap;
  const entry = lookupRead(context.keyspace, context.database, context.key(index));
  if (entry === 0) return NO_BYTES;
  return typeOf(heap, entry) === TYPE_STRING ? readString(heap, entry, text).toBytes() : null;
}

function readLcsOptions(context: CommandContext): boolean {
  options.isLength = false;
  options.isIndexes = false;
  options.withMatchLength = false;
  options.minimumMatchLength = 0;
  for (let index = 3; index < context.count && context.error === null; index++) {
    if (context.is(index, "idx")) options.isIndexes = true;
    else if (context.is(index, "len")) options.isLength = true;
    else if (context.is(index, "withmatchlen")) options.withMatchLength = true;
    else if (context.is(index, "minmatchlen") && index + 1 < context.count) {
      options.minimumMatchLength = context.integer(++index);
    } else context.refuse(SYNTAX_ERROR);
  }
  if (options.isLength && options.isIndexes) context.refuse(LENGTH_AND_INDEXES);
  return context.error === null;
}

function answer(context: CommandContext, first: Uint8Array, second: Uint8Array): void {
  if (options.isLength) {
    context.reply.integer(lcsLength(first, 0, first.length, second, 0, second.length));
    return;
  }
  const minimum = options.isIndexes ? options.minimumMatchLength : 0;
  const found = longestCommonSubsequence(first, 0, first.length, second, 0, second.length, minimum);
  if (options.isIndexes) replyMatches(context, found);
  else context.reply.bulk(found.bytes, 0, found.length);
}

function replyMatches(context: CommandContext, found: LongestCommonSubsequence): void {
  const { reply } = context;
  const { matches } = found;
  reply.mapHeader(2);
  reply.bulkLatin1("matches");
  reply.arrayHeader(matches.length / 4);
  for (let at = 0; at < matches.length; at += 4) {
    reply.arrayHeader(options.withMatchLength ? 3 : 2);
    replyRange(context, matches[at], matches[at + 1]);
    replyRange(context, matches[at + 2], matches[at + 3]);
    if (options.withMatchLength) reply.integer(matches[at + 1] - matches[at] + 1);
  }
  reply.bulkLatin1("len");
  reply.integer(found.length);
}

function replyRange(context: CommandContext, start: number, end: number): void {
  context.reply.arrayHeader(2);
  context.reply.integer(start);
  context.reply.integer(end);
}
