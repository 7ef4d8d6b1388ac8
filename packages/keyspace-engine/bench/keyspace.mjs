/**
 * Prints what the keyspace costs, on the built package: `node bench/keyspace.mjs [keys ...]` (default 1000 and 1,000,000).
 * Nanoseconds of processor time for each operation on 16-byte keys in random order, hash included, the best of some rounds; and
 * bytes a key.
 */
import { createHeap } from "@sider/datastructures";
import {
  emptyDatabase,
  Key,
  Keyspace,
  lookupRead,
  NO_EXPIRY,
  peek,
  setExpiry,
  setString,
  Slice,
} from "../dist/index.js";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const OPERATIONS = 1_000_000;
const KEY_BYTES = 16;
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 1_000_000];

const heap = createHeap({ capacityBytes: 4 * 2 ** 30 });
const keyspace = new Keyspace({ heap });
const database = keyspace.databases[0];
const key = new Key();
const encoder = new TextEncoder();
const slice = (text) => new Slice().set(encoder.encode(text), 0, text.length);
const values = { "16 bytes": slice("value:0123456789"), number: slice("12345678"), "1 KiB": slice("x".repeat(1024)) };
const bytes = encoder.encode("key:000000000000");
let sink = 0;

function point(number) {
  let rest = number;
  for (let at = KEY_BYTES - 1; at >= 4; at--) {
    const tenth = (rest / 10) | 0;
    bytes[at] = 48 + (rest - tenth * 10);
    rest = tenth;
  }
  key.set(bytes, 0, KEY_BYTES, keyspace.hash(bytes, 0, KEY_BYTES));
}

/** Visits all numbers below `count` in an order that no cache foresees: the steps of a prime. */
function each(count, total, operation) {
  let number = 0;
  for (let done = 0; done < total; done++) {
    number = (number + 619_573) % count;
    point(number);
    operation();
  }
}

function cpuNs() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function time(count, total, operation) {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = cpuNs();
    each(count, total, operation);
    best = Math.min(best, (cpuNs() - before) / total);
  }
  return best.toFixed(0);
}

const set = (value, expiresAtMs = NO_EXPIRY) =>
  setString(keyspace, database, key, peek(keyspace, database, key), value, expiresAtMs);

const rows = {};
for (const count of sizes) {
  emptyDatabase(keyspace, database);
  const emptyBytes = heap.allocatedBytes;
  each(count, count, () => set(values["16 bytes"]));
  const row = (rows[`${count} keys`] = { "key and hash": time(count, OPERATIONS, () => (sink ^= key.hash)) });
  row["bytes a key"] = ((heap.allocatedBytes - emptyBytes) / count).toFixed(0);
  row["lookup"] = time(count, OPERATIONS, () => (sink ^= lookupRead(keyspace, database, key)));
  for (const [name, value] of Object.entries(values)) row[`set ${name}`] = time(count, OPERATIONS, () => set(value));
  row["expire and persist"] = time(count, OPERATIONS, () => {
    const entry = setExpiry(keyspace, database, key.hash, peek(keyspace, database, key), 2 ** 42);
    setExpiry(keyspace, database, key.hash, entry, NO_EXPIRY);
  });
}
console.table(rows);
if (sink === 0.5) console.log(sink);
