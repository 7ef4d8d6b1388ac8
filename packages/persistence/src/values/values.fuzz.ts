/** Mutated values of every form: each is refused, or is a value that can be written and freed. Nothing is left of it either way. */
import { createHeap, heapStatistics, NIL } from "@sider/datastructures";
import { Keyspace, OutOfMemoryError } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { dumpValue, readDumpValue } from "../dump-payload.ts";
import { randomFromSeed } from "../testing/random.ts";
import { VALUES } from "../testing/values.ts";
import { ValueReader } from "./value-reader.ts";

const random = randomFromSeed();
const ROUNDS = 2000;

test.each(VALUES)("a sound value of type %i is read", (type, bytes) => {
  const keyspace = new Keyspace({ heap: createHeap({ capacityBytes: 2 ** 26, checks: true }), databaseCount: 1 });
  const before = heapStatistics(keyspace.heap).allocatedBytes;
  const reader = new ValueReader(keyspace);
  expect(readDumpValue(reader, type, bytes, 0, bytes.length)).toBe(true);
  expect(dumpValue(keyspace.heap, reader.held).length).toBeGreaterThan(10);
  reader.abandon();
  expect(heapStatistics(keyspace.heap).allocatedBytes).toBe(before);
});

test.each([0, 0.1])(`mutated values leave nothing, failing memory %f (${random.seedText})`, (failureRate) => {
  const heap = createHeap({ capacityBytes: 2 ** 26, checks: true });
  const keyspace = new Keyspace({ heap, databaseCount: 1 });
  const limits = keyspace.limits;
  const before = heapStatistics(heap).allocatedBytes;
  const reader = new ValueReader(keyspace);
  for (let round = 0; round < ROUNDS * random.scale; round++) {
    const [type, sound] = VALUES[random.below(VALUES.length)] ?? [0, new Uint8Array(0)];
    const bytes = sound.slice(0, random.below(8) === 0 ? random.below(sound.length) : sound.length);
    for (let flips = random.below(4); flips > 0; flips--) bytes[random.below(bytes.length)] = random.below(256);
    const asType = random.below(10) === 0 ? (VALUES[random.below(VALUES.length)]?.[0] ?? type) : type;
    limits.hashMaxListpackEntries = limits.setMaxListpackEntries = limits.zsetMaxListpackEntries = random.below(4);
    limits.setMaxIntsetEntries = random.below(4);
    if (failureRate > 0) heap.limitBytes = random.below(10) === 0 ? 0 : Infinity;
    try {
      if (readDumpValue(reader, asType, bytes, 0, bytes.length)) dumpValue(heap, reader.held);
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
    }
    reader.abandon();
    expect(reader.held).toBe(NIL);
    if (heapStatistics(heap).allocatedBytes !== before) expect.fail(`type ${String(asType)}: ${bytes.join()}`);
  }
});
