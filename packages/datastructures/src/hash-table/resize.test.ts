import { expect, test } from "vitest";
import {
  hashTableBytes,
  isOvercrowded,
  isResizing,
  positionCount,
  reserveTable,
  resizeStep,
  setFrozen,
} from "./index.ts";
import { TestTable } from "./testing/tables.ts";

const BUCKET_BYTES = 64;

function finish(subject: TestTable): void {
  while (isResizing(subject.heap, subject.table)) expect(resizeStep(subject.heap, subject.table)).toBe(true);
}

test("grows at nine entries a bucket, and one step moves one bucket", () => {
  const subject = new TestTable();
  subject.insertNumbers(0, 9);
  expect(isResizing(subject.heap, subject.table)).toBe(false);
  subject.insertNumbers(9, 10);
  expect(isResizing(subject.heap, subject.table)).toBe(true);
  expect(resizeStep(subject.heap, subject.table)).toBe(true);
  expect(isResizing(subject.heap, subject.table)).toBe(false);
  expect(resizeStep(subject.heap, subject.table)).toBe(false);
  subject.verify();
  subject.close();
});

test("beyond the limit for growth it grows only when it is crowded", () => {
  const subject = new TestTable();
  subject.insertNumbers(0, 100);
  finish(subject);
  const buckets = positionCount(subject.heap, subject.table);
  subject.heap.growthLimitBytes = subject.heap.allocatedBytes;
  subject.insertNumbers(100, buckets * 15);
  expect(isResizing(subject.heap, subject.table)).toBe(false);
  subject.insertNumbers(buckets * 15, buckets * 16);
  finish(subject);
  expect(positionCount(subject.heap, subject.table)).toBe(buckets * 2);
  subject.verify();
  subject.heap.growthLimitBytes = Infinity;
  subject.insertNumbers(buckets * 16, buckets * 20);
  finish(subject);
  expect(positionCount(subject.heap, subject.table)).toBe(buckets * 4);
  subject.close();
});

test("everything is found after every kind of step, up and down", () => {
  const subject = new TestTable();
  for (let number = 0; number < 600; number++) {
    subject.insertNumbers(number, number + 1);
    if (number % 7 === 0 && isResizing(subject.heap, subject.table)) subject.verify();
  }
  for (let number = 0; number < 600; number++) {
    subject.removeNumbers(number, number + 1);
    if (number % 7 === 0 && isResizing(subject.heap, subject.table)) subject.verify();
  }
  finish(subject);
  expect(hashTableBytes(subject.heap, subject.table)).toBe(2 * BUCKET_BYTES);
  subject.close();
});

test("the table counts its own memory right, on the way up and down", () => {
  for (const [size, removed] of [
    [5, 0],
    [100, 0],
    [1000, 0],
    [3000, 2900],
    [3000, 2000],
  ]) {
    const subject = new TestTable();
    subject.insertNumbers(0, size);
    subject.removeNumbers(0, removed);
    subject.expectBytes();
    subject.close();
  }
});

test("shrinking joins chains, with overflow buckets where they are needed", () => {
  const subject = new TestTable();
  expect(reserveTable(subject.heap, subject.table, 9 * 64)).toBe(true);
  subject.insertNumbers(0, 62);
  // The first removal finds a table too large for its entries.
  subject.removeNumbers(0, 1);
  expect(isResizing(subject.heap, subject.table)).toBe(true);
  finish(subject);
  subject.verify();
  expect(hashTableBytes(subject.heap, subject.table)).toBeLessThan(64 * BUCKET_BYTES);
  subject.close();
});

test("a step of shrinking without memory changes nothing and is tried again", () => {
  for (let granted = 0; granted < 4; granted++) {
    const subject = new TestTable();
    reserveTable(subject.heap, subject.table, 9 * 1024);
    subject.insertNumbers(0, 1000);
    subject.removeNumbers(0, 1);
    expect(isResizing(subject.heap, subject.table)).toBe(true);
    const before = hashTableBytes(subject.heap, subject.table);
    subject.allocationsLeft = granted;
    for (let step = 0; step < 300; step++) resizeStep(subject.heap, subject.table);
    subject.verify();
    expect(hashTableBytes(subject.heap, subject.table)).toBeLessThanOrEqual(before + granted * BUCKET_BYTES);
    subject.allocationsLeft = Infinity;
    finish(subject);
    subject.verify();
    subject.expectBytes();
    subject.close();
  }
});

