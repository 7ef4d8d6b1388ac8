/** Reading: LLEN, LINDEX, LRANGE, LPOS. */
import { equalsAt, NIL, passToEqual, QuicklistCursor, readAt, toNext, toPrevious } from "@sider/datastructures";
import {
  clampedRange,
  clampRange,
  listLength,
  openListAt,
  openListHead,
  openListTail,
  Slice,
  TYPE_LIST,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { replyForward } from "./reply-elements.ts";

const cursor = new QuicklistCursor();
const element = new Slice();

/** LLEN key */
export function llen(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_LIST);
  if (context.error !== null) return;
  context.reply.integer(entry === NIL ? 0 : listLength(context.keyspace.heap, entry));
}

/** LINDEX key index */
export function lindex(context: CommandContext): void {
  const heap = context.keyspace.heap;
  const entry = context.readTyped(1, TYPE_LIST);
  if (context.error !== null) return;
  if (entry === NIL) {
    context.reply.nullBulk();
    return;
  }
  const index = context.integer(2);
  if (context.error !== null) return;
  const fromHead = index < 0 ? index + listLength(heap, entry) : index;
  if (!openListAt(heap, entry, cursor, fromHead)) {
    context.reply.nullBulk();
    return;
  }
  readAt(cursor, element);
  context.replyBulk(element);
}

/** LRANGE key start stop */
export function lrange(context: CommandContext): void {
  const start = context.integer(2);
  const stop = context.integer(3);
  if (context.error !== null) return;
  const entry = context.readTyped(1, TYPE_LIST);
  if (context.error !== null) return;
  if (entry === NIL || !rangeOf(start, stop, listLength(context.keyspace.heap, entry))) {
    context.reply.arrayHeader(0);
    return;
  }
  const first = clampedRange.start;
  const count = clampedRange.end - first + 1;
  context.reply.arrayHeader(count);
  replyForward(context, entry, first, count);
}

/** Puts the range of indexes that lie in a list of `length` into `clampedRange`; false when it is empty. */
export function rangeOf(start: number, stop: number, length: number): boolean {
  return stop >= -length && clampRange(start, stop, length);
}

const RANK_ZERO =
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list";
const RANK_RANGE = "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807";
const COUNT_NEGATIVE = "ERR COUNT can't be negative";
const LENGTH_NEGATIVE = "ERR MAXLEN can't be negative";

/** What LPOS is asked for; `most` is -1 without COUNT, 0 for all. */
const wanted = { rank: 1, most: -1, length: 0 };
/** Indexes found, for replies of several. */
const found: number[] = [];

/** LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len] */
export function lpos(context: CommandContext): void {
  readOptions(context);
  if (context.error !== null) return;
  const entry = context.readTyped(1, TYPE_LIST);
  if (context.error !== null) return;
  found.length = 0;
  if (entry !== NIL) findElements(context, entry);
  if (wanted.most < 0) {
    if (found.length === 0) context.reply.nullBulk();
    else context.reply.integer(found[0]);
    return;
  }
  context.reply.arrayHeader(found.length);
  for (const index of found) context.reply.integer(index);
}

function readOptions(context: CommandContext): void {
  wanted.rank = 1;
  wanted.most = -1;
  wanted.length = 0;
  for (let index = 3; index < context.count && context.error === null; index += 2) {
    if (index + 1 === context.count) context.refuse(SYNTAX_ERROR);
    else if (context.is(index, "rank")) readRank(context, index + 1);
    else if (context.is(index, "count")) wanted.most = context.integer(index + 1, 0, 2 ** 63, COUNT_NEGATIVE);
    else if (context.is(index, "maxlen")) wanted.length = context.integer(index + 1, 0, 2 ** 63, LENGTH_NEGATIVE);
    else context.refuse(SYNTAX_ERROR);
  }
}

function readRank(context: CommandContext, index: number): void {
  wanted.rank = context.integer(index);
  if (context.error !== null) return;
  if (wanted.rank === 0) context.refuse(RANK_ZERO);
  if (context.text(index) === "-9223372036854775808") context.refuse(RANK_RANGE);
}

/** Puts the indexes of the elements that are asked for into `found`. */
function findElements(context: CommandContext, entry: number): void {
  const value = context.value(2);
  const length = listLength(context.keyspace.heap, entry);
  const most = wanted.most < 0 ? 1 : wanted.most;
  const compared = wanted.length === 0 ? length : Math.min(wanted.length, length);
  if (wanted.rank > 0) findFromHead(context, entry, value, compared, most);
  else findFromTail(context, entry, value, compared, most, length);
}

function findFromHead(context: CommandContext, entry: number, value: Slice, compared: number, most: number): void {
  const heap = context.keyspace.heap;
  let toSkip = wanted.rank - 1;
  openListHead(heap, entry, cursor);
  for (let at = 0; found.length < most || most === 0; at++) {
    const passed = passToEqual(heap, cursor, value.bytes, value.offset, value.length, compared - at);
    if (passed < 0) return;
    at += passed;
    if (toSkip-- <= 0) found.push(at);
    toNext(heap, cursor);
  }
}

function findFromTail(
  context: CommandContext,
  entry: number,
  value: Slice,
  compared: number,
  most: number,
  length: number,
): void {
  const heap = context.keyspace.heap;
  let toSkip = -wanted.rank - 1;
  openListTail(heap, entry, cursor);
  for (let passed = 0; passed < compared && (found.length < most || most === 0); passed++) {
    if (equalsAt(cursor, value.bytes, value.offset, value.length) && toSkip-- <= 0) found.push(length - 1 - passed);
    toPrevious(heap, cursor);
  }
}
