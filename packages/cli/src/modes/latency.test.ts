import { describe, expect, test } from "vitest";
import { redisCliPresent, runRedisCli } from "../testing/redis.ts";
import type { Respond } from "../testing/responder.ts";
import { runCli } from "../testing/run-cli.ts";
import { startMode, TestClock, until, type ModeRun, type ModeRunOptions } from "../testing/run-mode.ts";
import { useResponder } from "../testing/use-responder.ts";
import { runLatency } from "./latency.ts";

const PONG = "+PONG\r\n";

const serve = useResponder();

/** Answers some PINGs and then with something that is not RESP, which ends everything. */
function pongs(count: number): Respond {
  return (_, _connection, index) => (index < count ? PONG : "garbage\r\n");
}

/** Runs with PINGs that take these milliseconds in turn; ends with Ctrl-C after so many. */
async function measure(
  latenciesMs: readonly number[],
  args: readonly string[],
  options: ModeRunOptions & { count?: number } = {},
): Promise<ModeRun & { code: number }> {
  const clock = new TestClock();
  const address = await serve((_, _connection, index) => {
    clock.now += latenciesMs[index % latenciesMs.length];
    return PONG;
  });
  const run = startMode((context) => runLatency(context, clock), [...address, ...args], options);
  clock.onSleep = (_, count) => {
    if (count === options.count) run.interrupt();
  };
  return { ...run, code: await run.exitCode };
}

describe.skipIf(!redisCliPresent())("beside redis-cli", () => {
  const withoutFigures = (text: string): string => text.replace(/\d+(\.\d\d)?/g, (_, cents) => (cents ? "n.nn" : "n"));

  test.each([[[]], [["--raw"]], [["--csv"]], [["--json"]], [["-i", "0.1", "--latency"]]])(
    "for a program: %s",
    async (options) => {
      const args = [...(await serve(() => PONG)), "--latency", "-i", "0.03", ...options];
      const [ours, theirs] = await Promise.all([runCli(args), runRedisCli(args)]);
      expect({ ...ours, stdout: withoutFigures(ours.stdout) }).toEqual({
        ...theirs,
        stdout: withoutFigures(theirs.stdout),
      });
    },
  );

  test.each([[["--latency"]], [["--latency-history", "-i", "0.03"]]])("for a person: %s", async (options) => {
    const args = [...(await serve(pongs(9))), "--no-raw", ...options];
    // The first line up to its last sample, and without the figures.
    const shape = (text: string): string =>
      text
        .split("\n")[0]
        .replace(/^.*\x1b\[2K/s, (drawn) => drawn.slice(0, 8))
        .replace(/\d+(\.\d\d)?/g, "n");
    const [ours, theirs] = [await runCli(args), await runRedisCli(args)];
    expect(shape(ours.stdout)).toBe(shape(theirs.stdout));
    expect(shape(ours.stdout)).toMatch(/samples\)/);
    expect(ours.code).toBe(theirs.code);
    expect(ours.stderr).toMatch(/^Error: /);
    expect(theirs.stderr).toMatch(/^Error: /);
  });

  test("an error reply is measured too", async () => {
    const args = [...(await serve(() => "-NOAUTH Authentication required.\r\n")), "--latency", "-i", "0.02"];
    const [ours, theirs] = await Promise.all([runCli(args), runRedisCli(args)]);
    expect(withoutFigures(ours.stdout)).toBe(withoutFigures(theirs.stdout));
    expect(ours.code).toBe(theirs.code);
    expect(ours.stderr).toBe("PING is answered with an error: NOAUTH Authentication required.\n");
  });
});

test("least, greatest, mean and count of known latencies", async () => {
  const { code, stdout } = await measure([0, 3, 0, 1, 0, 0, 0, 2], ["--latency"]);
  expect(code).toBe(0);
  // With pauses of 10 ms the 95th is the first that ends after more than a second. 11 times all eight, and seven.
  expect(stdout()).toBe("0 3 0.74 95\n");
});

test("the mean is rounded as printf does it", async () => {
  // 0.125 lies between 0.12 and 0.13.
  const { stdout } = await measure([1, 0, 0, 0, 0, 0, 0, 0], ["--latency", "--csv", "-i", "0.07"], { count: 8 });
  expect(stdout()).toBe("0,1,0.12,8\n");
});

