import { describe, expect, it } from "vitest";
import { findCommand } from "./commands.ts";
import type { Command } from "./commands.ts";
import { keyAt, keyRange } from "./key-specs.ts";
import { extractKeys, hasKeys } from "./keys.ts";
import type { BeginSearch, FindKeys, KeyFlag, KeySpec } from "./row.ts";

/** A command that has nothing but key specs; its name is one that no key function knows. */
function commandWith(...keys: KeySpec[]): Command {
  return { ...findCommand("get"), keys };
}

function spec(beginSearch: BeginSearch, findKeys: FindKeys, flags: KeyFlag[] = ["RO"]): KeySpec {
  return { flags, beginSearch, findKeys };
}

function positions(command: Command, call: string): number[] {
  return extractKeys(command, call.split(" ")).map(({ position }) => position);
}

const TO_END = { type: "range", lastKey: -1, keyStep: 1, limit: 0 } as const;
const index = (at: number): BeginSearch => ({ type: "index", index: at });
const keyword = (word: string, startFrom: number): BeginSearch => ({ type: "keyword", keyword: word, startFrom });

describe("a range", () => {
  it("of one", () => expect(positions(commandWith(keyAt(1, ["RO"])), "get k x")).toEqual([1]));
  it("to the end", () => expect(positions(commandWith(keyRange(1, -1, 1, ["RO"])), "x a b c")).toEqual([1, 2, 3]));
  it("to the last but one", () =>
    expect(positions(commandWith(keyRange(1, -2, 1, ["RO"])), "x a b t")).toEqual([1, 2]));
  it("in steps", () => expect(positions(commandWith(keyRange(1, -1, 2, ["RO"])), "x a 1 b 2")).toEqual([1, 3]));
  it("past the end is nothing", () => {
    expect(positions(commandWith(keyAt(2, ["RO"])), "x a")).toEqual([]);
    expect(positions(commandWith(keyRange(2, -1, 1, ["RO"])), "x a")).toEqual([]);
  });

  it("that fails takes the other specs with it", () => {
    expect(positions(commandWith(keyAt(1, ["RO"]), keyAt(3, ["RO"])), "x a b")).toEqual([]);
  });

  it("of half of the rest, as in XREAD", () => {
    const xread = commandWith(spec(keyword("STREAMS", 1), { type: "range", lastKey: -1, keyStep: 1, limit: 2 }));
    expect(positions(xread, "xread count 1 streams a b 0 0")).toEqual([4, 5]);
  });
});

describe("a keyword", () => {
  const migrate = commandWith(spec(keyword("KEYS", -2), TO_END));
  it("is searched backwards from a negative start", () => {
    expect(positions(migrate, 'migrate h p "" 0 9 keys a b')).toEqual([7, 8]);
    expect(positions(migrate, 'migrate h p "" 0 9 keys keys b')).toEqual([8]);
  });

  it("that is missing means no keys of this spec", () => {
    expect(positions(migrate, "migrate h p k 0 9")).toEqual([]);
    expect(positions(commandWith(keyAt(3, ["RO"]), spec(keyword("KEYS", -2), TO_END)), "migrate h p k 0 9")).toEqual([
      3,
    ]);
  });

  it("is not looked for at the very end", () => {
    const store = commandWith(keyAt(1, ["RO"]), spec(keyword("STORE", 2), { ...TO_END, lastKey: 0 }));
    expect(positions(store, "georadius k store d")).toEqual([1, 3]);
    expect(positions(store, "georadius k store")).toEqual([1]);
  });
});

describe("a count", () => {
  const evaluate = commandWith(spec(index(2), { type: "keynum", keyCountIndex: 0, firstKey: 1, keyStep: 1 }));
  it("says how many keys follow", () => {
    expect(positions(evaluate, "eval s 2 a b c")).toEqual([3, 4]);
  });

  it.each(["0", "-1", "3", "x", "", "+1", "01", "1.5", "99999999999999999999"])("of %j is nothing", (count) => {
    expect(extractKeys(evaluate, ["eval", "s", count, "a", "b"])).toEqual([]);
  });

  it("that is missing is nothing", () => expect(positions(evaluate, "eval s")).toEqual([]));
});

describe("specs that do not tell", () => {
  it("are nothing without a key function", () => {
    expect(positions(commandWith(keyAt(1, ["RO"]), spec({ type: "unknown" }, { type: "unknown" })), "x a")).toEqual([]);
    expect(positions(commandWith(keyAt(1, ["RO", "incomplete"])), "x a")).toEqual([]);
  });

  it("leave out what looks like a key and is none", () => {
    const command = commandWith(keyAt(1, ["RO", "not_key"]));
    expect(positions(command, "spublish channel m")).toEqual([]);
    expect(hasKeys(command)).toBe(false);
  });
});

describe("variable flags", () => {
  const flagsOf = (name: "set" | "bitfield", call: string): string =>
    extractKeys(findCommand(name), call.split(" "))
      .map(({ position, flags }) => `${position}: ${flags.join(" ")}`)
      .join();

  it("SET reads with GET", () => {
    expect(flagsOf("set", "set k v")).toBe("1: OW update");
    expect(flagsOf("set", "set get get")).toBe("1: OW update");
    expect(flagsOf("set", "set k v ex 1 Get")).toBe("1: RW access update");
  });

  it("BITFIELD only reads with GET alone", () => {
    expect(flagsOf("bitfield", "bitfield k get u8 0 overflow sat get i3 #1")).toBe("1: RO access");
    expect(flagsOf("bitfield", "bitfield k")).toBe("1: RO access");
    expect(flagsOf("bitfield", "bitfield k get u8 0 set u8 0 1")).toBe("1: RW access update");
    expect(flagsOf("bitfield", "bitfield k get u8")).toBe("1: RW access update");
    expect(flagsOf("bitfield", "bitfield k what")).toBe("1: RW access update");
  });
});

it("hasKeys", () => {
  expect(
    (["get", "set", "object|encoding", "memory|usage"] as const).map((name) => hasKeys(findCommand(name))),
  ).toEqual([true, true, true, true]);
  expect((["ping", "object", "scan", "config|get"] as const).map((name) => hasKeys(findCommand(name)))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
