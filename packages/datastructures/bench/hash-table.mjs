/**
 * Prints what the hash table costs, on the built package: `node bench/hash-table.mjs [keys ...]` (default 1000 and 1,000,000).
 * Nanoseconds of processor time for each operation on 16-byte keys in random order, the hash included, beside a JavaScript Map from
 * strings that exist already; and bytes of index a key at several fills.
 */
import {
  allocate,
  createHashTable,
  createHeap,
  findInTable,
  free,
  halfSipHash,
  hashTableBytes,
  insertIntoTable,
  isResizing,
  keyedPrefixBytes,
  removeFromTable,
  wordOf,
  writeKey,
} from "../dist/index.js";

const KEY_BYTES = 16;
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const OPERATIONS = 1_000_000;
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 1_000_000];

const heap = createHeap({ capacityBytes: 4 * 2 ** 30 });
let sink = 0;

/** All keys one after the other, shuffled; those from `count` on are not in the table. */
function makeKeys(count) {
  const names = Array.from({ length: 2 * count }, (_, number) => `key:${String(number).padStart(12, "0")}`);
  const present = shuffle(names.slice(0, count));
  const absent = shuffle(names.slice(count));
  return { names: present, absent, bytes: new TextEncoder().encode(present.concat(absent).join("")) };
}

function shuffle(list) {
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}

function cpuNs() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Nanoseconds an operation: the best of all rounds; `work` does `count` of them. */
function time(count, work, prepare = () => {}) {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    prepare();
    const before = cpuNs();
    work();
    best = Math.min(best, (cpuNs() - before) / count);
  }
  return best.toFixed(0);
}

function timeTable(keys, count) {
  const { bytes } = keys;
  const repeats = Math.max(1, Math.floor(OPERATIONS / count));
  const table = createHashTable(heap, 1, 2);
  const refs = new Int32Array(count);
  const hash = (index) => halfSipHash(bytes, index * KEY_BYTES, KEY_BYTES, 1, 2);
  for (let index = 0; index < count; index++) {
    refs[index] = allocate(heap, keyedPrefixBytes(KEY_BYTES));
    heap.i32[wordOf(refs[index])] = 0;
    writeKey(heap, refs[index], 0, bytes, index * KEY_BYTES, KEY_BYTES);
  }
  const insertAll = () => {
    for (let index = 0; index < count; index++) insertIntoTable(heap, table, hash(index), refs[index]);
  };
  const removeAll = () => {
    for (let index = 0; index < count; index++) removeFromTable(heap, table, hash(index), refs[index]);
  };
  const find = (from) => () => {
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (let index = from; index < from + count; index++) {
        sink ^= findInTable(heap, table, bytes, index * KEY_BYTES, KEY_BYTES, hash(index));
      }
    }
  };
  const many = (work, inverse) => () => {
    for (let repeat = 0; repeat < repeats; repeat++) {
      work();
      if (repeat < repeats - 1) inverse();
    }
  };
  // Rounds of inserting and removing everything; their sum is measured where the table is small.
  const insert = repeats === 1 ? time(count, insertAll, () => removeAll()) : null;
  const both =
    insert === null
      ? time(
          count * repeats,
          many(
            () => (insertAll(), removeAll()),
            () => {},
          ),
        )
      : null;
  if (insert === null) insertAll();
  const hit = time(count * repeats, find(0));
  const miss = time(count * repeats, find(count));
  const remove = insert === null ? null : time(count, removeAll, () => (removeAll(), insertAll()));
  removeAll();
  for (const ref of refs) free(heap, ref);
  return {
    "find, hit": hit,
    "find, miss": miss,
    insert,
    remove,
    "insert + remove": both ?? Number(insert) + Number(remove),
  };
}

function timeMap(keys, count) {
  const { names, absent } = keys;
  const repeats = Math.max(1, Math.floor(OPERATIONS / count));
  let map = new Map();
  const insertAll = () => names.forEach((name, index) => map.set(name, index));
  const removeAll = () => names.forEach((name) => map.delete(name));
  const find = (list) => () => {
    for (let repeat = 0; repeat < repeats; repeat++) for (const name of list) sink ^= map.get(name) ?? 0;
  };
  const both = time(count * repeats, () => {
    for (let repeat = 0; repeat < repeats; repeat++) {
      insertAll();
      removeAll();
    }
  });
  insertAll();
  const row = { "find, hit": time(count * repeats, find(names)), "find, miss": time(count * repeats, find(absent)) };
  map = new Map();
  return { ...row, "insert + remove": both };
}

function printIndexBytes() {
  const rows = {};
  for (const count of [10, 100, 1000, 10_000, 100_000, 147_000, 150_000, 200_000, 250_000, 294_000, 300_000]) {
    const table = createHashTable(heap, 1, 2);
    const bytes = new Uint8Array(8);
    const view = new Int32Array(bytes.buffer);
    for (let number = 0; number < count; number++) {
      view[0] = number;
      const ref = allocate(heap, keyedPrefixBytes(8));
      writeKey(heap, ref, 0, bytes, 0, 8);
      insertIntoTable(heap, table, halfSipHash(bytes, 0, 8, 1, 2), ref);
    }
    const bytesAKey = (hashTableBytes(heap, table) / count).toFixed(1);
    rows[count] = { "index bytes a key": bytesAKey, resizing: isResizing(heap, table) };
  }
  console.table(rows);
}

const rows = {};
for (const count of sizes) {
  const keys = makeKeys(count);
  rows[`hash table, ${count} keys`] = timeTable(keys, count);
  rows[`Map of strings, ${count} keys`] = timeMap(keys, count);
}
console.table(rows);
printIndexBytes();
if (sink === 0.5) console.log(sink);
