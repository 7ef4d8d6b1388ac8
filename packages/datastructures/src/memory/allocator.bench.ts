/**
 * Cost of an allocation and a free by size; each run is 1000 of both, so milliseconds read as microseconds a pair.
 * Good for comparing: vitest reaches every import through a getter, which makes these short functions about ten times
 * slower than in the built package (15 ns a pair up to 16 KiB).
 */
import { bench, describe } from "vitest";
import { allocate, createHeap, free } from "./index.ts";

const BATCH = 1000;
const heap = createHeap();
const refs = new Int32Array(BATCH);

function fillAndEmpty(byteLength: number): void {
  for (let index = 0; index < BATCH; index++) refs[index] = allocate(heap, byteLength);
  for (let index = 0; index < BATCH; index++) free(heap, refs[index]);
}

describe("1000 allocations, then 1000 frees", () => {
  for (const byteLength of [16, 48, 200, 1000, 10_000, 20_000, 1_000_000]) {
    bench(`${byteLength} bytes`, () => fillAndEmpty(byteLength), { time: 200, warmupTime: 50 });
  }
});
