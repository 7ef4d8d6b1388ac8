/** Values as bytes that another server takes: DUMP and RESTORE. */
import type { Heap } from "@sider/datastructures";
import {
  accessOfFrequency,
  accessOfIdle,
  createInt64Scratch,
  type Key,
  type Keyspace,
  lookupRead,
  lookupWrite,
  NO_EXPIRY,
  placeHeldValue,
  readString,
  removeEntry,
  setAccess,
  setString,
  Slice,
  TYPE_STRING,
  typeOf,
} from "@sider/keyspace-engine";
import {
  dumpPayload,
  type DumpPayloadOptions,
  dumpValue,
  parseDumpPayload,
  RDB_TYPE_STRING,
  readDumpValue,
  ValueReader,
} from "@sider/persistence";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { invalidExpireTime } from "../../dispatch/refusals.ts";
import type { PropagatedWord } from "../../propagation/index.ts";
import { unixMsOf } from "./expiry-time.ts";

const BUSY_KEY = "BUSYKEY Target key name already exists.";
const INVALID_TTL = "ERR Invalid TTL value, must be >= 0";
const INVALID_IDLE_TIME = "ERR Invalid IDLETIME value, must be >= 0";
const INVALID_FREQUENCY = "ERR Invalid FREQ value, must be >= 0 and <= 255";
const FREQUENCY_MAXIMUM = 255;
const NOT_GIVEN = -1;

const slice = new Slice();
const time = createInt64Scratch();
const idle = createInt64Scratch();

/** DUMP key */
export function dump(context: CommandContext): void {
  const heap = context.keyspace.heap;
  const entry = lookupRead(context.keyspace, context.database, context.key(1));
  if (entry === 0) {
    context.reply.nullBulk();
    return;
  }
  const form: DumpPayloadOptions = {
    version: context.server.configuration.get("rdb-version") === 10 ? 10 : 11,
    compression: context.server.configuration.get("rdbcompression"),
  };
  const payload = typeOf(heap, entry) === TYPE_STRING ? dumpString(heap, entry, form) : dumpValue(heap, entry, form);
  context.reply.bulk(payload, 0, payload.length);
}

function dumpString(heap: Heap, entry: number, form: DumpPayloadOptions): Uint8Array {
  const value = readString(heap, entry, slice);
  return dumpPayload(value.bytes, value.offset, value.length, form);
}

/** What the options of a RESTORE say; one object, since a command is done with it before the next begins. */
const options = { replaces: false, isAbsolute: false, idleSeconds: NOT_GIVEN, frequency: NOT_GIVEN };

/** RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency] */
export function restore(context: CommandContext): void {
  readOptions(context);
  if (context.error !== null) return;
  const { keyspace, database } = context;
  const key = context.key(1);
  const old = lookupWrite(keyspace, database, key);
  if (old !== 0 && !options.replaces) {
    context.refuse(BUSY_KEY);
    return;
  }
  const expiresAtMs = readExpiry(context);
  if (context.error !== null) return;
  const payload = context.value(3);
  const { log, persistence } = context.server;
  const value = parseDumpPayload(payload.bytes, payload.offset, payload.length, undefined, persistence.skipsChecksums);
  if (value.error !== null) {
    context.refuse(`ERR ${value.error}`);
    return;
  }
  if (value.type === RDB_TYPE_STRING) {
    slice.set(value.bytes, value.offset, value.length);
    if (isOver(context, expiresAtMs)) replaceByNothing(context, key, old);
    else restored(context, key, setString(keyspace, database, key, old, slice, expiresAtMs), expiresAtMs, old !== 0);
    return;
  }
  const reader = readerOf(keyspace);
  if (!readDumpValue(reader, value.type, value.bytes, value.offset, value.length)) {
    log.verbose(`RESTORE: ${integrityFailure(value.type)}. ${reader.refusal}`);
    context.refuse("ERR Bad data format");
    return;
  }
  try {
    if (isOver(context, expiresAtMs)) replaceByNothing(context, key, old);
    else {
      const entry = placeHeldValue(keyspace, database, key, old, reader.held, expiresAtMs);
      reader.take();
      restored(context, key, entry, expiresAtMs, old !== 0);
    }
  } finally {
    reader.abandon();
  }
}

