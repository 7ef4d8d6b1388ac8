import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed, randomFrom } from "../testing/fuzzing.ts";
import { allocate, createHeap, free, heapStatistics, NIL, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import {
  collectAll,
  createHashTable,
  destroyHashTable,
  findInTable,
  halfSipHash,
  hashTableCount,
  insertIntoTable,
  isResizing,
  keyedPrefixBytes,
  randomEntry,
  RefList,
  removeFromTable,
  replaceInTable,
  scanTable,
  writeKey,
} from "./index.ts";

const KEY_0 = 11;
const KEY_1 = 22;

/** A table beside a Map from key text to ref: the naive model. */
class Subject {
  readonly heap: Heap = createHeap({ capacityBytes: 256 * 2 ** 20, checks: true });
  readonly table = createHashTable(this.heap, KEY_0, KEY_1);
  readonly model = new Map<string, number>();
  readonly encoder = new TextEncoder();

  hash(bytes: Uint8Array): number {
    return halfSipHash(bytes, 0, bytes.length, KEY_0, KEY_1);
  }

  find(key: string): number {
    const bytes = this.encoder.encode(key);
    return findInTable(this.heap, this.table, bytes, 0, bytes.length, this.hash(bytes));
  }

  block(bytes: Uint8Array): number {
    const ref = allocate(this.heap, keyedPrefixBytes(bytes.length));
    expect(ref).not.toBe(NIL);
    this.heap.i32[wordOf(ref)] = 0;
    writeKey(this.heap, ref, 0, bytes, 0, bytes.length);
    return ref;
  }

  insert(key: string): void {
    const bytes = this.encoder.encode(key);
    const ref = this.block(bytes);
    expect(insertIntoTable(this.heap, this.table, this.hash(bytes), ref)).toBe(true);
    this.model.set(key, ref);
  }

  remove(key: string, ref: number): void {
    const bytes = this.encoder.encode(key);
    expect(removeFromTable(this.heap, this.table, this.hash(bytes), ref)).toBe(true);
    free(this.heap, ref);
    this.model.delete(key);
  }

  move(key: string, ref: number): void {
    const bytes = this.encoder.encode(key);
    const moved = this.block(bytes);
    expect(replaceInTable(this.heap, this.table, this.hash(bytes), ref, moved)).toBe(true);
    free(this.heap, ref);
    this.model.set(key, moved);
  }

  verify(): void {
    expect(hashTableCount(this.heap, this.table)).toBe(this.model.size);
    const all = new RefList();
    collectAll(this.heap, this.table, all);
    expect(new Set(all.refs.subarray(0, all.count))).toEqual(new Set(this.model.values()));
    expect(all.count).toBe(this.model.size);
  }

  close(): void {
    for (const [key, ref] of this.model) this.remove(key, ref);
    destroyHashTable(this.heap, this.table);
    expect(heapStatistics(this.heap).allocatedBytes).toBe(0);
  }
}

/** One random step; `growth` in [0, 1] is the chance to insert rather than remove. */
function step(subject: Subject, random: (limit: number) => number, growth: number, keys: number): void {
  const key = `key:${String(random(keys))}`;
  const ref = subject.model.get(key) ?? NIL;
  if (subject.find(key) !== ref) throw new Error(`find(${key}) differs from the model`);
  const dice = random(1000) / 1000;
  if (ref === NIL) {
    if (dice < growth) subject.insert(key);
  } else if (dice < 0.2) subject.move(key, ref);
  else if (dice > growth) subject.remove(key, ref);
}

test(`behaves as a Map through growing and shrinking (SIDER_SEED=${String(fuzzSeed)})`, () => {
  const random = randomFrom(fuzzSeed);
  const subject = new Subject();
  for (const growth of [0.9, 0.1, 0.95, 0.02, 0.5]) {
    for (let count = 0; count < 6000 * fuzzScale; count++) step(subject, random, growth, 4000);
    subject.verify();
  }
  subject.close();
});

test(`a scan returns every entry that is there throughout (SIDER_SEED=${String(fuzzSeed)})`, () => {
  const random = randomFrom(fuzzSeed + 1);
  for (let round = 0; round < 3 * fuzzScale; round++) {
    const subject = new Subject();
    const keys = 50 + random(3000);
    for (let index = 0; index < keys; index++) subject.insert(`stay:${String(index)}`);
    const seen = new Set<number>();
    const found = new RefList();
    let cursor = 0;
    const growth = random(2) === 0 ? 0.98 : 0.02;
    for (let index = 0; index < (growth < 0.5 ? 6000 : 0); index++) step(subject, random, 0.99, 9000);
    do {
      found.count = 0;
      cursor = scanTable(subject.heap, subject.table, cursor, found);
      for (let index = 0; index < found.count; index++) seen.add(found.refs[index]);
      for (let count = 0; count < 40; count++) step(subject, random, growth, 9000);
    } while (cursor !== 0);
    for (let index = 0; index < keys; index++) {
      if (!seen.has(subject.find(`stay:${String(index)}`))) throw new Error(`stay:${String(index)} was not seen`);
    }
    subject.close();
  }
});

test("random entries are drawn evenly, also while resizing", () => {
  const random = randomFrom(5);
  const subject = new Subject();
  while (!isResizing(subject.heap, subject.table) || subject.model.size < 100) {
    subject.insert(`key:${String(subject.model.size)}`);
  }
  for (let index = 0; index < 4; index++) subject.insert(`key:${String(subject.model.size)}`);
  const draws = new Map<number, number>();
  for (let count = 0; count < 200 * subject.model.size; count++) {
    const ref = randomEntry(subject.heap, subject.table, random);
    draws.set(ref, (draws.get(ref) ?? 0) + 1);
  }
  expect(draws.size).toBe(subject.model.size);
  expect(Math.min(...draws.values())).toBeGreaterThan(100);
  expect(Math.max(...draws.values())).toBeLessThan(320);
  subject.close();
});
