import { expect, it } from "vitest";
import { lcsLength, longestCommonSubsequence } from "./lcs.ts";
import { randomFromSeed } from "./testing/fuzzing.ts";

/** The table of lengths in full, and the walk back that prefers the second string on ties. */
function plainLcs(a: Uint8Array, b: Uint8Array): number[] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      table[i][j] = a[i - 1] === b[j - 1] ? table[i - 1][j - 1] + 1 : Math.max(table[i - 1][j], table[i][j - 1]);
    }
  }
  const pairs: number[] = [];
  for (let [i, j] = [a.length, b.length]; i > 0 && j > 0;) {
    if (a[i - 1] === b[j - 1]) pairs.push(--i, --j);
    else if (table[i - 1][j] > table[i][j - 1]) i--;
    else j--;
  }
  return pairs;
}

it("chooses the same bytes as the plain table", () => {
  const random = randomFromSeed();
  for (let round = 0; round < 1_500 * random.scale; round++) {
    const letters = 1 + random.below(5);
    const draw = (): Uint8Array => Uint8Array.from({ length: random.below(70) }, () => random.below(letters));
    const [a, b] = [draw(), draw()];
    const result = longestCommonSubsequence(a, 0, a.length, b, 0, b.length);
    const pairs: number[] = [];
    for (let at = 0; at < result.matches.length; at += 4) {
      const [firstStart, firstEnd, , secondEnd] = result.matches.subarray(at, at + 4);
      for (let i = firstEnd; i >= firstStart; i--) pairs.push(i, secondEnd - (firstEnd - i));
    }
    const expected = plainLcs(a, b);
    if (String(pairs) !== String(expected)) expect.fail(`${random.seedText}: ${String(a)} / ${String(b)}`);
    if (result.length * 2 !== expected.length || lcsLength(a, 0, a.length, b, 0, b.length) !== result.length) {
      expect.fail(`${random.seedText}: length of ${String(a)} / ${String(b)}`);
    }
  }
});