const FORMS: Readonly<Record<number, string>> = {
  9: "Zipmap",
  10: "List ziplist",
  11: "Intset",
  12: "Zset ziplist",
  13: "Hash ziplist",
  14: "Quicklist ziplist",
  15: "Stream listpack",
  16: "Hash listpack",
  17: "Zset listpack",
  18: "Quicklist listpack",
  19: "Stream listpack",
  20: "Set listpack",
  21: "Stream listpack",
};

/** What is said of bad data of a type of dumps, in words that tools look for. */
function integrityFailure(type: number): string {
  return `${FORMS[type] ?? "value"} integrity check failed`;
}

/** Keyspaces are few and live long; each has a reader of its own. */
const readers = new WeakMap<Keyspace, ValueReader>();

function readerOf(keyspace: Keyspace): ValueReader {
  const known = readers.get(keyspace);
  if (known !== undefined) return known;
  const reader = new ValueReader(keyspace);
  readers.set(keyspace, reader);
  return reader;
}

function isOver(context: CommandContext, expiresAtMs: number): boolean {
  return expiresAtMs !== NO_EXPIRY && context.hasPassed(expiresAtMs);
}

/** A value whose time is over is not stored, but takes the place of another one all the same. */
function replaceByNothing(context: CommandContext, key: Key, old: number): void {
  const { keyspace, database } = context;
  if (old !== 0) {
    removeEntry(keyspace, database, key.hash, old);
    keyspace.changed(database, key, "g", "del");
    context.propagateDeletion(false);
  }
  context.reply.ok();
}

function restored(context: CommandContext, key: Key, entry: number, expiresAtMs: number, isReplaced: boolean): void {
  if (isReplaced) context.keyspace.announceAdded(context.database, key);
  noteAccess(context, entry);
  context.keyspace.changed(context.database, key, "g", "restore");
  if (expiresAtMs !== NO_EXPIRY && !options.isAbsolute && context.propagates) propagateWithDate(context, expiresAtMs);
  context.reply.ok();
}

function propagateWithDate(context: CommandContext, expiresAtMs: number): void {
  const words: PropagatedWord[] = [context.text(0), context.key(1), expiresAtMs, context.value(3)];
  for (let index = 4; index < context.count; index++) words.push(context.text(index));
  context.propagateAs(...words, "ABSTTL");
}

function readOptions(context: CommandContext): void {
  options.replaces = false;
  options.isAbsolute = false;
  options.idleSeconds = NOT_GIVEN;
  options.frequency = NOT_GIVEN;
  for (let index = 4; index < context.count && context.error === null; index++) {
    const hasValue = index + 1 < context.count;
    if (context.is(index, "replace")) options.replaces = true;
    else if (context.is(index, "absttl")) options.isAbsolute = true;
    else if (context.is(index, "idletime") && hasValue && options.frequency === NOT_GIVEN) readIdle(context, ++index);
    else if (context.is(index, "freq") && hasValue && options.idleSeconds === NOT_GIVEN)
      readFrequency(context, ++index);
    else context.refuse(SYNTAX_ERROR);
  }
}

function readIdle(context: CommandContext, index: number): void {
  options.idleSeconds = context.integer(index);
  if (context.int64(index, idle) && options.idleSeconds < 0) context.refuse(INVALID_IDLE_TIME);
}

function readFrequency(context: CommandContext, index: number): void {
  options.frequency = context.integer(index);
  if (options.frequency < 0 || options.frequency > FREQUENCY_MAXIMUM) context.refuse(INVALID_FREQUENCY);
}

/** The expiry that the ttl argument means; 0 is none. Refuses a time beyond 64 bits. */
function readExpiry(context: CommandContext): number {
  if (!context.int64(2, time)) return NO_EXPIRY;
  if (time.high < 0) context.refuse(INVALID_TTL);
  if (time.isSafe && time.safe <= 0) return NO_EXPIRY;
  const expiresAtMs = unixMsOf(time, 1, options.isAbsolute ? 0 : context.keyspace.nowMs);
  if (Number.isNaN(expiresAtMs)) context.refuse(invalidExpireTime(context));
  return expiresAtMs;
}

function noteAccess(context: CommandContext, entry: number): void {
  const keyspace = context.keyspace;
  if (keyspace.tracksFrequency) {
    if (options.frequency !== NOT_GIVEN) {
      setAccess(keyspace.heap, entry, accessOfFrequency(keyspace, options.frequency));
    }
  } else if (options.idleSeconds !== NOT_GIVEN) {
    setAccess(keyspace.heap, entry, accessOfIdle(keyspace, options.idleSeconds, idle.low));
  }
}
