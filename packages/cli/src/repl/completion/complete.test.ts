import { expect, test } from "vitest";
import type { Completion } from "../editor/menu.ts";
import { KnownCommands } from "../grammar/known-commands.ts";
import { complete } from "./complete.ts";
import type { NameQuery } from "./server-names.ts";

const known = new KnownCommands();

function texts(line: string): string[] {
  return (complete(line, line.length, known, null) as Completion).candidates.map(({ text }) => text);
}

test.each<[string, string[]]>([
  ["getra", ["getrange"]],
  ["GETRA", ["GETRANGE"]],
  ["con", ["config", "connect"]],
  ["cle", ["clear"]],
  ["3 strl", ["strlen"]],
  ["config re", ["resetstat", "rewrite"]],
  ["CONFIG ge", ["get"]],
  ["help strl", ["strlen"]],
  ["help config g", ["config get"]],
  ["? @s", ["@string", "@set", "@sorted-set", "@stream", "@server"]],
  ["set k v kee", ["keepttl"]],
  ["set k v nx e", ["ex", "exat"]],
  ["set k v nx ", ["get", "ex", "px", "exat", "pxat", "keepttl"]],
  ["SET k v NX GET K", ["KEEPTTL"]],
  ["set k v ex ", []],
  ["acl cat ha", ["hash"]],
  ["info per", ["persistence"]],
  ["command docs strl", ["strlen"]],
  [":s", [":set"]],
  [":set noh", ["nohints"]],
  ["nosuch x", []],
  ["lmove a b LEFT r", ["right"]],
])("completion of %j", (line, candidates) => {
  expect(texts(line)).toEqual(candidates);
});

test("only what stands before the cursor is completed", () => {
  expect(complete("getra k 0 1", 5, known, null)).toMatchObject({
    start: 0,
    end: 5,
    candidates: [{ text: "getrange" }],
  });
});

/** The queries that a line leads to, and what becomes of the answer. */
async function ask(line: string, names: string[] = []): Promise<[NameQuery | null, string, string[]]> {
  let asked: NameQuery | null = null;
  let prefix = "";
  const completion = await complete(line, line.length, known, (query, typed) => {
    [asked, prefix] = [query, typed];
    return Promise.resolve(names);
  });
  return [asked, prefix, completion.candidates.map(({ text }) => text)];
}

test.each<[string, NameQuery | null, string]>([
  ["get us", { kind: "keys", type: "string" }, "us"],
  ["set us", { kind: "keys", type: null }, "us"],
  ["del a b", { kind: "keys", type: null }, "b"],
  ["lpush q", { kind: "keys", type: "list" }, "q"],
  ["zunionstore d 2 a b", { kind: "keys", type: null }, "b"],
  ['hget "my key" f', { kind: "fields", key: "my key" }, "f"],
  ["hget k ", { kind: "fields", key: "k" }, ""],
  ["srem s m", { kind: "members", key: "s" }, "m"],
  ["zscore z a", { kind: "scored", key: "z" }, "a"],
  ["geodist g a ", { kind: "scored", key: "g" }, ""],
  ["xack s gr", { kind: "groups", key: "s" }, "gr"],
  ["xreadgroup group g c", null, ""],
  ["config get maxm", { kind: "parameters" }, "maxm"],
  ["acl getuser ", { kind: "users" }, ""],
  ["subscribe n", { kind: "channels" }, "n"],
  ["get k", { kind: "keys", type: "string" }, "k"],
  ["get k ", null, ""],
  ["set k v", null, ""],
  ["xread streams ", { kind: "keys", type: "stream" }, ""],
])("what %j asks the server", async (line, query, prefix) => {
  expect((await ask(line)).slice(0, 2)).toEqual([query, prefix]);
});

test("names are quoted where they must be", async () => {
  const names = ["plain", "two words", 'a"b', "\xff\0", "\xd0\xba\xd0\xbb"];
  expect((await ask("del ", names))[2]).toEqual(["plain", '"two words"', '"a\\"b"', '"\\xff\\x00"', "кл"]);
  expect((await ask('del "pl', ["plain"]))[2]).toEqual(['"plain"']);
});

test("many keys are shown as far as their next colon", async () => {
  const names = [...Array.from({ length: 50 }, (_, id) => `user:${id}:name`), "alone"];
  expect((await ask("del ", names))[2]).toEqual(["user:", "alone"]);
  expect((await ask("del user:", names.slice(0, 50)))[2]).toHaveLength(50);
});
