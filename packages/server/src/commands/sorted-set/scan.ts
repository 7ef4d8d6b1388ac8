/** ZSCAN. */
import { keyLengthOf, keyOffsetOf, memberTableOf, NIL, scoreOf, windowOf } from "@sider/datastructures";
import {
  ENCODING_SKIPLIST,
  encodingOf,
  formatDouble,
  openRankedCursor,
  RankedCursor,
  TYPE_SORTED_SET,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { emptyFound, matchesPattern, openScan, replyCursor, scanOptions, walkTable } from "../generic/scan-options.ts";

const SIGNIFICANT_DIGITS = 17;

const cursor = new RankedCursor();

/** ZSCAN key cursor [MATCH pattern] [COUNT count]: sets in one block come in one call. */
export function zscan(context: CommandContext): void {
  const entry = openScan(context, TYPE_SORTED_SET);
  if (entry === NIL) return;
  if (encodingOf(context.keyspace.heap, entry) === ENCODING_SKIPLIST) scanMembers(context, entry);
  else replyMatching(context, entry);
}

function scanMembers(context: CommandContext, entry: number): void {
  const heap = context.keyspace.heap;
  const found = emptyFound();
  const table = memberTableOf(heap, valueBlockOf(heap, entry));
  const next = walkTable(heap, table, scanOptions.cursor, scanOptions.count, found);
  let kept = 0;
  for (let at = 0; at < found.count; at++) {
    const block = found.refs[at];
    if (isWanted(context, windowOf(heap, block), keyOffsetOf(block), keyLengthOf(heap, block)))
      found.refs[kept++] = block;
  }
  replyCursor(context, next);
  context.reply.arrayHeader(kept * 2);
  for (let at = 0; at < kept; at++) {
    const block = found.refs[at];
    context.reply.bulk(windowOf(heap, block), keyOffsetOf(block), keyLengthOf(heap, block));
    context.reply.bulkLatin1(longText(scoreOf(heap, block)));
  }
}

function replyMatching(context: CommandContext, entry: number): void {
  const { member } = cursor;
  openRankedCursor(context.keyspace.heap, entry, cursor);
  let count = 0;
  for (let isThere = cursor.seek(0); isThere; isThere = cursor.next()) {
    if (isWanted(context, member.bytes, member.offset, member.length)) count++;
  }
  replyCursor(context, 0);
  context.reply.arrayHeader(count * 2);
  for (let isThere = cursor.seek(0); isThere; isThere = cursor.next()) {
    if (!isWanted(context, member.bytes, member.offset, member.length)) continue;
    context.replyBulk(member);
    context.reply.bulkLatin1(formatDouble(cursor.score));
  }
}

function isWanted(context: CommandContext, bytes: Uint8Array, offset: number, length: number): boolean {
  return matchesPattern(context, scanOptions.patternIndex, bytes, offset, length);
}

/** A score with up to 17 digits, as C prints it for `%.17g`: what Redis does here, and only here. */
function longText(score: number): string {
  if (!Number.isFinite(score) || score === 0) return formatDouble(score);
  const [digits = "", power = "0"] = score.toExponential(SIGNIFICANT_DIGITS - 1).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < SIGNIFICANT_DIGITS) {
    return withoutZeros(score.toFixed(Math.min(SIGNIFICANT_DIGITS - 1 - exponent, 100)));
  }
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${withoutZeros(digits)}e${exponent < 0 ? "-" : "+"}${size}`;
}

function withoutZeros(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}
