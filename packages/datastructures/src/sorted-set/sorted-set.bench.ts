/** Members by name, score and rank; for comparing one version with the next (vitest reaches imports through getters). */
import { bench, describe } from "vitest";
import { halfSipHash } from "../hash-table/index.ts";
import { createHeap, NIL } from "../memory/index.ts";
import {
  addMember,
  changeScore,
  createSortedSet,
  findMember,
  nextMember,
  rankOfMember,
  seekRank,
  SortedSetCursor,
} from "./index.ts";

const MEMBER_BYTES = 16;
const BATCH = 1000;
const COUNT = 20_000 * Number(process.env["SIDER_BENCH_SCALE"] ?? 1);
const names = Array.from({ length: COUNT }, (_, number) => `member:${String(number).padStart(9, "0")}`);
const bytes = new TextEncoder().encode(names.join(""));
const heap = createHeap();
const set = createSortedSet(heap, 1, 2);
const cursor = new SortedSetCursor();
let next = 0;
let sink = 0;
for (let number = 0; number < COUNT; number++) {
  addMember(heap, set, bytes, number * MEMBER_BYTES, MEMBER_BYTES, hashOf(number), (number * 7919) % COUNT);
}

function hashOf(number: number): number {
  return halfSipHash(bytes, number * MEMBER_BYTES, MEMBER_BYTES, 1, 2);
}

/** A number below the count, in an order that no cache foresees. */
function nextNumber(): number {
  next = (next + 7919) % COUNT;
  return next;
}

function find(number: number): number {
  return findMember(heap, set, bytes, number * MEMBER_BYTES, MEMBER_BYTES, hashOf(number));
}

const options = { time: 200, warmupTime: 50 };

describe(`${String(BATCH)} operations, ${String(COUNT)} members`, () => {
  bench(
    "find, and the rank",
    () => {
      for (let count = 0; count < BATCH; count++) sink ^= rankOfMember(heap, set, find(nextNumber()));
    },
    options,
  );
  bench(
    "find, and another score",
    () => {
      for (let count = 0; count < BATCH; count++) changeScore(heap, set, find(nextNumber()), nextNumber() + 0.5);
    },
    options,
  );
  bench(
    "seek a rank and walk ten members",
    () => {
      for (let count = 0; count < BATCH / 10; count++) {
        let ref = seekRank(heap, set, cursor, nextNumber());
        for (let left = 10; left > 0 && ref !== NIL; left--, ref = nextMember(heap, cursor)) sink ^= ref;
      }
    },
    options,
  );
});

/** Keeps the reads alive. */
export const benchSink = (): number => sink;
