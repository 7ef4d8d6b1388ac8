/**
 * Decimal text of int32 numbers as bytes, both ways. Canonical means: what printing the number gives, and nothing else
 * ("007", "+7", "-0" and "7 " are strings, not numbers), so that a number that was stored short comes back as the same bytes.
 */

/** What `canonicalInt32` returns for text that is no int32. Outside the int32 range. */
export const NOT_AN_INT32 = 2 ** 32;

/** The longest text: "-2147483648". */
export const INT32_TEXT_BYTES = 11;

const ZERO = 48;
const MINUS = 45;

/** The number that bytes[offset..offset+length) print, or NOT_AN_INT32. O(1), no garbage. */
export function canonicalInt32(bytes: Uint8Array, offset: number, length: number): number {
  if (length === 0 || length > INT32_TEXT_BYTES) return NOT_AN_INT32;
  const negative = bytes[offset] === MINUS;
  let at = negative ? offset + 1 : offset;
  const end = offset + length;
  const first = bytes[at];
  if (at === end || first < ZERO || first > ZERO + 9) return NOT_AN_INT32;
  if (first === ZERO) return length === 1 ? 0 : NOT_AN_INT32;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) return NOT_AN_INT32;
    value = value * 10 + digit;
  }
  if (negative) value = -value;
  return value === (value | 0) ? value : NOT_AN_INT32;
}

/** Prints an int32 to target[0..11) and returns the length of the text. No garbage. */
export function printInt32(value: number, target: Uint8Array): number {
  const negative = value < 0;
  let rest = negative ? -value : value;
  let length = negative ? 2 : 1;
  for (let bound = 10; bound <= rest; bound *= 10) length++;
  for (let at = length - 1; at >= (negative ? 1 : 0); at--) {
    const tenth = Math.floor(rest / 10);
    target[at] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
  if (negative) target[0] = MINUS;
  return length;
}
