import { heapStatistics } from "@sider/datastructures";
import { describe, expect, test } from "vitest";
import { OutOfMemoryError } from "../errors.ts";
import { Key, Slice } from "../slice.ts";
import { accessOf, expiryOf, NO_EXPIRY } from "./entry.ts";
import { Keyspace } from "./keyspace.ts";
import { lookupQuietly, lookupRead, lookupWrite } from "./lookup.ts";
import { emptyDatabase, keyOfEntry, moveEntry, removeEntry, setExpiry } from "./store.ts";
import { Subject, VALUES } from "./testing/subject.ts";

test("reads count hits and misses and note the access; quiet reads only count; writes do not", () => {
  const subject = new Subject();
  const entry = subject.set("key", "value");
  subject.advance(5000);
  lookupQuietly(subject.keyspace, subject.database, subject.key("key"));
  expect(accessOf(subject.heap, entry)).toBe(subject.keyspace.accessClock - 5);
  lookupRead(subject.keyspace, subject.database, subject.key("key"));
  expect(accessOf(subject.heap, entry)).toBe(subject.keyspace.accessClock);
  lookupRead(subject.keyspace, subject.database, subject.key("none"));
  lookupQuietly(subject.keyspace, subject.database, subject.key("none"));
  lookupWrite(subject.keyspace, subject.database, subject.key("none"));
  lookupWrite(subject.keyspace, subject.database, subject.key("key"));
  expect([subject.keyspace.hits, subject.keyspace.misses]).toEqual([2, 2]);
});

test("a key lives through the millisecond of its expiry and is gone in the next; the observer is told", () => {
  const subject = new Subject();
  const seen: string[] = [];
  subject.keyspace.observer = {
    changed: (_, key, eventClass, event) => seen.push(`${eventClass} ${event} ${String(key.length)}`),
  };
  subject.set("key", "value", subject.nowMs + 10);
  subject.advance(10);
  expect(subject.get("key")).toBe("value");
  subject.keyspace.lazyExpiry = false;
  subject.advance(1);
  expect(subject.get("key")).toBe("value");
  subject.keyspace.lazyExpiry = true;
  expect(subject.get("key")).toBe(null);
  expect(seen).toEqual(["x expired 3"]);
  expect([subject.keyspace.expiredKeys, subject.keyspace.dirty]).toEqual([1, 0]);
  expect(subject.keyspace.count(subject.database) + subject.keyspace.expiresCount(subject.database)).toBe(0);
});

test("changes are counted and announced", () => {
  const subject = new Subject();
  const events: string[] = [];
  subject.keyspace.changed(subject.database, subject.key("a"), "$", "set");
  subject.keyspace.observer = { changed: (_, __, ___, event) => events.push(event) };
  subject.keyspace.changed(subject.database, subject.key("a"), "$", "set");
  subject.keyspace.announce(subject.database, subject.key("a"), "g", "new");
  expect([subject.keyspace.dirty, events]).toEqual([2, ["set", "new"]]);
});

