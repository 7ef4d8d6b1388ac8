/**
 * One run of redis-benchmark against one server, read from its long report: that one alone has the whole distribution of
 * latencies (the CSV form ends at p99).
 */
import { spawn } from "node:child_process";

/** The tests of redis-benchmark that the peers are compared with. */
export const testNames = ["SET", "GET", "INCR", "MSET", "PING"] as const;
export type TestName = (typeof testNames)[number];

export interface BenchmarkRun {
  port: number;
  test: TestName;
  /** Commands in flight per connection. */
  depth: number;
  requests: number;
  valueBytes: number;
  /** Keys are drawn at random from this many. */
  keys: number;
}

export interface BenchmarkFigures {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  p999Ms: number;
}

const connections = 50;

/** Runs one test with 50 connections. Throws when redis-benchmark fails or its report cannot be read. */
export async function runRedisBenchmark(run: BenchmarkRun): Promise<BenchmarkFigures> {
  const test = run.test === "PING" ? "ping_mbulk" : run.test.toLowerCase();
  const flags = {
    h: "127.0.0.1",
    p: run.port,
    c: connections,
    P: run.depth,
    n: run.requests,
    r: run.keys,
    d: run.valueBytes,
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`-${flag}`, String(value)]);
  return parseReport(await outputOf("redis-benchmark", [...args, "-t", test, "--precision", "3"]));
}

/** Reads the long report of one test. */
export function parseReport(report: string): BenchmarkFigures {
  const throughput = /throughput summary: ([\d.]+) requests per second/.exec(report);
  if (throughput === null) throw new Error(`redis-benchmark gave no summary:\n${report.slice(-2000)}`);
  const atPercentile = percentiles(report);
  return {
    requestsPerSecond: Number(throughput[1]),
    p50Ms: atPercentile(50),
    p99Ms: atPercentile(99),
    p999Ms: atPercentile(99.9),
  };
}

/** The report lists steps of halving distance to 100 %: the first step at or above a percentile bounds it from above. */
function percentiles(report: string): (percentile: number) => number {
  const steps = [...report.matchAll(/^([\d.]+)% <= ([\d.]+) milliseconds \(cumulative count \d+\)$/gm)].map(
    (match) => ({
      percentile: Number(match[1]),
      ms: Number(match[2]),
    }),
  );
  return (percentile) => steps.find((step) => step.percentile >= percentile)?.ms ?? NaN;
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const pieces: string[] = [];
  child.stdout.setEncoding("latin1").on("data", (piece: string) => pieces.push(piece));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const output = pieces.join("").replaceAll(/^.*\r/gm, "");
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${output.slice(-2000)}`);
  return output;
}
