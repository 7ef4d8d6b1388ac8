/**
 * Plain decimal numbers, as almost all of them are: read without a string in between, and exactly.
 *
 *     "12"   "-0.25"   "000000001234"   "1700000000.123456"
 *
 * Digits of which the significant ones fit 53 bits, over a power of ten that a double holds exactly: one division rounds once, so the
 * result is the nearest double, as strtod has it (W. D. Clinger, How to read floating point numbers accurately, 1990). Everything else
 * (exponents, more digits, hexadecimal, infinity, what is no number) is for the slower way.
 */
const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const POINT = 0x2e;

/** So many digits are below 2^53 whatever they are. */
const DIGITS_MAXIMUM = 15;
const POWERS_OF_TEN = Float64Array.from({ length: DIGITS_MAXIMUM + 1 }, (_, power) => 10 ** power);

/** The double of a whole text, or NaN where it is not of this kind. O(length). */
export function parsePlainDecimal(bytes: Uint8Array, offset: number, length: number): number {
  const end = offset + length;
  const isNegative = length > 0 && bytes[offset] === MINUS;
  const first = isNegative ? offset + 1 : offset;
  let at = first;
  while (at < end && bytes[at] === ZERO) at++;
  const significant = at;
  let value = 0;
  for (; at < end && bytes[at] >= ZERO && bytes[at] <= NINE; at++) value = value * 10 + (bytes[at] - ZERO);
  let digits = at - significant;
  if (at === first || digits > DIGITS_MAXIMUM) return NaN;
  if (at < end && bytes[at] === POINT) {
    const fraction = ++at;
    for (; at < end && bytes[at] >= ZERO && bytes[at] <= NINE; at++) value = value * 10 + (bytes[at] - ZERO);
    digits += at - fraction;
    if (digits > DIGITS_MAXIMUM) return NaN;
    value /= POWERS_OF_TEN[at - fraction];
  }
  if (at < end) return NaN;
  return isNegative ? -value : value;
}
