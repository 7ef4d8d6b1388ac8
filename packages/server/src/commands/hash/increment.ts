/** Fields as numbers: HINCRBY and HINCRBYFLOAT. */
import { NIL } from "@sider/datastructures";
import {
  addInt64,
  addLongDouble,
  createHash,
  createInt64Scratch,
  FIELD_MISSING,
  findField,
  formatLongDouble,
  hashLength,
  int64FromSafe,
  longDoubleFromInteger,
  parseInt64,
  parseLongDouble,
  readFieldValue,
  removeEntry,
  setField,
  Slice,
  TYPE_HASH,
  writeInt64,
} from "@sider/keyspace-engine";
import type { Key, LongDouble } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { NOT_A_FLOAT, OVERFLOW } from "../../dispatch/error-texts.ts";

const ZERO = longDoubleFromInteger(0n);
const encoder = new TextEncoder();
const increment = createInt64Scratch();
const sum = createInt64Scratch();
const old = new Slice();
const text = new Slice();

/** HINCRBY key field increment */
export function hincrby(context: CommandContext): void {
  if (!context.int64(3, increment)) return;
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_HASH);
  if (context.error !== null) return;
  if (!readOld(context, entry)) int64FromSafe(0, sum);
  else if (!parseInt64(old.bytes, old.offset, old.length, sum)) {
    context.refuse("ERR hash value is not an integer");
    return;
  }
  if (!addInt64(sum, increment, sum)) {
    context.refuse(OVERFLOW);
    return;
  }
  const length = writeInt64(text.digits, 0, sum.high, sum.low);
  store(context, key, entry, text.set(text.digits, 0, length), "hincrby");
  context.replyInt64(sum);
}

/** HINCRBYFLOAT key field increment */
export function hincrbyfloat(context: CommandContext): void {
  const argument = context.value(3);
  const added = parseLongDouble(argument.bytes, argument.offset, argument.length);
  if (added === null) return context.refuse(NOT_A_FLOAT);
  if (!added.isFinite) return context.refuse("ERR value is NaN or Infinity");
  const key = context.key(1);
  const entry = context.writeTyped(key, TYPE_HASH);
  if (context.error !== null) return;
  const value: LongDouble | null = readOld(context, entry) ? parseLongDouble(old.bytes, old.offset, old.length) : ZERO;
  if (value === null) return context.refuse("ERR hash value is not a float");
  const result = addLongDouble(value, added);
  if (!result.isFinite) return context.refuse("ERR increment would produce NaN or Infinity");
  const bytes = encoder.encode(formatLongDouble(result));
  store(context, key, entry, text.set(bytes, 0, bytes.length), "hincrbyfloat");
  if (context.propagates) context.propagateAs("HSET", key, context.value(2), text);
  context.replyBulk(text);
}

/** Points `old` at the value of the field in argument 2; false when there is none. */
function readOld(context: CommandContext, entry: number): boolean {
  if (entry === NIL) return false;
  const field = findField(context.keyspace, entry, context.value(2));
  if (field === FIELD_MISSING) return false;
  readFieldValue(context.keyspace.heap, entry, field, old);
  return true;
}

/** Stores the value of the field in argument 2, in a new hash where `entry` is NIL. */
function store(context: CommandContext, key: Key, entry: number, value: Slice, event: string): void {
  const { keyspace, database } = context;
  const hash = entry === NIL ? createHash(keyspace, database, key) : entry;
  try {
    setField(keyspace, hash, context.value(2), value);
  } catch (error) {
    if (hashLength(keyspace.heap, hash) === 0) removeEntry(keyspace, database, key.hash, hash);
    throw error;
  }
  keyspace.changed(database, key, "h", event);
}
