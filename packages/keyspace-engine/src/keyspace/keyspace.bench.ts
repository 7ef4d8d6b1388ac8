/**
 * Lookups and writes of a keyspace. Good for comparing one version with the next: vitest reaches imports through getters, which
 * makes short functions several times slower than in the built package. `node bench/keyspace.mjs` prints figures of that one.
 */
import { createHeap } from "@sider/datastructures";
import { bench, describe } from "vitest";
import { Key, Slice } from "../slice.ts";
import { resizeString, setString } from "../values/string-value.ts";
import { NO_EXPIRY } from "./entry.ts";
import { Keyspace } from "./keyspace.ts";
import { lookupRead, peek } from "./lookup.ts";
import { removeEntry, setExpiry } from "./store.ts";

const KEY_BYTES = 16;
const BATCH = 1000;
const KEY_COUNT = 20_000 * Number(process.env["SIDER_BENCH_SCALE"] ?? 1);

const names = Array.from({ length: KEY_COUNT }, (_, number) => `key:${String(number).padStart(12, "0")}`);
const bytes = new TextEncoder().encode(names.join(""));
const keyspace = new Keyspace({ heap: createHeap() });
const database = keyspace.databases[0];
const key = new Key();
const text = new Slice().set(new TextEncoder().encode("value:0123456789"), 0, 16);
const number = new Slice().set(new TextEncoder().encode("123456"), 0, 6);
const large = new Slice().set(new Uint8Array(1024).fill(120), 0, 1024);

let next = 0;
let sink = 0;

/** The next key, in an order that no cache foresees. */
function nextKey(): Key {
  next = (next + 7919) % KEY_COUNT;
  const offset = next * KEY_BYTES;
  return key.set(bytes, offset, KEY_BYTES, keyspace.hash(bytes, offset, KEY_BYTES));
}

function set(value: Slice, expiresAtMs: number = NO_EXPIRY): number {
  nextKey();
  return setString(keyspace, database, key, peek(keyspace, database, key), value, expiresAtMs);
}

const work: Record<string, () => void> = {
  lookup: () => {
    sink ^= lookupRead(keyspace, database, nextKey());
  },
  "set, 16 bytes over 16 bytes": () => set(text),
  "set, a number over a number": () => set(number),
  "set, 1 KiB over 1 KiB": () => set(large),
  "set and delete": () => {
    const entry = set(text);
    removeEntry(keyspace, database, key.hash, entry);
  },
  "set with an expiry, persist": () => {
    const entry = set(text, 2 ** 42);
    setExpiry(keyspace, database, key.hash, entry, NO_EXPIRY);
  },
  "set and append": () => resizeString(keyspace, database, key, set(text), 32),
};

describe(`${String(BATCH)} operations, ${String(KEY_COUNT)} keys`, () => {
  for (const [title, operation] of Object.entries(work)) {
    bench(
      title,
      () => {
        for (let count = 0; count < BATCH; count++) operation();
      },
      { time: 200, warmupTime: 50 },
    );
  }
});

/** Keeps the lookups alive. */
export const benchSink = (): number => sink;
