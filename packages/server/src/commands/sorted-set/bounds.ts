/**
 * Ranges of ranks, scores and bytes, as arguments say them. `readRange` parses the two ends; `locateRange` turns them into ranks [start,
 * end) of a set. All commands work on ranks from there on.
 */
import { createInt64Scratch, parseDouble, parseInt64, ranksBelowBytes, ranksBelowScore } from "@sider/keyspace-engine";
import type { LooseValue } from "@sider/keyspace-engine";
import { sizeOfSortedSet } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

export const BY_RANK = 0;
export const BY_SCORE = 1;
export const BY_BYTES = 2;

const OPENING_PARENTHESIS = 40;
const PLUS = 43;
const MINUS = 45;
const OPENING_BRACKET = 91;

/** One end of a range that was read. */
class Bound {
  /** A rank or a score; a fraction at first, so that the field has a double slot. */
  value = 0.5;
  isExclusive = false;
  /** Of bytes: before everything (-1), behind everything (1), or in argument `index` behind its first byte (0). */
  side = 0;
  index = 0;
}

const minimum = new Bound();
const maximum = new Bound();
const integer = createInt64Scratch();

/** Ranks [start, end) that `locateRange` found. */
export const ranks = { start: 0, end: 0 };

/** Reads the ends of a range from two arguments; refuses what are none. */
export function readRange(context: CommandContext, kind: number, minimumIndex: number, maximumIndex: number): void {
  if (kind === BY_RANK) {
    minimum.value = context.integer(minimumIndex);
    if (context.error === null) maximum.value = context.integer(maximumIndex);
  } else if (kind === BY_SCORE) {
    if (!readScoreBound(context, minimumIndex, minimum) || !readScoreBound(context, maximumIndex, maximum)) {
      context.refuse("ERR min or max is not a float");
    }
  } else if (!readBytesBound(context, minimumIndex, minimum) || !readBytesBound(context, maximumIndex, maximum)) {
    context.refuse("ERR min or max not valid string range item");
  }
}

function readScoreBound(context: CommandContext, index: number, bound: Bound): boolean {
  const { bytes, offset, length } = context.value(index);
  bound.isExclusive = length > 0 && bytes[offset] === OPENING_PARENTHESIS;
  const skipped = bound.isExclusive ? 1 : 0;
  if (parseInt64(bytes, offset + skipped, length - skipped, integer) && integer.isSafe) bound.value = integer.safe;
  else {
    bound.value = parseDouble(bytes, offset + skipped, length - skipped);
    if (Number.isNaN(bound.value)) bound.value = looseDouble(context.text(index).slice(skipped));
  }
  return !Number.isNaN(bound.value);
}

/** What strtod takes here and nowhere else: nothing at all, spaces before the number, numbers beyond the range of doubles. */
function looseDouble(text: string): number {
  const [number = ""] = text.split("\0", 1);
  if (number === "") return 0;
  const trimmed = number.replace(/^[ \t\n\v\f\r]+/, "");
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  const bytes = Uint8Array.from(trimmed, (character) => character.charCodeAt(0));
  return parseDouble(bytes, 0, bytes.length);
}

function readBytesBound(context: CommandContext, index: number, bound: Bound): boolean {
  const { bytes, offset, length } = context.value(index);
  if (length === 0) return false;
  const first = bytes[offset];
  bound.index = index;
  bound.side = 0;
  bound.isExclusive = first === OPENING_PARENTHESIS;
  if (first === OPENING_PARENTHESIS || first === OPENING_BRACKET) return true;
  bound.side = first === PLUS ? 1 : first === MINUS ? -1 : 0;
  return bound.side !== 0 && (length === 1 || bytes[offset + 1] === 0);
}

/** Finds the ranks of the range that was read last; start = end where it is empty. O(log n), of a listpack O(n). */
export function locateRange(context: CommandContext, set: LooseValue, kind: number, isReverse: boolean): void {
  const keyspace = context.keyspace;
  const size = sizeOfSortedSet(keyspace.heap, set.encoding, set.block);
  if (kind === BY_RANK) locateRanks(size, isReverse);
  else if (kind === BY_SCORE) {
    ranks.start = ranksBelowScore(keyspace, set, minimum.value, minimum.isExclusive);
    ranks.end = ranksBelowScore(keyspace, set, maximum.value, !maximum.isExclusive);
  } else {
    ranks.start = rankOfBytes(context, set, size, minimum, minimum.isExclusive);
    ranks.end = rankOfBytes(context, set, size, maximum, !maximum.isExclusive);
  }
  if (ranks.end < ranks.start) ranks.end = ranks.start;
}

/** Ranks count from the end that the walk begins at; negative ones from the other. */
function locateRanks(size: number, isReverse: boolean): void {
  const first = Math.max(minimum.value < 0 ? minimum.value + size : minimum.value, 0);
  const last = Math.min(maximum.value < 0 ? maximum.value + size : maximum.value, size - 1);
  if (first > last) {
    ranks.start = 0;
    ranks.end = 0;
    return;
  }
  ranks.start = isReverse ? size - 1 - last : first;
  ranks.end = isReverse ? size - first : last + 1;
}

function rankOfBytes(
  context: CommandContext,
  set: LooseValue,
  size: number,
  bound: Bound,
  includesEqual: boolean,
): number {
  if (bound.side !== 0) return bound.side < 0 ? 0 : size;
  const { bytes, offset, length } = context.value(bound.index);
  return ranksBelowBytes(context.keyspace, set, bytes, offset + 1, length - 1, includesEqual);
}
