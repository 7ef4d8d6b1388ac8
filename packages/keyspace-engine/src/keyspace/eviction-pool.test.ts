import { expect, test } from "vitest";
import { seededRandom } from "../clock.ts";
import { EvictionPool } from "./eviction-pool.ts";

function takeAll(pool: EvictionPool): number[] {
  const taken: number[] = [];
  while (pool.take()) taken.push(pool.ref);
  return taken;
}

test("the 16 best of all that are offered are taken, the best first", () => {
  const random = seededRandom(1);
  for (let round = 0; round < 200; round++) {
    const pool = new EvictionPool();
    const scores = Array.from({ length: random(60) }, () => random(1000) - 500);
    scores.forEach((score, at) => {
      if (pool.admits(score)) pool.add(score, 3, at * 7, at);
    });
    const best = scores.toSorted((one, other) => other - one).slice(0, 16);
    expect(takeAll(pool).map((at) => scores[at])).toEqual(best);
    expect(pool.count).toBe(0);
  }
});

test("a candidate keeps its database and hash through all moves", () => {
  const pool = new EvictionPool();
  for (let at = 0; at < 40; at++) pool.add((at * 37) % 41, at % 5, -at, at);
  while (pool.take()) expect([pool.databaseIndex, pool.hash]).toEqual([pool.ref % 5, -pool.ref]);
  pool.add(1, 0, 0, 1);
  pool.clear();
  expect(pool.take()).toBe(false);
});
