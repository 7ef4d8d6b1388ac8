import {
  lookupWrite,
  NO_EXPIRY,
  setString,
  setInteger,
  readString,
  Slice,
  TYPE_STRING,
  typeOf,
  readInteger,
  createInt64Scratch,
  int64FromSafe,
  addInt64,
  expiryOf,
  writeInteger,
  encodingOf,
  ENCODING_INT,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { WRONG_TYPE } from "../../dispatch/error-texts.ts";
const slice = new Slice();
const a = createInt64Scratch(),
  b = createInt64Scratch();
export const stringHandlers = {
  get(context: CommandContext) {
    const entry = context.readString(1);
    if (context.error !== null) return;
    if (entry === 0) context.reply.nullBulk();
    else context.replyBulk(readString(context.keyspace.heap, entry, slice));
  },
  set(context: CommandContext) {
    const key = context.key(1);
    const old = lookupWrite(context.keyspace, context.database, key);
    setString(context.keyspace, context.database, key, old, context.value(2), NO_EXPIRY);
    context.keyspace.changed(context.database, key, "$", "set");
    context.reply.ok();
  },
  mset(context: CommandContext) {
    for (let i = 1; i < context.count; i += 2) {
      const key = context.key(i);
      const old = lookupWrite(context.keyspace, context.database, key);
      setString(context.keyspace, context.database, key, old, context.value(i + 1), NO_EXPIRY);
      context.keyspace.changed(context.database, key, "$", "set");
    }
    context.reply.ok();
  },
  incr(context: CommandContext) {
    const key = context.key(1);
    const heap = context.keyspace.heap;
    const old = lookupWrite(context.keyspace, context.database, key);
    if (old !== 0 && typeOf(heap, old) !== TYPE_STRING) {
      context.refuse(WRONG_TYPE);
      return;
    }
    int64FromSafe(0, a);
    if (old !== 0 && !readInteger(heap, old, a)) {
      context.refuse("ERR value is not an integer or out of range");
      return;
    }
    int64FromSafe(1, b);
    if (!addInt64(a, b, a)) {
      context.refuse("ERR increment or decrement would overflow");
      return;
    }
    if (old !== 0 && encodingOf(heap, old) === ENCODING_INT) writeInteger(heap, old, a.high, a.low);
    else
      setInteger(
        context.keyspace,
        context.database,
        key,
        old,
        a.high,
        a.low,
        old === 0 ? NO_EXPIRY : expiryOf(heap, old),
      );
    context.keyspace.changed(context.database, key, "$", "incrby");
    if (a.isSafe) context.reply.integer(a.safe);
  },
};
