/** Strings as 64-bit integers: INCR, DECR, INCRBY, DECRBY. The expiry stays. */
import {
  addInt64,
  addToSmallInteger,
  createInt64Scratch,
  ENCODING_INT,
  encodingOf,
  expiryOf,
  int64FromSafe,
  negateInt64,
  NO_EXPIRY,
  readInteger,
  setInteger,
  writeInteger,
} from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { NOT_AN_INTEGER, OVERFLOW } from "../../dispatch/error-texts.ts";

const value = createInt64Scratch();
const increment = createInt64Scratch();

/** INCR key */
export function incr(context: CommandContext): void {
  int64FromSafe(1, increment);
  add(context);
}

/** DECR key */
export function decr(context: CommandContext): void {
  int64FromSafe(-1, increment);
  add(context);
}

/** INCRBY key increment */
export function incrby(context: CommandContext): void {
  if (context.int64(2, increment)) add(context);
}

/** DECRBY key decrement */
export function decrby(context: CommandContext): void {
  if (!context.int64(2, increment)) return;
  if (negateInt64(increment)) add(context);
  else context.refuse("ERR decrement would overflow");
}

/** Adds `increment` to the integer of the key in argument 1 (0 when it is missing) and replies with the sum. */
function add(context: CommandContext): void {
  const keyspace = context.keyspace;
  const heap = keyspace.heap;
  const key = context.key(1);
  const old = context.writeString(key);
  if (context.error !== null) return;
  if (old !== 0 && addToSmallInteger(heap, old, increment, value)) {
    keyspace.changed(context.database, key, "$", "incrby");
    context.reply.integer(value.low); // the whole sum, and an int32 all the way
    return;
  }
  if (old === 0) int64FromSafe(0, value);
  else if (!readInteger(heap, old, value)) {
    context.refuse(NOT_AN_INTEGER);
    return;
  }
  if (!addInt64(value, increment, value)) {
    context.refuse(OVERFLOW);
    return;
  }
  if (old !== 0 && encodingOf(heap, old) === ENCODING_INT) writeInteger(heap, old, value.high, value.low);
  else {
    const expiresAtMs = old === 0 ? NO_EXPIRY : expiryOf(heap, old);
    setInteger(keyspace, context.database, key, old, value.high, value.low, expiresAtMs);
  }
  keyspace.changed(context.database, key, "$", "incrby");
  context.replyInt64(value);
}
