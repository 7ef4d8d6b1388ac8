import { describe, expect, it } from "vitest";
import { lcsLength, lcsTableBytes, longestCommonSubsequence } from "./lcs.ts";

function lcs(first: string, second: string, minimum = 0): { text: string; matches: number[] } {
  const [a, b] = [new TextEncoder().encode(`-${first}-`), new TextEncoder().encode(`--${second}-`)];
  const result = longestCommonSubsequence(a, 1, first.length, b, 2, second.length, minimum);
  expect(lcsLength(a, 1, first.length, b, 2, second.length)).toBe(result.length);
  return { text: new TextDecoder().decode(result.bytes), matches: [...result.matches] };
}

describe("the longest common subsequence", () => {
  it("gives Redis's example", () => {
    expect(lcs("ohmytext", "mynewtext")).toEqual({ text: "mytext", matches: [4, 7, 5, 8, 2, 3, 0, 1] });
    expect(lcs("ohmytext", "mynewtext", 4).matches).toEqual([4, 7, 5, 8]);
  });

  it("works on empty and equal strings", () => {
    expect(lcs("", "abc")).toEqual({ text: "", matches: [] });
    expect(lcs("abc", "")).toEqual({ text: "", matches: [] });
    expect(lcs("x".repeat(64), "x".repeat(64))).toEqual({ text: "x".repeat(64), matches: [0, 63, 0, 63] });
  });

  it("knows what table Redis would need", () => {
    expect(lcsTableBytes(9, 99)).toBe(4000);
  });
});
