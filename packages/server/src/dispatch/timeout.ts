/** Timeouts of commands that wait: seconds with a fraction, computed in long double as Redis does. */
import { createInt64Scratch, parseInt64, parseLongDouble } from "@sider/keyspace-engine";

const NOT_A_TIMEOUT = "ERR timeout is not a float or out of range";
const NEGATIVE = "ERR timeout is negative";
const OUT_OF_RANGE = "ERR timeout is out of range";

const INT64_MAXIMUM = 2n ** 63n - 1n;
/** Bits of a long double's mantissa. */
const PRECISION = 64;
/** Whole seconds below this need no long arithmetic. */
const PLAIN_SECONDS_MAXIMUM = 1e9;

const integer = createInt64Scratch();

/**
 * Reads a timeout in milliseconds, rounded up; 0 stands for ever. Gives the error where it is none, is negative, or ends later than
 * 64 bits of milliseconds can say.
 */
export function readTimeoutSeconds(bytes: Uint8Array, offset: number, length: number, nowMs: number): number | string {
  if (parseInt64(bytes, offset, length, integer) && integer.isSafe) {
    if (integer.safe >= 0 && integer.safe <= PLAIN_SECONDS_MAXIMUM) return integer.safe * 1000;
  }
  const seconds = parseLongDouble(bytes, offset, length);
  if (seconds === null) return NOT_A_TIMEOUT;
  if (!seconds.isFinite) return seconds.negative ? NEGATIVE : OUT_OF_RANGE;
  const magnitude = roundedMilliseconds(seconds.mantissa, seconds.exponent, seconds.negative);
  if (seconds.negative && magnitude > 0n) return NEGATIVE;
  return magnitude > INT64_MAXIMUM - BigInt(nowMs) ? OUT_OF_RANGE : Number(magnitude);
}

/** mantissa * 2^exponent * 1000, first rounded to the precision of a long double, then up (a negative one: towards 0). */
function roundedMilliseconds(mantissa: bigint, exponent: number, isNegative: boolean): bigint {
  let product = mantissa * 1000n;
  let scale = exponent;
  const excess = product.toString(2).length - PRECISION;
  if (excess > 0) {
    product = roundToEven(product, BigInt(excess));
    scale += excess;
  }
  if (scale >= 0) return product << BigInt(scale);
  const bits = BigInt(-scale);
  const floor = product >> bits;
  return isNegative || floor << bits === product ? floor : floor + 1n;
}

/** value / 2^bits, a half to the even neighbour. */
function roundToEven(value: bigint, bits: bigint): bigint {
  const half = 1n << (bits - 1n);
  const rest = value & ((1n << bits) - 1n);
  const floor = value >> bits;
  return rest > half || (rest === half && (floor & 1n) === 1n) ? floor + 1n : floor;
}
