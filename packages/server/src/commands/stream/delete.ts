/** XDEL, XTRIM and XSETID: what takes entries away, and what a stream remembers of its past. */
import { compareIds, NIL, StreamId } from "@sider/datastructures";
import {
  createInt64Scratch,
  deleteFromStream,
  OutOfMemoryError,
  readLastEntryId,
  readMaximalDeletedId,
  setEntriesAdded,
  setLastId,
  setMaximalDeletedId,
  streamLength,
  trimStream,
  TYPE_STREAM,
  valueBlockOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { NO_SUCH_KEY, SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { readStrictId } from "./stream-ids.ts";
import { found, propagateExactTrim, readTrimOptions } from "./trim-options.ts";

const NEGATIVE_ADDED = "ERR entries_added must be positive";
const BELOW_GIVEN_DELETED = "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id";
const BELOW_DELETED = "ERR The ID specified in XSETID is smaller than current max_deleted_entry_id";
const BELOW_TOP = "ERR The ID specified in XSETID is smaller than the target stream top item";
const TOO_FEW_ADDED = "ERR The entries_added specified in XSETID is smaller than the target stream length";

const id = new StreamId();
const otherId = new StreamId();
const deletedId = new StreamId();
const added = createInt64Scratch();

/** XDEL key id [id ...] */
export function xdel(context: CommandContext): void {
  const { database, keyspace, reply } = context;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_STREAM);
  if (context.error !== null) return;
  if (entry === NIL) return reply.integer(0);
  for (let index = 2; index < context.count; index++) if (!readStrictId(context, index, id)) return;
  const deleted = deleteAll(context, valueBlockOf(keyspace.heap, entry));
  if (deleted > 0) {
    keyspace.changed(database, key, "t", "xdel");
    keyspace.dirty += deleted - 1;
  }
  reply.integer(deleted);
}

/** Deletes the ids that the arguments name; those that there is memory for. */
function deleteAll(context: CommandContext, block: number): number {
  let deleted = 0;
  try {
    for (let index = 2; index < context.count; index++) {
      readStrictId(context, index, id);
      if (deleteFromStream(context.keyspace.heap, block, id)) deleted++;
    }
  } catch (error) {
    if (deleted === 0 || !(error instanceof OutOfMemoryError)) throw error;
  }
  return deleted;
}

/** XTRIM key MAXLEN | MINID [= | ~] threshold [LIMIT count] */
export function xtrim(context: CommandContext): void {
  if (!readTrimOptions(context, false)) return;
  const { database, keyspace, reply } = context;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_STREAM);
  if (context.error !== null) return;
  if (entry === NIL) return reply.integer(0);
  const deleted = trimStream(keyspace.heap, valueBlockOf(keyspace.heap, entry), found.trim);
  if (deleted > 0) {
    keyspace.changed(database, key, "t", "xtrim");
    keyspace.dirty += deleted - 1;
    if (context.propagates) propagateExactTrim(context, valueBlockOf(keyspace.heap, entry));
  }
  reply.integer(deleted);
}

/** XSETID key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-id] */
export function xsetid(context: CommandContext): void {
  if (!readStrictId(context, 2, id)) return;
  deletedId.set(0, 0, 0, 0);
  const isAddedGiven = readPast(context);
  if (context.error !== null) return;
  const { database, keyspace, reply } = context;
  const heap = keyspace.heap;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_STREAM);
  if (context.error !== null) return;
  if (entry === NIL) return context.refuse(NO_SUCH_KEY);
  const block = valueBlockOf(heap, entry);
  if (compareIds(id, readMaximalDeletedId(heap, block, otherId)) < 0) return context.refuse(BELOW_DELETED);
  const length = streamLength(heap, block);
  if (length > 0) {
    if (readLastEntryId(heap, block, otherId) && compareIds(id, otherId) < 0) return context.refuse(BELOW_TOP);
    if (isAddedGiven && added.isSafe && length > added.safe) return context.refuse(TOO_FEW_ADDED);
  }
  setLastId(heap, block, id);
  if (isAddedGiven) setEntriesAdded(heap, block, added.high, added.low);
  if (!deletedId.isZero) setMaximalDeletedId(heap, block, deletedId);
  keyspace.changed(database, key, "t", "xsetid");
  reply.ok();
}

/** Reads the options of XSETID into `added` and `deletedId`; whether ENTRIESADDED is among them. */
function readPast(context: CommandContext): boolean {
  let isAddedGiven = false;
  for (let index = 3; index < context.count && context.error === null; index += 2) {
    const hasMore = index + 1 < context.count;
    if (hasMore && context.is(index, "entriesadded")) {
      isAddedGiven = context.int64(index + 1, added);
      if (isAddedGiven && added.high < 0) context.refuse(NEGATIVE_ADDED);
    } else if (hasMore && context.is(index, "maxdeletedid")) {
      const isId = readStrictId(context, index + 1, deletedId);
      if (isId && compareIds(id, deletedId) < 0) context.refuse(BELOW_GIVEN_DELETED);
    } else context.refuse(SYNTAX_ERROR);
  }
  return isAddedGiven;
}
