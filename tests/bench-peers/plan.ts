/**
 * What is to be run: one cell per value size, test and depth, and how many requests and keys fit it.
 */
import type { BenchOptions } from "./options.ts";
import { manyKeyTests, type TestName } from "./redis-benchmark.ts";

export interface Cell {
  test: TestName;
  depth: number;
  valueBytes: number;
  requests: number;
  keys: number;
}

/** Values of all keys together stay below this, so that big values do not fill the machine. */
const valueBudgetBytes = 256 * 2 ** 20;
/** What one connection may have in flight: redis-benchmark writes a whole pipeline at once, for each of 50 connections. */
const pipelineBudgetBytes = 2 * 2 ** 20;
const keysPerMset = 10;

/** The cells, ordered so that all of one value size follow each other (the keyspace is filled once per size). */
export function planCells(options: BenchOptions): Cell[] {
  return options.valueBytes.flatMap((valueBytes, index) =>
    options.tests
      .filter((test) => index === 0 || test === "SET" || test === "GET")
      .flatMap((test) =>
        options.depths
          .filter((depth) => depth * valueBytes <= pipelineBudgetBytes)
          .map((depth) => ({
            test,
            depth,
            valueBytes,
            requests: requestsFor(options, test, depth, valueBytes),
            keys: manyKeyTests.includes(test) ? keysFor(options.keys, valueBytes) : options.keyspace,
          })),
      ),
  );
}

/** Random keys for a value size. */
export function keysFor(keys: number, valueBytes: number): number {
  return Math.max(1, Math.min(keys, Math.floor(valueBudgetBytes / valueBytes)));
}

/** Enough requests for one to two seconds: CPU times have a resolution of 10 ms, which must be below 1 % of a run. */
function requestsFor(options: BenchOptions, test: TestName, depth: number, valueBytes: number): number {
  if (options.requests !== null) return options.requests;
  const byDepth = depth < 4 ? 150_000 : depth < 32 ? 1_500_000 : 2_500_000;
  const bySize = valueBytes > 256 ? Math.min(byDepth, Math.ceil(4_000_000_000 / valueBytes)) : byDepth;
  if (test.startsWith("LRANGE_")) return Math.max(1000, Math.ceil(byDepth / (options.quick ? 100 : 10)));
  const byTest = test === "MSET" ? Math.ceil(bySize / (depth < 4 ? 2 : keysPerMset / 2)) : bySize;
  return Math.max(1000, Math.ceil(byTest / (options.quick ? 10 : 1)));
}
