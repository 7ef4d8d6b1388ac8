/**
 * Operations of the hash table beside a Map of strings. Good for comparing one version with the next: vitest reaches imports through
 * getters, which makes short functions several times slower than in the built package. `node bench/hash-table.mjs` prints figures
 * of that one.
 */
import { bench, describe } from "vitest";
import { allocate, createHeap, wordOf } from "../memory/index.ts";
import {
  createHashTable,
  findInTable,
  halfSipHash,
  insertIntoTable,
  keyedPrefixBytes,
  removeFromTable,
  writeKey,
} from "./index.ts";

const KEY_BYTES = 16;
const BATCH = 1000;
const KEY_COUNT = 20_000 * Number(process.env["SIDER_BENCH_SCALE"] ?? 1);

const names = Array.from({ length: KEY_COUNT }, (_, number) => `key:${String(number).padStart(12, "0")}`);
const bytes = new TextEncoder().encode(names.join(""));
const heap = createHeap();
const table = createHashTable(heap, 1, 2);
const map = new Map<string, number>();
const refs = new Int32Array(KEY_COUNT);
for (let number = 0; number < KEY_COUNT; number++) {
  const ref = allocate(heap, keyedPrefixBytes(KEY_BYTES));
  heap.i32[wordOf(ref)] = 0;
  writeKey(heap, ref, 0, bytes, number * KEY_BYTES, KEY_BYTES);
  insertIntoTable(heap, table, hashOf(number), ref);
  refs[number] = ref;
  map.set(names[number], ref);
}

let next = 0;
let sink = 0;

function hashOf(number: number): number {
  return halfSipHash(bytes, number * KEY_BYTES, KEY_BYTES, 1, 2);
}

/** A number below the count, in an order that no cache foresees. */
function nextNumber(): number {
  next = (next + 7919) % KEY_COUNT;
  return next;
}

const options = { time: 200, warmupTime: 50 };

describe(`${String(BATCH)} operations, ${String(KEY_COUNT)} keys`, () => {
  bench(
    "hash",
    () => {
      for (let count = 0; count < BATCH; count++) sink ^= hashOf(nextNumber());
    },
    options,
  );
  bench(
    "hash and find",
    () => {
      for (let count = 0; count < BATCH; count++) {
        const number = nextNumber();
        sink ^= findInTable(heap, table, bytes, number * KEY_BYTES, KEY_BYTES, hashOf(number));
      }
    },
    options,
  );
  bench(
    "find in a Map of strings",
    () => {
      for (let count = 0; count < BATCH; count++) sink ^= map.get(names[nextNumber()]) ?? 0;
    },
    options,
  );
  bench(
    "remove and insert",
    () => {
      for (let count = 0; count < BATCH; count++) {
        const number = nextNumber();
        const hash = hashOf(number);
        removeFromTable(heap, table, hash, refs[number]);
        insertIntoTable(heap, table, hash, refs[number]);
      }
    },
    options,
  );
  bench(
    "remove from and insert into a Map of strings",
    () => {
      for (let count = 0; count < BATCH; count++) {
        const number = nextNumber();
        map.delete(names[number]);
        map.set(names[number], refs[number]);
      }
    },
    options,
  );
});

/** Keeps the lookups alive. */
export const benchSink = (): number => sink;
