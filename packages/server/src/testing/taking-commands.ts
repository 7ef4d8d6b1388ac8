/**
 * Two small commands that wait, for tests of waiting itself. They take the places of other string commands:
 *
 *   GETDEL key [key ...] timeout     the first of the keys that is there, deleted
 *   GETEX from to timeout            moves a value to another key
 */
import { copyString, lookupWrite, readString, removeEntry, Slice, TYPE_STRING } from "@sider/keyspace-engine";
import type { CommandContext } from "../dispatch/command-context.ts";
import type { Handler } from "../dispatch/handler.ts";
import type { Server } from "../server.ts";

const scratch = new Slice();

/** Puts them into a server's table. */
export function installTakingCommands(server: Server): void {
  install(server, "getdel", -3, take);
  install(server, "getex", 4, move);
}

function install(server: Server, name: string, arity: number, handler: Handler): void {
  const number = server.table.numberOf(name);
  server.table.handlers[number] = handler;
  server.table.arity[number] = arity;
}

function take(context: CommandContext): void {
  const { keyspace, database, count } = context;
  const timeoutMs = context.timeoutMs(count - 1);
  if (context.error !== null) return;
  for (let index = 1; index < count - 1; index++) {
    const key = context.key(index);
    const entry = context.writeString(key);
    if (context.error !== null) return;
    if (entry === 0) continue;
    context.reply.arrayHeader(2);
    context.replyBulk(context.value(index));
    context.replyBulk(readString(keyspace.heap, entry, scratch));
    removeEntry(keyspace, database, key.hash, entry);
    return keyspace.changed(database, key, "g", "del");
  }
  context.waitForKeys(1, count - 2, TYPE_STRING, timeoutMs, "nullArray");
}

function move(context: CommandContext): void {
  const { keyspace, database } = context;
  const timeoutMs = context.timeoutMs(3);
  if (context.error !== null) return;
  const key = context.key(1);
  const to = context.otherKey(2);
  const entry = context.writeString(key);
  const old = lookupWrite(keyspace, database, to);
  if (context.error !== null) return;
  if (entry === 0) return context.waitForKeys(1, 1, TYPE_STRING, timeoutMs, "null");
  copyString(keyspace, entry, database, to, old, scratch);
  keyspace.changed(database, to, "$", "set");
  removeEntry(keyspace, database, key.hash, lookupWrite(keyspace, database, key));
  keyspace.changed(database, key, "g", "del");
  context.reply.ok();
}
