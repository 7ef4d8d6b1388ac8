import { describe, expect, it } from "vitest";
import { quoteArgument, splitArguments } from "./quoting.ts";

describe("quoting", () => {
  it.each([
    ["", []],
    ["  \t ", []],
    ["a b  c", ["a", "b", "c"]],
    ['a "b c" d', ["a", "b c", "d"]],
    ["'it\\'s' x", ["it's", "x"]],
    ["'a\\n'", ["a\\n"]],
    ['"\\n\\r\\t\\b\\a\\\\\\"\\q"', ['\n\r\t\b\x07\\"q']],
    ['"\\x41\\xc3\\xa9\\xZZ"', ["Aéx" + "ZZ"]],
    ['""', [""]],
    ['foo"bar"', ["foobar"]],
    ["a\vb \fc", ["a\vb", "c"]],
  ])("splits %s", (line, words) => {
    expect(splitArguments(line)).toEqual(words);
  });

  it.each(['"a', "'a", '"a"b', "'a'b", 'x "a\\', '"a\\"'])("refuses %s", (line) => {
    expect(splitArguments(line)).toBe(null);
  });

  it.each(["", "plain", 'a "b" \\c', "\x00\x01\n\r\t\x07\b\x7f", "é 漢字 😀", "\udcff\u00fc"])(
    "quotes %j so that it can be split",
    (text) => {
      expect(splitArguments(quoteArgument(text))).toEqual([text]);
    },
  );
});
