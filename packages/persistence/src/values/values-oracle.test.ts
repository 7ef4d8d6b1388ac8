/** Every type and encoding from redis-server 7.0 and back, as payloads and as files. */
import { join } from "node:path";
import { heapStatistics } from "@sider/datastructures";
import type { Keyspace } from "@sider/keyspace-engine";
import { describe, expect, test } from "vitest";
import { dumpValue, parseDumpPayload, readDumpValue } from "../dump-payload.ts";
import { KeyspaceLoader } from "../keyspace-loader.ts";
import { writeKeyspace } from "../keyspace-writer.ts";
import { loadRdbFile, saveRdbFile } from "../rdb-file.ts";
import { type Oracle, oraclePresent, removeDirectory, startOracle, temporaryDirectory } from "../testing/oracle.ts";
import { SAMPLES } from "../testing/samples.ts";
import { testKeyspace } from "../testing/keyspaces.ts";
import { ValueReader } from "./value-reader.ts";

async function withOracle(action: (oracle: Oracle, directory: string) => Promise<void>): Promise<void> {
  const directory = temporaryDirectory();
  const oracle = await startOracle(directory);
  try {
    await action(oracle, directory);
  } finally {
    await oracle.stop();
    removeDirectory(directory);
  }
}

async function make(oracle: Oracle, name: string): Promise<void> {
  // replies that are arrays are not for this client
  for (const command of SAMPLES[name] ?? []) {
    await oracle.command("EVAL", "redis.call(unpack(ARGV)) return 1", "0", ...command);
  }
}

/** The payload read and written again. */
function again(keyspace: Keyspace, payload: Uint8Array, version: 10 | 11): Uint8Array {
  const reader = new ValueReader(keyspace);
  const value = parseDumpPayload(payload, 0, payload.length);
  if (value.error !== null) throw new Error(value.error);
  expect(readDumpValue(reader, value.type, value.bytes, value.offset, value.length)).toBe(true);
  const written = dumpValue(keyspace.heap, reader.held, { version });
  reader.abandon();
  return written;
}

async function digest(oracle: Oracle): Promise<string> {
  return Buffer.from((await oracle.command("DEBUG", "DIGEST")) as Uint8Array).toString();
}

describe.runIf(oraclePresent())("redis-server", () => {
  test("gives values that come back to it unchanged", { timeout: 60_000 }, async () => {
    await withOracle(async (oracle) => {
      const keyspace = testKeyspace();
      const before = heapStatistics(keyspace.heap).allocatedBytes;
      for (const name of Object.keys(SAMPLES)) {
        await oracle.command("FLUSHALL");
        await make(oracle, name);
        const original = await digest(oracle);
        const payload = (await oracle.command("DUMP", "k")) as Uint8Array;
        await oracle.command("RESTORE", "k", "0", again(keyspace, payload, 10), "REPLACE");
        expect(await digest(oracle), name).toBe(original);
        again(keyspace, again(keyspace, payload, 11), 11);
      }
      expect(heapStatistics(keyspace.heap).allocatedBytes).toBe(before);
    });
  });

  test("writes files that are read in pieces, and reads files that are written", { timeout: 60_000 }, async () => {
    await withOracle(async (oracle, directory) => {
      for (const name of Object.keys(SAMPLES)) {
        await make(oracle, name);
        await oracle.command("RENAME", "k", name);
      }
      const original = await digest(oracle);
      await oracle.command("SAVE");
      const path = join(directory, "dump.rdb");
      const keyspace = testKeyspace();
      const notes = { fact: () => undefined, leftOut: (what: string) => expect(what).toBe("nothing") };
      const loader = new KeyspaceLoader(keyspace, notes, 1e6);
      loadRdbFile(path, loader, { chunkBytes: 777 });
      expect(loader.loadedKeys).toBe(Object.keys(SAMPLES).length);
      saveRdbFile(
        path,
        (writer) => {
          writeKeyspace(keyspace, writer, "7.0.15");
        },
        { version: 10 },
      );
      await oracle.command("DEBUG", "RELOAD", "NOSAVE");
      expect(await digest(oracle)).toBe(original);
    });
  });
});
