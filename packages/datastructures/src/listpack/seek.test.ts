import { expect, test } from "vitest";
import { createHeap, free, NIL, offsetOf, windowOf } from "../memory/index.ts";
import { appendEntry, createListpack, END, firstEntry, lastEntry, nextEntry, seekEntry } from "./index.ts";

/** Texts of the lengths and forms that an entry's head may tell, or not. */
const mixtures: [string, number, (index: number) => string][] = [
  ["all alike", 301, (index) => `text:${String(1000 + index)}`],
  ["runs of two lengths", 300, (index) => "x".repeat(5 + ((index >> 4) & 1))],
  ["short runs", 300, (index) => "x".repeat(1 + (Math.floor(index / 3) % 5))],
  ["no two alike", 200, (index) => "x".repeat((index * 7) % 61)],
  ["integers of all sizes", 300, (index) => String(1000 ** (index % 7) * (index % 2 === 0 ? 1 : -1))],
  ["small integers", 300, (index) => String(index % 100)],
  ["long among short", 300, (index) => "x".repeat(index % 9 === 0 ? 100 + index : 4)],
  ["very long", 20, (index) => "x".repeat(5000 + index)],
  ["four, with one head but not of one size", 4, (index) => "x".repeat(300 + index)],
  ["one", 1, () => "x"],
];

test.each(mixtures)("an index leads where steps lead: %s", (_, count, textOf) => {
  const heap = createHeap({ capacityBytes: 2 ** 24 });
  let ref = createListpack(heap);
  for (let index = 0; index < count; index++) {
    const bytes = Buffer.from(textOf(index));
    ref = appendEntry(heap, ref, bytes, 0, bytes.length);
    expect(ref).not.toBe(NIL);
  }
  const bytes = windowOf(heap, ref);
  const start = offsetOf(ref);
  let at = firstEntry(bytes, start);
  for (let index = 0; index < count; index++, at = nextEntry(bytes, at)) {
    expect(seekEntry(bytes, start, index)).toBe(at);
    expect(seekEntry(bytes, start, index - count)).toBe(at);
  }
  expect(seekEntry(bytes, start, count)).toBe(END);
  expect(seekEntry(bytes, start, -count - 1)).toBe(END);
  free(heap, ref);
});

test("a listpack that does not know how many entries it has is walked along to the end", () => {
  const heap = createHeap({ capacityBytes: 2 ** 24 });
  let ref = createListpack(heap);
  for (let index = 0; index < 65_540; index++) ref = appendEntry(heap, ref, Buffer.from("12"), 0, 2);
  const bytes = windowOf(heap, ref);
  const start = offsetOf(ref);
  expect(seekEntry(bytes, start, 65_539)).toBe(lastEntry(bytes, start));
  expect(seekEntry(bytes, start, -65_540)).toBe(firstEntry(bytes, start));
  expect(seekEntry(bytes, start, 65_540)).toBe(END);
  expect(seekEntry(bytes, start, -65_541)).toBe(END);
});
