import { expect, test } from "vitest";
import { complete, hintFor } from "./hints.ts";

test.each([
  ["", ""],
  ["nosuch ", ""],
  ["get", " key"],
  ["GET ", "key"],
  ["GET x", ""],
  ["mset a", " value [key value ...]"],
  ["getrange k 1 ", "end"],
  ["config get ", "parameter [parameter ...]"],
  ["object ", "<ENCODING | FREQ | HELP | IDLETIME | REFCOUNT>"],
  ['set "unbalanced', ""],
])("hint for %j", (line, hint) => {
  expect(hintFor(line)).toBe(hint);
});

test("optional arguments stay, since what was typed may be any of them", () => {
  expect(hintFor("set k v nx ")).toBe(hintFor("set k v "));
});

test.each<[string, string[], string]>([
  ["getra", ["getrange"], "getra"],
  ["GETRA", ["GETRANGE"], "GETRA"],
  ["config ge", ["config get"], "config ge"],
  ["help strl", ["strlen"], "strl"],
  ["3 strl", ["strlen"], "strl"],
  ["set k v kee", ["keepttl"], "kee"],
  ["nosuch x", [], "x"],
  ["cle", ["clear"], "cle"],
])("completion of %j", (line, candidates, replaced) => {
  expect(complete(line)).toEqual([candidates, replaced]);
});
