/**
 * Decimal text of 64-bit integers as int32 halves, both ways. Only canonical text is an integer: what printing it gives, no leading zeros,
 * plus or spaces, no "-0". So an entry that was stored as an integer comes back as the same bytes.
 *
 *     value = high * 2^32 + (low as unsigned)
 */

/** The longest text: "-9223372036854775808". */
export const INTEGER_TEXT_BYTES = 20;

const TWO_POW_32 = 2 ** 32;
const TWO_POW_31 = 2 ** 31;
const BILLION = 1_000_000_000;
const ZERO = 48;
const NINE = 57;
const MINUS = 45;
/** So many digits are exact in a double. */
const EXACT_DIGITS = 15;

/** What parseInteger found. One object for all calls: no garbage. */
export const parsed = { high: 0, low: 0 };

/** Whether bytes[offset, + length) are the text of a 64-bit integer, which is then in `parsed`. O(length), at most 20. */
export function parseInteger(bytes: Uint8Array, offset: number, length: number): boolean {
  if (length === 0 || length > INTEGER_TEXT_BYTES) return false;
  const first = bytes[offset];
  if (first > NINE || (first < ZERO && first !== MINUS)) return false;
  const negative = first === MINUS;
  const from = negative ? (offset + 1) | 0 : offset;
  const end = (offset + length) | 0;
  const digits = (end - from) | 0;
  if (digits === 0 || digits > 19) return false;
  if (bytes[from] === ZERO && length !== 1) return false;
  if (digits > 9) return parseLong(bytes, from, end, negative);
  let value = 0;
  for (let at = from; at < end; at++) {
    const digit = (bytes[at] - ZERO) | 0;
    if (digit < 0 || digit > 9) return false;
    value = (Math.imul(value, 10) + digit) | 0;
  }
  if (negative) value = -value | 0;
  parsed.high = value >> 31;
  parsed.low = value;
  return true;
}

/** 10 to 19 digits: the first 15 in a double, the rest by one step of long multiplication. */
function parseLong(bytes: Uint8Array, from: number, end: number, negative: boolean): boolean {
  let value = 0;
  let tail = 0;
  let scale = 1;
  for (let at = from; at < end; at++) {
    const digit = (bytes[at] - ZERO) | 0;
    if (digit < 0 || digit > 9) return false;
    if (at - from < EXACT_DIGITS) value = value * 10 + digit;
    else {
      tail = tail * 10 + digit;
      scale *= 10;
    }
  }
  const upper = Math.floor(value / TWO_POW_32);
  const product = (value - upper * TWO_POW_32) * scale + tail;
  const carry = Math.floor(product / TWO_POW_32);
  return setParsed(upper * scale + carry, (product - carry * TWO_POW_32) | 0, negative);
}

/** Takes a magnitude as halves; false when the integer has more than 64 bits. */
function setParsed(upper: number, low: number, negative: boolean): boolean {
  if (upper >= TWO_POW_31 && !(negative && upper === TWO_POW_31 && low === 0)) return false;
  const high = upper | 0;
  parsed.high = negative ? (low === 0 ? -high | 0 : ~high) : high;
  parsed.low = negative ? -low | 0 : low;
  return true;
}

/** Prints the integer so that its text ends before `end`; returns where the text starts. At most 20 bytes. */
export function printIntegerBefore(target: Uint8Array, end: number, high: number, low: number): number {
  if (high === low >> 31) return printInt32Before(target, end, low);
  const negative = high < 0;
  const lower = negative ? -low | 0 : low;
  const upper = negative ? (low === 0 ? -high | 0 : ~high) : high;
  let at = printMagnitudeBefore(target, end, upper, lower);
  if (negative) target[--at] = MINUS;
  return at;
}

function printInt32Before(target: Uint8Array, end: number, value: number): number {
  let at = end;
  let rest = value > 0 ? -value | 0 : value; // the smallest int32 has no positive counterpart
  do {
    const next = (rest / 10) | 0;
    target[--at] = (ZERO + Math.imul(next, 10) - rest) | 0;
    rest = next;
  } while (rest !== 0);
  if (value < 0) target[--at] = MINUS;
  return at;
}

/** upper and lower are read as unsigned. Division by 10^9 in steps of 16 bits, each exact in a double. */
function printMagnitudeBefore(target: Uint8Array, end: number, upper: number, lower: number): number {
  const top = upper < 0 ? upper + TWO_POW_32 : upper;
  const first = Math.floor(top / BILLION);
  const middle = (top - first * BILLION) * 65536 + (lower >>> 16);
  const second = Math.floor(middle / BILLION);
  const last = (middle - second * BILLION) * 65536 + (lower & 0xffff);
  const third = Math.floor(last / BILLION);
  const quotient = first * TWO_POW_32 + second * 65536 + third;
  let at = printNineBefore(target, end, (last - third * BILLION) | 0);
  const billions = Math.floor(quotient / BILLION);
  const rest = (quotient - billions * BILLION) | 0;
  if (billions === 0) return printInt32Before(target, at, rest);
  at = printNineBefore(target, at, rest);
  return printInt32Before(target, at, billions);
}

function printNineBefore(target: Uint8Array, end: number, value: number): number {
  let rest = value | 0;
  for (let at = end - 1; at >= end - 9; at--) {
    const next = (rest / 10) | 0;
    target[at] = (ZERO + rest - Math.imul(next, 10)) | 0;
    rest = next;
  }
  return end - 9;
}
