import { expect, test } from "vitest";
import { splitArguments } from "./split-arguments.ts";

test.each<[string, string[] | null]>([
  ["", []],
  [" \t\v ", []],
  ["get key", ["get", "key"]],
  ['  set "a b"\t"c"  ', ["set", "a b", "c"]],
  [String.raw`"\x41\xfF\n\r\t\a\b\"\\\q\x4"`, ['A\xff\n\r\t\x07\b"\\qx4']],
  [String.raw`'it\'s \n "so"'`, [String.raw`it's \n "so"`]],
  ['a"b c"', ["ab c"]],
  ["''", [""]],
  ['""', [""]],
  ["a\vb", ["a\vb"]],
  ['"a"\v"b"', ["a", "b"]],
  ['"a', null],
  ["'a", null],
  ['"a"b', null],
  ["'a'b", null],
  ['"a\\', null],
  ['"a\\"', null],
])("%j", (line, expected) => {
  expect(splitArguments(line)).toEqual(expected);
});
