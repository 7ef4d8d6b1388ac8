import { expect, test } from "vitest";
import { parseDumpPayload, dumpPayload } from "./dump-payload.ts";
import { RdbError } from "./rdb-format.ts";
import { dumpOf, entry, latin1, readAll, type TestEntry } from "./testing/dumps.ts";
import { randomFromSeed } from "./testing/random.ts";

const random = randomFromSeed();
const limit = 1024 * 1024;

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

test(`dumps come back as they were, in any pieces (${random.seedText})`, () => {
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

function mutate(dump: Uint8Array): Uint8Array {
  const bytes = dump.slice(0, random.below(4) === 0 ? random.below(dump.length + 1) : dump.length);
  for (let left = random.below(4); left >= 0 && bytes.length > 0; left--) {
    const at = random.below(bytes.length);
    const kind = random.below(4);
    if (kind === 0) bytes[at] = bytes[at] ^ (1 << random.below(8));
    else if (kind === 1) bytes[at] = random.below(256);
    // A length that lies.
    else if (kind === 2) bytes.set([0x80, random.below(64), 255, 255, 255].slice(0, bytes.length - at), at);
    else bytes.set([0x81, 0, 0, 0, random.below(2), 255, 255, 255, 255].slice(0, bytes.length - at), at);
  }
  return bytes;
}

test(`a broken dump is an error with an offset, nothing else (${random.seedText})`, () => {
  const before = process.memoryUsage().arrayBuffers;
  let errors = 0;
  let dump = dumpOf(randomEntries());
  for (let round = 0; round < 20_000 * random.scale; round++) {
    if (round % 50 === 0) dump = dumpOf(randomEntries(), { checksum: round % 100 === 0 });
    const bytes = mutate(dump);
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

test(`DUMP payloads come back, and broken ones are refused (${random.seedText})`, () => {
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
