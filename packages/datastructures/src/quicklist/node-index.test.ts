import { expect, test } from "vitest";
import { ListpackText } from "../listpack/index.ts";
import { createHeap, NIL } from "../memory/index.ts";
import {
  createQuicklist,
  deleteAt,
  dropFromQuicklist,
  freeQuicklist,
  insertAt,
  pushToQuicklist,
  QuicklistCursor,
  quicklistCount,
  quicklistNodes,
  readAt,
  replaceAt,
  seek,
} from "./index.ts";
import { nodesWalked } from "./node-at.ts";

const limits = { listMaxListpackSize: 10, listCompressDepth: 0, listPlainBytes: 2 ** 30 };
const heap = createHeap({ capacityBytes: 2 ** 28 });
const cursor = new QuicklistCursor();
const text = new ListpackText();

function push(list: number, value: string, atHead = false): void {
  expect(pushToQuicklist(heap, list, atHead, Buffer.from(value), 0, value.length, limits)).toBe(true);
}

/** Ten numbers a node, which are their own indexes. */
function numbers(count: number): number {
  const list = createQuicklist(heap, NIL);
  for (let number = 0; number < count; number++) {
    const bytes = Buffer.from(String(number));
    pushToQuicklist(heap, list, false, bytes, 0, bytes.length, limits);
  }
  expect(quicklistCount(heap, list)).toBe(count);
  return list;
}

function at(list: number, index: number): string {
  expect(seek(heap, cursor, list, NIL, index)).toBe(true);
  readAt(cursor, text);
  return Buffer.from(text.bytes.slice(text.offset, text.offset + text.length)).toString();
}

/** Nodes walked over by seeks all over the list, 100 of them. */
function walkedBySeeks(list: number): number {
  const before = nodesWalked();
  const count = quicklistCount(heap, list);
  for (let seeks = 0; seeks < 100; seeks++) {
    const index = (seeks * 7919) % count;
    expect(at(list, index)).toBe(String(index));
  }
  return nodesWalked() - before;
}

test("a list is walked along until that has cost as much as walking along all of it", () => {
  const list = numbers(10_000);
  const nodes = quicklistNodes(heap, list);
  const walked = walkedBySeeks(list);
  expect(walked).toBeGreaterThanOrEqual(nodes);
  expect(walked).toBeLessThan(2 * nodes);
  expect(walkedBySeeks(list)).toBe(0);
  freeQuicklist(heap, list);
});

test("a short list is walked along always, and so is one of which only the ends are looked at", () => {
  const short = numbers(150);
  walkedBySeeks(short);
  expect(walkedBySeeks(short)).toBeGreaterThan(100);
  const long = numbers(100_000);
  for (let seeks = 0; seeks < 100; seeks++) expect(at(long, 99_970)).toBe("99970");
  const before = nodesWalked();
  expect(at(long, 50_000)).toBe("50000");
  expect(nodesWalked() - before).toBeGreaterThan(4000);
  freeQuicklist(heap, short);
  freeQuicklist(heap, long);
});

test("what happens within the nodes at both ends leaves the index as it is", () => {
  const list = numbers(10_000);
  for (const atHead of [true, false]) expect(dropFromQuicklist(heap, list, atHead, limits)).toBe(true);
  push(list, "0", true);
  push(list, "9999");
  walkedBySeeks(list);
  for (const atHead of [true, false]) {
    for (let count = 0; count < 4; count++) expect(dropFromQuicklist(heap, list, atHead, limits)).toBe(true);
  }
  push(list, "3", true);
  push(list, "a text much longer than the number was that has been at this end, so that the node has to move", false);
  const before = nodesWalked();
  for (const index of [0, 6, 7, 100, 5000, 9900]) expect(at(list, index)).toBe(String(index + 3));
  expect(at(list, quicklistCount(heap, list) - 1)).toMatch("a text much longer");
  expect(nodesWalked()).toBe(before);
  freeQuicklist(heap, list);
});

/** Nodes walked over by seeks until one of them needs no walk. */
function walkedUntilIndexed(list: number): number {
  const before = nodesWalked();
  let walked = -1;
  while (nodesWalked() !== walked) {
    walked = nodesWalked();
    expect(at(list, 5000)).toBe("5000");
  }
  return walked - before;
}

