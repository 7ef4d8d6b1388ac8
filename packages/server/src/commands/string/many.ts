/** Several keys at once: MGET, MSET, MSETNX. */
import {
  lookupRead,
  lookupWrite,
  NO_EXPIRY,
  peek,
  readString,
  setString,
  Slice,
  TYPE_STRING,
  typeOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { wrongArity } from "../../dispatch/refusals.ts";

const text = new Slice();

/** MGET key ...: null for missing keys and for other types. */
export function mget(context: CommandContext): void {
  const { database, keyspace, reply } = context;
  const heap = keyspace.heap;
  const count = context.count;
  reply.arrayHeader(count - 1);
  for (let index = 1; index < count; index++) {
    const entry = lookupRead(keyspace, database, context.key(index));
    if (entry === 0 || typeOf(heap, entry) !== TYPE_STRING) reply.nullBulk();
    else context.replyBulk(readString(heap, entry, text));
  }
}

/** MSET key value ... */
export function mset(context: CommandContext): void {
  if (!hasPairs(context)) return;
  putAll(context);
  context.reply.ok();
}

/** MSETNX key value ...: all or, when one of the keys is there, none. */
export function msetnx(context: CommandContext): void {
  if (!hasPairs(context)) return;
  for (let index = 1; index < context.count; index += 2) {
    if (peek(context.keyspace, context.database, context.key(index)) === 0) continue;
    context.reply.integer(0);
    return;
  }
  putAll(context);
  context.reply.integer(1);
}

function hasPairs(context: CommandContext): boolean {
  if ((context.count & 1) === 1) return true;
  context.refuse(wrongArity(context.server.table.commands[context.command]));
  return false;
}

function putAll(context: CommandContext): void {
  const { count, database, keyspace } = context;
  for (let index = 1; index < count; index += 2) {
    const key = context.key(index);
    const old = lookupWrite(keyspace, database, key);
    setString(keyspace, database, key, old, context.value(index + 1), NO_EXPIRY);
    keyspace.changed(database, key, "$", "set");
  }
}
