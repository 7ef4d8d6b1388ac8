import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { nodeFileSystem } from "../file-system.ts";
import { request } from "../testing/aof.ts";
import { dumpOf, entry, joined } from "../testing/dumps.ts";
import { temporaryDirectory } from "../testing/oracle.ts";
import { checkAof } from "./check-aof.ts";

const SET = request("SET", "foo", "hello");
const MANIFEST = "file a.aof.1.base.aof seq 1 type b\nfile a.aof.1.incr.aof seq 1 type i\n";

let directory = "";
beforeAll(() => {
  directory = temporaryDirectory();
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Runs the check in a directory with these files. */
function check(
  files: Readonly<Record<string, string | Uint8Array>>,
  words: readonly string[],
  answer = "y\n",
): { code: number; text: string } {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  let text = "";
  const print = (piece: string): void => {
    text += piece;
  };
  const code = checkAof(words, { fileSystem: nodeFileSystem, print, ask: () => answer });
  return { code, text };
}

const path = (name: string): string => join(directory, name);

beforeEach(() => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
});

test("a sound file, an empty one, and none", () => {
  expect(check({ a: SET }, [path("a")])).toEqual({
    code: 0,
    text:
      "Start checking Old-Style AOF\n" +
      `AOF analyzed: filename=${path("a")}, size=33, ok_up_to=33, ok_up_to_line=8, diff=0\n` +
      `AOF ${path("a")} is valid\n`,
  });
  expect(check({ a: "" }, [path("a")]).text).toContain("is empty");
  expect(check({}, [path("none")])).toEqual({
    code: 1,
    text: `Cannot open file ${path("none")}: No such file or directory\n`,
  });
  expect(check({}, [])).toEqual({
    code: 1,
    text: "Usage: sider-check-aof [--fix|--truncate-to-timestamp $timestamp] <file.manifest|file.aof>\n",
  });
});

test("--fix cuts the last file back to what is whole, when it is told yes", () => {
  const torn = joined(SET, request("MULTI"), request("SET", "a", "b"));
  expect(check({ a: torn }, ["--fix", path("a")], "n\n")).toMatchObject({ code: 1 });
  expect(readFileSync(path("a")).length).toBe(torn.length);
  const fixed = check({}, ["--fix", path("a")]);
  expect(fixed.code).toBe(0);
  expect(fixed.text).toContain("Reached EOF before reading EXEC for MULTI");
  expect(fixed.text).toContain("Successfully truncated AOF");
  expect(new Uint8Array(readFileSync(path("a")))).toEqual(SET);
});

test("a file that is not the last is not cut", () => {
  const files = { "a.aof.manifest": MANIFEST, "a.aof.1.base.aof": joined(SET, "*1"), "a.aof.1.incr.aof": SET };
  expect(check(files, ["--fix", path("a.aof.manifest")]).text).toContain("because it is not the last file");
});

test("--truncate-to-timestamp cuts before the first later annotation", () => {
  const file = joined("#TS:100\r\n", SET, "#TS:200\r\n", SET);
  expect(check({ a: file }, ["--truncate-to-timestamp", "150", path("a")]).code).toBe(0);
  expect(new Uint8Array(readFileSync(path("a")))).toEqual(joined("#TS:100\r\n", SET));
  expect(check({}, ["--truncate-to-timestamp", "50", path("a")]).text).toContain("has nothing before timestamp 50");
  expect(check({}, ["--truncate-to-timestamp", "x", path("a")]).text).toBe("Invalid timestamp, aborting...\n");
});

describe.skipIf(spawnSync("redis-check-aof", ["--version"]).error !== undefined)("beside redis-check-aof", () => {
  const cases: Record<string, Record<string, string | Uint8Array>> = {
    sound: { a: SET },
    "ends in a string": { a: joined(SET, SET.subarray(0, 25)) },
    "ends in a line": { a: joined(SET, "*2\r\n") },
    "ends behind a line": { a: joined(SET, "*2\r\n$3\r\nGET\r\n") },
    "what is no command": { a: joined(SET, "!!!") },
    zeros: { a: joined(SET, "\0\0\0\0") },
    "a wrong prefix": { a: joined(SET, "*1\r\n%4\r\nPING\r\n") },
    "no line end": { a: joined(SET, "*1\r\n$4\r\nPINGxx", SET) },
    "a length that is no number": { a: joined(SET, "*1\r\n$4x\r\nPING\r\n") },
    "an open transaction": { a: joined(SET, request("multi"), SET) },
    "two transactions": { a: joined(SET, request("multi"), request("multi"), SET) },
    "EXEC alone": { a: joined(SET, request("exec"), SET) },
    annotations: { a: joined("#TS:1628217473\r\n", SET, "#TS:1628217474\r\n", SET) },
    "two files": { "a.manifest": MANIFEST, "a.aof.1.base.aof": SET, "a.aof.1.incr.aof": SET },
    "an empty file": { "a.manifest": MANIFEST, "a.aof.1.base.aof": SET, "a.aof.1.incr.aof": "" },
    "the second is torn": { "a.manifest": MANIFEST, "a.aof.1.base.aof": SET, "a.aof.1.incr.aof": SET.subarray(0, 9) },
    "a missing file": { "a.manifest": MANIFEST, "a.aof.1.base.aof": SET },
  };

  test.each(Object.entries(cases))("%s: the same report", (_name, files) => {
    const main = path(Object.keys(files)[0]);
    const ours = check(files, [main]);
    const theirs = spawnSync("redis-check-aof", [main], { encoding: "latin1" });
    expect(ours.text).toBe(theirs.stdout);
    expect(ours.code).toBe(theirs.status);
  });

  test("a file that begins with a dump", () => {
    const file = joined(dumpOf([entry("a", "b")], { version: 10 }), SET);
    const ours = check({ a: file }, [path("a")]);
    const theirs = execFileSync("redis-check-aof", [path("a")], { encoding: "latin1" });
    const endOf = (text: string): string => text.slice(text.indexOf("RDB preamble is OK"));
    expect(endOf(ours.text)).toBe(endOf(theirs));
    expect(ours.code).toBe(0);
  });
});
