import { expect, test } from "vitest";
import { escapeBytes } from "../../format/escapes.ts";
import { binaryOf } from "../../format/printer.ts";
import { splitArguments } from "../../split-arguments.ts";
import { scanWords } from "./words.ts";

test("words and their places", () => {
  expect(scanWords(`set "a key" 'it\\'s' unfini`)).toMatchObject([
    { start: 0, end: 3, value: "set", quote: "" },
    { start: 4, end: 11, value: "a key", quote: '"', isBroken: false },
    { start: 12, end: 19, value: "it's", quote: "'", isBroken: false },
    { start: 20, end: 26, value: "unfini" },
  ]);
});

test.each(['get "open', "get 'open", 'get "a"b', 'get "ends with \\', "get ab\"c\"'d'"])("%j is broken", (line) => {
  expect(scanWords(line).at(-1)?.isBroken).toBe(true);
  expect(splitArguments(binaryOf(line))).toBeNull();
});

test.each(["", "  a  b ", `a"b c"`, `x '' ""`, "Ünïcode 漢字 '漢 字'", `"${escapeBytes('\0\xff\\"\n')}"`])(
  "%j is split as it will be run",
  (line) => {
    const words = scanWords(line);
    expect(words.map(({ value }) => value)).toEqual(splitArguments(binaryOf(line)));
    expect(words.some(({ isBroken }) => isBroken)).toBe(false);
  },
);
