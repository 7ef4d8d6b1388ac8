/**
 * How much of a table a scan has seen, by its cursor. The cursor counts buckets with its bits in reverse, the highest first, so that
 * the lowest bit is worth a half, the next a quarter, whatever the size of the table is:
 *
 *     0b001 -> 1/2      0b110 -> 3/8      0b0101 -> 5/8      and 0 is the end
 */

const CURSOR = /^\d{1,20}$/;

/** A number from 0 to 1; undefined for a cursor that is no number. */
export function shareSeen(cursor: string): number | undefined {
  if (!CURSOR.test(cursor)) return undefined;
  if (cursor === "0") return 1;
  let share = 0;
  let weight = 0.5;
  for (let bits = BigInt(cursor); bits > 0n; bits >>= 1n) {
    if ((bits & 1n) === 1n) share += weight;
    weight /= 2;
  }
  return share;
}
