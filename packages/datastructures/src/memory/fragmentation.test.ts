import { describe, expect, it } from "vitest";
import { verifyHeap } from "./index.ts";
import { churn, populate, put, remove, usedOverLive } from "./testing/churn.ts";

const CAPACITY_BYTES = 2 ** 30;

describe("fragmentation", () => {
  it("stays under 1.25 in a churn of mixed sizes", () => {
    const population = populate(50_000, CAPACITY_BYTES, 1);
    churn(population, 50_000, 300_000);
    expect(usedOverLive(population)).toBeLessThan(1.25);
    verifyHeap(population.heap);
  });

  it("stays under 1.25 when the sizes shift", () => {
    const population = populate(50_000, CAPACITY_BYTES, 2);
    churn(population, 50_000, 400_000, 2.5);
    expect(usedOverLive(population)).toBeLessThan(1.25);
  });

  it("goes back under 1.25 when most blocks are deleted at random and the rest churns", () => {
    const population = populate(100_000, CAPACITY_BYTES, 3);
    for (let index = 25_000; index < 100_000; index++) remove(population, index);
    churn(population, 25_000, 200_000);
    expect(usedOverLive(population)).toBeLessThan(1.25);
  });

  it("reuses freed memory for other sizes", () => {
    const population = populate(0, CAPACITY_BYTES, 4);
    population.refs = new Int32Array(200_000);
    population.lengths = new Int32Array(200_000);
    let highest = 0;
    for (const length of [40, 1000, 20_000, 48, 100_000, 16]) {
      const blocks = Math.min(200_000, Math.floor(8e6 / length));
      for (let index = 0; index < blocks; index++) put(population, index, length);
      highest = Math.max(highest, population.heap.highestPage);
      for (let index = 0; index < blocks; index++) remove(population, index);
    }
    expect(highest * 4096).toBeLessThan(8e6 * 1.25);
  });
});
