/** Ids of a stream in the tree of its nodes; for comparing one version with the next (vitest reaches imports through getters). */
import { bench, describe } from "vitest";
import { createHeap } from "../memory/index.ts";
import { createIdTree, findId, IdCursor, insertId, removeId, StreamId } from "./index.ts";

const BATCH = 1000;
const COUNT = 20_000 * Number(process.env["SIDER_BENCH_SCALE"] ?? 1);
const heap = createHeap();
const tree = createIdTree(heap, 1);
const cursor = new IdCursor();
const id = new StreamId();
let next = 0;
let sink = 0;
for (let number = 0; number < COUNT; number++) insertId(heap, tree, id.set(0, number, 0, 0));

/** One of the ids, in an order that no cache foresees. */
function nextId(): StreamId {
  next = (next + 7919) % COUNT;
  return id.set(0, next, 0, 0);
}

const options = { time: 200, warmupTime: 50 };

describe(`${String(BATCH)} operations, ${String(COUNT)} ids`, () => {
  bench(
    "find",
    () => {
      for (let count = 0; count < BATCH; count++) sink ^= findId(heap, tree, nextId());
    },
    options,
  );
  bench(
    "walk",
    () => {
      let isThere = cursor.seekFirst(heap, tree);
      for (let count = 0; count < BATCH && isThere; count++, isThere = cursor.next(heap)) sink ^= cursor.word;
    },
    options,
  );
  bench(
    "insert at the end and remove",
    () => {
      for (let count = 0; count < BATCH; count++) {
        id.set(0, COUNT, 0, 0);
        insertId(heap, tree, id);
        removeId(heap, tree, id);
      }
    },
    options,
  );
});

/** Keeps the reads alive. */
export const benchSink = (): number => sink;
