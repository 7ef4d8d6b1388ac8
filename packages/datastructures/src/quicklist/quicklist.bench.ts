/** Both ends and the inside of a long list; for comparing one version with the next (vitest reaches imports through getters). */
import { bench, describe } from "vitest";
import { ListpackText } from "../listpack/index.ts";
import { createHeap, NIL } from "../memory/index.ts";
import {
  createQuicklist,
  dropFromQuicklist,
  headNode,
  pushToQuicklist,
  QuicklistCursor,
  quicklistCount,
  readAt,
  seek,
  tailNode,
  toFirstOf,
  toNext,
} from "./index.ts";

const BATCH = 1000;
const COUNT = 20_000 * Number(process.env["SIDER_BENCH_SCALE"] ?? 1);
const limits = { listMaxListpackSize: -2, listCompressDepth: 0, listPlainBytes: 2 ** 30 };
const heap = createHeap();
const list = createQuicklist(heap, NIL);
const cursor = new QuicklistCursor();
const text = new ListpackText();
const bytes = new TextEncoder().encode("element:00000000");
let sink = 0;
for (let number = 0; number < COUNT; number++) push(false);

function push(atHead: boolean): void {
  pushToQuicklist(heap, list, atHead, bytes, 0, bytes.length, limits);
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
      const length = quicklistCount(heap, list);
      for (let count = 0; count < BATCH; count++) {
        seek(heap, cursor, headNode(heap, list), tailNode(heap, list), length, (count * 7919) % length);
        readAt(cursor, text);
        sink ^= text.length;
      }
    },
    options,
  );
});

/** Keeps the reads alive. */
export const benchSink = (): number => sink;
