/**
 * The longest common subsequence of two strings, with the very choice among equals that Redis makes.
 *
 * The usual table of lengths is filled row by row, but only two rows are kept. Walking back needs one bit per cell where the last
 * bytes differ: whether the longer part lies up (drop a byte of the first string) or left (drop one of the second; also on a tie).
 *
 *     turns, one row of bits per byte of the first string:   row i, bit j  =  1 when length(i-1, j) > length(i, j-1)
 *
 * So 32 times less memory than Redis needs; the limit on what may be asked is Redis's all the same.
 */

/** Bytes that Redis's own table would take: 4 for each cell. Compare with proto-max-bulk-len before calling anything here. */
export function lcsTableBytes(firstLength: number, secondLength: number): number {
  return (firstLength + 1) * (secondLength + 1) * 4;
}

/** The reply to give when `lcsTableBytes` is above proto-max-bulk-len. */
export const LCS_TOO_LARGE = "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len";

export interface LongestCommonSubsequence {
  readonly length: number;
  /** The subsequence itself. */
  readonly bytes: Uint8Array;
  /** Runs of equal bytes, from the last to the first: start and end in the first string, start and end in the second; four numbers each. */
  readonly matches: Int32Array;
}

/** The length alone. O(first x second) time, O(second) memory. */
export function lcsLength(
  first: Uint8Array,
  firstOffset: number,
  firstLength: number,
  second: Uint8Array,
  secondOffset: number,
  secondLength: number,
): number {
  const row = new Int32Array(secondLength + 1);
  for (let i = 0; i < firstLength; i++) {
    const byte = first[firstOffset + i];
    let diagonal = 0;
    for (let j = 1; j <= secondLength; j++) {
      const up = row[j];
      const left = row[j - 1];
      row[j] = second[secondOffset + j - 1] === byte ? diagonal + 1 : up > left ? up : left;
      diagonal = up;
    }
  }
  return row[secondLength];
}

/**
 * The subsequence and its runs; runs shorter than `minimumMatchLength` are left out of `matches` (not of `bytes`).
 * O(first x second) time and first x second / 8 bytes of memory. Throws a RangeError when that cannot be had.
 */
export function longestCommonSubsequence(
  first: Uint8Array,
  firstOffset: number,
  firstLength: number,
  second: Uint8Array,
  secondOffset: number,
  secondLength: number,
  minimumMatchLength = 0,
): LongestCommonSubsequence {
  const a = first.subarray(firstOffset, firstOffset + firstLength);
  const b = second.subarray(secondOffset, secondOffset + secondLength);
  const wordsPerRow = (secondLength + 31) >> 5;
  const turns = new Int32Array(firstLength * wordsPerRow);
  const length = fillTurns(a, b, turns, wordsPerRow);
  const bytes = new Uint8Array(length);
  const matches: number[] = [];
  let [i, j, left] = [firstLength, secondLength, length];
  while (i > 0 && j > 0) {
    if (a[i - 1] !== b[j - 1]) {
      const goesUp = (turns[(i - 1) * wordsPerRow + ((j - 1) >> 5)] >>> ((j - 1) & 31)) & 1;
      i -= goesUp;
      j -= 1 - goesUp;
      continue;
    }
    const [lastI, lastJ] = [i - 1, j - 1];
    while (i > 0 && j > 0 && a[i - 1] === b[j - 1]) {
      bytes[--left] = a[--i];
      j--;
    }
    if (lastI - i + 1 >= minimumMatchLength) matches.push(i, lastI, j, lastJ);
  }
  return { length, bytes, matches: Int32Array.from(matches) };
}

/** Fills the bits of every row; returns the length of the whole subsequence. */
function fillTurns(a: Uint8Array, b: Uint8Array, turns: Int32Array, wordsPerRow: number): number {
  const row = new Int32Array(b.length + 1);
  for (let i = 0; i < a.length; i++) {
    const byte = a[i];
    let diagonal = 0;
    let left = 0;
    let bits = 0;
    for (let j = 0; j < b.length; j++) {
      const up = row[j + 1];
      if (up > left) bits |= 1 << (j & 31);
      left = b[j] === byte ? diagonal + 1 : up > left ? up : left;
      row[j + 1] = left;
      diagonal = up;
      if ((j & 31) === 31) {
        turns[i * wordsPerRow + (j >> 5)] = bits;
        bits = 0;
      }
    }
    if ((b.length & 31) !== 0) turns[(i + 1) * wordsPerRow - 1] = bits;
  }
  return row[b.length];
}
