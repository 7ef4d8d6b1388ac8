/**
 * Doubles as text: read by the rules of C's strtod with everything consumed, written as Redis 7.2 writes scores
 * (integers plainly, otherwise digits that read back the same, nearly always the fewest, with an exponent where the number is long).
 */
import { asciiText, readWrittenNumber, roundWritten } from "./binary-rounding.ts";
import { digitsText, findDigits, lastPower } from "./grisu.ts";
import { parsePlainDecimal } from "./plain-decimal.ts";

const PRECISION = 53;
const MINIMUM_EXPONENT = -1074;
const LARGEST_BITS = 1024;
/** Integers up to this (2^62) are written without an exponent. */
const PLAIN_INTEGER_LIMIT = 4611686018427387904;

/**
 * The double that a whole text stands for. NaN when the text is not a number, or overflows, or is so small that it becomes 0,
 * or says nan: text that Redis refuses. O(length).
 */
export function parseDouble(bytes: Uint8Array, offset: number, length: number): number {
  if (length === 0) return NaN;
  const plain = parsePlainDecimal(bytes, offset, length);
  if (!Number.isNaN(plain)) return plain;
  const text = asciiText(bytes, offset, length);
  const written = readWrittenNumber(text);
  if (written === null) return NaN;
  if (written.isInfinite) return written.negative ? -Infinity : Infinity;
  if (written.base === 10) {
    const value = Number(text);
    return !Number.isFinite(value) || (value === 0 && written.digits !== 0n) ? NaN : value;
  }
  const rounded = roundWritten(written, PRECISION, MINIMUM_EXPONENT, LARGEST_BITS);
  if (rounded === null) return NaN;
  const magnitude = Number(rounded.mantissa) * 2 ** rounded.exponent;
  return written.negative ? -magnitude : magnitude;
}

/** "3", "0.1", "1e+19", "1.5e-7", "-0", "inf", "-inf", "nan". */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  if (Number.isInteger(value) && Math.abs(value) <= PLAIN_INTEGER_LIMIT) return BigInt(value).toString();
  const count = findDigits(Math.abs(value));
  const text = placePoint(digitsText(count), lastPower + count - 1);
  return value < 0 ? `-${text}` : text;
}

/** digits d.ddd * 10^power; `lastPower` is the power of the last digit. */
function placePoint(digits: string, power: number): string {
  const lastPower = power - digits.length + 1;
  if (lastPower >= 0 && power < digits.length + 7) return digits + "0".repeat(lastPower);
  if (lastPower < 0 && (lastPower > -7 || Math.abs(power) < 4)) {
    if (power < 0) return `0.${"0".repeat(-power - 1)}${digits}`;
    return `${digits.slice(0, power + 1)}.${digits.slice(power + 1)}`;
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${digits.charAt(0)}${fraction}e${power < 0 ? "-" : "+"}${String(Math.abs(power))}`;
}
