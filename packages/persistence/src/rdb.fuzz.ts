import { createHeap, heapStatistics } from "@sider/datastructures";
import { emptyDatabase, Keyspace, OutOfMemoryError } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { checkRdb } from "./check-rdb.ts";
import { parseDumpPayload, dumpPayload } from "./dump-payload.ts";
import { KeyspaceLoader, LoadError } from "./keyspace-loader.ts";
import { RdbError } from "./rdb-format.ts";
import { rdbItemToJson } from "./rdb-json.ts";
import { RdbReader } from "./rdb-reader.ts";
import { readRdb } from "./read-rdb.ts";
import { damaged } from "./testing/damage.ts";
import { dumpOf, entry, joined, latin1, readAll, sourceOf, type TestEntry } from "./testing/dumps.ts";
import { randomFromSeed } from "./testing/random.ts";
import { VALUES } from "./testing/values.ts";

const random = randomFromSeed();
const limit = 1024 * 1024;
const TIMEOUT_MS = 20_000 * Math.max(1, random.scale);

function randomEntries(): TestEntry[] {
  const entries: TestEntry[] = [];
  let database = random.below(3);
  for (let left = random.below(30); left > 0; left--) {
    if (random.below(10) === 0) database += 1 + random.below(20_000);
    entries.push(
      entry(latin1(random.bytes(100)), latin1(random.bytes(5000)), {
        database,
        expireAtMs: random.below(2) === 0 ? -1 : random.below(2 ** 50),
        idleSeconds: random.below(4) === 0 ? random.below(2 ** 31) : -1,
        frequency: random.below(4) === 0 ? random.below(256) : -1,
      }),
    );
  }
  return entries;
}

test(`dumps come back as they were, in any pieces (${random.seedText})`, { timeout: TIMEOUT_MS }, () => {
  for (let round = 0; round < 300 * random.scale; round++) {
    const entries = randomEntries();
    const dump = dumpOf(entries, {
      version: random.below(2) === 0 ? 10 : 11,
      checksum: random.below(4) > 0,
      compression: random.below(3) > 0,
    });
    const { handler } = readAll(dump, { chunkBytes: 1 + random.below(300) }, 1 + random.below(500));
    expect(handler.entries).toEqual(entries);
  }
});

test(`a broken dump is an error with an offset, nothing else (${random.seedText})`, { timeout: TIMEOUT_MS }, () => {
  const before = process.memoryUsage().arrayBuffers;
  let errors = 0;
  let dump = dumpOf(randomEntries());
  for (let round = 0; round < 4000 * random.scale; round++) {
    if (round % 50 === 0) dump = dumpOf(randomEntries(), { checksum: round % 100 === 0 });
    const bytes = damaged(random.below, dump);
    try {
      const options = { checksum: random.below(2) === 0, maxStringBytes: 512 * limit, chunkBytes: 512 };
      readAll(bytes, options, 1 + random.below(2 * bytes.length + 1));
    } catch (error) {
      if (!(error instanceof RdbError)) throw error;
      errors++;
      expect(error.offset).toBeLessThanOrEqual(bytes.length);
    }
  }
  expect(errors).toBeGreaterThan(100);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * limit);
});

/** A dump with some values of all types in all forms that Redis has ever written, without a checksum: mutations are to get far. */
function dumpOfAllTypes(): Uint8Array {
  const entries: Uint8Array[] = [];
  for (let key = 1 + random.below(12); key > 0; key--) {
    const [type, value] = VALUES[random.below(VALUES.length)] ?? [0, joined([1, 97])];
    const expiry = random.below(3) === 0 ? joined([0xfc, 1, 2, 3, 4, 5, 6, 7, 0]) : joined();
    entries.push(joined(expiry, [type, 1, 97 + key], value));
  }
  return joined(
    "REDIS0011\xfa\x01a\x01b\xf5\x02#!\xfe\x01\xfb\x05\x02",
    ...entries,
    [255],
    new Array<number>(8).fill(0),
  );
}

test(
  `broken dumps of all types leave nothing behind, and both readers agree that they are broken (${random.seedText})`,
  { timeout: TIMEOUT_MS },
  async () => {
    const heap = createHeap({ capacityBytes: 2 ** 26, checks: true });
    const keyspace = new Keyspace({ heap, databaseCount: 2 });
    const outcomes = { sound: 0, broken: 0 };
    for (let round = 0; round < 2000 * random.scale; round++) {
      const bytes = round % 20 === 0 ? dumpOfAllTypes() : damaged(random.below, dumpOfAllTypes());
      const loaded = attempt(() => {
        const loader = new KeyspaceLoader(keyspace, { fact: () => undefined, leftOut: () => undefined }, bytes.length);
        load(loader, bytes);
      });
      const isSound = checkRdb("dump", sourceOf(bytes), { line: () => undefined });
      if (loaded && !isSound) expect.fail(`loaded, but not found sound: ${bytes.join()}`);
      if (round % 20 === 0) expect(await read(bytes)).toBe(isSound);
      outcomes[isSound ? "sound" : "broken"]++;
      for (const database of keyspace.databases) emptyDatabase(keyspace, database);
      expect(heapStatistics(heap).allocatedBytes).toBe(heapStatistics(emptyHeap).allocatedBytes);
    }
    expect(outcomes.sound).toBeGreaterThan(0);
    expect(outcomes.broken).toBeGreaterThan(100);
  },
);

const emptyHeap = createHeap({ capacityBytes: 2 ** 26, checks: true });
new Keyspace({ heap: emptyHeap, databaseCount: 2 });

function load(loader: KeyspaceLoader, bytes: Uint8Array): void {
  const reader = new RdbReader(loader, { chunkBytes: 64 + random.below(1000) });
  try {
    reader.readFrom(sourceOf(bytes));
  } finally {
    reader.abandon();
  }
}

/** False when it failed as it may. */
function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof RdbError || error instanceof LoadError || error instanceof OutOfMemoryError) return false;
    throw error;
  }
}

async function read(bytes: Uint8Array): Promise<boolean> {
  try {
    for await (const item of readRdb([bytes])) expect(rdbItemToJson(item).length).toBeGreaterThan(10);
    return true;
  } catch (error) {
    if (error instanceof RdbError) return false;
    throw error;
  }
}

test(`DUMP payloads come back, and broken ones are refused (${random.seedText})`, { timeout: TIMEOUT_MS }, () => {
  for (let round = 0; round < 2000 * random.scale; round++) {
    const value = random.bytes(3000);
    const payload = dumpPayload(value, 0, value.length, { compression: random.below(2) === 0 });
    const parsed = parseDumpPayload(payload, 0, payload.length);
    if (parsed.error !== null) throw new Error(parsed.error);
    expect(latin1(parsed.bytes, parsed.offset, parsed.length)).toBe(latin1(value));
    const at = random.below(payload.length);
    payload[at] = payload[at] ^ (1 + random.below(255));
    expect(parseDumpPayload(payload, 0, payload.length).error).toBe("DUMP payload version or checksum are wrong");
  }
});
