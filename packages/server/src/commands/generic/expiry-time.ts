/** Expiry times as commands give them: a 64-bit integer of seconds or milliseconds, since 1970 or from now on. */
import { int64ToBigInt } from "@sider/keyspace-engine";
import type { Int64Scratch } from "@sider/keyspace-engine";

const INT64_MAXIMUM = 2n ** 63n - 1n;
const INT64_MINIMUM = -(2n ** 63n);
/** The largest int64 that a number holds exactly; what Redis keeps above it is this here, in the year 292,278,994. */
const LATEST_MS = 2 ** 63 - 1024;

/** What `unixMsOf` gives for a time that 64 bits do not hold. */
export const NO_TIME = Number.NaN;

/**
 * `time` units of `unitMs` after `baseMs`, in Unix milliseconds; it may lie in the past, before 1970 too. NO_TIME when the
 * milliseconds do not fit 64 bits. Beyond 2^53 the result is rounded. O(1), without garbage up to there.
 */
export function unixMsOf(time: Int64Scratch, unitMs: number, baseMs: number): number {
  const unixMs = time.safe * unitMs + baseMs;
  if (time.isSafe && Number.isSafeInteger(unixMs)) return unixMs;
  const milliseconds = int64ToBigInt(time.high, time.low) * BigInt(unitMs);
  const exact = milliseconds + BigInt(baseMs);
  if (milliseconds < INT64_MINIMUM || exact > INT64_MAXIMUM) return NO_TIME;
  return Math.min(Number(exact), LATEST_MS);
}
