import { describe, expect, it } from "vitest";
import { matchesGlobText } from "./glob-text.ts";

describe("globs over names", () => {
  it.each(["*", "port", "P?RT", "p*", "*t", "[op]ort", "[^a]ort", "[A-Z]ort", "[z-a]ort", "p\\ort", "**o**", "[p"])(
    "%s matches",
    (pattern) => {
      expect(matchesGlobText(pattern, pattern === "[p" ? "p" : "port")).toBe(true);
    },
  );

  it.each(["", "por", "ports", "[^p]ort", "p?t", "[]p]ort", "*x*"])("'%s' does not match", (pattern) => {
    expect(matchesGlobText(pattern, "port")).toBe(false);
  });

  it("stays fast on patterns made to be slow", () => {
    const started = performance.now();
    expect(matchesGlobText("*?".repeat(200) + "x", "a".repeat(400))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
