/** Both ends and the inside of a long list; for comparing one version with the next (vitest reaches imports through getters). */
import { bench, describe } from "vitest";
import { ListpackText } from "../listpack/index.ts";
import { createHeap, NIL } from "../memory/index.ts";
import {
  createQuicklist,
  dropFromQuicklist,
  headNode,
  insertAt,
  pushToQuicklist,
  QuicklistCursor,
  quicklistCount,
  readAt,
  seek,
  toFirstOf,
  toNext,
} from "./index.ts";

const BATCH = 1000;
const COUNT = 20_000 * Number(process.env["SIDER_BENCH_SCALE"] ?? 1);
const limits = { listMaxListpackSize: -2, listCompressDepth: 0, listPlainBytes: 2 ** 30 };
const heap = createHeap();
const LONG_COUNT = 1_000_000;
const list = createQuicklist(heap, NIL);
const longList = createQuicklist(heap, NIL);
const cursor = new QuicklistCursor();
const text = new ListpackText();
const bytes = new TextEncoder().encode("element:00000000");
let sink = 0;
for (let number = 0; number < COUNT; number++) push(false);
for (let number = 0; number < LONG_COUNT; number++) {
  pushToQuicklist(heap, longList, false, bytes, 0, bytes.length, limits);
}

function push(atHead: boolean): void {
  pushToQuicklist(heap, list, atHead, bytes, 0, bytes.length, limits);
}

/** In an order that no cache foresees. */
function readByIndex(from: number): void {
  const length = quicklistCount(heap, from);
  for (let count = 0; count < BATCH; count++) {
    seek(heap, cursor, from, NIL, (count * 7919) % length);
    readAt(cursor, text);
    sink ^= text.length;
  }
}

const options = { time: 200, warmupTime: 50 };

describe(`${String(BATCH)} operations, ${String(COUNT)} elements`, () => {
  bench(
    "push at the tail, drop at the head",
    () => {
      for (let count = 0; count < BATCH; count++) {
        push(false);
        dropFromQuicklist(heap, list, true, limits);
      }
    },
    options,
  );
  bench(
    "read from the head on",
    () => {
      let isThere = toFirstOf(heap, cursor, headNode(heap, list));
      for (let count = 0; count < BATCH && isThere; count++, isThere = toNext(heap, cursor)) {
        readAt(cursor, text);
        sink ^= text.length;
      }
    },
    options,
  );
  bench(
    "read by index",
    () => {
      readByIndex(list);
    },
    options,
  );
  bench(
    `read by index among ${String(LONG_COUNT)}`,
    () => {
      readByIndex(longList);
    },
    options,
  );
  bench(
    `read by index among ${String(LONG_COUNT)}, an insertion before it`,
    () => {
      seek(heap, cursor, longList, NIL, LONG_COUNT >> 2);
      insertAt(heap, longList, cursor, true, bytes, 0, bytes.length, limits);
      readByIndex(longList);
    },
    options,
  );
});

/** Keeps the reads alive. */
export const benchSink = (): number => sink;
