/** Offsets of bits as clients give them, and strings with room for a bit. */
import {
  createInt64Scratch,
  ENCODING_RAW,
  encodingOf,
  int64ToBigInt,
  parseInt64,
  readString,
  type Slice,
  stringLength,
} from "@sider/keyspace-engine";
import type { Key } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { createZeroed, longestStringBytes, resize } from "../string/string-size.ts";

const BAD_OFFSET = "ERR bit offset is not an integer or out of range";
const HASH = 35;

const parsed = createInt64Scratch();

/** The bit offset in argument `index`, at most the last bit of the longest string; refuses and gives 0 when it is none. */
export function readBitOffset(context: CommandContext, index: number): number {
  const argument = context.value(index);
  return toBitOffset(context, argument.bytes, argument.offset, argument.length, 1);
}

/** As `readBitOffset`, for fields of `bits` bits: `#3` is the offset of the fourth field. */
export function readFieldOffset(context: CommandContext, index: number, bits: number): number {
  const argument = context.value(index);
  const isCounted = argument.length > 0 && argument.bytes[argument.offset] === HASH;
  if (!isCounted) return readBitOffset(context, index);
  return toBitOffset(context, argument.bytes, argument.offset + 1, argument.length - 1, bits);
}

function toBitOffset(
  context: CommandContext,
  bytes: Uint8Array,
  offset: number,
  length: number,
  unitBits: number,
): number {
  if (parseInt64(bytes, offset, length, parsed)) {
    const bitOffset = parsed.isSafe ? parsed.safe * unitBits : wrappedProduct(unitBits);
    if (bitOffset >= 0 && bitOffset < longestStringBytes(context) * 8) return bitOffset;
  }
  context.refuse(BAD_OFFSET);
  return 0;
}

/** `parsed` times a width, modulo 2^64: that is how Redis takes `#4611686018427387904` for the start of the string. */
function wrappedProduct(unitBits: number): number {
  return Number(BigInt.asIntN(64, int64ToBigInt(parsed.high, parsed.low) * BigInt(unitBits)));
}

/** Whether `makeRoom` had to create or lengthen the string. */
export const room = { isNew: false };

/**
 * Gives the string of `key` (its entry `old`, or 0) room for the bit at `lastBit`, makes it `raw`, and points `out` at its bytes, which
 * are free to be written.
 */
export function makeRoom(context: CommandContext, key: Key, old: number, lastBit: number, out: Slice): void {
  const heap = context.keyspace.heap;
  const oldLength = old === 0 ? 0 : stringLength(heap, old);
  const length = Math.max(oldLength, Math.floor(lastBit / 8) + 1);
  room.isNew = old === 0 || length !== oldLength;
  let entry = old;
  if (old === 0) entry = createZeroed(context, key, length);
  else if (room.isNew || encodingOf(heap, old) !== ENCODING_RAW) entry = resize(context, key, old, length);
  readString(heap, entry, out);
}
