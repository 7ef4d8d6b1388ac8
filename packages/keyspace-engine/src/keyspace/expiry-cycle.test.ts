import { createHeap } from "@sider/datastructures";
import { beforeEach, expect, test } from "vitest";
import { seededRandom } from "../clock.ts";
import { Key, Slice } from "../slice.ts";
import { setString } from "../values/string-value.ts";
import { expireEntry, runExpiryCycle } from "./expiry-cycle.ts";
import { NO_EXPIRY } from "./entry.ts";
import { Keyspace } from "./keyspace.ts";
import { peek } from "./lookup.ts";

let keyspace: Keyspace;
let events: string[];
const clock = { now: 1_700_000_000_000, nowMs: () => clock.now };
/** Each look at it takes a millisecond. */
let spentMs = 0;
const slowClock = () => ++spentMs;

beforeEach(() => {
  events = [];
  spentMs = 0;
  keyspace = new Keyspace({ heap: createHeap({ capacityBytes: 64 * 2 ** 20 }), clock, random: seededRandom(1) });
  keyspace.observer = {
    changed: (database, key, eventClass, event) => {
      events.push(
        `${String(database.index)} ${eventClass} ${event} ${new TextDecoder().decode(key.bytes.slice(key.offset, key.offset + key.length))}`,
      );
    },
  };
});

function keyNamed(name: string): Key {
  const bytes = new TextEncoder().encode(name);
  return new Key().set(bytes, 0, bytes.length, keyspace.hash(bytes, 0, bytes.length));
}

function put(name: string, ttlMs: number, index = 0): void {
  const value = new Slice().set(new TextEncoder().encode("value"), 0, 5);
  setString(keyspace, keyspace.databases[index], keyNamed(name), 0, value, ttlMs < 0 ? NO_EXPIRY : clock.now + ttlMs);
}

function cycle(nowMs = () => 0, effort = 1): number {
  return runExpiryCycle(keyspace, { periodMs: 100, effort, nowMs });
}

test("deletes what is due, in every database, and says so with the key's name", () => {
  put("stays", -1);
  put("later", 10_000);
  put("due", 5);
  put("other", 5, 7);
  clock.now += 6;
  expect(cycle()).toBe(2);
  expect(events.sort()).toEqual(["0 x expired due", "7 x expired other"]);
  expect(keyspace.expiredKeys).toBe(2);
  expect(keyspace.count(keyspace.databases[0])).toBe(2);
  expect(keyspace.expiresCount(keyspace.databases[7])).toBe(0);
});

test("a key lives to the end of its last millisecond", () => {
  put("a", 5);
  clock.now += 5;
  expect(cycle()).toBe(0);
  clock.now += 1;
  expect(cycle()).toBe(1);
});

test("goes on while many are due, and leaves less than a tenth of them", () => {
  for (let number = 0; number < 20_000; number++) put(`key:${String(number)}`, number % 2 === 0 ? 10 : 100_000);
  clock.now += 11;
  cycle();
  const dead = keyspace.expiresCount(keyspace.databases[0]) - 10_000;
  expect(dead).toBeLessThan(10_000);
  let cycles = 0;
  while (keyspace.expiresCount(keyspace.databases[0]) > 11_500 && cycles < 2000) {
    cycle();
    cycles++;
  }
  expect(keyspace.expiresCount(keyspace.databases[0])).toBeLessThanOrEqual(11_500);
});

test("stops when its part of the period is used up, and the next cycle goes on", () => {
  for (let number = 0; number < 30_000; number++) put(`key:${String(number)}`, 10);
  clock.now += 11;
  const first = cycle(slowClock);
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(30_000);
  expect(spentMs).toBeGreaterThanOrEqual(25);
  expect(spentMs).toBeLessThan(30);
  expect(keyspace.expiryCycle.timeCapReached).toBe(1);
  expect(keyspace.expiryCycle.stalePercent).toBeGreaterThan(0);
  spentMs = 0;
  expect(cycle(slowClock, 10)).toBeGreaterThan(first * 2);
  while (keyspace.expiresCount(keyspace.databases[0]) > 0) cycle(slowClock);
  expect(keyspace.expiredKeys).toBe(30_000);
});

test("does nothing while it is switched off", () => {
  put("a", 5);
  clock.now += 10;
  keyspace.activeExpiry = false;
  expect(cycle()).toBe(0);
  keyspace.activeExpiry = true;
  expect(cycle()).toBe(1);
});

test("keeps a running average of the time to live", () => {
  for (let number = 0; number < 10; number++) put(`key:${String(number)}`, 50_000);
  cycle();
  expect(keyspace.databases[0].averageTtlMs).toBe(50_000);
  for (let number = 0; number < 10; number++) put(`more:${String(number)}`, 150_000);
  for (let times = 0; times < 500; times++) cycle();
  expect(keyspace.databases[0].averageTtlMs).toBeGreaterThan(90_000);
  clock.now += 200_000;
  cycle();
  cycle();
  expect(keyspace.databases[0].averageTtlMs).toBe(0);
});

test("the observer's key is whole though its entry is gone", () => {
  const name = "k".repeat(1000);
  put(name, 5);
  expireEntry(keyspace, keyspace.databases[0], peek(keyspace, keyspace.databases[0], keyNamed(name)));
  expect(events).toEqual([`0 x expired ${name}`]);
});
