import { expect, test } from "vitest";
import { allocate, createHeap, free, heapStatistics, NIL, wordOf } from "../memory/index.ts";
import {
  clearHashTable,
  createHashTable,
  destroyHashTable,
  hashTableBytes,
  hashTableCount,
  isResizing,
  removeFromTable,
  replaceInTable,
  touchBucket,
  touchEntry,
} from "./index.ts";
import { TestTable } from "./testing/tables.ts";

test("an empty table finds, removes and replaces nothing", () => {
  const subject = new TestTable();
  expect(subject.find("a")).toBe(NIL);
  expect(removeFromTable(subject.heap, subject.table, subject.hash("a"), 8)).toBe(false);
  expect(replaceInTable(subject.heap, subject.table, subject.hash("a"), 8, 16)).toBe(false);
  expect(touchEntry(subject.heap, subject.table, subject.hash("a"))).toBe(0);
  expect(hashTableCount(subject.heap, subject.table)).toBe(0);
  expect(hashTableBytes(subject.heap, subject.table)).toBe(128);
  subject.close();
});

test("a table without memory is NIL, and nothing is lost", () => {
  const heap = createHeap({ capacityBytes: 2 ** 20, failAfter: 0 });
  expect(createHashTable(heap, 1, 2)).toBe(NIL);
  expect(heapStatistics(heap).allocatedBytes).toBe(0);
});

test("keys of every length up to 40, equal but for one byte, are told apart", () => {
  const subject = new TestTable();
  for (let length = 0; length <= 40; length++) {
    subject.insert("a".repeat(length));
    for (let at = 0; at < length; at++) subject.insert("a".repeat(at) + "b" + "a".repeat(length - at - 1));
  }
  subject.verify();
  expect(subject.find("a".repeat(41))).toBe(NIL);
  subject.close();
});

test("keys with zero bytes at the end differ from shorter ones: the padding is no part of a key", () => {
  const subject = new TestTable();
  for (let zeros = 0; zeros < 9; zeros++) subject.insert(`k${"\0".repeat(zeros)}`);
  subject.verify();
  subject.close();
});

/** Names whose hashes end in the same eight bits: they stay in one chain while the table is small. */
function collidingNames(subject: TestTable, count: number): string[] {
  const names: string[] = [];
  for (let number = 0; names.length < count; number++) {
    if ((subject.hash(String(number)) & 0xff) === 77) names.push(String(number));
  }
  return names;
}

test("a long chain is filled from its end when something goes, and gives back what becomes empty", () => {
  for (const order of ["first", "last", "middle"] as const) {
    const subject = new TestTable();
    const names = collidingNames(subject, 60);
    for (const name of names) subject.insert(name);
    subject.verify();
    const bytes = hashTableBytes(subject.heap, subject.table);
    while (names.length > 0) {
      const at = order === "first" ? 0 : order === "last" ? names.length - 1 : names.length >> 1;
      expect(subject.remove(names.splice(at, 1)[0])).toBe(true);
      subject.verify();
    }
    expect(hashTableBytes(subject.heap, subject.table)).toBeLessThan(bytes);
    subject.close();
  }
});

test("an insert without memory for an overflow bucket changes nothing", () => {
  const subject = new TestTable();
  subject.insertNumbers(0, 12);
  while (isResizing(subject.heap, subject.table)) subject.insert(`more ${String(subject.refs.size)}`);
  subject.allocationsLeft = 0;
  let refused = 0;
  for (let number = 100; number < 200; number++) if (!subject.insert(String(number))) refused++;
  expect(refused).toBeGreaterThan(0);
  subject.verify();
  subject.allocationsLeft = Infinity;
  subject.insertNumbers(1000, 2000);
  subject.verify();
  subject.close();
});

test("clearing needs no memory, at rest and while it grows or shrinks", () => {
  for (const size of [0, 1, 12, 100, 2000]) {
    for (const shrinking of [false, true]) {
      const subject = new TestTable();
      subject.insertNumbers(0, size);
      if (shrinking)
        for (let number = 0; number < size && !isResizing(subject.heap, subject.table); number++)
          subject.removeNumbers(number, number + 1);
      subject.allocationsLeft = 0;
      for (const ref of subject.refs.values()) free(subject.heap, ref);
      subject.refs.clear();
      clearHashTable(subject.heap, subject.table);
      subject.allocationsLeft = Infinity;
      expect(hashTableBytes(subject.heap, subject.table)).toBe(128);
      subject.verify();
      subject.insertNumbers(0, 300);
      subject.verify();
      subject.close();
    }
  }
});

test("destroying frees all, at every size on the way up and down", () => {
  for (let size = 0; size < 250; size += 19) {
    const up = new TestTable();
    up.insertNumbers(0, size);
    up.close();
    const down = new TestTable();
    down.insertNumbers(0, 500);
    down.removeNumbers(0, 500 - size);
    down.close();
  }
});

test("touching gives a word of the bucket, and words of the entry or of one with the same tag; it changes nothing", () => {
  const subject = new TestTable();
  const { heap, table } = subject;
  subject.insertNumbers(0, 1000);
  let right = 0;
  for (let number = 0; number < 1000; number++) {
    const key = String(number);
    const hash = subject.hash(key);
    const word = wordOf(subject.find(key));
    expect(Number.isInteger(touchBucket(heap, table, hash))).toBe(true);
    if (touchEntry(heap, table, hash) === (heap.i32[word] ^ heap.i32[word + 8])) right++;
  }
  expect(right).toBeGreaterThan(900);
  subject.verify();
  subject.close();
});

test("two tables share no state", () => {
  const heap = createHeap({ capacityBytes: 2 ** 24, checks: true });
  const tables = [createHashTable(heap, 1, 2), createHashTable(heap, 3, 4)];
  expect(tables[0]).not.toBe(tables[1]);
  destroyHashTable(heap, tables[0]);
  expect(hashTableCount(heap, tables[1])).toBe(0);
  destroyHashTable(heap, tables[1]);
  expect(allocate(heap, 64)).not.toBe(NIL);
});
