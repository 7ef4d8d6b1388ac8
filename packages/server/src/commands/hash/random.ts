/**
 * HRANDFIELD. With a positive count no field comes twice: of a small part of a table fields are drawn until there are enough
 * different ones; otherwise one walk over all takes each with the chance that fills the count exactly, which needs no memory.
 */
import { NIL } from "@sider/datastructures";
import {
  ENCODING_LISTPACK,
  encodingOf,
  FIELD_MISSING,
  hashLength,
  HashWalk,
  randomField,
  readFieldName,
  readFieldValue,
  Slice,
  TYPE_HASH,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { randomCount, readRandomCount } from "../../dispatch/random-count.ts";

const OUT_OF_RANGE = "ERR value is out of range";
/** Drawing is the quicker way while at most one field in so many is wanted. */
const FIELDS_A_DRAWN_ONE = 3;

const walk = new HashWalk();
const text = new Slice();

/** HRANDFIELD key [count [WITHVALUES]] */
export function hrandfield(context: CommandContext): void {
  if (context.count > 2) {
    randomFields(context);
    return;
  }
  const entry = context.readTyped(1, TYPE_HASH);
  if (context.error !== null) return;
  if (entry === NIL) context.reply.nullBulk();
  else replyField(context, entry, randomField(context.keyspace, entry), false, false);
}

function randomFields(context: CommandContext): void {
  if (!readRandomCount(context, 2)) return;
  if (context.count > 4 || (context.count === 4 && !context.is(3, "withvalues"))) return context.refuse(SYNTAX_ERROR);
  const withValues = context.count === 4;
  if (withValues && randomCount.isBeyondHalf) return context.refuse(OUT_OF_RANGE);
  const wanted = randomCount.wanted;
  const entry = context.readTyped(1, TYPE_HASH);
  if (context.error !== null) return;
  if (entry === NIL || wanted === 0) {
    context.reply.arrayHeader(0);
    return;
  }
  const length = hashLength(context.keyspace.heap, entry);
  const count = wanted < 0 ? -wanted : Math.min(wanted, length);
  const isNested = withValues && context.reply.protocol === 3;
  context.reply.arrayHeader(withValues && !isNested ? count * 2 : count);
  if (wanted < 0) replyRepeating(context, entry, count, withValues, isNested);
  else if (count * FIELDS_A_DRAWN_ONE > length || isListpack(context, entry)) {
    replySelected(context, entry, count, length, withValues, isNested);
  } else replyDrawn(context, entry, count, withValues, isNested);
}

function isListpack(context: CommandContext, entry: number): boolean {
  return encodingOf(context.keyspace.heap, entry) === ENCODING_LISTPACK;
}

/** Any fields, each as often as chance wants. A client that is gone ends it. */
function replyRepeating(
  context: CommandContext,
  entry: number,
  count: number,
  withValues: boolean,
  isNested: boolean,
): void {
  const { keyspace, session } = context;
  const positions = isListpack(context, entry) ? fieldsOf(context, entry) : null;
  for (let left = count; left > 0 && !session.closing; left--) {
    const field = positions === null ? randomField(keyspace, entry) : positions[keyspace.random(positions.length)];
    replyField(context, entry, field, withValues, isNested);
  }
}

/** All fields of a listpack, so that drawing many does not seek each one. */
function fieldsOf(context: CommandContext, entry: number): Int32Array {
  const heap = context.keyspace.heap;
  const fields = new Int32Array(hashLength(heap, entry));
  walk.start(heap, entry);
  for (let at = 0; at < fields.length; at++) fields[at] = walk.next();
  return fields;
}

/** One walk that takes each field with the chance (still wanted / still to come): every choice of fields is equally likely. */
function replySelected(
  context: CommandContext,
  entry: number,
  count: number,
  length: number,
  withValues: boolean,
  isNested: boolean,
): void {
  const { keyspace } = context;
  let wanted = count;
  let toCome = length;
  walk.start(keyspace.heap, entry);
  for (let field = walk.next(); wanted > 0 && field !== FIELD_MISSING; field = walk.next()) {
    if (wanted === toCome || keyspace.random(toCome) < wanted) {
      replyField(context, entry, field, withValues, isNested);
      wanted--;
    }
    toCome--;
  }
}

function replyDrawn(
  context: CommandContext,
  entry: number,
  count: number,
  withValues: boolean,
  isNested: boolean,
): void {
  const drawn = new Set<number>();
  while (drawn.size < count) {
    const field = randomField(context.keyspace, entry);
    if (drawn.has(field)) continue;
    drawn.add(field);
    replyField(context, entry, field, withValues, isNested);
  }
}

function replyField(
  context: CommandContext,
  entry: number,
  field: number,
  withValue: boolean,
  isNested: boolean,
): void {
  const heap = context.keyspace.heap;
  if (isNested) context.reply.arrayHeader(2);
  context.replyBulk(readFieldName(heap, entry, field, text));
  if (withValue) context.replyBulk(readFieldValue(heap, entry, field, text));
}
