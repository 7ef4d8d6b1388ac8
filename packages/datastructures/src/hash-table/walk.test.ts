import { expect, test } from "vitest";
import { NIL } from "../memory/index.ts";
import {
  collectPosition,
  isInTable,
  isResizing,
  positionCount,
  randomEntry,
  RefList,
  reserveTable,
  sampleTable,
  scanTable,
} from "./index.ts";
import { TestTable } from "./testing/tables.ts";

function scanAll(subject: TestTable): { refs: number[]; calls: number } {
  const found = new RefList();
  let cursor = 0;
  let calls = 0;
  do {
    cursor = scanTable(subject.heap, subject.table, cursor, found);
    calls++;
  } while (cursor !== 0);
  return { refs: [...found.refs.subarray(0, found.count)], calls };
}

test("a scan of an empty table is one call that finds nothing", () => {
  const subject = new TestTable();
  expect(scanAll(subject)).toEqual({ refs: [], calls: 1 });
  expect(randomEntry(subject.heap, subject.table, () => 0)).toBe(NIL);
  subject.close();
});

test("a scan of a table that stays as it is returns each entry once, at rest and at every stage of resizing", () => {
  const subject = new TestTable();
  for (let number = 0; number < 700; number++) {
    subject.insertNumbers(number, number + 1);
    if (number % 13 !== 0 && !isResizing(subject.heap, subject.table)) continue;
    const { refs, calls } = scanAll(subject);
    expect(refs.sort()).toEqual([...subject.refs.values()].sort());
    expect(calls).toBe(positionCount(subject.heap, subject.table));
  }
  for (let number = 0; number < 700; number++) {
    subject.removeNumbers(number, number + 1);
    if (isResizing(subject.heap, subject.table)) expect(scanAll(subject).refs.length).toBe(subject.refs.size);
  }
  subject.close();
});

test("cursors that no scan has given do no harm", () => {
  const subject = new TestTable();
  subject.insertNumbers(0, 500);
  const found = new RefList();
  for (const cursor of [1, 63, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 1.8e19, 0x12345678]) {
    const next = scanTable(subject.heap, subject.table, cursor, found);
    expect(Number.isInteger(next) && next >= 0 && next < 2 ** 32).toBe(true);
  }
  subject.close();
});

test("positions hold every entry once", () => {
  const subject = new TestTable();
  subject.insertNumbers(0, 300);
  const found = new RefList();
  for (let position = 0; position < positionCount(subject.heap, subject.table); position++) {
    collectPosition(subject.heap, subject.table, position, found);
  }
  expect([...found.refs.subarray(0, found.count)].sort()).toEqual([...subject.refs.values()].sort());
  subject.close();
});

test("a random entry is found in a table that is all but empty", () => {
  const subject = new TestTable();
  reserveTable(subject.heap, subject.table, 100_000);
  subject.insertNumbers(0, 1);
  let state = 1;
  const random = (limit: number) => (state = (state * 16807) % 2147483647) % limit;
  for (let draw = 0; draw < 20; draw++) {
    expect(randomEntry(subject.heap, subject.table, random)).toBe(subject.refs.get("0"));
  }
  subject.close();
});

test("a sample has each entry once, every entry is drawn at times, and a small table is drawn as a whole", () => {
  const subject = new TestTable();
  const random = (limit: number): number => Math.floor(Math.random() * limit);
  const found = new RefList();
  sampleTable(subject.heap, subject.table, 5, random, found);
  expect(found.count).toBe(0);
  subject.insertNumbers(0, 4);
  sampleTable(subject.heap, subject.table, 5, random, found);
  expect([...found.refs.subarray(0, found.count)].sort()).toEqual([...subject.refs.values()].sort());
  subject.insertNumbers(4, 400);
  const drawn = new Set<number>();
  for (let round = 0; round < 4000; round++) {
    found.count = 0;
    sampleTable(subject.heap, subject.table, 5, random, found);
    const refs = [...found.refs.subarray(0, found.count)];
    expect([refs.length, new Set(refs).size]).toEqual([5, 5]);
    for (const ref of refs) drawn.add(ref);
  }
  expect(drawn.size).toBe(400);
  subject.close();
});

test("a table has an entry only under its own hash", () => {
  const subject = new TestTable();
  subject.insertNumbers(0, 300);
  for (const [name, ref] of subject.refs) {
    expect(isInTable(subject.heap, subject.table, subject.hash(name), ref)).toBe(true);
    expect(isInTable(subject.heap, subject.table, subject.hash(name) ^ 1, ref)).toBe(false);
  }
  expect(isInTable(subject.heap, subject.table, subject.hash("1"), 0x7fffffff)).toBe(false);
  subject.close();
});
