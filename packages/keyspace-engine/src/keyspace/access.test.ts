import { expect, test } from "vitest";
import { accessOfFrequency, frequencyOf, idleSecondsOf, noteAccess } from "./access.ts";
import { accessOf, setAccess } from "./entry.ts";
import { lookupRead, lookupWrite } from "./lookup.ts";
import { Subject } from "./testing/subject.ts";

const MINUTE_MS = 60_000;

test("without an LFU policy the bits are seconds, and go around after 2^24 of them", () => {
  const subject = new Subject();
  const entry = subject.set("key", "value");
  subject.advance(7000);
  const { keyspace, heap } = subject;
  expect(idleSecondsOf(keyspace, accessOf(heap, entry))).toBe(7);
  noteAccess(keyspace, entry);
  expect(idleSecondsOf(keyspace, accessOf(heap, entry))).toBe(0);
  keyspace.accessClock = 3;
  expect(idleSecondsOf(keyspace, 0xfffffe)).toBe(4);
});

test("the counter of accesses begins at 5, grows ever more slowly, and loses one a minute", () => {
  const subject = new Subject();
  const { keyspace, heap, database } = subject;
  keyspace.tracksFrequency = true;
  const entry = subject.set("key", "value");
  const frequency = (): number => frequencyOf(keyspace, accessOf(heap, entry));
  expect(frequency()).toBe(5);
  const reached: number[] = [];
  for (let access = 1; access <= 100_000; access++) {
    lookupRead(keyspace, database, subject.key("key"));
    if (access === 100 || access === 1000 || access === 100_000) reached.push(frequency());
  }
  // the table in redis.conf: factor 10, 100 hits: 10, 1000 hits: 18, 100 K hits: 142
  expect(reached[0]).toBeGreaterThan(6);
  expect(reached[0]).toBeLessThan(15);
  expect(reached[1]).toBeGreaterThan(12);
  expect(reached[1]).toBeLessThan(26);
  expect(reached[2]).toBeGreaterThan(120);
  expect(reached[2]).toBeLessThan(165);
  const highest = frequency();
  subject.advance(3 * MINUTE_MS);
  expect(frequency()).toBe(highest - 3);
  keyspace.frequencyDecayMinutes = 2;
  expect(frequency()).toBe(highest - 1);
  keyspace.frequencyDecayMinutes = 0;
  expect(frequency()).toBe(highest);
  keyspace.frequencyDecayMinutes = 1;
  subject.advance(1000 * MINUTE_MS);
  expect(frequency()).toBe(0);
});

test("factor 0 counts every access, up to 255", () => {
  const subject = new Subject();
  const { keyspace, heap } = subject;
  keyspace.tracksFrequency = true;
  keyspace.frequencyLogFactor = 0;
  const entry = subject.set("key", "value");
  for (let access = 0; access < 300; access++) noteAccess(keyspace, entry);
  expect(frequencyOf(keyspace, accessOf(heap, entry))).toBe(255);
});

test("a value in the place of another one takes its counter over", () => {
  const subject = new Subject();
  const { keyspace, heap, database } = subject;
  keyspace.tracksFrequency = true;
  setAccess(heap, subject.set("key", "value"), accessOfFrequency(keyspace, 77));
  for (const value of ["12", "x".repeat(30), "x".repeat(1000)]) {
    expect(frequencyOf(keyspace, accessOf(heap, subject.set("key", value)))).toBe(77);
  }
  keyspace.touchesOnLookup = false;
  const before = accessOf(heap, subject.entry("key"));
  for (let access = 0; access < 50; access++) lookupWrite(keyspace, database, subject.key("key"));
  expect(accessOf(heap, subject.entry("key"))).toBe(before);
});
