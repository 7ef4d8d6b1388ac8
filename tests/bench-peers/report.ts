/** The report: a row per cell, then the footprint, each with its verdict. */
import type { Footprint } from "./footprint.ts";
import { footprintLimits, isTyped, limitsFor, meanLimits } from "./limits.ts";
import { type CellResult, medianOf, type RunFigures } from "./rounds.ts";
import { geometricMean } from "./summary.ts";
import { renderTable } from "../support/table.ts";

export const heading = ["test", "depth", "bytes", "redis req/s", "sider req/s", "ratio"].concat([
  "redis us",
  "sider us",
  "ratio",
  "p99",
  "p99.9",
  "verdict",
]);

/** One row of the table. */
export function cellRow(result: CellResult): string[] {
  const { cell, reference, subject } = result;
  const both = (figure: keyof RunFigures): [number, number] => [medianOf(reference, figure), medianOf(subject, figure)];
  const [referenceRps, subjectRps] = both("requestsPerSecond");
  const [referenceCpu, subjectCpu] = both("cpuUsPerRequest");
  return [
    cell.test,
    String(cell.depth),
    String(cell.valueBytes),
    Math.round(referenceRps).toString(),
    Math.round(subjectRps).toString(),
    ratio(subjectRps / referenceRps),
    referenceCpu.toFixed(3),
    subjectCpu.toFixed(3),
    ratio(subjectCpu / referenceCpu),
    ratio(subjectOver(result, "p99Ms")),
    ratio(subjectOver(result, "p999Ms")),
    misses(result).length === 0 ? "meets" : `misses ${misses(result).join(", ")}`,
  ];
}

/** The figures of a cell that do not meet their limits, in words; empty when all do. */
export function misses(result: CellResult): string[] {
  const limits = limitsFor(result.cell);
  const found: string[] = [];
  if (!(subjectOver(result, "requestsPerSecond") >= limits.leastThroughputRatio)) {
    found.push(`throughput >= ${limits.leastThroughputRatio}`);
  }
  if (limits.mostCpuRatio !== null && !(subjectOver(result, "cpuUsPerRequest") <= limits.mostCpuRatio)) {
    found.push(`CPU <= ${limits.mostCpuRatio}`);
  }
  if (limits.mostP999Ratio !== null && !(subjectOver(result, "p999Ms") <= limits.mostP999Ratio)) {
    found.push(`p99.9 <= ${limits.mostP999Ratio}`);
  }
  return found;
}

/** Start, idle and per-key figures of both, with verdicts. */
export function footprintTable(reference: Footprint, subject: Footprint): string {
  const perKeyRatio = subject.residentBytesPerKey / reference.residentBytesPerKey;
  const row = (name: string, figure: (of: Footprint) => string, met: boolean, limit: string): string[] => [
    name,
    figure(reference),
    figure(subject),
    limit,
    met ? "meets" : "misses",
  ];
  const { startMs, idleResidentBytes, residentBytesPerKeyRatio } = footprintLimits;
  return renderTable(
    ["footprint", "redis", "sider", "limit", "verdict"],
    [
      row("start to first PONG, ms", (of) => of.startMs.toFixed(0), subject.startMs <= startMs, `<= ${startMs}`),
      row(
        "idle RSS, MB",
        (of) => (of.idleResidentBytes / 1e6).toFixed(1),
        subject.idleResidentBytes <= idleResidentBytes,
        `<= ${idleResidentBytes / 1e6}`,
      ),
      row(
        `RSS growth per key (${subject.filledKeys} keys), bytes`,
        (of) => of.residentBytesPerKey.toFixed(1),
        perKeyRatio <= residentBytesPerKeyRatio,
        `<= ${residentBytesPerKeyRatio}x, is ${ratio(perKeyRatio)}`,
      ),
    ],
  );
}

/** Geometric means and the worst cell of the tests on lists, hashes, sets, sorted sets, streams and MSET, for each depth. */
export function summaryLines(results: readonly CellResult[]): string {
  const typed = results.filter(({ cell }) => isTyped(cell.test) || cell.test === "MSET");
  const depths = [...new Set(typed.map(({ cell }) => cell.depth))];
  return depths
    .map((depth) =>
      depthSummary(
        depth,
        typed.filter(({ cell }) => cell.depth === depth),
      ),
    )
    .join("\n");
}

function depthSummary(depth: number, results: readonly CellResult[]): string {
  const throughput = results.map((result) => subjectOver(result, "requestsPerSecond"));
  const cpu = results.map((result) => subjectOver(result, "cpuUsPerRequest"));
  const slowest = results[throughput.indexOf(Math.min(...throughput))]?.cell.test ?? "";
  return (
    `depth ${depth}, ${results.length} tests of types and MSET: throughput ${ratio(geometricMean(throughput))} ` +
    `(least ${ratio(Math.min(...throughput))}: ${slowest}), CPU ${ratio(geometricMean(cpu))} (geometric means; ` +
    `limits at depth 16: >= ${meanLimits.leastThroughputRatio}x, <= ${meanLimits.mostCpuRatio}x)`
  );
}

function subjectOver(result: CellResult, figure: keyof RunFigures): number {
  return medianOf(result.subject, figure) / medianOf(result.reference, figure);
}

function ratio(value: number): string {
  return `${value.toFixed(2)}x`;
}
