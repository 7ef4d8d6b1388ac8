/**
 * XREAD and XREADGROUP. All streams are looked at first: what of each is to be told, and for groups, whose it is from now on. Then there is
 * something to reply, or the command waits and comes here again from its beginning.
 */
import { compareIds, incrementId, NIL, StreamId } from "@sider/datastructures";
import {
  countAsRead,
  createInt64Scratch,
  findGroup,
  readGroupLastId,
  readLastEntryId,
  readLastId,
  streamLength,
} from "@sider/keyspace-engine";
import { TYPE_STREAM, valueBlockOf } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { quoted } from "../../dispatch/refusals.ts";
import { countHistory, deliverNew, replyHistory } from "./deliver.ts";
import { countEntriesBetween, HIGHEST_ID, readStream, replyEntriesBetween } from "./entries-reply.ts";
import { seeConsumer, seen } from "./group-lookup.ts";
import { propagateConsumer, propagateDelivery, propagateProgress } from "./propagate-group.ts";
import { idText, readStrictId } from "./stream-ids.ts";

const NOT_A_TIMEOUT = "ERR timeout is not an integer or out of range";
const NEGATIVE_TIMEOUT = "ERR timeout is negative";
const MISSING_GROUP = "ERR Missing GROUP option for XREADGROUP";
const LAST_IN_GROUP =
  "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, " +
  "or use the > ID to get new messages. The $ ID would just return an empty result set.";
const NEW_WITHOUT_GROUP =
  "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.";

const NO_TIMEOUT = -1;

/** What is to be told of one stream. */
class Part {
  block: number = NIL;
  group: number = NIL;
  consumer: number = NIL;
  /** Entries after this id; of a group, for its own or (`isNew`) beginning with what it has not delivered. */
  readonly after = new StreamId();
  isNew = false;
  isLast = false;
  isServed = false;
  count = 0;
}

/** One for each stream, used again. */
const parts: Part[] = [];
const topId = new StreamId();
const timeout = createInt64Scratch();

const options = {
  isGroup: false,
  timeoutMs: NO_TIMEOUT,
  most: 0,
  groupIndex: 0,
  withoutPending: false,
  firstKey: 0,
  streams: 0,
};

/** XREAD [COUNT count] [BLOCK milliseconds] STREAMS key [key ...] id [id ...] */
export function xread(context: CommandContext): void {
  read(context, false);
}

/** XREADGROUP GROUP group consumer [COUNT count] [BLOCK milliseconds] [NOACK] STREAMS key [key ...] id [id ...] */
export function xreadgroup(context: CommandContext): void {
  read(context, true);
}

function read(context: CommandContext, isGroup: boolean): void {
  if (!readOptions(context, isGroup)) return;
  if (isGroup) context.preventPropagation(); // what it does to groups is, piece by piece
  for (let number = 0; number < options.streams; number++) if (!readPart(context, number)) return;
  let served = 0;
  for (let number = 0; number < options.streams; number++) if (servePart(context, number)) served++;
  if (served > 0) replyParts(context, served);
  else if (options.timeoutMs === NO_TIMEOUT) context.reply.nullArray();
  else wait(context);
}

function readOptions(context: CommandContext, isGroup: boolean): boolean {
  options.isGroup = isGroup;
  options.timeoutMs = NO_TIMEOUT;
  options.most = 0;
  options.groupIndex = 0;
  options.withoutPending = false;
  options.firstKey = 0;
  for (let index = 1; index < context.count && options.firstKey === 0; index++) {
    index = readOption(context, index, context.count - index - 1);
    if (context.error !== null) return false;
  }
  if (options.firstKey === 0) context.refuse(SYNTAX_ERROR);
  else if (isGroup && options.groupIndex === 0) context.refuse(MISSING_GROUP);
  return context.error === null;
}

/** Reads the option at `index`, with `more` arguments behind it; the index of its last argument. */
function readOption(context: CommandContext, index: number, more: number): number {
  if (more > 0 && context.is(index, "block")) {
    readTimeout(context, index + 1);
    return index + 1;
  }
  if (more > 0 && context.is(index, "count")) {
    options.most = Math.max(0, context.integer(index + 1));
    return index + 1;
  }
  if (more > 0 && context.is(index, "streams")) {
    options.firstKey = index + 1;
    options.streams = more >> 1;
    if (more % 2 !== 0) context.refuse(unbalanced());
    return index;
  }
  if (more > 1 && context.is(index, "group")) {
    if (!options.isGroup) context.refuse(onlyForGroups("GROUP"));
    options.groupIndex = index + 1;
    return index + 2;
  }
  if (!context.is(index, "noack")) context.refuse(SYNTAX_ERROR);
  else if (!options.isGroup) context.refuse(onlyForGroups("NOACK"));
  options.withoutPending = true;
  return index;
}

function onlyForGroups(option: string): string {
  return `ERR The ${option} option is only supported by XREADGROUP. You called XREAD instead.`;
}

function unbalanced(): string {
  const name = options.isGroup ? "xreadgroup" : "xread";
  const special = options.isGroup ? ">" : "$";
  return `ERR Unbalanced '${name}' list of streams: for each stream key an ID or '${special}' must be specified.`;
}

function readTimeout(context: CommandContext, index: number): void {
  if (!context.int64(index, timeout, NOT_A_TIMEOUT)) return;
  if (timeout.high < 0) context.refuse(NEGATIVE_TIMEOUT);
  options.timeoutMs = timeout.isSafe ? timeout.safe : Number.MAX_SAFE_INTEGER;
}

