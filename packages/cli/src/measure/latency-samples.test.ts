import { expect, test } from "vitest";
import { LatencySamples } from "./latency-samples.ts";

function samplesOf(durations: Iterable<number>): LatencySamples {
  const samples = new LatencySamples();
  for (const ns of durations) samples.add(ns);
  return samples;
}

test("known samples", () => {
  const samples = samplesOf([300, 100, 200, 400]);
  expect(samples.count).toBe(4);
  expect(samples.minNs).toBe(100);
  expect(samples.maxNs).toBe(400);
  expect(samples.averageNs).toBe(250);
  expect([0, 0.25, 0.5, 0.51, 0.75, 0.99, 1].map((share) => samples.percentileNs(share))).toEqual([
    100, 100, 200, 300, 300, 400, 400,
  ]);
});

test("percentiles of a thousand samples in a row, in any order", () => {
  const durations = Array.from({ length: 1000 }, (_, n) => (((n * 7919) % 1000) + 1) * 1000);
  const samples = samplesOf(durations);
  expect(samples.percentileNs(0.5)).toBe(500_000);
  expect(samples.percentileNs(0.9)).toBe(900_000);
  expect(samples.percentileNs(0.99)).toBe(990_000);
  expect(samples.percentileNs(0.999)).toBe(999_000);
  expect(samples.percentileNs(1)).toBe(1_000_000);
  expect(samples.averageNs).toBe(500_500);
});

test("a percentile differs from the sorted samples' by less than a hundredth, over twelve decades", () => {
  let seed = 1;
  const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const durations = Array.from({ length: 5000 }, () => 10 ** (random() * 12));
  const samples = samplesOf(durations);
  const sorted = durations.toSorted((a, b) => a - b);
  for (let percent = 1; percent <= 100; percent++) {
    const exact = sorted[percent * 50 - 1];
    const found = samples.percentileNs(percent / 100);
    expect(Math.abs(found - exact)).toBeLessThanOrEqual(Math.max(1, exact * 0.01));
  }
});

test("counts between limits add up", () => {
  const durations = [0, 9999, 10_000, 14_999, 15_000, 99_999, 100_000, 1e9, 7e13];
  const samples = samplesOf(durations);
  expect(samples.countBetween(0, 10_000)).toBe(2);
  expect(samples.countBetween(10_000, 15_000)).toBe(2);
  expect(samples.countBetween(15_000, 100_000)).toBe(2);
  expect(samples.countBetween(100_000, Infinity)).toBe(3);
});

test("cleared, it knows nothing of what it counted", () => {
  const samples = samplesOf([5, 500_000]);
  samples.clear();
  samples.add(7);
  expect([samples.count, samples.minNs, samples.maxNs, samples.averageNs, samples.percentileNs(0.5)]).toEqual([
    1, 7, 7, 7, 7,
  ]);
  expect(samples.countBetween(100, Infinity)).toBe(0);
});
