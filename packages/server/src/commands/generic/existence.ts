/** DEL, UNLINK, and what may be asked of many keys at once: EXISTS, TOUCH; and TYPE. */
import {
  lookupQuietly,
  lookupRead,
  lookupWrite,
  removeEntry,
  removeEntryLazily,
  TYPE_NAMES,
  typeOf,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";

/** DEL key [key ...] */
export function del(context: CommandContext): void {
  removeKeys(context, context.server.configuration.get("lazyfree-lazy-user-del"));
}

/** UNLINK key [key ...]: large values are freed later. */
export function unlink(context: CommandContext): void {
  removeKeys(context, true);
}

function removeKeys(context: CommandContext, isLazy: boolean): void {
  const { keyspace, database } = context;
  let removed = 0;
  for (let index = 1; index < context.count; index++) {
    const key = context.key(index);
    const entry = lookupWrite(keyspace, database, key);
    if (entry === 0) continue;
    if (isLazy) removeEntryLazily(keyspace, database, key.hash, entry);
    else removeEntry(keyspace, database, key.hash, entry);
    keyspace.changed(database, key, "g", "del");
    removed++;
  }
  context.reply.integer(removed);
}

/** EXISTS key [key ...] */
export function exists(context: CommandContext): void {
  let found = 0;
  for (let index = 1; index < context.count; index++) {
    if (lookupQuietly(context.keyspace, context.database, context.key(index)) !== 0) found++;
  }
  context.reply.integer(found);
}

/** TOUCH key [key ...]: that it is an access is all that it does, so CLIENT NO-TOUCH does not hold for it. */
export function touch(context: CommandContext): void {
  const { keyspace } = context;
  const touches = keyspace.touchesOnLookup;
  keyspace.touchesOnLookup = true;
  let found = 0;
  for (let index = 1; index < context.count; index++) {
    if (lookupRead(keyspace, context.database, context.key(index)) !== 0) found++;
  }
  keyspace.touchesOnLookup = touches;
  context.reply.integer(found);
}

/** TYPE key */
export function type(context: CommandContext): void {
  const entry = lookupQuietly(context.keyspace, context.database, context.key(1));
  context.reply.simpleString(entry === 0 ? "none" : TYPE_NAMES[typeOf(context.keyspace.heap, entry)]);
}
