/**
 * Doubles as Redis 7.2 lays them out (`d2string` in util.c): integers up to 2^62 in full, all else by the fewest digits that read back as
 * the same number, in scientific notation when it has more than seven zeros to add on the right, or when it has seven or more decimals and
 * is below 0.001 or at least 10,000. Redis itself has one time in a thousand more digits than it needs; who wants those, too, writes the text.
 *
 *     3 -> 3    0.1 -> 0.1    1e21 -> 1e+21    1234567.1234567 -> 1.2345671234567e+6    -0 -> -0    Infinity -> inf
 */

const LARGEST_INTEGER = 2 ** 62;
const ADDED_ZEROS_LIMIT = 8;
const DECIMALS_LIMIT = 7;
const EXPONENT_LIMIT = 4;

/** A double as Redis prints it: `0.1`, `1e+21`, `inf`. */
export function doubleText(value: number): string {
  if (Number.isInteger(value)) return integerText(value);
  if (Number.isNaN(value)) return "nan";
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  return value < 0 ? "-" + positiveText(-value) : positiveText(value);
}

function integerText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  if (Number.isSafeInteger(value)) return String(value);
  if (Math.abs(value) <= LARGEST_INTEGER) return String(BigInt(value));
  return value < 0 ? "-" + positiveText(-value) : positiveText(value);
}

/** The number is 0.<digits> * 10^pointAt. */
function positiveText(value: number): string {
  const scientific = value.toExponential();
  const split = scientific.indexOf("e");
  const digits = scientific[0] + scientific.slice(2, split);
  const exponent = Number(scientific.slice(split + 1));
  const decimals = digits.length - 1 - exponent;
  if (decimals <= 0)
    return -decimals < ADDED_ZEROS_LIMIT ? digits + "0".repeat(-decimals) : withExponent(digits, exponent);
  if (decimals >= DECIMALS_LIMIT && Math.abs(exponent) >= EXPONENT_LIMIT) return withExponent(digits, exponent);
  return exponent < 0
    ? "0." + "0".repeat(-exponent - 1) + digits
    : digits.slice(0, exponent + 1) + "." + digits.slice(exponent + 1);
}

function withExponent(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? "." + digits.slice(1) : "";
  return digits[0] + fraction + (exponent < 0 ? "e" : "e+") + String(exponent);
}
