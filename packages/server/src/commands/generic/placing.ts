/** Putting a key under another name or into another database: RENAME, RENAMENX, MOVE, COPY. */
import { NIL } from "@sider/datastructures";
import { copyValue, isSameKey, lookupRead, lookupWrite, moveEntry, Slice } from "@sider/keyspace-engine";
import type { Database } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { DATABASE_OUT_OF_RANGE, NO_SUCH_KEY, SYNTAX_ERROR } from "../../dispatch/error-texts.ts";

const SAME_OBJECT = "ERR source and destination objects are the same";
const INT32_MINIMUM = -(2 ** 31);
const INT32_MAXIMUM = 2 ** 31 - 1;
const NOT_AN_INT32 = "ERR value is out of range, value must between -2147483648 and 2147483647";

const scratch = new Slice();

/** RENAME key newkey */
export function rename(context: CommandContext): void {
  const renamed = renameKey(context, true);
  if (context.error === null && renamed) context.reply.ok();
}

/** RENAMENX key newkey */
export function renamenx(context: CommandContext): void {
  const renamed = renameKey(context, false);
  if (context.error === null) context.reply.integer(renamed ? 1 : 0);
}

/** False when the name is taken and may not be replaced, or is the key's own. */
function renameKey(context: CommandContext, replaces: boolean): boolean {
  const { keyspace, database } = context;
  const key = context.key(1);
  const target = context.otherKey(2);
  const entry = lookupWrite(keyspace, database, key);
  if (entry === 0) {
    context.refuse(NO_SUCH_KEY);
    return false;
  }
  if (isSameKey(key, target)) return replaces;
  const old = lookupWrite(keyspace, database, target);
  if (old !== 0 && !replaces) return false;
  moveEntry(keyspace, database, key.hash, entry, database, target, old);
  if (old !== 0) keyspace.announceAdded(database, target);
  keyspace.announce(database, key, "g", "rename_from"); // two events, one change
  keyspace.changed(database, target, "g", "rename_to");
  return true;
}

/** MOVE key db */
export function move(context: CommandContext): void {
  const { keyspace, database } = context;
  const target = databaseAt(context, 2);
  if (target === database) context.refuse(SAME_OBJECT);
  if (target === null || context.error !== null) return;
  const key = context.key(1);
  const entry = lookupWrite(keyspace, database, key);
  if (entry === 0 || lookupWrite(keyspace, target, key) !== 0) {
    context.reply.integer(0);
    return;
  }
  moveEntry(keyspace, database, key.hash, entry, target, key, NIL);
  keyspace.announce(database, key, "g", "move_from"); // two events, one change
  keyspace.changed(target, key, "g", "move_to");
  context.reply.integer(1);
}

/** COPY source destination [DB destination-db] [REPLACE] */
export function copy(context: CommandContext): void {
  const { keyspace } = context;
  let target: Database | null = context.database;
  let replaces = false;
  for (let index = 3; index < context.count; index++) {
    if (context.is(index, "replace")) replaces = true;
    else if (context.is(index, "db") && index + 1 < context.count) target = databaseAt(context, ++index);
    else context.refuse(SYNTAX_ERROR);
    if (target === null || context.error !== null) return;
  }
  const key = context.key(1);
  const targetKey = context.otherKey(2);
  if (target === context.database && isSameKey(key, targetKey)) {
    context.refuse(SAME_OBJECT);
    return;
  }
  const entry = lookupRead(keyspace, context.database, key);
  const old = entry === 0 ? 0 : lookupWrite(keyspace, target, targetKey);
  if (entry === 0 || (old !== 0 && !replaces)) {
    context.reply.integer(0);
    return;
  }
  copyValue(keyspace, entry, target, targetKey, old, scratch);
  if (old !== 0) keyspace.announceAdded(target, targetKey);
  keyspace.changed(target, targetKey, "g", "copy_to");
  context.reply.integer(1);
}

/** The database whose number is argument `index`; refuses and gives null when there is none. */
function databaseAt(context: CommandContext, index: number): Database | null {
  const number = context.integer(index);
  if (context.error !== null) return null;
  if (number < INT32_MINIMUM || number > INT32_MAXIMUM) context.refuse(NOT_AN_INT32);
  else if (number < 0 || number >= context.keyspace.databases.length) context.refuse(DATABASE_OUT_OF_RANGE);
  return context.error === null ? context.keyspace.databases[number] : null;
}