/** Reads key, group and id of one stream; false after a refusal. */
function readPart(context: CommandContext, number: number): boolean {
  const keyIndex = options.firstKey + number;
  const idIndex = keyIndex + options.streams;
  if (number === parts.length) parts.push(new Part());
  const part = parts[number];
  part.block = options.isGroup ? streamToChange(context, keyIndex) : readStream(context, keyIndex);
  if (context.error !== null || (options.isGroup && !findPartsGroup(context, part, keyIndex))) return false;
  part.isLast = context.is(idIndex, "$");
  part.isNew = context.is(idIndex, ">");
  if (part.isLast) {
    if (options.isGroup) context.refuse(LAST_IN_GROUP);
    else if (part.block === NIL) part.after.set(0, 0, 0, 0);
    else readLastId(context.keyspace.heap, part.block, part.after);
  } else if (part.isNew) {
    if (!options.isGroup) context.refuse(NEW_WITHOUT_GROUP);
  } else if (readStrictId(context, idIndex, part.after)) {
    // Redis knows `>` by this id from here on
    part.isNew = options.isGroup && part.after.isMaximum;
  }
  return context.error === null;
}

function streamToChange(context: CommandContext, index: number): number {
  const key = context.key(index);
  const entry = context.writeTyped(key, TYPE_STREAM);
  if (context.error === null) countAsRead(context.keyspace, context.database, key, entry);
  return entry === NIL ? NIL : valueBlockOf(context.keyspace.heap, entry);
}

function findPartsGroup(context: CommandContext, part: Part, keyIndex: number): boolean {
  const name = context.value(options.groupIndex);
  part.group = part.block === NIL ? NIL : findGroup(context.keyspace.heap, part.block, name);
  if (part.group !== NIL) return true;
  const group = quoted(context, options.groupIndex);
  context.refuse(
    `NOGROUP No such key '${quoted(context, keyIndex)}' or consumer group '${group}' in XREADGROUP with GROUP option`,
  );
  return false;
}

/** Finds out what is to be told of one stream, and delivers it to the group's consumer; whether it is anything. */
function servePart(context: CommandContext, number: number): boolean {
  const part = parts[number];
  part.isServed = false;
  if (part.block === NIL) return false;
  if (options.isGroup) {
    const isNewConsumer = seeConsumer(context, part.group, options.groupIndex + 1, options.firstKey + number);
    part.consumer = seen.consumer;
    serveGroup(context, part);
    if (context.propagates) propagatePart(context, part, number, isNewConsumer);
  } else if (hasEntryAfter(context, part)) {
    incrementId(part.after);
    part.isServed = true;
    part.count = countEntriesBetween(context, part.block, part.after, HIGHEST_ID, options.most, false);
  }
  return part.isServed;
}

/** What has become of the group: a consumer whom nothing was delivered to, deliveries, and how far it has come. */
function propagatePart(context: CommandContext, part: Part, number: number, isNewConsumer: boolean): void {
  const { block, group, after } = part;
  const place = { keyIndex: options.firstKey + number, groupIndex: options.groupIndex };
  const delivered = part.isServed && part.isNew ? part.count : 0;
  const isPending = delivered > 0 && !options.withoutPending;
  if (isNewConsumer && !isPending) propagateConsumer(context, place);
  if (isPending) propagateDelivery(context, place, block, group, after, delivered);
  if (delivered > 0) propagateProgress(context, place, group);
}

function serveGroup(context: CommandContext, part: Part): void {
  const keyspace = context.keyspace;
  if (!part.isNew) {
    incrementId(part.after);
    part.isServed = true;
    part.count = countHistory(context, part.consumer, part.after, options.most);
  } else {
    readGroupLastId(keyspace.heap, part.group, part.after);
    if (!hasEntryAfter(context, part)) return;
    incrementId(part.after);
    part.isServed = true;
    const { block, group, consumer, after } = part;
    part.count = deliverNew(context, block, group, consumer, after, options.most, options.withoutPending);
  }
  keyspace.dirty++;
}

function hasEntryAfter(context: CommandContext, part: Part): boolean {
  const heap = context.keyspace.heap;
  if (streamLength(heap, part.block) === 0 || !readLastEntryId(heap, part.block, topId)) return false;
  return compareIds(topId, part.after) > 0;
}

function replyParts(context: CommandContext, served: number): void {
  const reply = context.reply;
  if (reply.protocol === 2) reply.arrayHeader(served);
  else reply.mapHeader(served);
  for (let number = 0; number < options.streams; number++) {
    const part = parts[number];
    if (!part.isServed) continue;
    if (reply.protocol === 2) reply.arrayHeader(2);
    context.replyBulk(context.value(options.firstKey + number));
    reply.arrayHeader(part.count);
    if (options.isGroup && !part.isNew)
      replyHistory(context, part.block, part.group, part.consumer, part.after, part.count);
    else replyEntriesBetween(context, part.block, part.after, HIGHEST_ID, part.count, false);
  }
}

/** Waits for what comes after the ids that `$` means now. */
function wait(context: CommandContext): void {
  for (let number = 0; number < options.streams; number++) {
    if (parts[number].isLast)
      context.replaceArgument(options.firstKey + options.streams + number, idText(parts[number].after));
  }
  const lastKey = options.firstKey + options.streams - 1;
  context.waitForKeys(options.firstKey, lastKey, TYPE_STREAM, options.timeoutMs, "nullArray");
}
