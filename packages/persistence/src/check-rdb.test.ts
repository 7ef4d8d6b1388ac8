/** The report of sider-check-rdb, beside that of redis-check-rdb where it is installed; and dumps as JSON. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runCheckRdb } from "./check-rdb-program.ts";
import type { WritableRdbItem } from "./rdb-items.ts";
import { writeRdb } from "./rdb-stream-writer.ts";
import { dumpOf, entry, joined } from "./testing/dumps.ts";
import { oraclePresent, removeDirectory, temporaryDirectory } from "./testing/oracle.ts";

const directory = temporaryDirectory();
const path = join(directory, "dump.rdb");
afterAll(() => {
  removeDirectory(directory);
});

interface Outcome {
  readonly exitCode: number;
  readonly output: string;
  readonly error: string;
}

async function run(args: readonly string[], progressColumns = 0): Promise<Outcome> {
  let output = "";
  let error = "";
  const exitCode = await runCheckRdb(args, {
    version: "1.2.3",
    progressColumns,
    writeOutput: (text) => (output += text),
    writeError: (text) => (error += text),
  });
  return { exitCode, output, error };
}

const NO_SUM = new Array<number>(8).fill(0);
const duplicate = [14, 0, 0, 0, 4, 0, 0x81, 97, 2, 1, 1, 0x81, 97, 2, 1, 1, 0xff];
duplicate[0] = duplicate.length;

/** Dumps that are sound, and dumps that are not. */
const dumps: Readonly<Record<string, Uint8Array>> = {
  "two databases": dumpOf([
    entry("a", "x", { expireAtMs: 1 }),
    entry("b", "12", { expireAtMs: 4e12, idleSeconds: 5 }),
    entry("c", "y", { database: 4, frequency: 9 }),
  ]),
  "without a checksum": dumpOf([entry("a", "x")], { version: 10, checksum: false }),
  "of no keys": dumpOf([], { version: 10 }),
  "wrong checksum": joined(dumpOf([entry("a", "x")]).subarray(0, -1), [7]),
  "no dump": joined("HELLO, I am text"),
  "version of the future": joined("REDIS0099"),
  nothing: joined(""),
  "a cut key": joined("REDIS0010\0\x10ab"),
  "a cut fact": joined("REDIS0010\xfa\x10ab"),
  "a cut database": joined("REDIS0010\xfe"),
  "a cut expiry": joined("REDIS0010\xfc\x01\x02"),
  "a cut checksum": joined("REDIS0010\xff\x01"),
  "an unknown type": joined("REDIS0010\x40\x01k\x0b"),
  "a listpack that is none": joined("REDIS0010\x10\x01k\x0a", new Array<number>(10).fill(0), "\xff", NO_SUM),
  "a hash with a field twice": joined("REDIS0010\x10\x01k", [duplicate.length], duplicate, "\xff", NO_SUM),
};

/** redis-check-rdb says how far it had read in pieces of its own; Sider where the file ends, or where the fault stands. */
const OWN_OFFSET = /^\[offset \d+\] (Unexpected|Invalid|Wrong|Can't|RDB CRC|Internal|Hash |Duplicate )/;
const OWN_WORDS = /^(Internal error in RDB reading|Hash listpack integrity|Duplicate hash fields) .*/;

const versionOf = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(5, 9)).toString();

describe.skipIf(!oraclePresent())("the report is that of redis-check-rdb", () => {
  test.each(Object.entries(dumps))("%s", async (name, dump) => {
    const bytes = dump.slice();
    // redis-check-rdb of 7.0 does not know version 11; with another version the sum is another one
    if (versionOf(bytes) === "0011") bytes.set([0x31, 0x30], 7);
    if (versionOf(dump) === "0011" && !name.startsWith("wrong")) bytes.set(NO_SUM, bytes.length - 8);
    writeFileSync(path, bytes);
    const oracle = spawnSync("redis-check-rdb", [path], { encoding: "utf8" });
    const ours = await run([path]);
    expect(ours.exitCode).toBe(oracle.status);
    const comparable = (report: string): string[] =>
      report
        .split("\n")
        // a value's own faults are worded otherwise; what type it is reading it says even when it has read none
        .filter((line) => !line.includes("Reading type 0") && !line.includes("#"))
        .map((line) => line.replace(OWN_OFFSET, "$1").replace(OWN_WORDS, "a fault"));
    expect(comparable(ours.output)).toEqual(comparable(oracle.stdout));
    expect(ours.error).toBe("");
  });
});

