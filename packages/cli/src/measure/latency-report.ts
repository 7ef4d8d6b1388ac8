/**
 * All latencies of a run, for a person who has stopped it: a histogram with rows of round limits, and percentiles.
 *
 *     931 samples in 10.3 s
 *
 *      70 µs - 80 µs     12   1.3 % ▉
 *      80 µs - 100 µs   869  93.3 % ████████████████████████████████████████████████████████████
 *     100 µs - 120 µs    50   5.4 % ███▌
 *
 *     p50 85.3 µs   p90 98.2 µs   p99 112 µs   p99.9 118 µs   max 119 µs
 */
import { durationText } from "../draw/duration.ts";
import { histogramLines } from "../draw/histogram.ts";
import type { TerminalTraits } from "../draw/terminal-traits.ts";
import type { LatencySamples } from "./latency-samples.ts";

const MOST_ROWS = 16;
/** Limits within a decade, in hundredths of it: the finest that needs no more rows is taken. */
const SERIES = [[10, 12, 15, 20, 25, 30, 40, 50, 60, 80], [10, 15, 20, 30, 50, 70], [10, 20, 50], [10]];
const SMALLEST_DECADE_NS = 10;
const PERCENTILES = [50, 90, 99, 99.9];

/** The lines of the report; none without samples. */
export function latencyReport(samples: LatencySamples, elapsedMs: number, traits: TerminalTraits): string[] {
  if (samples.count === 0) return [];
  const duration = (ns: number): string => durationText(ns, traits);
  const limits = rowLimits(samples.minNs, samples.maxNs);
  const rows = limits.slice(1).map((toNs, index) => {
    const fromNs = limits[index] ?? 0;
    return { label: `${duration(fromNs)} - ${duration(toNs)}`, count: samples.countBetween(fromNs, toNs) };
  });
  return [
    `${samples.count} ${samples.count === 1 ? "sample" : "samples"} in ${duration(elapsedMs * 1e6)}`,
    "",
    ...histogramLines(rows, traits),
    "",
    percentilesText(samples, traits),
  ];
}

function percentilesText(samples: LatencySamples, traits: TerminalTraits): string {
  const values = PERCENTILES.map(
    (percent) => `p${percent} ${durationText(samples.percentileNs(percent / 100), traits)}`,
  );
  return [...values, `max ${durationText(samples.maxNs, traits)}`].join("   ");
}

/** Round durations: the first is not above the least sample, the last is above the greatest. */
function rowLimits(minNs: number, maxNs: number): number[] {
  for (const series of SERIES) {
    const limits = limitsOf(series, minNs, maxNs);
    if (limits.length <= MOST_ROWS + 1 || series.length === 1) return limits;
  }
  return [];
}

function limitsOf(series: readonly number[], minNs: number, maxNs: number): number[] {
  const limits = [0];
  for (let decadeNs = SMALLEST_DECADE_NS; ; decadeNs *= 10) {
    for (const step of series) {
      const limit = (decadeNs / 10) * step;
      if (limit <= minNs) limits.length = 0;
      limits.push(limit);
      if (limit > maxNs) return limits;
    }
  }
}
