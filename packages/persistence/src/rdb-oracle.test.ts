/** RDB files and DUMP payloads exchanged with redis-server 7.0, both ways. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dumpPayload, parseDumpPayload } from "./dump-payload.ts";
import { loadRdbFile, saveRdbFile } from "./rdb-file.ts";
import type { RdbWriter } from "./rdb-writer.ts";
import { bytesOf, CollectingHandler, entry, latin1, type TestEntry, writeEntries } from "./testing/dumps.ts";
import { type Oracle, oraclePresent, removeDirectory, startOracle, temporaryDirectory } from "./testing/oracle.ts";

const FUTURE_MS = 4_102_444_800_123;

const noise = (length: number): string =>
  latin1(Uint8Array.from({ length }, (_, at) => Math.imul(at + 1, 0x9e3779b1) >>> (at % 24)));

const values = [
  "",
  "a",
  "\0\xff\r\n",
  ...[7, 8, 15, 16, 31, 32, 63].flatMap((bits) => {
    const bound = 2n ** BigInt(bits);
    return [bound, bound - 1n, bound + 1n, -bound, -bound - 1n, 1n - bound].map(String);
  }),
  ...["0", "-1", "9", "10", "-0", "007", "+5", " 1", "1.5"],
  ...[19, 20, 21, 22, 40, 63, 64, 65, 300, 16383, 16384, 70_000].flatMap((length) => [
    "a".repeat(length),
    noise(length),
    "key:value;".repeat(length).slice(0, length),
  ]),
  noise(8200) + noise(8200),
];

/** All values in database 0, some with expiries; keys of many kinds in others. */
const entries: TestEntry[] = [
  ...values.map((value, at) => entry(`key:${String(at)}`, value, at % 3 === 0 ? { expireAtMs: FUTURE_MS + at } : {})),
  ...values.map((key, at) => entry(key, String(at), { database: 1 })).filter(isFirstOfItsKey),
  entry("k", "last", { database: 15, expireAtMs: FUTURE_MS * 2 }),
];

function isFirstOfItsKey(one: TestEntry, at: number, all: readonly TestEntry[]): boolean {
  return all.findIndex((other) => other.key === one.key) === at;
}

async function withOracle(directory: string, action: (oracle: Oracle) => Promise<void>): Promise<void> {
  const oracle = await startOracle(directory);
  try {
    await action(oracle);
  } finally {
    await oracle.stop();
  }
}

async function inDirectory(action: (directory: string) => Promise<void>): Promise<void> {
  const directory = temporaryDirectory();
  try {
    await action(directory);
  } finally {
    removeDirectory(directory);
  }
}

async function readBack(oracle: Oracle, one: TestEntry): Promise<TestEntry> {
  await oracle.command("SELECT", String(one.database));
  const value = await oracle.command("GET", bytesOf(one.key));
  const expireAtMs = await oracle.command("PEXPIRETIME", bytesOf(one.key));
  return entry(one.key, value instanceof Uint8Array ? latin1(value) : "(nothing)", {
    database: one.database,
    expireAtMs: Number(expireAtMs),
  });
}

const byPlace = (a: TestEntry, b: TestEntry): number => a.database - b.database || (a.key < b.key ? -1 : 1);

