/** The count that SRANDMEMBER, HRANDFIELD and ZRANDMEMBER take: any integer but the smallest, whose negative is none. */
import { createInt64Scratch } from "@sider/keyspace-engine";
import type { CommandContext } from "./command-context.ts";

const INT32_MINIMUM = -(2 ** 31);
const HALF_HIGH = 2 ** 30;
const TWO_TO_32 = 2 ** 32;
const OUT_OF_LONG = "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807";

const number = createInt64Scratch();

/** What was read last. */
export const randomCount = {
  /** To the nearest multiple of 2^32 where it is beyond 2^53. */
  wanted: 0,
  /** Twice the count does not fit into 64 bits; -2^62 counts as such. */
  isBeyondHalf: false,
};

/** Reads the count from argument `index` into `randomCount`; refuses and gives false. */
export function readRandomCount(context: CommandContext, index: number): boolean {
  if (!context.int64(index, number)) return false;
  const { high, low } = number;
  if (high === INT32_MINIMUM && low === 0) {
    context.refuse(OUT_OF_LONG);
    return false;
  }
  randomCount.wanted = number.isSafe ? number.safe : high * TWO_TO_32;
  randomCount.isBeyondHalf = high >= HALF_HIGH || high < -HALF_HIGH || (high === -HALF_HIGH && low === 0);
  return true;
}
