/**
 * Decimal text of signed 64-bit integers, both ways, without garbage.
 *
 * Only the canonical form is an integer, the one that writing the number gives back: no leading zeros, no plus, no spaces, no "-0". That
 * is what lets a text be kept as an integer, as a string's value or in a listpack, and still come back as the same bytes.
 */
import { type Int64Scratch, int64FromHalves, int64FromSafe, int64ToNumber, isSafeInt64 } from "./int64.ts";

const TWO_POW_32 = 4294967296;
const BILLION = 1_000_000_000;
const INT32_MIN = -2147483648;
const ASCII_0 = 48;
const ASCII_MINUS = 45;
/** The longest text of a 64-bit integer: "-9223372036854775808". */
export const INT64_MAX_TEXT_LENGTH = 20;

/**
 * Reads canonical decimal text of a signed 64-bit integer (the rules of Redis's integer detection). Returns false, with
 * `out` undefined, for anything else. A value that does not start like a number is refused at its first byte. O(length), at most 20.
 */
export function parseInt64(bytes: Uint8Array, offset: number, length: number, out: Int64Scratch): boolean {
  if (length === 0 || length > INT64_MAX_TEXT_LENGTH) return false;
  const first = bytes[offset];
  if (first > 57 || (first < ASCII_0 && first !== ASCII_MINUS)) return false;
  const negative = first === ASCII_MINUS;
  const end = (offset + length) | 0;
  let at = negative ? (offset + 1) | 0 : offset;
  const digits = (end - at) | 0;
  if (digits === 0) return false;
  if (bytes[at] === ASCII_0) {
    if (length !== 1) return false;
    int64FromSafe(0, out);
    return true;
  }
  if (digits > 15) return parseLong(bytes, at, digits, negative, out);

  const firstPartEnd = digits > 9 ? (at + 9) | 0 : end;
  let value = 0;
  for (; at < firstPartEnd; at++) {
    const digit = (bytes[at] - ASCII_0) | 0;
    if (digit < 0 || digit > 9) return false;
    value = (Math.imul(value, 10) + digit) | 0;
  }
  if (at === end) {
    if (negative) value = -value | 0;
    out.high = value >> 31;
    out.low = value;
    out.isSafe = true;
    out.safe = value;
    return true;
  }
  let rest = 0;
  let scale = 1;
  for (; at < end; at++) {
    const digit = (bytes[at] - ASCII_0) | 0;
    if (digit < 0 || digit > 9) return false;
    rest = (Math.imul(rest, 10) + digit) | 0;
    scale = Math.imul(scale, 10);
  }
  const large = value * scale + rest;
  int64FromSafe(negative ? -large : large, out);
  return true;
}

/** 16 to 20 digits without a leading zero: 64-bit arithmetic on two unsigned halves held as numbers. */
function parseLong(bytes: Uint8Array, at: number, digits: number, negative: boolean, out: Int64Scratch): boolean {
  if (digits > 19) return false; // 10^19 and more are beyond 2^63
  let high = 0;
  let low = 0;
  for (let i = 0; i < digits; i++) {
    const digit = (bytes[at + i] - ASCII_0) | 0;
    if (digit < 0 || digit > 9) return false;
    low = low * 10 + digit;
    const carry = Math.floor(low / TWO_POW_32);
    low -= carry * TWO_POW_32;
    high = high * 10 + carry;
  }
  if (high >= 0x80000000) {
    if (!negative || high !== 0x80000000 || low !== 0) return false;
    int64FromHalves(INT32_MIN, 0, out);
    return true;
  }
  if (negative) int64FromHalves(low === 0 ? -high | 0 : ~high, -low | 0, out);
  else int64FromHalves(high | 0, low | 0, out);
  return true;
}

/** How many bytes `writeInt64` writes for this value: 1 to 20. O(1). */
export function int64TextLength(high: number, low: number): number {
  if (isSafeInt64(high, low)) return safeIntegerTextLength(int64ToNumber(high, low));
  splitByBillion(high, low);
  return (high < 0 ? 1 : 0) + safeIntegerTextLength(quotient) + 9;
}

