/** Strings changed in place: APPEND and SETRANGE. What they touch is `raw` from then on, and keeps its expiry. */
import { copyBytes } from "@sider/datastructures";
import { NO_EXPIRY, readString, setString, Slice, stringLength } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { STRING_TOO_LONG } from "../../dispatch/error-texts.ts";
import { createZeroed, isTooLong, resize } from "./string-size.ts";

const target = new Slice();

/** APPEND key value */
export function append(context: CommandContext): void {
  const { database, keyspace } = context;
  const key = context.key(1);
  const value = context.value(2);
  const old = context.writeString(key);
  if (context.error !== null) return;
  const oldLength = old === 0 ? 0 : stringLength(keyspace.heap, old);
  const length = oldLength + value.length;
  if (old !== 0 && isTooLong(context, length)) {
    context.refuse(STRING_TOO_LONG);
    return;
  }
  if (old === 0) setString(keyspace, database, key, 0, value, NO_EXPIRY);
  else overwrite(context, resize(context, key, old, length), oldLength, value);
  keyspace.changed(database, key, "$", "append");
  context.reply.integer(length);
}

/** SETRANGE key offset value */
export function setrange(context: CommandContext): void {
  const offset = context.integer(2);
  if (context.error !== null) return;
  if (offset < 0) {
    context.refuse("ERR offset is out of range");
    return;
  }
  const { database, keyspace } = context;
  const key = context.key(1);
  const value = context.value(3);
  const old = context.writeString(key);
  if (context.error !== null) return;
  const oldLength = old === 0 ? 0 : stringLength(keyspace.heap, old);
  if (value.length === 0) {
    context.reply.integer(oldLength);
    return;
  }
  const length = Math.max(oldLength, offset + value.length);
  if (isTooLong(context, offset + value.length)) {
    context.refuse(STRING_TOO_LONG);
    return;
  }
  const entry = old === 0 ? createZeroed(context, key, length) : resize(context, key, old, length);
  overwrite(context, entry, offset, value);
  keyspace.changed(database, key, "$", "setrange");
  context.reply.integer(length);
}

function overwrite(context: CommandContext, entry: number, at: number, value: Slice): void {
  readString(context.keyspace.heap, entry, target);
  copyBytes(target.bytes, target.offset + at, value.bytes, value.offset, value.length);
}
