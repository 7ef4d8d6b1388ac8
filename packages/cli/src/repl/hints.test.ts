import { expect, test } from "vitest";
import { KnownCommands } from "./grammar/known-commands.ts";
import { hintFor } from "./hints.ts";

const known = new KnownCommands();

test.each([
  ["", ""],
  ["nosuch ", ""],
  ["get", " key"],
  ["GET ", "key"],
  ["GET x", ""],
  ["GET x y ", ""],
  ["3 get ", "key"],
  ["mset a", " value [key value ...]"],
  ["getrange k 1 ", "end"],
  ["config get ", "parameter [parameter ...]"],
  ["object ", "<ENCODING | FREQ | HELP | IDLETIME | REFCOUNT>"],
  ["set k v ex ", "seconds [NX | XX] [GET]"],
  ["set k v ex 1 get ", "[NX | XX]"],
  ['set "unbalanced', ""],
  ['get "k"', ""],
  ["connect ", "host port"],
  ["connect h ", "port"],
  ["?", " [command | @group]"],
  ["help set", ""],
])("hint for %j", (line, hint) => {
  expect(hintFor(line, known)).toBe(hint);
});

test.each([
  ["getra", "nge key start end"],
  ["GETRA", "NGE key start end"],
  ["config ge", "t parameter [parameter ...]"],
  ["conf", "ig <GET | HELP | RESETSTAT | REWRITE | SET>"],
  ["set k v kee", "pttl [NX | XX] [GET]"],
  ["SET k v E", "X seconds [NX | XX] [GET]"],
  ["zadd k c", "h [NX | XX] [GT | LT] [INCR] score member [score member ...]"],
  ["lmove a b l", "eft <LEFT | RIGHT>"],
])("the rest of %j", (line, hint) => {
  expect(hintFor(line, known)).toBe(hint);
});

test.each(["g", "ge", "hset k n", "set k v q", "config q"])("nothing is guessed for %j", (line) => {
  expect(hintFor(line, known)).toMatch(/^( |$)/);
});
