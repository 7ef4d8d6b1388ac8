/** XADD: the id that an entry gets, and putting it into the stream. */
import { compareIds, EntryTexts, incrementId, NIL, STREAM_NODE_BYTES_MAXIMUM, StreamId } from "@sider/datastructures";
import {
  appendToStream,
  createStream,
  ENCODING_STREAM,
  NO_EXPIRY,
  placeValue,
  readLastId,
  trimStream,
  TYPE_STREAM,
  valueBlockOf,
  valueKindOf,
} from "@sider/keyspace-engine";
import type { Key } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { wrongArity } from "../../dispatch/refusals.ts";
import { idText, replyId } from "./stream-ids.ts";
import { found, propagateExactTrim, readTrimOptions } from "./trim-options.ts";

const ZERO_ID = "ERR The ID specified in XADD must be greater than 0-0";
const SMALL_ID = "ERR The ID specified in XADD is equal or smaller than the target stream top item";
const NO_MORE_IDS = "ERR The stream has exhausted the last possible ID, unable to add more items";
const TOO_LARGE = "ERR Elements are too large to be stored";
const TWO_TO_32 = 4294967296;

const texts = new EntryTexts();
const lastId = new StreamId();
const newId = new StreamId();

/** XADD key [NOMKSTREAM] [MAXLEN | MINID [= | ~] threshold [LIMIT count]] * | id field value [field value ...] */
export function xadd(context: CommandContext): void {
  if (!readTrimOptions(context, true)) return;
  const first = found.idIndex + 1;
  const count = context.count - first;
  if (count < 2 || count % 2 !== 0) return context.refuse(wrongArity(context.server.table.commands[context.command]));
  if (found.isSequenceGiven && found.id.isZero) return context.refuse(ZERO_ID);
  const { database, keyspace } = context;
  const key = context.key(1);
  const old = context.writeTyped(key, TYPE_STREAM);
  if (context.error !== null) return;
  if (old === NIL && !found.makesStream) return context.reply.nullBulk();
  let block = old === NIL ? NIL : valueBlockOf(keyspace.heap, old);
  if (block === NIL) lastId.set(0, 0, 0, 0);
  else readLastId(keyspace.heap, block, lastId);
  if (lastId.isMaximum) return context.refuse(NO_MORE_IDS);
  if (!chooseId(keyspace.nowMs)) return context.refuse(SMALL_ID);
  if (!readTexts(context, first)) return context.refuse(TOO_LARGE);
  if (block === NIL) block = addToNewStream(context, key);
  else appendToStream(keyspace.heap, keyspace.limits, block, newId, texts);
  replyId(context.reply, newId);
  keyspace.changed(database, key, "t", "xadd");
  if (found.trims && trimStream(keyspace.heap, block, found.trim) > 0) keyspace.announce(database, key, "t", "xtrim");
  if (!context.propagates) return;
  if (!found.isSequenceGiven) context.replaceArgument(found.idIndex, idText(newId));
  if (found.trims) propagateExactTrim(context, block);
}

/** The id of the entry, from what was given, the last id and the time; false when it would not be above the last one. */
function chooseId(nowMs: number): boolean {
  if (found.isSequenceGiven) newId.copy(found.id);
  else if (!found.isIdGiven) {
    newId.set((nowMs / TWO_TO_32) | 0, nowMs | 0, 0, 0);
    // time may stand still or go back
    if (compareIds(newId, lastId) <= 0) incrementId(newId.copy(lastId));
  } else if (found.id.msHigh === lastId.msHigh && found.id.msLow === lastId.msLow) {
    newId.copy(lastId);
    newId.seqLow = (newId.seqLow + 1) | 0;
    if (newId.seqLow === 0) newId.seqHigh = (newId.seqHigh + 1) | 0;
  } else newId.copy(found.id);
  return compareIds(newId, lastId) > 0;
}

/** Points `texts` at the arguments from `first` on; false when they are too long together. */
function readTexts(context: CommandContext, first: number): boolean {
  texts.open(context.value(first).bytes);
  for (let index = first; index < context.count; index++) {
    const value = context.value(index);
    texts.add(value.offset, value.length);
  }
  return texts.totalBytes <= STREAM_NODE_BYTES_MAXIMUM;
}

/** Puts a stream with the entry under the key. */
function addToNewStream(context: CommandContext, key: Key): number {
  const { database, keyspace } = context;
  const block = createStream(keyspace.heap);
  try {
    appendToStream(keyspace.heap, keyspace.limits, block, newId, texts);
    placeValue(keyspace, database, key, NIL, TYPE_STREAM, ENCODING_STREAM, block, NO_EXPIRY);
  } catch (error) {
    valueKindOf(TYPE_STREAM)?.free(keyspace.heap, ENCODING_STREAM, block);
    throw error;
  }
  return block;
}
