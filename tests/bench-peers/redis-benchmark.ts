/**
 * One run of redis-benchmark against one server, read from its long report: that one alone has the whole distribution of
 * latencies (the CSV form ends at p99).
 */
import { spawn } from "node:child_process";

/** The tests of redis-benchmark that the peers are compared with. */
export const testNames = [
  ...(["SET", "GET", "INCR", "MSET", "PING", "PING_INLINE", "LPUSH", "RPUSH", "LPOP", "RPOP", "SADD", "HSET"] as const),
  ...(["SPOP", "ZADD", "ZPOPMIN", "LRANGE_100", "LRANGE_300", "LRANGE_500", "LRANGE_600", "XADD"] as const),
] as const;
export type TestName = (typeof testNames)[number];

/** Tests whose keys are drawn at random; all others work on one key. */
export const manyKeyTests: readonly TestName[] = ["SET", "GET", "INCR", "MSET"];

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
  const flags = {
    h: "127.0.0.1",
    p: run.port,
    c: connections,
    P: run.depth,
    n: run.requests,
    ...(run.keys > 0 ? { r: run.keys } : {}),
    d: run.valueBytes,
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`-${flag}`, String(value)]);
  return parseReport(await outputOf("redis-benchmark", [...args, "--precision", "3", ...whatToRun(run)]));
}

/** LRANGE as a command: the test of redis-benchmark fills the list anew each time. XADD is no test of it at all. */
function whatToRun({ test, valueBytes }: BenchmarkRun): string[] {
  if (test === "PING") return ["-t", "ping_mbulk"];
  if (test === "XADD") return ["XADD", "mystream", "*", "myfield", "x".repeat(valueBytes)];
  if (test.startsWith("LRANGE_")) return ["LRANGE", "mylist", "0", String(Number(test.slice(7)) - 1)];
  return ["-t", test.toLowerCase()];
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
