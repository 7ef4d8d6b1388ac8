import { expect, test } from "vitest";
import { LatencyHistogram } from "./latency-histogram.ts";

function histogramOf(...nanoseconds: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of nanoseconds) histogram.record(value, 1);
  return histogram;
}

test("percentiles are within 1/128 of the value", () => {
  const histogram = new LatencyHistogram();
  for (let value = 1; value <= 100_000; value++) histogram.record(value * 10, 1);
  for (const percent of [0.1, 1, 25, 50, 99, 99.9, 100]) {
    const exact = percent * 10_000;
    expect(histogram.percentile(percent)).toBeGreaterThanOrEqual(exact * (1 - 1 / 128));
    expect(histogram.percentile(percent)).toBeLessThanOrEqual(exact * (1 + 1 / 128) + 1);
  }
  expect(histogram.total).toBe(100_000);
});

test("what is too short or too long counts as the shortest or the longest", () => {
  expect(histogramOf(0).percentile(50)).toBe(1);
  expect(histogramOf(5e12).percentile(100)).toBeGreaterThanOrEqual(1e9);
  expect(histogramOf(5e12).percentile(100)).toBeLessThan(1.01e9);
});

test("a distribution ends where redis-server's does: at about each power of two", () => {
  expect(histogramOf(500, 1500, 20_000, 40_000, 33_800_000).distribution()).toEqual([
    [1, 1],
    [2, 2],
    [33, 3],
    [66, 4],
    [33_816, 5],
  ]);
  const longest = histogramOf(1e9).distribution();
  expect(longest).toHaveLength(1);
  expect(longest[0][1]).toBe(1);
});