/** Changes in the midst of the list, which keep all later elements where they are but for an offset. */
const changes: [string, (list: number) => number][] = [
  [
    "an insertion",
    (list) => {
      at(list, 5000);
      insertAt(heap, list, cursor, false, Buffer.from("x"), 0, 1, limits);
      return 1;
    },
  ],
  [
    "a deletion",
    (list) => {
      at(list, 5000);
      deleteAt(heap, list, cursor, true);
      return -1;
    },
  ],
  [
    "a node that comes at an end",
    (list) => {
      for (let count = 0; count < 10; count++) push(list, "x", true);
      return 10;
    },
  ],
  [
    "a node that goes",
    (list) => {
      for (let count = 0; count < 10; count++) dropFromQuicklist(heap, list, true, limits);
      return -10;
    },
  ],
  [
    "a node that moves",
    (list) => {
      at(list, 5000);
      replaceAt(heap, list, cursor, Buffer.alloc(9000), 0, 9000, limits);
      return 0;
    },
  ],
];

test.each(changes)("%s makes the index anew", (_, change) => {
  const list = numbers(10_000);
  walkedBySeeks(list);
  const before = nodesWalked();
  expect(at(list, 7500)).toBe("7500");
  expect(nodesWalked()).toBe(before);
  const offset = change(list);
  const changed = nodesWalked();
  expect(at(list, 7500 + offset)).toBe("7500");
  expect(nodesWalked() - changed).toBeGreaterThan(200);
  for (let seeks = 0; seeks < 10; seeks++) expect(at(list, 7500 + offset)).toBe("7500");
  const settled = nodesWalked();
  expect(at(list, 7501 + offset)).toBe("7501");
  expect(nodesWalked()).toBe(settled);
  freeQuicklist(heap, list);
});

test("an index that was lost before it was of use makes the next one come later", () => {
  const list = numbers(10_000);
  const nodes = quicklistNodes(heap, list);
  walkedBySeeks(list);
  for (let patience = 1; patience <= 16; patience *= 2) {
    push(list, String(quicklistCount(heap, list)));
    while (quicklistCount(heap, list) % 10 !== 1) push(list, String(quicklistCount(heap, list)));
    const walked = walkedUntilIndexed(list);
    expect(walked).toBeGreaterThanOrEqual(nodes * patience);
    expect(walked).toBeLessThan(nodes * (patience + 1));
  }
  walkedBySeeks(list);
  for (let count = 0; count < 10; count++) push(list, String(quicklistCount(heap, list)));
  expect(walkedUntilIndexed(list)).toBeLessThan(nodes * 2);
  freeQuicklist(heap, list);
});

test("replacing an element by one that fits in its place leaves the index as it is", () => {
  const list = numbers(10_000);
  walkedBySeeks(list);
  const before = nodesWalked();
  at(list, 5000);
  expect(replaceAt(heap, list, cursor, Buffer.from("4321"), 0, 4, limits)).toBe(true);
  expect(at(list, 5000)).toBe("4321");
  expect(nodesWalked()).toBe(before);
  freeQuicklist(heap, list);
});

test("of a list with more nodes than samples some steps are left to walk", () => {
  const one = { ...limits, listMaxListpackSize: 1 };
  const list = createQuicklist(heap, NIL);
  for (let number = 0; number < 50_000; number++) {
    pushToQuicklist(heap, list, false, Buffer.from(String(number)), 0, String(number).length, one);
  }
  walkedBySeeks(list);
  const walked = walkedBySeeks(list);
  expect(walked).toBeGreaterThan(0);
  // Every 13th node is a sample.
  expect(walked).toBeLessThanOrEqual(100 * 6);
  freeQuicklist(heap, list);
});

test("a list in the block of one that is gone does not take its index over", () => {
  const first = numbers(10_000);
  walkedBySeeks(first);
  freeQuicklist(heap, first);
  const second = createQuicklist(heap, NIL);
  expect(second).toBe(first);
  for (let number = 0; number < 10_000; number++) push(second, String(number), true);
  for (let seeks = 0; seeks < 10; seeks++) expect(at(second, 5000)).toBe("4999");
  freeQuicklist(heap, second);
});
