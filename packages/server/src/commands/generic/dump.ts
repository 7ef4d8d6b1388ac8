/** Values as bytes that another server takes: DUMP and RESTORE. */
import {
  createInt64Scratch,
  lookupRead,
  lookupWrite,
  NO_EXPIRY,
  readString,
  removeEntry,
  setAccess,
  setString,
  Slice,
} from "@sider/keyspace-engine";
import { dumpPayload, parseDumpPayload } from "@sider/persistence";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { invalidExpireTime } from "../../dispatch/refusals.ts";
import { accessOfFrequency, accessOfIdle, tracksFrequency } from "./access.ts";
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
  const value = readString(heap, entry, slice);
  const payload = dumpPayload(value.bytes, value.offset, value.length, {
    version: context.server.configuration.get("rdb-version") === 10 ? 10 : 11,
    compression: context.server.configuration.get("rdbcompression"),
  });
  context.reply.bulk(payload, 0, payload.length);
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
  const value = parseDumpPayload(payload.bytes, payload.offset, payload.length);
  if (value.error !== null) {
    context.refuse(`ERR ${value.error}`);
    return;
  }
  if (expiresAtMs !== NO_EXPIRY && expiresAtMs <= keyspace.nowMs) {
    if (old !== 0) {
      removeEntry(keyspace, database, key.hash, old);
      keyspace.changed(database, key, "g", "del");
    }
  } else {
    slice.set(value.bytes, value.offset, value.length);
    const entry = setString(keyspace, database, key, old, slice, expiresAtMs);
    noteAccess(context, entry);
    keyspace.changed(database, key, "g", "restore");
  }
  context.reply.ok();
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
  if (tracksFrequency(context.server)) {
    if (options.frequency !== NOT_GIVEN) {
      setAccess(keyspace.heap, entry, accessOfFrequency(keyspace, options.frequency));
    }
  } else if (options.idleSeconds !== NOT_GIVEN) {
    setAccess(keyspace.heap, entry, accessOfIdle(keyspace, options.idleSeconds, idle.low));
  }
}
