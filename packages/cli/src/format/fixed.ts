/**
 * Numbers with a fixed count of digits behind the point, as C's printf writes them. `toFixed` differs in one thing: what lies
 * exactly between two texts (0.125 with two digits) it always takes away from zero, where printf takes the even one.
 */

/** The text of C's `%.<digits>f`. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  return isTie(value, digits) ? tieToEven(value, digits) : value.toFixed(digits);
}

/** A multiple of 1/2^(digits+1) and of no larger power of two: only those end in an exact 5 behind the digits. */
function isTie(value: number, digits: number): boolean {
  return Math.abs((value * 2 ** (digits + 1)) % 2) === 1;
}

function tieToEven(value: number, digits: number): string {
  const scale = 10 ** digits;
  const below = Math.floor(value * scale);
  return ((below % 2 === 0 ? below : below + 1) / scale).toFixed(digits);
}
