/** Putting one string under one key: SET, SETNX, SETEX, PSETEX, GETSET. */
import { expiryOf, lookupWrite, NO_EXPIRY, setString } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import type { PropagatedWord } from "../../propagation/index.ts";
import { keepString, replyKept } from "./kept-string.ts";
import {
  found,
  OPTION_EX,
  OPTION_GET,
  OPTION_KEEPTTL,
  OPTION_NX,
  OPTION_PX,
  OPTION_XX,
  OPTIONS_OF_SET,
  OPTIONS_WITH_TIME,
  readExpiryMs,
  readOptions,
} from "./options.ts";

/** SET key value [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL] */
export function set(context: CommandContext): void {
  if (context.count > 3) {
    setWithOptions(context);
    return;
  }
  const keyspace = context.keyspace;
  const database = context.database;
  const key = context.key(1);
  const old = lookupWrite(keyspace, database, key);
  setString(keyspace, database, key, old, context.value(2), NO_EXPIRY);
  keyspace.changed(database, key, "$", "set");
  context.reply.ok();
}

function setWithOptions(context: CommandContext): void {
  if (!readOptions(context, 3, OPTIONS_OF_SET)) return;
  const options = found.options;
  let expiresAtMs = NO_EXPIRY;
  if ((options & OPTIONS_WITH_TIME) !== 0) {
    expiresAtMs = readExpiryMs(context, found.timeIndex, options);
    if (context.error !== null) return;
  }
  const isGet = (options & OPTION_GET) !== 0;
  if (isGet && !keepOld(context)) return;
  const isSet = put(context, 2, options, expiresAtMs);
  if (isSet && isGet && expiresAtMs === NO_EXPIRY && context.propagates) propagateWithoutGet(context);
  if (isGet) replyKept(context);
  else if (isSet) context.reply.ok();
  else context.reply.nullBulk();
}

function propagateWithoutGet(context: CommandContext): void {
  const words: PropagatedWord[] = [context.text(0), context.key(1), context.value(2)];
  for (let index = 3; index < context.count; index++) {
    if (!context.is(index, "get")) words.push(context.text(index));
  }
  context.propagateAs(...words);
}

/** SETNX key value */
export function setnx(context: CommandContext): void {
  context.reply.integer(put(context, 2, OPTION_NX, NO_EXPIRY) ? 1 : 0);
}

/** SETEX key seconds value */
export function setex(context: CommandContext): void {
  setWithTime(context, OPTION_EX);
}

/** PSETEX key milliseconds value */
export function psetex(context: CommandContext): void {
  setWithTime(context, OPTION_PX);
}

function setWithTime(context: CommandContext, option: number): void {
  const expiresAtMs = readExpiryMs(context, 2, option);
  if (context.error !== null) return;
  put(context, 3, option, expiresAtMs);
  context.reply.ok();
}

/** GETSET key value */
export function getset(context: CommandContext): void {
  if (!keepOld(context)) return;
  put(context, 2, 0, NO_EXPIRY);
  if (context.propagates) context.replaceArgument(0, "SET");
  replyKept(context);
}

/** Keeps the value so far for the reply; refuses and gives false when it is no string. */
function keepOld(context: CommandContext): boolean {
  const entry = context.readString(1);
  if (context.error !== null) return false;
  keepString(context.keyspace.heap, entry);
  return true;
}

/** Stores argument `valueIndex` unless NX or XX forbid it: then false. */
function put(context: CommandContext, valueIndex: number, options: number, expiresAtMs: number): boolean {
  const keyspace = context.keyspace;
  const database = context.database;
  const key = context.key(1);
  const old = lookupWrite(keyspace, database, key);
  if ((options & (old === 0 ? OPTION_XX : OPTION_NX)) !== 0) return false;
  const keepsExpiry = (options & OPTION_KEEPTTL) !== 0 && old !== 0;
  const newExpiryMs = keepsExpiry ? expiryOf(keyspace.heap, old) : expiresAtMs;
  setString(keyspace, database, key, old, context.value(valueIndex), newExpiryMs);
  keyspace.changed(database, key, "$", "set");
  if (expiresAtMs !== NO_EXPIRY) {
    keyspace.changed(database, key, "g", "expire");
    keyspace.dirty--; // two events, one change
    if (context.propagates) context.propagateAs("SET", key, context.value(valueIndex), "PXAT", expiresAtMs);
  }
  return true;
}
