/**
 * Integers of 1 to 64 bits at any bit position of a string, for BITFIELD: reading, writing, and sums that wrap, saturate or fail.
 * Values travel as the two halves of an `Int64Scratch`, so nothing is allocated while values stay below 2^53.
 */
import { type Int64Scratch, int64FromBigInt, int64FromHalves, int64FromSafe, int64ToBigInt } from "./numbers/int64.ts";

/** What happens to a value that does not fit its field. With `fail` the caller writes nothing and answers null. */
export const OVERFLOW = { wrap: 0, saturate: 1, fail: 2 } as const;
export type Overflow = (typeof OVERFLOW)[keyof typeof OVERFLOW];

/** Up to this many bits sums of safe integers stay exact doubles. */
const SAFE_BITS = 52;

/**
 * Reads the field of `bits` bits at `bitOffset` into `out`. Bits beyond `length` bytes are 0. `isSigned` for i1 ... i64, otherwise
 * u1 ... u63. At most 9 bytes are touched.
 */
export function getBitfield(
  bytes: Uint8Array,
  offset: number,
  length: number,
  bitOffset: number,
  bits: number,
  isSigned: boolean,
  out: Int64Scratch,
): void {
  let high = 0;
  let low = 0;
  let byte = Math.floor(bitOffset / 8);
  let skip = bitOffset & 7;
  for (let left = bits; left > 0; byte++) {
    const taken = Math.min(8 - skip, left);
    const value = byte < length ? bytes[offset + byte] : 0;
    const chunk = (value >> (8 - skip - taken)) & (0xff >> (8 - taken));
    high = (high << taken) | (low >>> (32 - taken));
    low = (low << taken) | chunk;
    left -= taken;
    skip = 0;
  }
  extend(high, low, bits, isSigned, out);
}

/** Writes the lowest `bits` bits of the two halves at `bitOffset`. The bytes must be there. */
export function setBitfield(
  bytes: Uint8Array,
  offset: number,
  bitOffset: number,
  bits: number,
  high: number,
  low: number,
): void {
  let upper = high;
  let lower = low;
  let end = bitOffset + bits; // the bits before it are still to be written
  for (let left = bits; left > 0;) {
    const byte = offset + Math.floor((end - 1) / 8);
    const shift = (8 - (end & 7)) & 7;
    const taken = Math.min(8 - shift, left);
    const mask = (0xff >> (8 - taken)) << shift;
    bytes[byte] = (bytes[byte] & ~mask) | ((lower << shift) & mask);
    lower = (lower >>> taken) | (upper << (32 - taken));
    upper = upper >>> taken;
    left -= taken;
    end -= taken;
  }
}

/**
 * out = value + increment as the field would hold it. Returns true when that does not fit the field: then `out` is the wrapped or
 * saturated value, and undefined with `fail`. For BITFIELD SET pass the new value and an increment of 0.
 */
export function addBitfield(
  value: Int64Scratch,
  increment: Int64Scratch,
  bits: number,
  isSigned: boolean,
  overflow: Overflow,
  out: Int64Scratch,
): boolean {
  const sum = value.safe + increment.safe;
  if (bits > SAFE_BITS || !value.isSafe || !increment.isSafe || !Number.isSafeInteger(sum)) {
    return addExact(value, increment, bits, isSigned, overflow, out);
  }
  const maximum = 2 ** (isSigned ? bits - 1 : bits) - 1;
  const minimum = isSigned ? -maximum - 1 : 0;
  // an unsigned field takes a negative value for a very large one
  const tooLarge = sum > maximum || (!isSigned && value.safe < 0);
  if (!tooLarge && sum >= minimum) {
    int64FromSafe(sum, out);
    return false;
  }
  if (overflow === OVERFLOW.saturate) int64FromSafe(tooLarge ? maximum : minimum, out);
  else extend(Math.floor(sum / 4294967296) | 0, sum | 0, bits, isSigned, out);
  return true;
}

/**
 * The same with bigints, for wide fields and large values. The distance to the maximum is taken modulo 2^64, as Redis does: a
 * signed field set to a value near -2^63 saturates to its maximum.
 */
function addExact(
  value: Int64Scratch,
  increment: Int64Scratch,
  bits: number,
  isSigned: boolean,
  overflow: Overflow,
  out: Int64Scratch,
): boolean {
  const given = int64ToBigInt(value.high, value.low);
  const start = isSigned ? given : BigInt.asUintN(64, given);
  const added = int64ToBigInt(increment.high, increment.low);
  const maximum = (1n << BigInt(isSigned ? bits - 1 : bits)) - 1n;
  const minimum = isSigned ? -maximum - 1n : 0n;
  const room = BigInt.asIntN(64, maximum - start);
  const tooLarge = start > maximum || (bits === 64 ? start + added > maximum : added > room);
  if (!tooLarge && start + added >= minimum) {
    int64FromBigInt(start + added, out);
    return false;
  }
  if (overflow === OVERFLOW.saturate) int64FromBigInt(tooLarge ? maximum : minimum, out);
  else {
    int64FromBigInt(BigInt.asIntN(64, start + added), out);
    extend(out.high, out.low, bits, isSigned, out);
  }
  return true;
}

/** Keeps the lowest `bits` bits of the halves, and fills the bits above with the sign or with zeros. */
function extend(high: number, low: number, bits: number, isSigned: boolean, out: Int64Scratch): void {
  let upper = high;
  let lower = low;
  if (bits > 32) {
    const unused = 64 - bits;
    upper = isSigned ? (upper << unused) >> unused : ((upper << unused) >>> unused) | 0;
  } else {
    const unused = 32 - bits;
    lower = isSigned ? (lower << unused) >> unused : ((lower << unused) >>> unused) | 0;
    upper = isSigned ? lower >> 31 : 0;
  }
  int64FromHalves(upper, lower, out);
}
