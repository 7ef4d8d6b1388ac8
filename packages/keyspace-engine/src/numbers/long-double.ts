/**
 * The 80-bit extended floating point numbers of x86 ("long double"), which INCRBYFLOAT computes with: a 64-bit mantissa and
 * exponents from 2^-16445 to 2^16384. Exact integers stand in for the hardware, so results are the same on every machine.
 *
 *     value = (negative ? -1 : 1) * mantissa * 2^exponent,   mantissa < 2^64,   exponent >= -16445
 */
import { asciiText, bitLength, readWrittenNumber, roundFraction, roundWritten } from "./binary-rounding.ts";

export interface LongDouble {
  readonly negative: boolean;
  readonly mantissa: bigint;
  readonly exponent: number;
  /** False for infinities and for the sum of two opposite ones, which is no number. */
  readonly isFinite: boolean;
}

const PRECISION = 64;
const MINIMUM_EXPONENT = -16445;
/** Numbers of more bits than this before the point are infinite. */
const LARGEST_BITS = 16384;
/** Longer text is refused, as Redis does. */
const MAXIMUM_TEXT_LENGTH = 5119;
const FRACTION_DIGITS = 17;
const FRACTION_SCALE = 10n ** BigInt(FRACTION_DIGITS);

const infinite = (negative: boolean): LongDouble => ({ negative, mantissa: 0n, exponent: 0, isFinite: false });
const NOT_A_NUMBER: LongDouble = { negative: false, mantissa: 1n, exponent: 0, isFinite: false };

/**
 * Reads a whole text: decimal, hexadecimal (0x1.8p3) or inf. Null ("value is not a valid float") for anything else, for nan, and
 * for numbers that overflow or that are so small that they become 0. O(length^2) for thousands of digits, about 1 us for usual ones.
 */
export function parseLongDouble(bytes: Uint8Array, offset: number, length: number): LongDouble | null {
  if (length === 0 || length > MAXIMUM_TEXT_LENGTH) return null;
  const written = readWrittenNumber(asciiText(bytes, offset, length));
  if (written === null) return null;
  if (written.isInfinite) return infinite(written.negative);
  const rounded = roundWritten(written, PRECISION, MINIMUM_EXPONENT, LARGEST_BITS);
  return (
    rounded && { negative: written.negative, mantissa: rounded.mantissa, exponent: rounded.exponent, isFinite: true }
  );
}

/** The exact integer as a long double, rounded where it has more than 64 bits. For strings kept as integers. */
export function longDoubleFromInteger(value: bigint): LongDouble {
  const magnitude = value < 0n ? -value : value;
  return finite(value < 0n, magnitude, 0);
}

/** a + b, rounded once. `isFinite` is false when the sum overflows or has no value. */
export function addLongDouble(a: LongDouble, b: LongDouble): LongDouble {
  if (!a.isFinite || !b.isFinite) {
    if (a.isFinite) return b;
    return b.isFinite || (a.negative === b.negative && a.mantissa === b.mantissa) ? a : NOT_A_NUMBER;
  }
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = signed(a, exponent) + signed(b, exponent);
  const negative = sum === 0n ? a.negative && b.negative : sum < 0n;
  return finite(negative, sum < 0n ? -sum : sum, exponent);
}

function signed(value: LongDouble, exponent: number): bigint {
  const scaled = value.exponent === exponent ? value.mantissa : value.mantissa << BigInt(value.exponent - exponent);
  return value.negative ? -scaled : scaled;
}

function finite(negative: boolean, magnitude: bigint, exponent: number): LongDouble {
  if (bitLength(magnitude) <= PRECISION) return { negative, mantissa: magnitude, exponent, isFinite: true };
  const rounded = roundFraction(magnitude, 1n, PRECISION, MINIMUM_EXPONENT - exponent);
  const result = { negative, mantissa: rounded.mantissa, exponent: exponent + rounded.exponent, isFinite: true };
  return bitLength(result.mantissa) + result.exponent > LARGEST_BITS ? infinite(negative) : result;
}

/**
 * The text INCRBYFLOAT stores: 17 digits after the point, without the zeros at the end; never an exponent; "0" for -0.
 * The value must be finite.
 */
export function formatLongDouble(value: LongDouble): string {
  const sign = value.negative ? "-" : "";
  if (value.exponent >= 0) {
    return value.mantissa === 0n ? "0" : sign + String(value.mantissa << BigInt(value.exponent));
  }
  const scaled = scaleFraction(value.mantissa, -value.exponent);
  if (scaled === 0n) return "0";
  const digits = scaled.toString().padStart(FRACTION_DIGITS + 1, "0");
  let end = digits.length;
  const point = end - FRACTION_DIGITS;
  while (end > point && digits.charCodeAt(end - 1) === 48) end--;
  return sign + digits.slice(0, point) + (end > point ? `.${digits.slice(point, end)}` : "");
}

/** mantissa * 10^17 / 2^shift, rounded to the nearest integer, ties to even. */
function scaleFraction(mantissa: bigint, shift: number): bigint {
  if (shift > 128) return 0n; // below half of the last digit: the product has at most 121 bits
  const bits = BigInt(shift);
  const product = mantissa * FRACTION_SCALE;
  const quotient = product >> bits;
  const rest = product - (quotient << bits);
  const half = 1n << (bits - 1n);
  return rest > half || (rest === half && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}
