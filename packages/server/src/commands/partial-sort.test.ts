import { seededRandom } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { fuzzSeed } from "../testing/fuzzing.ts";
import { partialSort } from "./partial-sort.ts";

test(`the wanted places hold what they hold in the sorted whole, and nothing is lost (SIDER_SEED=${fuzzSeed})`, () => {
  const random = seededRandom(fuzzSeed);
  for (let run = 0; run < 2000; run++) {
    const values = Array.from({ length: 1 + random(120) }, () => random(run % 2 === 0 ? 8 : 1000));
    const order = Int32Array.from(values.keys());
    const first = random(values.length);
    const last = first + random(values.length - first);
    partialSort(order, (one, other) => values[one] - values[other], first, last);
    const whole = values.toSorted((one, other) => one - other);
    expect(Array.from(order.subarray(first, last + 1), (at) => values[at])).toEqual(whole.slice(first, last + 1));
    expect(order.toSorted()).toEqual(Int32Array.from(values.keys()));
  }
});

test("few elements that compare as equal stay as they are", () => {
  const order = [5, 3, 1, 4, 2, 0];
  partialSort(order, () => 0, 0, 2);
  expect(order).toEqual([5, 3, 1, 4, 2, 0]);
});

test("a million places of which ten are wanted", () => {
  const random = seededRandom(7);
  const values = Float64Array.from({ length: 1_000_000 }, () => random(2 ** 24));
  const order = Int32Array.from(values.keys());
  let compared = 0;
  partialSort(
    order,
    (one, other) => {
      compared++;
      return values[one] - values[other];
    },
    0,
    9,
  );
  expect(Array.from(order.subarray(0, 10), (at) => values[at])).toEqual(Array.from(values.toSorted().subarray(0, 10)));
  // a whole sort compares about 20 million times
  expect(compared).toBeLessThan(6_000_000);
});

test("calls stay log n deep, also where every pivot is the largest but a few", () => {
  // M. D. McIlroy, "A Killer Adversary for Quicksort" (1999): values are settled only when they are compared, as badly as can be.
  const count = 4000;
  const gas = count;
  const values = new Int32Array(count).fill(gas);
  let settled = 0;
  let candidate = 0;
  let deepest = 0;
  const compare = (one: number, other: number): number => {
    if (values[one] === gas && values[other] === gas) values[one === candidate ? one : other] = settled++;
    if (settled % 500 === 0) deepest = Math.max(deepest, callsOf("sortPart"));
    if (values[one] === gas) candidate = one;
    else if (values[other] === gas) candidate = other;
    return values[other] - values[one];
  };
  const order = Int32Array.from(values.keys());
  partialSort(order, compare, 0, count - 1);
  expect(settled).toBeGreaterThan(count / 2);
  expect(deepest).toBeLessThanOrEqual(Math.log2(count) + 1);
  const sorted = Array.from(order, (at) => values[at]);
  expect(sorted).toEqual(sorted.toSorted((one, other) => other - one));
});

/** How many calls of a function are on the stack. */
function callsOf(name: string): number {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = Infinity;
  const lines = (new Error().stack ?? "").split("\n");
  Error.stackTraceLimit = limit;
  return lines.filter((line) => line.includes(`at ${name} `)).length;
}
