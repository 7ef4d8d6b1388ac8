/**
 * How much memory a heap needs for its live bytes after a long churn. The ratios are printed before the times. The full
 * figures, 10 M operations: SIDER_BENCH_SCALE=20.
 */
import { bench, describe } from "vitest";
import { churn, populate, remove, residentOverLive, usedOverLive, type Population } from "./testing/churn.ts";

const scale = Number(process.env["SIDER_BENCH_SCALE"] ?? 1);
const BLOCKS = 200_000;
const OPERATIONS = 500_000 * scale;
const CAPACITY_BYTES = 4 * 2 ** 30;

function report(name: string, population: Population): void {
  const used = usedOverLive(population).toFixed(3);
  const resident = residentOverLive(population).toFixed(3);
  const megabytes = Math.round(population.liveBytes / 1e6);
  console.log(`${name}: used pages / live ${used}, resident / live ${resident} (${megabytes} MB live)`);
}

function steady(): Population {
  const population = populate(BLOCKS, CAPACITY_BYTES, 1);
  churn(population, BLOCKS, OPERATIONS);
  return population;
}

function shifting(): Population {
  const population = populate(BLOCKS, CAPACITY_BYTES, 2);
  churn(population, BLOCKS, OPERATIONS, 2.5);
  return population;
}

function shrunk(): Population {
  const population = populate(2 * BLOCKS, CAPACITY_BYTES, 3);
  for (let index = BLOCKS / 2; index < 2 * BLOCKS; index++) remove(population, index);
  churn(population, BLOCKS / 2, OPERATIONS);
  return population;
}

describe(`churn of ${OPERATIONS} operations over mixed sizes`, () => {
  report("steady sizes", steady());
  report("shifting sizes", shifting());
  report("three quarters deleted, then churn", shrunk());

  const population = steady();
  bench(
    "10,000 frees and allocations at a steady live set",
    () => {
      churn(population, BLOCKS, 10_000);
    },
    { time: 300, warmupTime: 100 },
  );
});
