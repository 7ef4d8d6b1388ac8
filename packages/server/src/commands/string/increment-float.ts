/** INCRBYFLOAT: sums of 80-bit long doubles, stored as the text that is replied. The expiry stays. */
import {
  addLongDouble,
  createInt64Scratch,
  EMBSTR_BYTES_MAXIMUM,
  ENCODING_EMBSTR,
  ENCODING_INT,
  ENCODING_RAW,
  encodingOf,
  expiryOf,
  formatLongDouble,
  int64ToBigInt,
  longDoubleFromInteger,
  NO_EXPIRY,
  parseLongDouble,
  readInteger,
  readString,
  setBytes,
  Slice,
} from "@sider/keyspace-engine";
import type { LongDouble } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { NOT_A_FLOAT } from "../../dispatch/error-texts.ts";

const ZERO = longDoubleFromInteger(0n);
const integer = createInt64Scratch();
const text = new Slice();

/** INCRBYFLOAT key increment */
export function incrbyfloat(context: CommandContext): void {
  const keyspace = context.keyspace;
  const key = context.key(1);
  const old = context.writeString(key);
  if (context.error !== null) return;
  const value = valueOf(context, old);
  const argument = context.value(2);
  const increment = value && parseLongDouble(argument.bytes, argument.offset, argument.length);
  if (increment === null) {
    context.refuse(NOT_A_FLOAT);
    return;
  }
  const sum = addLongDouble(value ?? ZERO, increment);
  if (!sum.isFinite) {
    context.refuse("ERR increment would produce NaN or Infinity");
    return;
  }
  const bytes = latin1Bytes(formatLongDouble(sum));
  text.set(bytes, 0, bytes.length);
  // never `int`, whatever the text: Redis stores the result as it is
  const encoding = bytes.length <= EMBSTR_BYTES_MAXIMUM ? ENCODING_EMBSTR : ENCODING_RAW;
  const expiresAtMs = old === 0 ? NO_EXPIRY : expiryOf(keyspace.heap, old);
  setBytes(keyspace, context.database, key, old, text, encoding, expiresAtMs);
  keyspace.changed(context.database, key, "$", "incrbyfloat");
  if (context.propagates) context.propagateAs("SET", key, text, "KEEPTTL");
  context.replyBulk(text);
}

/** The number that a string entry holds; 0 for none (entry 0), null when it is no number. */
function valueOf(context: CommandContext, entry: number): LongDouble | null {
  if (entry === 0) return ZERO;
  const heap = context.keyspace.heap;
  if (encodingOf(heap, entry) === ENCODING_INT && readInteger(heap, entry, integer)) {
    return longDoubleFromInteger(int64ToBigInt(integer.high, integer.low));
  }
  readString(heap, entry, text);
  return parseLongDouble(text.bytes, text.offset, text.length);
}

function latin1Bytes(line: string): Uint8Array {
  return Uint8Array.from({ length: line.length }, (_, at) => line.charCodeAt(at));
}
