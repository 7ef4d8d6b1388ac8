/** Reading hashes: HGET, HMGET, HEXISTS, HLEN, HSTRLEN, HGETALL, HKEYS, HVALS. */
import { NIL } from "@sider/datastructures";
import {
  FIELD_MISSING,
  findField,
  hashLength,
  HashWalk,
  readFieldName,
  readFieldValue,
  Slice,
  TYPE_HASH,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

const text = new Slice();
const walk = new HashWalk();

/** HGET key field */
export function hget(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_HASH);
  if (context.error === null) replyValue(context, entry, 2);
}

/** HMGET key field [field ...] */
export function hmget(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_HASH);
  if (context.error !== null) return;
  context.reply.arrayHeader(context.count - 2);
  for (let index = 2; index < context.count; index++) replyValue(context, entry, index);
}

/** Replies with the value of the field in argument `index`, null when there is none. */
function replyValue(context: CommandContext, entry: number, index: number): void {
  const field = findArgument(context, entry, index);
  if (field === FIELD_MISSING) context.reply.nullBulk();
  else context.replyBulk(readFieldValue(context.keyspace.heap, entry, field, text));
}

function findArgument(context: CommandContext, entry: number, index: number): number {
  return entry === NIL ? FIELD_MISSING : findField(context.keyspace, entry, context.value(index));
}

/** HEXISTS key field */
export function hexists(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_HASH);
  if (context.error === null) context.reply.integer(findArgument(context, entry, 2) === FIELD_MISSING ? 0 : 1);
}

/** HSTRLEN key field */
export function hstrlen(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_HASH);
  if (context.error !== null) return;
  const field = findArgument(context, entry, 2);
  const isMissing = field === FIELD_MISSING;
  context.reply.integer(isMissing ? 0 : readFieldValue(context.keyspace.heap, entry, field, text).length);
}

/** HLEN key */
export function hlen(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_HASH);
  if (context.error === null) context.reply.integer(entry === NIL ? 0 : hashLength(context.keyspace.heap, entry));
}

/** HGETALL key */
export function hgetall(context: CommandContext): void {
  const entry = context.readTyped(1, TYPE_HASH);
  if (context.error !== null) return;
  context.reply.mapHeader(entry === NIL ? 0 : hashLength(context.keyspace.heap, entry));
  replyFields(context, entry, true, true);
}

/** HKEYS key */
export function hkeys(context: CommandContext): void {
  replyHalf(context, true);
}

/** HVALS key */
export function hvals(context: CommandContext): void {
  replyHalf(context, false);
}

function replyHalf(context: CommandContext, isNames: boolean): void {
  const entry = context.readTyped(1, TYPE_HASH);
  if (context.error !== null) return;
  context.reply.arrayHeader(entry === NIL ? 0 : hashLength(context.keyspace.heap, entry));
  replyFields(context, entry, isNames, !isNames);
}

function replyFields(context: CommandContext, entry: number, names: boolean, values: boolean): void {
  if (entry === NIL) return;
  const heap = context.keyspace.heap;
  walk.start(heap, entry);
  for (let field = walk.next(); field !== FIELD_MISSING; field = walk.next()) {
    if (names) context.replyBulk(readFieldName(heap, entry, field, text));
    if (values) context.replyBulk(readFieldValue(heap, entry, field, text));
  }
}
