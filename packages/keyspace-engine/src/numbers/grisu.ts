/**
 * The decimal digits of a double by Grisu2 (Florian Loitsch, "Printing floating-point numbers quickly and accurately with integers", 2010).
 * They read back as the same double and are nearly always the fewest that do; one time in a thousand there are more, or they are not the
 * closest. Redis 7.2 prints scores so, hence the algorithm and not its ideal.
 *
 *     lower ---------- value ---------- upper      all between the two reads back as the value
 *
 * The three are multiplied by a power of ten from a table, which leaves at most ten digits before the point. Upper's digits are taken
 * until what is left of it is less than its distance to lower; then the last digit goes down as long as that comes closer to the value.
 *
 * Numbers of 64 bits are two halves of 32 bits, each in a double. The upper half may grow beyond 32 bits, as nothing wraps around.
 */
const TWO_POW_16 = 2 ** 16;
const TWO_POW_32 = 2 ** 32;
const FRACTION_HIGH = 0xfffff;
const HIDDEN_BIT_HIGH = 0x100000;
const EXPONENT_BIAS = 1075;
/** Half of what a normal number's last bit stands for, in its 64 bits. */
const HALF_STEP = 2 ** 10;
/** The table has every eighth power of ten from this one on. */
const FIRST_POWER = -348;
const POWER_STEP = 8;
const POWERS = 87;
/** With the power that is chosen, the point of the product stands this many bits from its right, or fewer (down to 32). */
const MOST_FRACTION_BITS = 60;
const LOG10_OF_2 = Math.log10(2);
const DIGITS_BEFORE_POINT = 10;
const LARGEST_DIVISOR = 1e9;

const view = new DataView(new ArrayBuffer(8));
/** The powers of the table: halves of their 64 bits and exponents of two, computed when they are needed first. */
const powerHigh = new Float64Array(POWERS);
const powerLow = new Float64Array(POWERS);
const powerExponent = new Int32Array(POWERS);
/** Numbers on their way, each in two halves: doubles that are passed to a function would cost an object each. */
const numbers = new Float64Array(8);
/** What is left of upper, once its digits are being taken. */
const UPPER = 0;
/** The value; then how far upper is from it. */
const VALUE = 2;
/** Lower; then how far upper is from it: as far as what is left may reach. */
const LOWER = 4;
/** What the last digit stands for. */
const UNIT = 6;

/** The digits that were found last, each as a number. */
const digits = new Uint8Array(20);
/** The power of ten of the last of those digits. */
export let lastPower = 0;
/** So many of them are a small integer. */
const HEAD_DIGITS = 9;

/** The digits that were found last, as text. */
export function digitsText(count: number): string {
  if (count <= HEAD_DIGITS) return String(integerOf(0, count, 0));
  // A 1 before the others keeps their zeros.
  return String(integerOf(0, HEAD_DIGITS, 0)) + String(integerOf(HEAD_DIGITS, count, 1)).slice(1);
}

function integerOf(from: number, end: number, before: number): number {
  let integer = before;
  for (let at = from; at < end; at++) integer = (Math.imul(integer, 10) + digits[at]) | 0;
  return integer;
}

/** Finds the digits of a positive, finite number, for digitsText; returns how many they are. O(digits). */
export function findDigits(value: number): number {
  const exponent = unpack(value);
  const at = powerFor(exponent);
  multiply(UPPER, at);
  multiply(VALUE, at);
  multiply(LOWER, at);
  // Products are rounded: one unit less at both ends.
  const low = numbers[UPPER + 1] - 1;
  numbers[VALUE] = numbers[UPPER] - numbers[VALUE];
  numbers[VALUE + 1] = low - numbers[VALUE + 1];
  numbers[LOWER] = numbers[UPPER] - numbers[LOWER];
  numbers[LOWER + 1] = low - numbers[LOWER + 1] - 1;
  numbers[UPPER + 1] = low;
  const count = takeDigits((-exponent - powerExponent[at] - 96) | 0);
  lastPower -= FIRST_POWER + at * POWER_STEP;
  return count;
}

