/**
 * Damaged dump files of every type and encoding, as redis-server 7.0 has written them and as this package has: the server's loader and
 * `readRdb` end with an error or with data, soon, and leave no memory behind.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createHeap, heapStatistics } from "@sider/datastructures";
import { emptyDatabase, Keyspace, OutOfMemoryError } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { KeyspaceLoader, LoadError } from "./keyspace-loader.ts";
import { writeKeyspace } from "./keyspace-writer.ts";
import { RdbError } from "./rdb-format.ts";
import { rdbItemToJson } from "./rdb-json.ts";
import { RdbReader } from "./rdb-reader.ts";
import type { RdbWriterOptions } from "./rdb-writer.ts";
import { readRdb } from "./read-rdb.ts";
import { damaged } from "./testing/damage.ts";
import { joined, sourceOf, written } from "./testing/dumps.ts";
import { type Oracle, oraclePresent, removeDirectory, startOracle, temporaryDirectory } from "./testing/oracle.ts";
import { randomFromSeed } from "./testing/random.ts";
import { SAMPLES } from "./testing/samples.ts";
import { VALUES } from "./testing/values.ts";

const MIB = 2 ** 20;
/** A round takes milliseconds; what hangs, or follows a length that lies, takes far longer. */
const ROUND_MAXIMUM_MS = 5000;
const GROWTH_MAXIMUM_BYTES = 256 * MIB;
/** Of every so many files both readers are tried. */
const READ_EVERY = 4;

const random = randomFromSeed();
const rounds = Math.ceil(400 * random.scale);
const keyspace = new Keyspace({ heap: createHeap({ capacityBytes: 64 * MIB, checks: true }), databaseCount: 16 });
const emptyBytes = heapStatistics(keyspace.heap).allocatedBytes;

/** As the server loads it. @throws RdbError, LoadError, OutOfMemoryError */
function load(file: Uint8Array, checksum: boolean): void {
  const loader = new KeyspaceLoader(keyspace, { fact: () => undefined, leftOut: () => undefined }, file.length);
  const reader = new RdbReader(loader, { checksum, chunkBytes: 64 + random.below(65536) });
  try {
    reader.readFrom(sourceOf(file));
  } finally {
    reader.abandon();
  }
}

function empty(): void {
  for (const database of keyspace.databases) emptyDatabase(keyspace, database);
}

/** What we write of what a file holds. */
function rewritten(file: Uint8Array, options: RdbWriterOptions): Uint8Array {
  load(file, true);
  const ours = written((writer) => {
    writeKeyspace(keyspace, writer, "7.2.4");
    writer.finish();
  }, options);
  empty();
  return ours;
}

/** One file of each sample, and one of all. */
async function filesOfRedis(): Promise<Uint8Array[]> {
  const directory = temporaryDirectory();
  const oracle = await startOracle(directory);
  const saved = async (): Promise<Uint8Array> => {
    await oracle.command("SAVE");
    return new Uint8Array(readFileSync(join(directory, "dump.rdb")));
  };
  try {
    const files: Uint8Array[] = [];
    for (const commands of Object.values(SAMPLES)) {
      await oracle.command("FLUSHALL");
      await make(oracle, commands);
      files.push(await saved());
    }
    await oracle.command("FLUSHALL");
    for (const [name, commands] of Object.entries(SAMPLES)) {
      await make(oracle, commands);
      await oracle.command("RENAME", "k", name);
    }
    files.push(await saved());
    return files;
  } finally {
    await oracle.stop();
    removeDirectory(directory);
  }
}

async function make(oracle: Oracle, commands: readonly (readonly string[])[]): Promise<void> {
  // replies that are arrays are not for this client
  for (const command of commands) {
    await oracle.command("EVAL", "redis.call(unpack(ARGV)) return 1", "0", ...command);
  }
}

/** Values of every type byte that there has ever been, in a file without a checksum. */
function fileOfAllTypes(): Uint8Array {
  const entries = VALUES.map(([type, value], index) => joined([type, 1, 65 + index], value));
  return joined("REDIS0011\xfe\x00", ...entries, [255], new Array<number>(8).fill(0));
}

function isExpected(error: unknown): boolean {
  return error instanceof RdbError || error instanceof LoadError || error instanceof OutOfMemoryError;
}

async function read(file: Uint8Array): Promise<void> {
  for await (const item of readRdb([file])) expect(rdbItemToJson(item).length).toBeGreaterThan(0);
}

/** True when it came to its end. Any other error than one that says what is wrong with the file is thrown. */
async function succeeds(action: () => void | Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (isExpected(error)) return false;
    throw error;
  }
}

test(`damaged files of ours and of Redis's (${random.seedText})`, { timeout: 60_000 }, async () => {
  const originals = [fileOfAllTypes(), ...(oraclePresent() ? await filesOfRedis() : [])];
  const files = originals.flatMap((file) => [
    file,
    rewritten(file, { version: 10, compression: false }),
    rewritten(file, { version: 11 }),
  ]);
  const residentBytes = process.memoryUsage.rss();
  const outcomes = { sound: 0, broken: 0 };
  let slowestMs = 0;
  for (let round = 0; round < rounds; round++) {
    const file = damaged(random.below, files[random.below(files.length)] ?? new Uint8Array());
    const startedMs = performance.now();
    outcomes[(await succeeds(() => load(file, round % 2 === 0))) ? "sound" : "broken"]++;
    empty();
    if (round % READ_EVERY === 0) await succeeds(() => read(file));
    slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    if (heapStatistics(keyspace.heap).allocatedBytes !== emptyBytes) {
      expect.fail(`round ${String(round)} left something behind`);
    }
    expect(process.memoryUsage.rss() - residentBytes, `memory in round ${String(round)}`).toBeLessThan(
      GROWTH_MAXIMUM_BYTES,
    );
  }
  expect(slowestMs).toBeLessThan(ROUND_MAXIMUM_MS);
  expect(outcomes.broken).toBeGreaterThan(rounds / 4);
});