test("JSON and CSV", async () => {
  expect((await measure([2], ["--latency", "--csv", "-i", "0.01"])).stdout()).toBe("2,2,2.00,2\n");
  expect((await measure([2], ["--latency", "--json", "-i", "0.01"])).stdout()).toBe(
    '{"min": 2, "max": 2, "avg": 2.00, "count": 2}\n',
  );
});

test("a history tells the length of its ranges", async () => {
  const { stdout, code } = await measure([5], ["--latency-history"], { columns: 80, count: 1003 });
  const ranges = stdout()
    .split("\n")
    .map((line) => line.split("\x1b[0G\x1b[2K").at(-1));
  expect(ranges[0]).toBe("min: 5, max: 5, avg: 5.00 (1001 samples) -- 15.01 seconds range");
  expect(ranges[1]).toBe("min: 5, max: 5, avg: 5.00 (2 samples)");
  expect(code).toBe(130);
});

test("on a terminal Ctrl-C ends the line and shows the distribution", async () => {
  const latencies = [...Array.from({ length: 90 }, () => 0.085), ...Array.from({ length: 9 }, () => 0.25), 3.2];
  const { stdout, code } = await measure(latencies, ["--latency"], { columns: 60, count: 100 });
  expect(code).toBe(130);
  const lines = stdout().split("\n");
  // The line counts ticks of a clock of whole milliseconds, as redis-cli does: 3.2 ms can be four of them.
  expect(lines[0]?.split("\x1b[2K").at(-1)).toBe("min: 0, max: 4, avg: 0.13 (100 samples)");
  expect(lines.slice(1)).toEqual([
    "100 samples in 1.01 s",
    "",
    " 70 µs - 100 µs  90  90.0 % ███████████████████████████████",
    "100 µs - 150 µs   0   0.0 %",
    "150 µs - 200 µs   0   0.0 %",
    "200 µs - 300 µs   9   9.0 % ███▏",
    "300 µs - 500 µs   0   0.0 %",
    "500 µs - 700 µs   0   0.0 %",
    "  700 µs - 1 ms   0   0.0 %",
    "  1 ms - 1.5 ms   0   0.0 %",
    "  1.5 ms - 2 ms   0   0.0 %",
    "    2 ms - 3 ms   0   0.0 %",
    "    3 ms - 5 ms   1   1.0 % ▍",
    "",
    "p50 85 µs   p90 85 µs   p99 250 µs   p99.9 3.2 ms   max 3.2 ms",
    "",
  ]);
});

test("a dumb terminal gets ASCII, a pipe that wants a person's line no distribution", async () => {
  const dumb = await measure([0.085], ["--latency"], { columns: 60, count: 3, env: { TERM: "dumb" } });
  expect(dumb.stdout()).not.toContain("\x1b");
  expect(dumb.stdout()).toContain("80 us - 100 us  3 100.0 % ####");
  const piped = await measure([0.085], ["--latency", "--no-raw"], { count: 3 });
  expect(piped.code).toBe(130);
  expect(piped.stdout()).toMatch(/\(3 samples\)$/);
});

test("a lost connection is made again, and Ctrl-C ends that", async () => {
  const clock = new TestClock();
  const address = await serve((_, connection, index) => (connection === 0 && index === 0 ? PONG : null));
  const run = startMode((context) => runLatency(context, clock), [...address, "--latency"], { columns: 80 });
  await until(() => run.stdout().includes("Reconnecting... 2"));
  run.interrupt();
  expect(await run.exitCode).toBe(130);
  expect(clock.sleeps.slice(1)).toContain(1000);
});

test("no server, refused password", async () => {
  expect(await runCli(["-p", "1", "--latency"])).toMatchObject({ code: 1, stdout: "" });
  const address = await serve(() => "-WRONGPASS invalid username-password pair\r\n");
  const { code, stderr } = await runCli([...address, "-a", "x", "--no-auth-warning", "--latency"]);
  expect(code).toBe(1);
  expect(stderr).toBe("AUTH failed: WRONGPASS invalid username-password pair\n");
});
