/** XGROUP: making, changing and destroying groups and their consumers. */
import { NIL, StreamId } from "@sider/datastructures";
import {
  createConsumer,
  createGroup,
  createInt64Scratch,
  createStream,
  deleteConsumer,
  destroyGroup,
  ENCODING_STREAM,
  findConsumer,
  findGroup,
  int64FromSafe,
  NO_EXPIRY,
  pendingCount,
  placeValue,
  readLastId,
  setEntriesRead,
  setGroupLastId,
  TYPE_STREAM,
  valueBlockOf,
  valueKindOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { noSuchGroupOfKey, subcommandSyntaxError } from "./group-lookup.ts";
import { readAnyId, readStrictId } from "./stream-ids.ts";

const NO_STREAM =
  "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty " +
  "stream automatically.";
const GROUP_EXISTS = "BUSYGROUP Consumer Group name already exists";
const NEGATIVE_READ = "ERR value for ENTRIESREAD must be positive or -1";
const MOST_ARGUMENTS_OF_CREATE = 8;

const id = new StreamId();
const entriesRead = createInt64Scratch();
let makesStream = false;

/** XGROUP CREATE key group id | $ [MKSTREAM] [ENTRIESREAD entries-read] */
export function xgroupCreate(context: CommandContext): void {
  if (!readOptions(context, true)) return;
  const block = findStream(context, makesStream);
  if (context.error !== null) return;
  if (context.count > MOST_ARGUMENTS_OF_CREATE) return context.refuse(subcommandSyntaxError(context));
  if (!readId(context, block, true)) return;
  const heap = context.keyspace.heap;
  if (block === NIL) createInNewStream(context);
  else {
    if (findGroup(heap, block, context.value(3)) !== NIL) return context.refuse(GROUP_EXISTS);
    createGroup(heap, block, context.value(3), id, entriesRead.high, entriesRead.low);
  }
  announce(context, "xgroup-create");
  context.reply.ok();
}

function createInNewStream(context: CommandContext): void {
  const { database, keyspace } = context;
  const block = createStream(keyspace.heap);
  try {
    createGroup(keyspace.heap, block, context.value(3), id, entriesRead.high, entriesRead.low);
    placeValue(keyspace, database, context.key(2), NIL, TYPE_STREAM, ENCODING_STREAM, block, NO_EXPIRY);
    keyspace.announce(database, context.key(2), "", "mkstream"); // a change of the key that has no event of its own
  } catch (error) {
    valueKindOf(TYPE_STREAM)?.free(keyspace.heap, ENCODING_STREAM, block);
    throw error;
  }
}

/** XGROUP SETID key group id | $ [ENTRIESREAD entries-read] */
export function xgroupSetid(context: CommandContext): void {
  if (!readOptions(context, false)) return;
  const block = findStream(context, false);
  const group = context.error === null ? needGroupOf(context, block) : NIL;
  if (group === NIL) return;
  if (context.count !== 5 && context.count !== 7) return context.refuse(subcommandSyntaxError(context));
  if (!readId(context, block, false)) return;
  setGroupLastId(context.keyspace.heap, group, id);
  setEntriesRead(context.keyspace.heap, group, entriesRead.high, entriesRead.low);
  announce(context, "xgroup-setid");
  context.reply.ok();
}

/** XGROUP DESTROY key group */
export function xgroupDestroy(context: CommandContext): void {
  const block = findStream(context, false);
  if (context.error !== null) return;
  const group = findGroup(context.keyspace.heap, block, context.value(3));
  if (group === NIL) return context.reply.integer(0);
  destroyGroup(context.keyspace.heap, block, group);
  announce(context, "xgroup-destroy");
  context.reply.integer(1);
}

/** XGROUP CREATECONSUMER key group consumer */
export function xgroupCreateconsumer(context: CommandContext): void {
  const heap = context.keyspace.heap;
  const block = findStream(context, false);
  const group = context.error === null ? needGroupOf(context, block) : NIL;
  if (group === NIL) return;
  if (findConsumer(heap, group, context.value(4)) !== NIL) return context.reply.integer(0);
  createConsumer(heap, group, context.value(4), context.keyspace.nowMs);
  announce(context, "xgroup-createconsumer");
  context.reply.integer(1);
}

/** XGROUP DELCONSUMER key group consumer */
export function xgroupDelconsumer(context: CommandContext): void {
  const heap = context.keyspace.heap;
  const block = findStream(context, false);
  const group = context.error === null ? needGroupOf(context, block) : NIL;
  if (group === NIL) return;
  const consumer = findConsumer(heap, group, context.value(4));
  if (consumer === NIL) return context.reply.integer(0);
  const pending = pendingCount(heap, consumer);
  deleteConsumer(heap, group, consumer);
  announce(context, "xgroup-delconsumer");
  context.reply.integer(pending);
}

function announce(context: CommandContext, event: string): void {
  context.keyspace.changed(context.database, context.key(2), "t", event);
}

/** The block of the stream in argument 2, which may be missing only if `mayBeMissing`. */
function findStream(context: CommandContext, mayBeMissing: boolean): number {
  const entry = context.writeTyped(context.key(2), TYPE_STREAM);
  if (entry !== NIL) return valueBlockOf(context.keyspace.heap, entry);
  if (context.error === null && !mayBeMissing) context.refuse(NO_STREAM);
  return NIL;
}

function needGroupOf(context: CommandContext, block: number): number {
  const group = findGroup(context.keyspace.heap, block, context.value(3));
  if (group === NIL) context.refuse(noSuchGroupOfKey(context));
  return group;
}

/** Reads the id in argument 4, `$` being the last one of the stream. */
function readId(context: CommandContext, block: number, isStrict: boolean): boolean {
  if (!context.is(4, "$")) return isStrict ? readStrictId(context, 4, id) : readAnyId(context, 4, id);
  if (block === NIL) id.set(0, 0, 0, 0);
  else readLastId(context.keyspace.heap, block, id);
  return true;
}

/** Reads what follows the id of CREATE and SETID into `makesStream` and `entriesRead`. */
function readOptions(context: CommandContext, isCreate: boolean): boolean {
  makesStream = false;
  int64FromSafe(-1, entriesRead);
  for (let index = 5; index < context.count; index++) {
    if (isCreate && context.is(index, "mkstream")) makesStream = true;
    else if (index + 1 < context.count && context.is(index, "entriesread")) {
      if (!context.int64(++index, entriesRead)) return false;
      const isUnknown = (entriesRead.high & entriesRead.low) === -1;
      if (entriesRead.high < 0 && !isUnknown) context.refuse(NEGATIVE_READ);
    } else context.refuse(subcommandSyntaxError(context));
    if (context.error !== null) return false;
  }
  return true;
}
