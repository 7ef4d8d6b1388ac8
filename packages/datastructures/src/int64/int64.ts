/**
 * Signed 64-bit integers without garbage.
 *
 * A value is a pair of int32 halves, `high` and `low` (two's complement, `low` holds the unsigned lower 32 bits as an int32).
 * Results go into an `Int64Scratch` that the caller keeps, so nothing is allocated per call:
 *
 *     value  = high * 2^32 + (low as unsigned)
 *     isSafe = the value is exact as a JavaScript number (|value| < 2^53), and then `safe` is that number
 *
 * Their decimal text is in int64-text.ts.
 */

/** Where results are put. Make one with `createInt64Scratch` and keep it. */
export interface Int64Scratch {
  high: number;
  low: number;
  isSafe: boolean;
  safe: number;
}

const TWO_POW_32 = 4294967296;
const TWO_POW_53 = 9007199254740992;
const INT32_MIN = -2147483648;

/** A fresh scratch that holds 0. `safe` starts as a fraction so that the engine gives the field a double slot for good. */
export function createInt64Scratch(): Int64Scratch {
  const scratch: Int64Scratch = { high: 0, low: 0, isSafe: true, safe: 0.5 };
  scratch.safe = 0;
  return scratch;
}

/** Puts the two halves into `out` and works out the safe form. O(1). */
export function int64FromHalves(high: number, low: number, out: Int64Scratch): void {
  const value = high * TWO_POW_32 + (low < 0 ? low + TWO_POW_32 : low);
  out.high = high;
  out.low = low;
  out.isSafe = value > -TWO_POW_53 && value < TWO_POW_53;
  out.safe = out.isSafe ? value : 0;
}

/** Puts a safe integer (|value| < 2^53) into `out`. O(1). */
export function int64FromSafe(value: number, out: Int64Scratch): void {
  out.high = Math.floor(value / TWO_POW_32) | 0;
  out.low = value | 0;
  out.isSafe = true;
  out.safe = value;
}

/** Puts a bigint into `out`; false when it does not fit in 64 bits (out is then unchanged). Allocates: slow paths only. */
export function int64FromBigInt(value: bigint, out: Int64Scratch): boolean {
  if (BigInt.asIntN(64, value) !== value) return false;
  int64FromHalves(Number(value >> 32n) | 0, Number(BigInt.asIntN(32, value)) | 0, out);
  return true;
}

/** The value of two halves as a bigint. Allocates: slow paths only. */
export function int64ToBigInt(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt.asUintN(32, BigInt(low));
}

/** True when the two halves hold an integer that a JavaScript number holds exactly (|value| < 2^53). */
export function isSafeInt64(high: number, low: number): boolean {
  return high >= -0x200000 && high < 0x200000 && !(high === -0x200000 && low === 0);
}

/** The value of two halves as a number; exact only when `isSafeInt64`. */
export function int64ToNumber(high: number, low: number): number {
  return high * TWO_POW_32 + (low < 0 ? low + TWO_POW_32 : low);
}

/**
 * out = a + b. Returns false on signed 64-bit overflow, with `out` unchanged. `out` may be `a` or `b`. O(1), no garbage.
 */
export function addInt64(a: Int64Scratch, b: Int64Scratch, out: Int64Scratch): boolean {
  if (a.isSafe && b.isSafe) {
    const sum = a.safe + b.safe;
    if (sum > -TWO_POW_53 && sum < TWO_POW_53) {
      int64FromSafe(sum, out);
      return true;
    }
  }
  const low = (a.low + b.low) | 0;
  // an unsigned sum wrapped exactly when it is below one of its terms; flipping the sign bit compares int32 as unsigned
  const carry = (low ^ INT32_MIN) < (a.low ^ INT32_MIN) ? 1 : 0;
  const high = (a.high + b.high + carry) | 0;
  // overflow: both terms have one sign and the sum has the other
  if (((a.high ^ high) & (b.high ^ high)) < 0) return false;
  int64FromHalves(high, low, out);
  return true;
}

/** value = -value. Returns false, unchanged, for the smallest 64-bit integer, whose negative does not exist. O(1). */
export function negateInt64(value: Int64Scratch): boolean {
  if (value.high === INT32_MIN && value.low === 0) return false;
  int64FromHalves(value.low === 0 ? -value.high | 0 : ~value.high, -value.low | 0, value);
  return true;
}