describe.skipIf(!oraclePresent())("with redis-server", () => {
  test.each([
    { compression: true, checksum: true },
    { compression: false, checksum: false },
  ])("loads what we save: %o", async (options) => {
    await inDirectory(async (directory) => {
      const path = join(directory, "dump.rdb");
      const write = (): void => {
        saveRdbFile(
          path,
          (writer) => {
            writer.header({ "redis-ver": "7.2.4", "redis-bits": 64, ctime: 1_700_000_000, "used-mem": 1_000_000 });
            writeEntries(writer, entries);
          },
          { version: 10, ...options },
        );
      };
      write();
      const check = spawnSync("redis-check-rdb", [path], { encoding: "utf8" });
      expect(check.stdout).toContain(options.checksum ? "Checksum OK" : "RDB file was saved with checksum disabled");
      expect(check.stdout).toContain("RDB looks OK");
      expect(check.stdout).toContain(`${String(entries.length)} keys read`);
      await withOracle(directory, async (oracle) => {
        for (const one of entries) expect(await readBack(oracle, one)).toEqual(one);
        await oracle.command("SELECT", "0");
        expect(await oracle.command("DBSIZE")).toBe(values.length);
      });
    });
  });

  test.each(["yes", "no"])("we load what it saves, rdbcompression %s", async (compression) => {
    await inDirectory(async (directory) => {
      await withOracle(directory, async (oracle) => {
        await oracle.command("CONFIG", "SET", "rdbcompression", compression);
        for (const one of entries) {
          const expiry = one.expireAtMs === -1 ? [] : ["PXAT", String(one.expireAtMs)];
          await oracle.command("SELECT", String(one.database));
          await oracle.command("SET", bytesOf(one.key), bytesOf(one.value), ...expiry);
        }
        await oracle.command(
          "FUNCTION",
          "LOAD",
          "#!lua name=mylib\nredis.register_function('f', function() return 1 end)",
        );
        await oracle.command("SAVE");
      });
      const handler = new CollectingHandler();
      const report = loadRdbFile(join(directory, "dump.rdb"), handler);
      expect(report).toMatchObject({ version: 10, entryCount: entries.length, checksumState: "verified" });
      expect(report?.byteLength).toBe(readFileSync(join(directory, "dump.rdb")).length);
      expect(handler.entries.sort(byPlace)).toEqual([...entries].sort(byPlace));
      expect(handler.aux["redis-ver"]).toMatch(/^7\./);
      expect(handler.skipped.length).toBe(1);
    });
  });

  test("idle times and frequencies pass both ways", async () => {
    await inDirectory(async (directory) => {
      const path = join(directory, "dump.rdb");
      const before = [entry("idle", "v", { idleSeconds: 5000 }), entry("cold", "v", { idleSeconds: 0 })];
      const write = (writer: RdbWriter): void => {
        writer.header();
        writeEntries(writer, before);
      };
      saveRdbFile(path, write, { version: 10 });
      await withOracle(directory, async (oracle) => {
        expect(Number(await oracle.command("OBJECT", "IDLETIME", "idle"))).toBeGreaterThanOrEqual(5000);
        await oracle.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
        await oracle.command("SAVE");
      });
      const handler = new CollectingHandler();
      loadRdbFile(path, handler);
      expect(handler.entries.every((one) => one.frequency >= 0)).toBe(true);
    });
  });

  test("DUMP and RESTORE pass both ways", async () => {
    await inDirectory(async (directory) => {
      await withOracle(directory, async (oracle) => {
        for (const value of values) {
          const bytes = bytesOf(value);
          await oracle.command("RESTORE", "k", "0", dumpPayload(bytes, 0, bytes.length, { version: 10 }), "REPLACE");
          expect(await oracle.command("GET", "k").then((reply) => latin1(reply as Uint8Array))).toBe(value);
          const dumped = (await oracle.command("DUMP", "k")) as Uint8Array;
          const parsed = parseDumpPayload(dumped, 0, dumped.length);
          if (parsed.error !== null) throw new Error(parsed.error);
          expect(latin1(parsed.bytes, parsed.offset, parsed.length)).toBe(value);
        }
      });
    });
  });

  test("DUMP payloads are the same bytes without compression", async () => {
    await inDirectory(async (directory) => {
      await withOracle(directory, async (oracle) => {
        await oracle.command("CONFIG", "SET", "rdbcompression", "no");
        for (const value of values) {
          const bytes = bytesOf(value);
          await oracle.command("SET", "k", bytes);
          const ours = dumpPayload(bytes, 0, bytes.length, { version: 10, compression: false });
          expect(latin1((await oracle.command("DUMP", "k")) as Uint8Array)).toBe(latin1(ours));
        }
      });
    });
  });
});