describe.each(Object.entries(VALUES))("with a value that is %s", (_, text) => {
  test("an expiry is set, changed and taken away; to take it away needs no memory", () => {
    const subject = new Subject();
    const { keyspace, database, heap } = subject;
    const hash = subject.key("key").hash;
    const bytes = () => heapStatistics(heap).allocatedBytes;
    let entry = subject.set("key", text);
    const before = bytes();
    for (const expiresAtMs of [subject.nowMs + 1, 2 ** 32 - 1 + subject.nowMs, 2 ** 53 - 1]) {
      entry = setExpiry(keyspace, database, hash, entry, expiresAtMs);
      expect([subject.entry("key"), expiryOf(heap, entry), subject.get("key")]).toEqual([entry, expiresAtMs, text]);
      expect(keyspace.expiresCount(database)).toBe(1);
    }
    entry = subject.withAllocations(0, () => setExpiry(keyspace, database, hash, entry, NO_EXPIRY));
    expect([expiryOf(heap, entry), keyspace.expiresCount(database), subject.get("key")]).toEqual([NO_EXPIRY, 0, text]);
    for (let round = 0; round < 3; round++) {
      entry = setExpiry(keyspace, database, hash, entry, subject.nowMs);
      entry = setExpiry(keyspace, database, hash, entry, NO_EXPIRY);
    }
    expect(subject.get("key")).toBe(text);
    expect(() => subject.withAllocations(0, () => setExpiry(keyspace, database, hash, entry, 1))).toThrow(
      OutOfMemoryError,
    );
    expect([expiryOf(heap, entry), subject.get("key")]).toEqual([NO_EXPIRY, text]);
    subject.set("key", text);
    expect(bytes() - before).toBeLessThanOrEqual(64);
  });

  test.each([NO_EXPIRY, 2 ** 41])(
    "it moves to other names and databases, over other values (expiry %d)",
    (expiresAtMs) => {
      for (const other of [null, ...Object.values(VALUES)]) {
        const subject = new Subject();
        const { keyspace } = subject;
        const [from, to] = keyspace.databases;
        const entry = subject.set("key", text, expiresAtMs);
        const key = subject.key("key");
        const target = subject.key("a much longer name than before");
        if (other !== null) subject.set("a much longer name than before", other, subject.nowMs + 5, to);
        const old = subject.entry("a much longer name than before", to);
        const move = () => moveEntry(keyspace, from, key.hash, entry, to, target, old);
        try {
          subject.withAllocations(0, move);
        } catch {
          expect([subject.get("key"), subject.get("a much longer name than before", to)]).toEqual([text, other]);
          move();
        }
        expect([subject.get("key"), subject.get("a much longer name than before", to)]).toEqual([null, text]);
        expect(expiryOf(subject.heap, subject.entry("a much longer name than before", to))).toBe(expiresAtMs);
        expect([from, to].map((database) => keyspace.count(database))).toEqual([0, 1]);
        expect([from, to].map((database) => keyspace.expiresCount(database))).toEqual([0, expiresAtMs > 0 ? 1 : 0]);
      }
    },
  );

  test("it is deleted, and the database emptied, without memory and without loss", () => {
    const subject = new Subject();
    const { keyspace, database, heap } = subject;
    const before = heapStatistics(heap).allocatedBytes;
    const entry = subject.set("key", text, subject.nowMs);
    removeEntry(keyspace, database, subject.key("key").hash, entry);
    expect(heapStatistics(heap).allocatedBytes).toBe(before);
    for (let number = 0; number < 50; number++)
      subject.set(`key ${String(number)}`, text, number % 2 === 0 ? 2 ** 42 : NO_EXPIRY);
    expect(subject.withAllocations(0, () => emptyDatabase(keyspace, database))).toBe(50);
    expect([keyspace.count(database), keyspace.expiresCount(database)]).toEqual([0, 0]);
    expect(heapStatistics(heap).allocatedBytes).toBe(before);
    expect(emptyDatabase(keyspace, database)).toBe(0);
  });
});

test("keys of every length up to 300, and a long one, are kept and read back", () => {
  const subject = new Subject();
  const lengths = [...Array.from({ length: 300 }, (_, length) => length), 70_000, 2_000_000];
  for (const length of lengths) subject.set("k".repeat(length), String(length));
  const key = new Key();
  for (const length of lengths) {
    const name = "k".repeat(length);
    expect(subject.get(name)).toBe(String(length));
    keyOfEntry(subject.keyspace, subject.entry(name), key);
    expect([key.length, key.hash]).toEqual([length, subject.key(name).hash]);
    expect(new TextDecoder().decode(new Slice().set(key.bytes, key.offset, key.length).toBytes()) === name).toBe(true);
  }
});

test("a key longer than a header can say is refused before anything is written", () => {
  const subject = new Subject();
  const key = new Key().set(new Uint8Array(8), 0, 2 ** 30, 1);
  const entry = subject.set("key", "value");
  const hash = subject.key("key").hash;
  expect(() => moveEntry(subject.keyspace, subject.database, hash, entry, subject.database, key)).toThrow(
    OutOfMemoryError,
  );
  expect(subject.get("key")).toBe("value");
});

test("an entry may be overwritten under its own key bytes", () => {
  const subject = new Subject();
  for (const text of [...Object.values(VALUES), "end"]) {
    const entry = subject.set("the key itself", text);
    const own = keyOfEntry(subject.keyspace, entry, new Key());
    const moved = moveEntry(subject.keyspace, subject.database, own.hash, entry, subject.keyspace.databases[1], own);
    expect(moved).not.toBe(entry);
    expect(subject.get("the key itself", subject.keyspace.databases[1])).toBe(text);
    emptyDatabase(subject.keyspace, subject.keyspace.databases[1]);
  }
});

test("without a random source the hash key is secret and new", () => {
  const keys = [1, 2].map(() => new Keyspace({ heap: new Subject().heap, databaseCount: 1 }));
  expect(keys[0].hashKey0 === keys[1].hashKey0 && keys[0].hashKey1 === keys[1].hashKey1).toBe(false);
});

test("deleting an entry from a database that it is not in throws, and leaves everything as it was", () => {
  const subject = new Subject();
  const { keyspace, database } = subject;
  const entry = subject.set("key", "value", subject.nowMs);
  const { hash } = subject.key("key");
  expect(() => removeEntry(keyspace, keyspace.databases[1], hash, entry)).toThrow("not in the database");
  expect([subject.get("key"), keyspace.count(database), keyspace.expiresCount(database)]).toEqual(["value", 1, 1]);
});