const items: WritableRdbItem[] = [
  { kind: "aux", name: "redis-ver", value: "7.2.4" },
  { kind: "function", code: new TextEncoder().encode("#!lua name=l") },
  { kind: "database", database: 0, keyCount: 4, expireCount: 1 },
  { kind: "entry", key: "s", type: "string", value: "ünïcode", expiresAtMs: 99 },
  { kind: "entry", key: new Uint8Array([0xff]), type: "list", value: ["a", new Uint8Array([0xfe])] },
  {
    kind: "entry",
    key: "z",
    type: "zset",
    value: [
      ["m", 0.5],
      ["n", -Infinity],
    ],
    frequency: 3,
  },
  { kind: "entry", key: "h", database: 2, type: "hash", value: [["f", "v"]], idleSeconds: 8 },
];

const lines = [
  '{"kind":"aux","name":"redis-ver","value":"7.2.4"}',
  '{"kind":"function","code":"#!lua name=l"}',
  '{"kind":"database","database":0,"keyCount":4,"expireCount":1}',
  '{"kind":"entry","database":0,"key":"s","type":"string","encoding":"string","value":"ünïcode","expiresAtMs":99}',
  '{"kind":"entry","database":0,"key":{"base64":"/w=="},"type":"list","encoding":"list","value":["a",{"base64":"/g=="}]}',
  '{"kind":"entry","database":0,"key":"z","type":"zset","encoding":"sorted set","value":[["m",0.5],["n","-inf"]],"frequency":3}',
  '{"kind":"entry","database":2,"key":"h","type":"hash","encoding":"hash","value":[["f","v"]],"idleSeconds":8}',
];

async function writeItems(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeRdb(items)) chunks.push(chunk);
  const dump = joined(...chunks);
  writeFileSync(path, dump);
  return dump;
}

test("a dump as JSON, in lines or as one document", async () => {
  await writeItems();
  expect(await run(["--to-json", path])).toEqual({ exitCode: 0, error: "", output: lines.join("\n") + "\n" });
  const document = await run(["--to-json", "--document", path]);
  expect(JSON.parse(document.output)).toEqual(lines.map((line) => JSON.parse(line) as unknown));
});

test("a broken dump as JSON: what stands before the fault, an error, exit code 1", async () => {
  const dump = await writeItems();
  writeFileSync(path, dump.subarray(0, -12));
  const outcome = await run(["--to-json", "--document", path]);
  expect(outcome).toMatchObject({ exitCode: 1, error: expect.stringContaining("RDB truncated at byte") as string });
  expect(JSON.parse(outcome.output)).toEqual(lines.slice(0, -1).map((line) => JSON.parse(line) as unknown));
});

test("help, version, what is wrong with a command line, and a file that is not there", async () => {
  expect(await run(["--help"])).toMatchObject({ exitCode: 0, output: expect.stringContaining("Usage:") as string });
  expect(await run(["-v"])).toMatchObject({ exitCode: 0, output: "sider-check-rdb 1.2.3\n" });
  for (const args of [[], ["a", "b"], ["--what", "a"]]) {
    expect(await run(args)).toMatchObject({ exitCode: 1, error: expect.stringContaining("Usage:") as string });
  }
  const missing = await run([join(directory, "nothing.rdb")]);
  expect(missing).toMatchObject({ exitCode: 1, error: expect.stringContaining("no such file") as string });
});
