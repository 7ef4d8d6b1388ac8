/** SRANDMEMBER. */
import { NIL, RefList } from "@sider/datastructures";
import {
  encodingOf,
  openSetCursor,
  randomPosition,
  readMember,
  setCardinality,
  SetCursor,
  Slice,
  TYPE_SET,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { randomCount, readRandomCount } from "../../dispatch/random-count.ts";

/** A set up to so many times the size of what is wanted is shuffled; of a larger one members are drawn until they are enough. */
const SHUFFLED_FOR_EACH_WANTED = 3;

const member = new Slice();
const cursor = new SetCursor();
const positions = new RefList();

/** SRANDMEMBER key [count] */
export function srandmember(context: CommandContext): void {
  if (context.count > 3) {
    context.refuse(SYNTAX_ERROR);
    return;
  }
  const hasCount = context.count === 3;
  if (hasCount && !readRandomCount(context, 2)) return;
  const wanted = randomCount.wanted;
  const entry = context.readTyped(1, TYPE_SET);
  if (context.error !== null) return;
  if (!hasCount) replyOne(context, entry);
  else if (entry === NIL || wanted === 0) context.reply.arrayHeader(0);
  else if (wanted < 0) replyDrawn(context, entry, -wanted);
  else replyDifferent(context, entry, wanted);
}

function replyOne(context: CommandContext, entry: number): void {
  if (entry === NIL) context.reply.nullBulk();
  else replyAt(context, entry, drawPosition(context, entry));
}

/** `wanted` members, one draw each: the same may come again. A client that is gone ends it. */
function replyDrawn(context: CommandContext, entry: number, wanted: number): void {
  context.reply.arrayHeader(wanted);
  const { session } = context;
  for (let left = wanted; left > 0 && !session.closing; left--) replyAt(context, entry, drawPosition(context, entry));
}

/** `wanted` different members, or all there are. */
function replyDifferent(context: CommandContext, entry: number, wanted: number): void {
  const size = setCardinality(context.keyspace.heap, entry);
  if (wanted >= size) {
    replyAll(context, entry, size);
    return;
  }
  positions.count = 0;
  if (wanted * SHUFFLED_FOR_EACH_WANTED > size) shufflePositions(context, entry, wanted);
  else drawDifferent(context, entry, wanted);
  context.reply.arrayHeader(wanted);
  for (let at = 0; at < wanted; at++) replyAt(context, entry, positions.refs[at]);
}

function replyAll(context: CommandContext, entry: number, size: number): void {
  context.reply.arrayHeader(size);
  openSetCursor(context.keyspace.heap, entry, cursor);
  while (cursor.next()) context.replyBulk(cursor.member);
}

/** Puts a random choice of `wanted` among all positions at the front of `positions`: the first steps of a shuffle. */
function shufflePositions(context: CommandContext, entry: number, wanted: number): void {
  openSetCursor(context.keyspace.heap, entry, cursor);
  while (cursor.next()) positions.push(cursor.position);
  const refs = positions.refs;
  for (let at = 0; at < wanted; at++) {
    const other = at + context.keyspace.random(positions.count - at);
    const position = refs[at];
    refs[at] = refs[other];
    refs[other] = position;
  }
}

function drawDifferent(context: CommandContext, entry: number, wanted: number): void {
  const drawn = new Set<number>();
  while (positions.count < wanted) {
    const position = drawPosition(context, entry);
    if (drawn.has(position)) continue;
    drawn.add(position);
    positions.push(position);
  }
}

function drawPosition(context: CommandContext, entry: number): number {
  const heap = context.keyspace.heap;
  return randomPosition(context.keyspace, encodingOf(heap, entry), valueBlockOf(heap, entry));
}

function replyAt(context: CommandContext, entry: number, position: number): void {
  const heap = context.keyspace.heap;
  context.replyBulk(readMember(heap, encodingOf(heap, entry), valueBlockOf(heap, entry), position, member));
}
