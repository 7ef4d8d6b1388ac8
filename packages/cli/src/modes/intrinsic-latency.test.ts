import { describe, expect, test } from "vitest";
import { redisCliPresent, runRedisCli } from "../testing/redis.ts";
import { runCli } from "../testing/run-cli.ts";
import { startMode, TestClock } from "../testing/run-mode.ts";
import { runIntrinsicLatency } from "./intrinsic-latency.ts";

/** A look at the clock takes 20 us, so that a run does too; the looks that are named take longer. */
function clockWith(delaysMs: Record<number, number> = {}): TestClock {
  return new TestClock((look) => 0.02 + (delaysMs[look] ?? 0));
}

test("new maxima and the summary of a known second", async () => {
  // Two looks a run. Even looks end one: the first of these delays lies within a run, the others between two, or is no maximum.
  const clock = clockWith({ 10_000: 0.5, 10_003: 7, 20_000: 0.3, 30_000: 1.25 });
  const run = startMode((context) => runIntrinsicLatency(context, clock), ["--intrinsic-latency", "1"]);
  expect(await run.exitCode).toBe(0);
  const [first, second, third, empty, total, worst, end] = run.stdout().split("\n");
  expect([first, second, third, empty, end]).toEqual([
    "Max latency so far: 20 microseconds.",
    "Max latency so far: 520 microseconds.",
    "Max latency so far: 1270 microseconds.",
    "",
    "",
  ]);
  const [, runs, average, nanoseconds] =
    /^(\d+) total runs \(avg latency: (\d+\.\d{4}) microseconds \/ (\d+\.\d\d) nanoseconds per run\)\.$/.exec(total)!;
  expect(Number(average)).toBeCloseTo(1e6 / Number(runs), 3);
  expect(Number(nanoseconds)).toBeCloseTo(1e9 / Number(runs), 1);
  expect(worst).toBe(`Worst run took ${(1270 / Number(average)).toFixed(0)}x longer than the average latency.`);
});

test("Ctrl-C ends it with the summary of the time that passed", async () => {
  const run = startMode((context) => runIntrinsicLatency(context, clockWith()), ["--intrinsic-latency", "3600"], {
    columns: 80,
  });
  run.interrupt();
  expect(await run.exitCode).toBe(0);
  // A run takes 20 us, and as much passes between it and the next.
  expect(run.stdout()).toMatch(/^Max latency so far: 20 microseconds\.\n\n\d+ total runs \(avg latency: 40\.\d{4} /);
  expect(run.stdout()).toMatch(/\nWorst run took 0x longer than the average latency\.\n$/);
});

describe.skipIf(!redisCliPresent())("beside redis-cli", () => {
  test.each(["1", "0"])("%s seconds", async (seconds) => {
    const [ours, theirs] = await Promise.all([
      runCli(["--intrinsic-latency", seconds]),
      runRedisCli(["--intrinsic-latency", seconds]),
    ]);
    const shape = (text: string): string => text.replace(/(Max.*\n)+/, "maxima\n").replace(/\d+/g, "n");
    expect({ ...ours, stdout: shape(ours.stdout) }).toEqual({ ...theirs, stdout: shape(theirs.stdout) });
  });
});
