/** Dumps as plain objects, both ways; with redis-server where it is installed. */
import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { RdbError } from "./rdb-format.ts";
import type { RdbItem, WritableRdbItem } from "./rdb-items.ts";
import { writeRdb } from "./rdb-stream-writer.ts";
import { readRdb } from "./read-rdb.ts";
import { dumpOf, entry, joined, latin1 } from "./testing/dumps.ts";
import { oraclePresent, removeDirectory, startOracle, temporaryDirectory } from "./testing/oracle.ts";
import { SAMPLES } from "./testing/samples.ts";

async function itemsOf(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<RdbItem[]> {
  const items: RdbItem[] = [];
  for await (const item of readRdb(chunks)) items.push(item);
  return items;
}

async function bytesOf(items: readonly WritableRdbItem[], version: 10 | 11 = 11): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeRdb(items, { version })) chunks.push(chunk);
  return joined(...chunks);
}

function piecesOf(bytes: Uint8Array, length: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) =>
    bytes.subarray(at * length, (at + 1) * length),
  );
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

const facts = { kind: "entry", database: 0, expiresAtMs: null, idleSeconds: null, frequency: null } as const;
const everything: WritableRdbItem[] = [
  { kind: "aux", name: "redis-ver", value: "7.2.4" },
  { kind: "function", code: bytes("#!lua name=l\nreturn 1") },
  { kind: "database", database: 0, keyCount: 2, expireCount: 1 },
  { ...facts, key: bytes("string"), type: "string", value: bytes("\0\xff"), expiresAtMs: 5 },
  { ...facts, key: bytes("list"), type: "list", value: [bytes("a"), bytes("12"), bytes("x".repeat(500))] },
  { kind: "database", database: 3, keyCount: 4, expireCount: 0 },
  { ...facts, database: 3, key: bytes("set"), type: "set", value: [bytes("m"), bytes("")], idleSeconds: 100 },
  { ...facts, database: 3, key: bytes("hash"), type: "hash", value: [[bytes("f"), bytes("v")]], frequency: 7 },
  {
    ...facts,
    database: 3,
    key: bytes("zset"),
    type: "zset",
    value: [
      [bytes("a"), 1.5],
      [bytes("b"), -Infinity],
    ],
  },
  {
    ...facts,
    database: 3,
    key: bytes("stream"),
    type: "stream",
    value: {
      entries: Array.from({ length: 250 }, (_, at) => ({
        id: `18446744073709551615-${String(at)}`,
        fields:
          at % 3 === 0
            ? [[bytes("g"), bytes(String(at))]]
            : [
                [bytes("f"), bytes("v")],
                [bytes("g"), bytes("")],
              ],
      })),
      lastId: "18446744073709551615-18446744073709551615",
      firstId: "18446744073709551615-0",
      maximalDeletedId: "0-0",
      entriesAdded: 300,
      groups: [
        {
          name: bytes("group"),
          lastId: "1-2",
          entriesRead: null,
          pending: [{ id: "18446744073709551615-1", deliveredAtMs: 1_700_000_000_000, deliveries: 3 }],
          consumers: [{ name: bytes("c"), seenAtMs: 4, activeAtMs: 5, pending: ["18446744073709551615-1"] }],
        },
      ],
    },
  },
];

test("what is written comes back, in any pieces", async () => {
  const dump = await bytesOf(everything);
  for (const length of [1, 7, 1000, dump.length]) {
    const items = await itemsOf(piecesOf(dump, length));
    expect(items.map((item) => ({ ...item, encoding: undefined }))).toEqual(
      everything.map((item) => ({ ...item, encoding: undefined })),
    );
  }
});

test("text is written as UTF-8, and what is not said is not there", async () => {
  const items = await itemsOf([await bytesOf([{ kind: "entry", key: "ключ", type: "string", value: "42" }])]);
  expect(items).toEqual(
    [{ ...facts, key: Buffer.from("ключ"), type: "string", value: bytes("42"), encoding: "string" }].map((item) => ({
      ...item,
      key: new Uint8Array(item.key),
    })),
  );
});

test("an id of a stream that is none is refused", async () => {
  const value = { entries: [], lastId: "5", firstId: "0-0", maximalDeletedId: "0-0", entriesAdded: 0, groups: [] };
  await expect(bytesOf([{ kind: "entry", key: "s", type: "stream", value }])).rejects.toThrow("'5' is no id");
});

test("what stands before an error is delivered", async () => {
  const dump = dumpOf([entry("a", "x"), entry("b", "y")]);
  const seen: RdbItem[] = [];
  const read = async (): Promise<void> => {
    for await (const item of readRdb([dump.subarray(0, -10)])) seen.push(item);
  };
  await expect(read()).rejects.toThrow(RdbError);
  expect(seen.filter(({ kind }) => kind === "entry")).toHaveLength(1);
});

describe.skipIf(!oraclePresent())("with redis-server", () => {
  test("all types and encodings: read, written, loaded: the same data", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "dump.rdb");
    try {
      const saving = await startOracle(directory);
      for (const [name, commands] of Object.entries(SAMPLES)) {
        for (const command of commands) {
          await saving.command("EVAL", "redis.call(unpack(ARGV)) return 1", "0", ...command);
        }
        await saving.command("RENAME", "k", name);
      }
      await saving.command("SAVE");
      const digest = await saving.command("DEBUG", "DIGEST");
      await saving.stop();
      const items = await itemsOf(createReadStream(path, { highWaterMark: 1000 }));
      expect(items).toEqual(await itemsOf([readFileSync(path)]));
      expect(items.filter(({ kind }) => kind === "entry")).toHaveLength(Object.keys(SAMPLES).length);
      writeFileSync(path, await bytesOf(items, 10));
      const loading = await startOracle(directory);
      expect(latin1(Buffer.from(String(await loading.command("DEBUG", "DIGEST"))))).toBe(String(digest));
      await loading.stop();
    } finally {
      removeDirectory(directory);
    }
  });
});