test("without memory to grow, chains get longer; the next try is when each bucket has one entry more", () => {
  const subject = new TestTable();
  subject.insertNumbers(0, 8 * 9);
  finish(subject);
  const ownBytes = hashTableBytes(subject.heap, subject.table);
  subject.allocationsLeft = 0;
  expect(subject.insert("the array is refused, the slot is there") && isResizing(subject.heap, subject.table)).toBe(
    false,
  );
  subject.allocationsLeft = Infinity;
  while (subject.refs.size < 8 * 10) {
    expect(isResizing(subject.heap, subject.table)).toBe(false);
    subject.insert(`another ${String(subject.refs.size)}`);
  }
  expect(hashTableBytes(subject.heap, subject.table)).toBeLessThan(ownBytes * 2);
  subject.insert("the one that asks again");
  expect(isResizing(subject.heap, subject.table)).toBe(true);
  subject.insertNumbers(5000, 9000);
  subject.verify();
  subject.expectBytes();
  subject.close();
});

test("reserving makes room at once, also in a table that is resizing, and fails without a trace", () => {
  const subject = new TestTable();
  subject.insertNumbers(0, 40);
  subject.allocationsLeft = 0;
  expect(reserveTable(subject.heap, subject.table, 100_000)).toBe(false);
  subject.verify();
  subject.allocationsLeft = Infinity;
  subject.insertNumbers(40, 74);
  expect(isResizing(subject.heap, subject.table)).toBe(true);
  expect(reserveTable(subject.heap, subject.table, 100_000)).toBe(true);
  expect(isResizing(subject.heap, subject.table)).toBe(false);
  const bytes = hashTableBytes(subject.heap, subject.table);
  expect(bytes).toBeGreaterThan((100_000 / 9) * BUCKET_BYTES);
  expect(reserveTable(subject.heap, subject.table, 10)).toBe(true);
  expect(hashTableBytes(subject.heap, subject.table)).toBe(bytes);
  subject.verify();
  subject.close();
});

test("no operation moves more than one bucket of the smaller array, so none is long", () => {
  const subject = new TestTable();
  let longestSteps = 0;
  let resizing = 0;
  for (let number = 0; number < 18_000; number++) {
    const before = isResizing(subject.heap, subject.table);
    subject.insertNumbers(number, number + 1);
    resizing = isResizing(subject.heap, subject.table) ? resizing + 1 : 0;
    if (before) longestSteps = Math.max(longestSteps, resizing);
  }
  // Growing from 1024 to 2048 buckets is the last resize in this range, and takes that many inserts.
  expect(longestSteps).toBe(1024);
  subject.close();
});

test("a table that is left alone while it resizes has at most 40 bytes of index an entry, and is a fifth of its size from the end", () => {
  const subject = new TestTable();
  let changes = 0;
  const change = (to: number): void => {
    for (let size = subject.refs.size; size !== to; size = subject.refs.size) {
      if (size < to) subject.insert(String(size));
      else subject.remove(String(size - 1));
      changes = isResizing(subject.heap, subject.table) ? changes + 1 : 0;
      if (size < 100) continue;
      // Settled: 64 bytes for 3 to 9 entries. Growing adds half of a full array, shrinking half of one with 3 a bucket.
      const bytes = hashTableBytes(subject.heap, subject.table);
      if (bytes > size * (changes > 0 ? 40 : 23)) expect.fail(`${String(bytes)} bytes for ${String(size)}`);
      if (changes > size / 5 + 1) expect.fail(`${String(changes)} changes with ${String(size)}`);
    }
  };
  for (const size of [20_000, 0, 9300, 9000, 9250, 2900, 3100, 1500, 9217, 3071, 0]) change(size);
  subject.close();
});

test("a frozen table keeps its buckets, grown over or emptied, and makes up for it afterwards", () => {
  const subject = new TestTable();
  subject.insertNumbers(0, 74);
  const { heap, table } = subject;
  expect(isResizing(heap, table)).toBe(true);
  const bytes = hashTableBytes(heap, table);
  const positions = positionCount(heap, table);
  setFrozen(heap, table, true);
  expect(resizeStep(heap, table)).toBe(false);
  expect(reserveTable(heap, table, 1000)).toBe(false);
  subject.insertNumbers(74, 400);
  expect(positionCount(heap, table)).toBe(positions);
  expect(isOvercrowded(heap, table)).toBe(true);
  subject.verify();
  subject.removeNumbers(0, 395);
  expect(hashTableBytes(heap, table)).toBeLessThanOrEqual(bytes);
  subject.verify();
  setFrozen(heap, table, false);
  expect(isOvercrowded(heap, table)).toBe(false);
  finish(subject);
  subject.removeNumbers(395, 396);
  finish(subject);
  expect(positionCount(heap, table)).toBeLessThan(positions);
  subject.close();
});