/** Makes 64 bits of the value and of its neighbours' midpoints, with the value's first bit on top; returns the exponent of two of the last bit. */
function unpack(value: number): number {
  view.setFloat64(0, value);
  const top = view.getInt32(0);
  const bottom = view.getInt32(4);
  const isNormal = top >= HIDDEN_BIT_HIGH;
  const fraction = (top & FRACTION_HIGH) | (isNormal ? HIDDEN_BIT_HIGH : 0);
  // 11 places to the left, more for a number that is not normal.
  const shift = fraction === 0 ? 32 + Math.clz32(bottom) : Math.clz32(fraction);
  const high = shift < 32 ? ((fraction << shift) | (bottom >>> (32 - shift))) >>> 0 : (bottom << shift) >>> 0;
  const low = shift < 32 ? (bottom << shift) >>> 0 : 0;
  // Half the distance to the next number; below a power of two the numbers are twice as dense.
  const above = isNormal ? HALF_STEP : 2 ** (shift - 1);
  const below = isNormal && fraction === HIDDEN_BIT_HIGH && bottom === 0 ? above / 2 : above;
  const carry = Math.floor(above / TWO_POW_32);
  const borrow = Math.ceil(Math.max(0, below - low) / TWO_POW_32);
  numbers[VALUE] = high;
  numbers[VALUE + 1] = low;
  numbers[UPPER] = high + carry;
  numbers[UPPER + 1] = low + above - carry * TWO_POW_32;
  numbers[LOWER] = high - borrow;
  numbers[LOWER + 1] = low - below + borrow * TWO_POW_32;
  return (isNormal ? top >>> 20 : 1) - EXPONENT_BIAS - shift;
}

/** Takes digits of upper, whose point is 32 + `places` bits from its right. Sets `lastPower` to that of the last one, the table's power aside. */
function takeDigits(places: number): number {
  const oneHigh = 1 << places;
  let whole = Math.floor(numbers[UPPER] / oneHigh);
  let restHigh = numbers[UPPER] - whole * oneHigh;
  const restLow = numbers[UPPER + 1];
  if (restHigh === 0 && restLow < 0) {
    whole--;
    restHigh = oneHigh;
  }
  let count = 0;
  let power = DIGITS_BEFORE_POINT;
  let divisor = LARGEST_DIVISOR;
  // The part before the point is never 0: what is left of it stays out of reach until its first digit is taken.
  for (; divisor > whole; divisor /= 10) power--;
  for (; power > 0; divisor /= 10) {
    const digit = Math.floor(whole / divisor);
    digits[count++] = digit;
    whole -= digit * divisor;
    power--;
    numbers[UPPER] = whole * oneHigh + restHigh;
    if (difference(numbers[UPPER], restLow, numbers[LOWER], numbers[LOWER + 1]) <= 0) {
      numbers[UNIT] = divisor * oneHigh;
      break;
    }
  }
  if (numbers[UNIT] === 0) {
    numbers[UPPER] = restHigh;
    numbers[UNIT] = oneHigh;
    count = takeDecimals(count, oneHigh);
  } else lastPower = power;
  approach((count - 1) | 0);
  numbers[UNIT] = 0;
  return count;
}

/** The digits behind the point; what is left, and both distances, are those of the last digit afterwards. */
function takeDecimals(count: number, oneHigh: number): number {
  let restHigh = numbers[UPPER];
  let restLow = numbers[UPPER + 1];
  let reachHigh = numbers[LOWER];
  let reachLow = numbers[LOWER + 1];
  let factor = 1;
  let power = 0;
  do {
    restLow *= 10;
    reachLow *= 10;
    const restCarry = Math.floor(restLow / TWO_POW_32);
    const reachCarry = Math.floor(reachLow / TWO_POW_32);
    restHigh = restHigh * 10 + restCarry;
    restLow -= restCarry * TWO_POW_32;
    reachHigh = reachHigh * 10 + reachCarry;
    reachLow -= reachCarry * TWO_POW_32;
    const digit = Math.floor(restHigh / oneHigh);
    digits[count++] = digit;
    restHigh -= digit * oneHigh;
    factor *= 10;
    power--;
  } while (difference(restHigh, restLow, reachHigh, reachLow) >= 0);
  numbers[UPPER] = restHigh;
  numbers[UPPER + 1] = restLow;
  numbers[LOWER] = reachHigh;
  numbers[LOWER + 1] = reachLow;
  for (; factor > 1; factor /= 10) timesTen(VALUE);
  lastPower = power;
  return count;
}

