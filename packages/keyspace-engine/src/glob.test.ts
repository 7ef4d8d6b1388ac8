import { describe, expect, it } from "vitest";
import { matchGlob } from "./glob.ts";

function matches(pattern: string, text: string, ignoreCase = false): boolean {
  const patternBytes = Buffer.from(`(${pattern})`, "latin1");
  const textBytes = Buffer.from(`*${text}*`, "latin1");
  return matchGlob(
    new Uint8Array(patternBytes),
    1,
    pattern.length,
    new Uint8Array(textBytes),
    1,
    text.length,
    ignoreCase,
  );
}

describe("globs", () => {
  it.each([
    ["*", "abc"],
    ["a*", "a"],
    ["*c", "abc"],
    ["a*b*c", "a--b--bc"],
    ["h?llo", "hello"],
    ["h[ae]llo", "hallo"],
    ["h[^e]llo", "hallo"],
    ["[a-c][c-a]", "bb"],
    ["\\*", "*"],
    ["[\\]]", "]"],
    ["a\\", "a\\"],
    ["[^", "x"],
    ["[abc", "b"],
    ["", ""],
    ["a***", "a"],
  ])("%s matches %s", (pattern, text) => {
    expect(matches(pattern, text)).toBe(true);
  });

  it.each([
    ["*", ""],
    ["a", ""],
    ["", "a"],
    ["h?llo", "hllo"],
    ["h[^e]llo", "hello"],
    ["[]abc]", "a"],
    ["[", "["],
    ["a*b", "a"],
    ["[a-c]", "d"],
    ["[A-C]", "b"],
    ["abc", "ABC"],
  ])("%s does not match %s", (pattern, text) => {
    expect(matches(pattern, text)).toBe(false);
  });

  it("can ignore the case of letters, but not of an escaped one in brackets", () => {
    expect(matches("AbC[D-F]", "aBcE", true)).toBe(true);
    expect(matches("[\\a]", "A", true)).toBe(false);
  });

  it("compares ranges as signed bytes", () => {
    expect(matches("[\x80-a]", "A")).toBe(true);
    expect(matches("[b-\xff]", "\x80")).toBe(false);
  });

  it("stays fast on patterns made to be slow, and gives up beyond 1000 stars", () => {
    const started = performance.now();
    expect(matches("*a".repeat(900) + "*b", "a".repeat(20_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(matches("*a".repeat(1000), "a".repeat(1003))).toBe(true);
    expect(matches("*a".repeat(1001), "a".repeat(1004))).toBe(false);
  });
});
