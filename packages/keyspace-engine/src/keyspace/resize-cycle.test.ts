import { createHeap, isResizing, setFrozen } from "@sider/datastructures";
import { beforeEach, expect, test } from "vitest";
import { seededRandom } from "../clock.ts";
import { Key, Slice } from "../slice.ts";
import { setString } from "../values/string-value.ts";
import { NO_EXPIRY } from "./entry.ts";
import { type Database, Keyspace } from "./keyspace.ts";
import { resizeAlong, resizeForAWhile } from "./resize-cycle.ts";

const NOW_MS = 1_700_000_000_000;
/** Keys of a table that has just begun to grow from 4,096 buckets. */
const KEYS = 9 * 4096 + 1;

let keyspace: Keyspace;
let database: Database;

beforeEach(() => {
  keyspace = new Keyspace({
    heap: createHeap({ capacityBytes: 64 * 2 ** 20 }),
    clock: { nowMs: () => NOW_MS },
    random: seededRandom(1),
  });
  database = keyspace.databases[3];
});

/** Puts keys of which all may have a time to live. */
function putKeys(count: number, expiresAtMs: number): void {
  for (let number = 0; number < count; number++) {
    const bytes = new TextEncoder().encode(`key:${String(number)}`);
    const key = new Key().set(bytes, 0, bytes.length, keyspace.hash(bytes, 0, bytes.length));
    setString(keyspace, database, key, 0, new Slice().set(bytes, 0, 1), expiresAtMs);
  }
}

function areResizing(): boolean[] {
  return [isResizing(keyspace.heap, database.entries), isResizing(keyspace.heap, database.expires)];
}

test("the timer goes on with a resize, within its budget, until it is done", () => {
  putKeys(KEYS, NO_EXPIRY);
  let spentMs = 0;
  const slowClock = (): number => ++spentMs;
  expect(resizeForAWhile(keyspace, 2, slowClock)).toBe(false);
  expect(spentMs).toBeLessThan(5);
  expect(areResizing()).toEqual([true, false]);
  expect(resizeForAWhile(keyspace, 1e9, slowClock)).toBe(true);
  expect(areResizing()).toEqual([false, false]);
  spentMs = 0;
  expect(resizeForAWhile(keyspace, 1, slowClock)).toBe(true);
  expect(keyspace.count(database)).toBe(KEYS);
});

test("commands go on with the resize of both tables of their database, some buckets at a time", () => {
  putKeys(KEYS, NOW_MS + 100_000);
  expect(areResizing()).toEqual([true, true]);
  resizeAlong(keyspace, keyspace.databases[0], 10_000);
  resizeAlong(keyspace, database, 4000);
  expect(areResizing()).toEqual([true, true]);
  resizeAlong(keyspace, database, 100);
  expect(areResizing()).toEqual([false, false]);
  resizeAlong(keyspace, database, 100);
  expect(keyspace.count(database)).toBe(KEYS);
});

test("a table that stands still for a snapshot is left as it is", () => {
  putKeys(KEYS, NO_EXPIRY);
  setFrozen(keyspace.heap, database.entries, true);
  resizeAlong(keyspace, database, 10_000);
  expect(areResizing()).toEqual([true, false]);
});
