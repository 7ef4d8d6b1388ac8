import { describe, expect, it } from "vitest";
import { aclCategories, arityMatches, commandFlags, displayText, legacyKeyRange, orderedKeyFlags } from "./derived.ts";
import { integer, string } from "./arguments.ts";
import { keyAt, keyRange } from "./key-specs.ts";
import type { KeySpec } from "./row.ts";

const keywordSpec: KeySpec = {
  flags: ["RW", "incomplete"],
  beginSearch: { type: "keyword", keyword: "KEYS", startFrom: -2 },
  findKeys: { type: "range", lastKey: -1, keyStep: 1, limit: 0 },
};
const countSpec: KeySpec = {
  flags: ["RW"],
  beginSearch: { type: "index", index: 2 },
  findKeys: { type: "keynum", keyCountIndex: 0, firstKey: 1, keyStep: 1 },
};

describe("legacyKeyRange", () => {
  it.each<[string, readonly KeySpec[], [number, number, number, boolean]]>([
    ["none", [], [0, 0, 0, false]],
    ["GET", [keyAt(1, ["RO"])], [1, 1, 1, false]],
    ["MSET", [keyRange(1, -1, 2, ["OW"])], [1, -1, 2, false]],
    ["LCS", [keyRange(1, 1, 1, ["RO"])], [1, 2, 1, false]],
    ["RENAME: glued", [keyAt(1, ["RW"]), keyAt(2, ["OW"])], [1, 2, 1, false]],
    ["BITOP: glued to the end", [keyAt(2, ["OW"]), keyRange(3, -1, 1, ["RO"])], [2, -1, 1, false]],
    ["a gap is left out", [keyAt(1, ["RW"]), keyAt(3, ["OW"])], [1, 1, 1, true]],
    ["a step of two is left out", [keyAt(1, ["RW"]), keyRange(2, -1, 2, ["OW"])], [1, 1, 1, true]],
    ["MIGRATE: a keyword", [keyAt(3, ["RW"]), keywordSpec], [3, 3, 1, true]],
    ["EVAL: a count", [countSpec], [0, 0, 0, true]],
    ["ZUNIONSTORE", [keyAt(1, ["OW"]), countSpec], [1, 1, 1, true]],
    ["incomplete", [keyAt(1, ["RO", "incomplete"])], [1, 1, 1, true]],
    ["incomplete and glued", [keyAt(1, ["RO"]), keyAt(2, ["RO", "incomplete"])], [1, 2, 1, true]],
  ])("%s", (_name, specs, [firstKey, lastKey, keyStep, movableKeys]) => {
    expect(legacyKeyRange(specs)).toEqual({ firstKey, lastKey, keyStep, movableKeys });
  });
});

describe("commandFlags", () => {
  it("prints in one order, hides what is hidden", () => {
    expect(commandFlags({ flags: ["fast", "protected", "write", "touches_arbitrary_keys", "denyoom"] })).toEqual([
      "write",
      "denyoom",
      "fast",
    ]);
  });

  it("adds movablekeys", () => {
    expect(commandFlags({ flags: ["allow_busy", "write"], keys: [countSpec] })).toEqual([
      "write",
      "movablekeys",
      "allow_busy",
    ]);
  });
});

describe("aclCategories", () => {
  it("are implied by flags", () => {
    expect(aclCategories({})).toEqual(["slow"]);
    expect(aclCategories({ flags: ["write", "fast"], categories: ["string"] })).toEqual(["write", "string", "fast"]);
    expect(aclCategories({ flags: ["admin"] })).toEqual(["admin", "slow", "dangerous"]);
    expect(aclCategories({ flags: ["pubsub", "blocking"] })).toEqual(["pubsub", "slow", "blocking"]);
  });

  it("do not make a script a reader", () => {
    expect(aclCategories({ flags: ["readonly"], categories: ["scripting"] })).toEqual(["slow", "scripting"]);
    expect(aclCategories({ flags: ["readonly"] })).toEqual(["read", "slow"]);
  });
});

it("arityMatches: exactly, or at least when negative", () => {
  expect([1, 2, 3].map((count) => arityMatches(2, count))).toEqual([false, true, false]);
  expect([1, 2, 3].map((count) => arityMatches(-2, count))).toEqual([false, true, true]);
});

it("orderedKeyFlags", () => {
  expect(orderedKeyFlags(["variable_flags", "update", "access", "RW"])).toEqual([
    "RW",
    "access",
    "update",
    "variable_flags",
  ]);
});

it("displayText is the name unless the row says otherwise", () => {
  expect(displayText(integer("count"))).toBe("count");
  expect(displayText(string("addr", { displayText: "ip:port" }))).toBe("ip:port");
});
