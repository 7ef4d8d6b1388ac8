/**
 * Exact fractions rounded to binary floating point of any precision, to nearest and ties to even: what strtod and strtold do.
 */

/** value = mantissa * 2^exponent; a mantissa of 0 means that the value was too small. */
export interface BinaryNumber {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/**
 * numerator / denominator (both positive) with at most `precision` bits, and no bit below 2^minimumExponent.
 * The exponent has no upper bound: the caller decides what overflows.
 */
export function roundFraction(
  numerator: bigint,
  denominator: bigint,
  precision: number,
  minimumExponent: number,
): BinaryNumber {
  // one bit less or as many as wanted: the quotient of an a-bit by a b-bit number has a-b or a-b+1 bits
  const quotientBits = bitLength(numerator) - bitLength(denominator);
  let exponent = Math.max(quotientBits - precision, minimumExponent);
  const rounded = divideAt(numerator, denominator, exponent);
  if (bitLength(rounded) <= precision) return { mantissa: rounded, exponent };
  // one bit too many: again, from the exact fraction, so that nothing is rounded twice
  exponent++;
  return { mantissa: divideAt(numerator, denominator, exponent), exponent };
}

/** numerator / (denominator * 2^exponent), rounded to the nearest integer, ties to even. */
function divideAt(numerator: bigint, denominator: bigint, exponent: number): bigint {
  const scaledNumerator = exponent < 0 ? numerator << BigInt(-exponent) : numerator;
  const scaledDenominator = exponent > 0 ? denominator << BigInt(exponent) : denominator;
  const quotient = scaledNumerator / scaledDenominator;
  const twiceRest = (scaledNumerator - quotient * scaledDenominator) << 1n;
  if (twiceRest > scaledDenominator || (twiceRest === scaledDenominator && (quotient & 1n) === 1n))
    return quotient + 1n;
  return quotient;
}

/** How many bits a non-negative integer has; 0 for 0. O(bits). */
export function bitLength(value: bigint): number {
  if (value < 0x20000000000000n) {
    const small = Number(value);
    return small === 0 ? 0 : small < 4294967296 ? 32 - Math.clz32(small) : 64 - Math.clz32(small / 4294967296);
  }
  const hexadecimal = value.toString(16);
  return hexadecimal.length * 4 - Math.clz32(parseInt(hexadecimal.charAt(0), 16)) + 28;
}

/** A number as it is written: digits (an integer in the radix) times base^exponent. */
export interface WrittenNumber {
  readonly negative: boolean;
  readonly digits: bigint;
  /** Of ten, or of two for hexadecimal text. */
  readonly exponent: number;
  readonly base: 2 | 10;
  readonly isInfinite: boolean;
}

const DECIMAL = /^([+-]?)(?:([0-9]+)\.?([0-9]*)|\.([0-9]+))(?:e([+-]?[0-9]+))?$/i;
const HEXADECIMAL = /^([+-]?)0x(?:([0-9a-f]+)\.?([0-9a-f]*)|\.([0-9a-f]+))(?:p([+-]?[0-9]+))?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/** Reads the whole text as C's strtod family does: decimal, hexadecimal or infinity. Null for anything else, "nan" included. */
export function readWrittenNumber(text: string): WrittenNumber | null {
  const decimal = DECIMAL.exec(text);
  if (decimal !== null) return writtenFrom(decimal, 10);
  const hexadecimal = HEXADECIMAL.exec(text);
  if (hexadecimal !== null) return writtenFrom(hexadecimal, 2);
  const infinite = INFINITE.exec(text);
  if (infinite === null) return null;
  return { negative: infinite[1] === "-", digits: 0n, exponent: 0, base: 10, isInfinite: true };
}

function writtenFrom(match: RegExpExecArray, base: 2 | 10): WrittenNumber {
  const whole = match[2] ?? "";
  const fraction = match[3] ?? match[4] ?? "";
  const digits = BigInt((base === 2 ? "0x0" : "") + whole + fraction);
  const exponent = Number(match[5] ?? "0") - fraction.length * (base === 2 ? 4 : 1);
  return { negative: match[1] === "-", digits, exponent, base, isInfinite: false };
}

/**
 * The magnitude of a written number, rounded. Null when it is certainly beyond `largestBits` or below every number that there is
 * (an exponent such as 1e999999999 is never computed).
 */
export function roundWritten(
  written: WrittenNumber,
  precision: number,
  minimumExponent: number,
  largestBits: number,
): BinaryNumber | null {
  if (written.digits === 0n) return { mantissa: 0n, exponent: minimumExponent };
  const bitsPerUnit = written.base === 2 ? 1 : 3.3219280948873626;
  const bits = bitLength(written.digits) + written.exponent * bitsPerUnit;
  if (bits > largestBits + 8 || bits < minimumExponent - 8) return null;
  const exact = powerOf(written.base, Math.abs(written.exponent));
  const rounded =
    written.exponent < 0
      ? roundFraction(written.digits, exact, precision, minimumExponent)
      : roundFraction(written.digits * exact, 1n, precision, minimumExponent);
  const tooLarge = bitLength(rounded.mantissa) + rounded.exponent > largestBits;
  return tooLarge || rounded.mantissa === 0n ? null : rounded;
}

const SMALL_POWERS_OF_TEN = Array.from({ length: 28 }, (_, exponent) => 10n ** BigInt(exponent));

function powerOf(base: 2 | 10, exponent: number): bigint {
  if (base === 2) return 1n << BigInt(exponent);
  return SMALL_POWERS_OF_TEN[exponent] ?? 10n ** BigInt(exponent);
}

/** Bytes as text, one character a byte. For numbers only: they are ASCII. */
export function asciiText(bytes: Uint8Array, offset: number, length: number): string {
  let text = "";
  for (let at = offset; at < offset + length; at++) text += String.fromCharCode(bytes[at]);
  return text;
}
