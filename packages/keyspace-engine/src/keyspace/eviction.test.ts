import { describe, expect, test } from "vitest";
import { accessOfFrequency } from "./access.ts";
import { setAccess } from "./entry.ts";
import { Evictor } from "./eviction.ts";
import { lookupRead } from "./lookup.ts";
import { emptyDatabase, swapDatabases } from "./store.ts";
import { Subject } from "./testing/subject.ts";

const KEYS = 1000;

function fill(subject: Subject, isExpiring: (number: number) => boolean = () => false): void {
  for (let number = 0; number < KEYS; number++) {
    const expiry = isExpiring(number) ? [subject.nowMs + 1_000_000 - number] : [];
    subject.set(`key:${String(number)}`, `value ${String(number)}`, ...expiry);
  }
}

function evict(evictor: Evictor, count: number): void {
  for (let turn = 0; turn < count; turn++) expect(evictor.evictOne()).toBe(true);
}

function isThere(subject: Subject, number: number): boolean {
  return subject.get(`key:${String(number)}`) !== null;
}

/** How many of the keys [from, to) are still there. */
function countLeft(subject: Subject, from: number, to: number): number {
  let left = 0;
  for (let number = from; number < to; number++) if (isThere(subject, number)) left++;
  return left;
}

test("no policy evicts nothing, and an empty keyspace has nothing to evict", () => {
  const subject = new Subject();
  const evictor = new Evictor(subject.keyspace);
  for (const order of ["idle", "frequency", "expiry", "random"] as const) {
    evictor.setPolicy({ coversAllKeys: true, order });
    expect(evictor.evictOne()).toBe(false);
  }
  subject.set("key", "value");
  evictor.setPolicy(null);
  expect(evictor.evictOne()).toBe(false);
  expect(subject.get("key")).toBe("value");
});

test("LRU: what was not used goes first, nearly", () => {
  const subject = new Subject();
  const { keyspace, database } = subject;
  fill(subject);
  subject.advance(100_000);
  for (let number = 0; number < KEYS; number += 2) lookupRead(keyspace, database, subject.key(`key:${String(number)}`));
  const evictor = new Evictor(keyspace);
  evictor.setPolicy({ coversAllKeys: true, order: "idle" });
  evict(evictor, 400);
  let used = 0;
  for (let number = 0; number < KEYS; number += 2) if (isThere(subject, number)) used++;
  expect(used).toBeGreaterThan(475);
  expect(keyspace.count(database)).toBe(600);
  expect([keyspace.evictedKeys, keyspace.dirty]).toEqual([400, 0]);
});

test("LFU: what is used least goes first, nearly", () => {
  const subject = new Subject();
  const { keyspace, heap } = subject;
  keyspace.tracksFrequency = true;
  fill(subject);
  for (let number = 0; number < KEYS; number++) {
    setAccess(heap, subject.entry(`key:${String(number)}`), accessOfFrequency(keyspace, number < 500 ? 5 : 50));
  }
  const evictor = new Evictor(keyspace);
  evictor.setPolicy({ coversAllKeys: true, order: "frequency" });
  evict(evictor, 400);
  expect(countLeft(subject, 500, KEYS)).toBeGreaterThan(475);
});

test("TTL: what expires next goes first, nearly", () => {
  const subject = new Subject();
  fill(subject, () => true);
  const evictor = new Evictor(subject.keyspace);
  evictor.setPolicy({ coversAllKeys: false, order: "expiry" });
  evict(evictor, 300);
  expect(countLeft(subject, 0, 500)).toBeGreaterThan(470);
});

describe.each(["idle", "frequency", "expiry", "random"] as const)("volatile, in the order %s", (order) => {
  test("keys without an expiry stay, and then nothing more goes", () => {
    const subject = new Subject();
    const { keyspace, database } = subject;
    fill(subject, (number) => number % 2 === 1);
    const evictor = new Evictor(keyspace);
    evictor.setPolicy({ coversAllKeys: false, order });
    evict(evictor, KEYS / 2);
    expect(evictor.evictOne()).toBe(false);
    expect([keyspace.count(database), keyspace.expiresCount(database)]).toEqual([KEYS / 2, 0]);
    for (let number = 0; number < KEYS; number += 2) expect(isThere(subject, number)).toBe(true);
  });
});

test("all databases give keys: each has its turn, or the one with the older ones", () => {
  const subject = new Subject();
  const { keyspace } = subject;
  const counts = (): number[] => [0, 5].map((index) => keyspace.count(keyspace.databases[index]));
  fill(subject);
  swapDatabases(keyspace, keyspace.databases[0], keyspace.databases[5]);
  subject.advance(10_000);
  fill(subject);
  const evictor = new Evictor(keyspace);
  evictor.setPolicy({ coversAllKeys: true, order: "random" });
  evict(evictor, 400);
  expect(counts()).toEqual([800, 800]);
  evictor.setPolicy({ coversAllKeys: true, order: "idle" });
  evict(evictor, 700);
  expect(counts()[0]).toBeGreaterThan(750);
  evict(evictor, 900);
  expect([counts(), evictor.evictOne()]).toEqual([[0, 0], false]);
});

test("candidates that are gone, moved or in another database by now do no harm", () => {
  const subject = new Subject();
  const { keyspace, database } = subject;
  const evictor = new Evictor(keyspace);
  evictor.setPolicy({ coversAllKeys: true, order: "idle" });
  for (let round = 0; round < 20; round++) {
    fill(subject);
    evict(evictor, 10);
    if (round % 4 === 0) emptyDatabase(keyspace, database);
    if (round % 4 === 1) fill(subject, () => true);
    if (round % 4 === 2) swapDatabases(keyspace, keyspace.databases[0], keyspace.databases[1]);
    const before = keyspace.count(keyspace.databases[0]) + keyspace.count(keyspace.databases[1]);
    if (before === 0) continue;
    evict(evictor, 1);
    expect(keyspace.count(keyspace.databases[0]) + keyspace.count(keyspace.databases[1])).toBe(before - 1);
  }
});

test("an eviction is announced with the key, once the entry is gone", () => {
  const subject = new Subject();
  const { keyspace } = subject;
  const seen: string[] = [];
  keyspace.observer = {
    changed: (_, key, eventClass, event) =>
      seen.push(
        `${eventClass} ${event} ${Buffer.from(key.bytes.slice(key.offset, key.offset + key.length)).toString()}`,
      ),
  };
  keyspace.onUnaskedRemoval = (_, key, isLazy) => seen.push(`gone ${String(key.length)} ${String(isLazy)}`);
  subject.set("the key", "value");
  const evictor = new Evictor(keyspace);
  evictor.isLazy = true;
  evictor.setPolicy({ coversAllKeys: true, order: "random" });
  evict(evictor, 1);
  expect(seen).toEqual(["e evicted the key", "gone 7 true"]);
});
