/** A dump that has been prepared loads as the dump itself does: sound ones the same data, damaged ones the same error. */
import { createHeap, heapStatistics } from "@sider/datastructures";
import { emptyDatabase, Keyspace } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { KeyspaceLoader, LoadError } from "../keyspace-loader.ts";
import { writeKeyspace } from "../keyspace-writer.ts";
import { RdbError } from "../rdb-format.ts";
import { RdbInput } from "../rdb-input.ts";
import { type PreparedPart, RdbReader } from "../rdb-reader.ts";
import { keyspaceContents } from "../testing/contents.ts";
import { damaged } from "../testing/damage.ts";
import { dumpOf, entry, joined, sourceOf, written } from "../testing/dumps.ts";
import { prepareAll } from "../testing/plain-dumps.ts";
import { randomFromSeed } from "../testing/random.ts";
import { VALUES } from "../testing/values.ts";
import { PlainDump } from "./plain-dump.ts";

const MAX_STRING_BYTES = 2 ** 28;

const random = randomFromSeed();
const rounds = Math.ceil(400 * random.scale);
const keyspace = new Keyspace({ heap: createHeap({ capacityBytes: 2 ** 26, checks: true }), databaseCount: 16 });
const emptyBytes = heapStatistics(keyspace.heap).allocatedBytes;

/** What the thread does, in this one: all parts at once. */
function prepared(file: Uint8Array): PreparedPart[] {
  const parts: PreparedPart[] = [];
  const input = new RdbInput(64 + random.below(4096), true, MAX_STRING_BYTES);
  const pieceBytes = 1 + random.below(2000);
  const dump = new PlainDump(
    input,
    {
      piece: (bytes, length) => {
        parts.push({ kind: "piece", bytes, length });
        return new Uint8Array(random.below(3000));
      },
    },
    new Uint8Array(16),
    pieceBytes,
  );
  prepareAll(dump, input, sourceOf(file));
  input.countChecksum();
  parts.push({ kind: "rest", offset: input.offset, crcLow: input.crc.low, crcHigh: input.crc.high });
  return parts;
}

/** The data, or what is wrong. */
function outcomeOf(file: Uint8Array, isPrepared: boolean): unknown {
  const loader = new KeyspaceLoader(keyspace, { fact: () => undefined, leftOut: () => undefined }, file.length);
  const reader = new RdbReader(loader, { chunkBytes: 64 + random.below(65536), maxStringBytes: MAX_STRING_BYTES });
  const parts = isPrepared ? prepared(file) : [];
  let wasPrepared = false;
  try {
    if (isPrepared) {
      reader.beginPrepared(
        () => parts.shift() ?? null,
        (target, offset, length) => sourceOf(file.subarray(reader.arrivedBytes))(target, offset, length),
      );
    } else reader.begin(sourceOf(file));
    do wasPrepared = reader.isPrepared;
    while (reader.step());
    return { contents: keyspaceContents(keyspace, 0), checksum: reader.checksumState, length: reader.consumedBytes };
  } catch (error) {
    if (error instanceof LoadError) return error.message;
    if (!(error instanceof RdbError)) throw error;
    // where pieces were read, offsets are those of the pieces
    return { kind: error.kind, reason: error.reason, ...(wasPrepared ? {} : { offset: error.offset }) };
  } finally {
    reader.abandon();
    for (const database of keyspace.databases) emptyDatabase(keyspace, database);
    expect(heapStatistics(keyspace.heap).allocatedBytes).toBe(emptyBytes);
  }
}

function expectEqual(file: Uint8Array): boolean {
  const found = outcomeOf(file, true);
  const expected = outcomeOf(file, false);
  if (typeof found === "object" && typeof expected === "object") expect(expected).toMatchObject(found ?? {});
  else expect(found).toEqual(expected);
  return typeof expected === "object" && expected !== null && "contents" in expected;
}

/** Values of every type byte that there has ever been, and what we write of them. */
function files(): Uint8Array[] {
  const entries = VALUES.map(([type, value], index) => joined([type, 1, 65 + index], value));
  const all = joined("REDIS0011\xfe\x00", ...entries, [255], new Array<number>(8).fill(0));
  const loader = new KeyspaceLoader(keyspace, { fact: () => undefined, leftOut: () => undefined }, all.length);
  new RdbReader(loader).readFrom(sourceOf(all));
  const [compressed, plain] = [true, false].map((compression) =>
    written(
      (writer) => {
        writeKeyspace(keyspace, writer, "7.2.4");
        writer.finish();
      },
      { compression },
    ),
  );
  for (const database of keyspace.databases) emptyDatabase(keyspace, database);
  const texts = Array.from({ length: 40 }, (_, index) =>
    entry(`key:${String(index)}`.repeat(1 + (index % 9)), "abcd".repeat(index * index), { database: index >> 4 }),
  );
  return [all, compressed, plain, dumpOf(texts)];
}

test(`prepared dumps, sound and damaged (${random.seedText})`, { timeout: 60_000 }, () => {
  const originals = files();
  for (const file of originals) for (let left = 10; left > 0; left--) expect(expectEqual(file)).toBe(true);
  let broken = 0;
  for (let round = 0; round < rounds; round++) {
    if (!expectEqual(damaged(random.below, originals[round % originals.length] ?? new Uint8Array()))) broken++;
  }
  expect(broken).toBeGreaterThan(rounds / 4);
});