function timesTen(at: number): void {
  const low = numbers[at + 1] * 10;
  const carry = Math.floor(low / TWO_POW_32);
  numbers[at] = numbers[at] * 10 + carry;
  numbers[at + 1] = low - carry * TWO_POW_32;
}

/** Lowers the last digit as long as that comes closer to the value and stays within reach. */
function approach(last: number): void {
  const low = numbers[UPPER + 1];
  const unit = numbers[UNIT];
  let high = numbers[UPPER];
  while (
    difference(high, low, numbers[VALUE], numbers[VALUE + 1]) < 0 &&
    difference(numbers[LOWER], numbers[LOWER + 1], high + unit, low) >= 0 &&
    (difference(high + unit, low, numbers[VALUE], numbers[VALUE + 1]) < 0 ||
      difference(2 * numbers[VALUE], 2 * numbers[VALUE + 1], 2 * high + unit, 2 * low) > 0)
  ) {
    digits[last]--;
    high += unit;
  }
}

/** a - b, of which the sign is exact: each half of it is, and their sum is rounded once. */
function difference(aHigh: number, aLow: number, bHigh: number, bLow: number): number {
  return (aHigh - bHigh) * TWO_POW_32 + (aLow - bLow);
}

/** The first power of the table that leaves no more than MOST_FRACTION_BITS bits behind the point; its place. */
function powerFor(exponent: number): number {
  const enough = -MOST_FRACTION_BITS - 64 - exponent;
  // 10^k has its first of 64 bits at 2^(exponent + 63).
  let at = Math.max(0, Math.floor(((enough + 63) * LOG10_OF_2 - FIRST_POWER) / POWER_STEP));
  while (exponentOfPower(at) < enough) at++;
  while (at > 0 && exponentOfPower(at - 1) >= enough) at--;
  return at;
}

function exponentOfPower(at: number): number {
  if (powerHigh[at] === 0) computePower(at);
  return powerExponent[at];
}

/** 10^k in 64 bits, rounded. */
function computePower(at: number): void {
  const power = FIRST_POWER + at * POWER_STEP;
  const size = 10n ** BigInt(Math.abs(power));
  const bits = size.toString(2).length;
  // Two bits more than are kept, and what is left of the division makes no difference to rounding.
  const scaled = power < 0 ? (1n << BigInt(bits + 66)) / size : size << 66n;
  const excess = scaled.toString(2).length - 64;
  let rounded = ((scaled >> BigInt(excess - 1)) + 1n) >> 1n;
  let exponent = excess - (power < 0 ? bits : 0) - 66;
  if (rounded >> 64n !== 0n) {
    rounded >>= 1n;
    exponent++;
  }
  powerHigh[at] = Number(rounded >> 32n);
  powerLow[at] = Number(rounded & 0xffffffffn);
  powerExponent[at] = exponent;
}

/** A number becomes the upper 64 bits of its product with a power of the table, rounded by the bits below. */
function multiply(place: number, at: number): void {
  const high = numbers[place];
  const low = numbers[place + 1];
  const byHigh = powerHigh[at];
  const byLow = powerLow[at];
  const cross = upperOf(low, byLow) + lowerOf(high, byLow) + lowerOf(low, byHigh) + 2 ** 31;
  const carried = lowerOf(high, byHigh) + upperOf(high, byLow) + upperOf(low, byHigh) + Math.floor(cross / TWO_POW_32);
  const carry = Math.floor(carried / TWO_POW_32);
  numbers[place] = upperOf(high, byHigh) + carry;
  numbers[place + 1] = carried - carry * TWO_POW_32;
}

/** The upper 32 bits of the 64 that two numbers of 32 bits make. */
function upperOf(a: number, b: number): number {
  const upperHalf = Math.floor(a / TWO_POW_16);
  const upper = upperHalf * b;
  const kept = Math.floor(upper / TWO_POW_16);
  const middle = (upper - kept * TWO_POW_16) * TWO_POW_16 + (a - upperHalf * TWO_POW_16) * b;
  return kept + Math.floor(middle / TWO_POW_32);
}

/** The lower 32 bits of the 64 that two numbers of 32 bits make. */
function lowerOf(a: number, b: number): number {
  return Math.imul(a, b) >>> 0;
}
