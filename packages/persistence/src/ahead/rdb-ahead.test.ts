import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createHeap } from "@sider/datastructures";
import { Keyspace } from "@sider/keyspace-engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KeyspaceLoader } from "../keyspace-loader.ts";
import { openRdbFile, type RdbFileLoad, saveRdbFile } from "../rdb-file.ts";
import { keyspaceContents } from "../testing/contents.ts";
import { entry, joined, writeEntries } from "../testing/dumps.ts";
import { removeDirectory, temporaryDirectory } from "../testing/oracle.ts";
import { isWorthAThread } from "./rdb-ahead.ts";

/** Enough for a thread; every tenth value is larger than a piece. */
const entries = Array.from({ length: 30 }, (_, index) =>
  entry(`key:${String(index)}`, String(index).padEnd(index % 10 === 0 ? 3_000_000 : 50, index % 3 === 0 ? "ab" : "c"), {
    database: index >> 4,
  }),
);
let directory = "";
let file = new Uint8Array();

beforeAll(() => {
  directory = temporaryDirectory();
  const path = join(directory, "dump.rdb");
  saveRdbFile(
    path,
    (writer) => {
      writer.header();
      writeEntries(writer, entries);
    },
    { compression: false },
  );
  file = new Uint8Array(readFileSync(path));
});

afterAll(() => {
  removeDirectory(directory);
});

interface Loaded {
  contents: Map<string, string>;
  problem: string;
  mostConsumed: number;
}

/** Loads a file as the server does when it starts. */
async function load(bytes: Uint8Array, ahead: boolean): Promise<Loaded> {
  const path = join(directory, "other.rdb");
  writeFileSync(path, bytes);
  const keyspace = new Keyspace({ heap: createHeap({ capacityBytes: 2 ** 27 }), databaseCount: 16 });
  const loader = new KeyspaceLoader(keyspace, { fact: () => undefined, leftOut: () => undefined }, bytes.length);
  const rdb = openRdbFile(path, loader, { ahead });
  let problem = "";
  let mostConsumed = 0;
  try {
    while (rdb?.steps(2) === true) {
      expect(rdb.consumedBytes).toBeGreaterThanOrEqual(mostConsumed);
      mostConsumed = rdb.consumedBytes;
      await new Promise(setImmediate);
    }
    mostConsumed = rdb?.consumedBytes ?? 0;
    expect(rdb?.report()).toMatchObject({ version: 11, checksumState: "verified", byteLength: bytes.length });
  } catch (error) {
    problem = String(error);
  } finally {
    rdb?.close();
  }
  return { contents: keyspaceContents(keyspace, 0), problem, mostConsumed };
}

test.runIf(availableParallelism() > 1)("the file is one for two threads", () => {
  expect(isWorthAThread(file.length)).toBe(true);
  expect(isWorthAThread(1000)).toBe(false);
});

test("two threads load what one loads", async () => {
  const found = await load(file, true);
  expect(found.problem).toBe("");
  expect(found.contents.size).toBe(entries.length);
  expect(found.contents).toEqual((await load(file, false)).contents);
  expect(found.mostConsumed).toBe(file.length);
});

test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
  ["cut off", (bytes) => bytes.subarray(0, bytes.length - 100_000)],
  ["changed in a value", (bytes) => bytes.map((byte, at) => (at === 4_000_000 ? byte ^ 1 : byte))],
  ["with an opcode that does not exist", (bytes) => joined(bytes.subarray(0, bytes.length - 9), [200], bytes)],
  ["with a key twice", (bytes) => joined(bytes.subarray(0, bytes.length - 9), bytes.subarray(9))],
  ["of another format", (bytes) => joined("RADIS0011", bytes.subarray(9))],
])("a file %s is refused in the same words", async (_, damage) => {
  const damagedFile = damage(file);
  const found = await load(damagedFile, true);
  const expected = await load(damagedFile, false);
  expect(found.problem).not.toBe("");
  expect(found.problem).toBe(expected.problem);
  expect(found.contents).toEqual(expected.contents);
});

test("a load that is given up ends its thread, and may be followed by another one", async () => {
  const path = join(directory, "dump.rdb");
  const loads: (RdbFileLoad | null)[] = [];
  for (const steps of [0, 1, 5]) {
    const keyspace = new Keyspace({ heap: createHeap({ capacityBytes: 2 ** 27 }), databaseCount: 16 });
    const loader = new KeyspaceLoader(keyspace, { fact: () => undefined, leftOut: () => undefined }, file.length);
    const rdb = openRdbFile(path, loader, { ahead: true });
    loads.push(rdb);
    for (let left = steps; left > 0; left--) {
      rdb?.step();
      await new Promise(setImmediate);
    }
    rdb?.close();
  }
  expect(loads).not.toContain(null);
  expect((await load(file, true)).problem).toBe("");
});