/** How many bytes `writeSafeInteger` writes for this value: 1 to 17. O(1). */
export function safeIntegerTextLength(value: number): number {
  const sign = value < 0 ? 1 : 0;
  const magnitude = value < 0 ? -value : value;
  if (magnitude < BILLION) return sign + int32DigitCount(magnitude | 0);
  return sign + 9 + int32DigitCount(Math.floor(magnitude / BILLION) | 0);
}

/** Decimal text of two halves to `bytes` from `at` on; returns how many bytes were written (1 to 20). No garbage. */
export function writeInt64(bytes: Uint8Array, at: number, high: number, low: number): number {
  if (high === low >> 31 && low !== INT32_MIN) return writeInt32(bytes, at, low);
  if (isSafeInt64(high, low)) return writeSafeInteger(bytes, at, int64ToNumber(high, low));
  splitByBillion(high, low);
  const rest = remainder;
  let position = at;
  if (high < 0) bytes[position++] = ASCII_MINUS;
  position += writeSafeInteger(bytes, position, quotient);
  writeDigits(bytes, position, 9, rest);
  return position + 9 - at;
}

/** The same for an int32 other than the smallest, in int32 arithmetic throughout: what nearly all integers are. */
function writeInt32(bytes: Uint8Array, at: number, value: number): number {
  let position = at;
  let magnitude = value;
  if (value < 0) {
    bytes[position++] = ASCII_MINUS;
    magnitude = -value | 0;
  }
  const count = int32DigitCount(magnitude);
  writeDigits(bytes, position, count, magnitude);
  return (position + count - at) | 0;
}

/** Decimal text of a safe integer to `bytes` from `at` on; returns how many bytes were written (1 to 17). No garbage. */
export function writeSafeInteger(bytes: Uint8Array, at: number, value: number): number {
  let position = at;
  let magnitude = value;
  if (value < 0) {
    bytes[position++] = ASCII_MINUS;
    magnitude = -value;
  }
  if (magnitude < BILLION) {
    const count = int32DigitCount(magnitude | 0);
    writeDigits(bytes, position, count, magnitude | 0);
    return position + count - at;
  }
  const top = Math.floor(magnitude / BILLION);
  const count = int32DigitCount(top | 0);
  writeDigits(bytes, position, count, top | 0);
  writeDigits(bytes, position + count, 9, (magnitude - top * BILLION) | 0);
  return position + count + 9 - at;
}

/** The last `count` digits of a non-negative int32, with leading zeros. */
function writeDigits(bytes: Uint8Array, at: number, count: number, value: number): void {
  let rest = value | 0;
  for (let position = (at + count - 1) | 0; position >= at; position--) {
    const next = (rest / 10) | 0;
    bytes[position] = (rest - Math.imul(next, 10) + ASCII_0) | 0;
    rest = next;
  }
}

function int32DigitCount(value: number): number {
  if (value < 10) return 1;
  if (value < 100) return 2;
  if (value < 1000) return 3;
  if (value < 10000) return 4;
  if (value < 100000) return 5;
  if (value < 1000000) return 6;
  if (value < 10000000) return 7;
  if (value < 100000000) return 8;
  return value < BILLION ? 9 : 10;
}

/** Results of `splitByBillion`: module-level, so that the pair needs no object. */
let quotient = 0.5;
let remainder = 0;

/** |value| = quotient * 10^9 + remainder, by long division in 16-bit limbs, where every step is exact in a double. */
function splitByBillion(high: number, low: number): void {
  let upper = high;
  let lower = low;
  if (high < 0) {
    lower = -low | 0;
    upper = lower === 0 ? -high | 0 : ~high; // the smallest integer stays as it is, and is right when read as unsigned
  }
  let rest = upper >>> 16;
  let result = 0;
  for (let limb = 0; limb < 3; limb++) {
    const next = limb === 0 ? upper & 0xffff : limb === 1 ? lower >>> 16 : lower & 0xffff;
    const partial = rest * 65536 + next;
    const digit = Math.floor(partial / BILLION);
    rest = partial - digit * BILLION;
    result = result * 65536 + digit;
  }
  quotient = result;
  remainder = rest | 0;
}
