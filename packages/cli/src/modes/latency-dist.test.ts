import { describe, expect, test } from "vitest";
import { redisCliPresent, runRedisCli } from "../testing/redis.ts";
import type { Respond } from "../testing/responder.ts";
import { runCli } from "../testing/run-cli.ts";
import { startMode, TestClock, type ModeRunOptions } from "../testing/run-mode.ts";
import { useResponder } from "../testing/use-responder.ts";
import { runLatencyDist } from "./latency-dist.ts";

const PONG = "+PONG\r\n";

const serve = useResponder();

/** The lines of a run in which PINGs take these milliseconds in turn, ended by Ctrl-C after so many. */
async function draw(
  latenciesMs: readonly number[],
  args: readonly string[],
  options: ModeRunOptions & { count: number },
): Promise<string[]> {
  const clock = new TestClock();
  const address = await serve((_, _connection, index) => {
    clock.now += latenciesMs[index % latenciesMs.length];
    return PONG;
  });
  const run = startMode((context) => runLatencyDist(context, clock), [...address, "--latency-dist", ...args], options);
  clock.onSleep = (_, count) => {
    if (count === options.count) run.interrupt();
  };
  expect(await run.exitCode).toBe(130);
  return run.stdout().split("\n");
}

describe.skipIf(!redisCliPresent())("beside redis-cli", () => {
  test.each([[[]], [["--mono"]], [["--csv"]]])("the legend and a line %s", async (options) => {
    // The reply that is no RESP ends both; before it there is time for at least one line.
    const respond: Respond = (_, _connection, index) => (index < 6 ? PONG : "garbage\r\n");
    const args = [...(await serve(respond)), "--latency-dist", "-i", "0.03", ...options];
    const firstLines = (text: string): string[] =>
      text
        .split("\n")
        .slice(0, 9)
        .map((line, index) => (index === 8 ? line.replace(/48;5;\d+/g, "48;5;n") : line));
    const [ours, theirs] = await Promise.all([runCli(args), runRedisCli(args)]);
    expect(firstLines(ours.stdout)).toEqual(firstLines(theirs.stdout));
    expect(firstLines(ours.stdout)).toHaveLength(9);
    expect(ours.code).toBe(theirs.code);
  });
});

test("the spectrum's colours tell shares", async () => {
  const lines = await draw([0.01, 0.011, 0.125, 0.126, 0.25, 9.5, 70_000], [], { count: 7 });
  const cells = [...lines[8].matchAll(/48;5;(\d+)m(.)/g)].map(([, colour, mark]) => [mark, Number(colour)]);
  // Of 18 colours above the darkest: a seventh is the third, two sevenths the sixth.
  expect(cells.filter(([, colour]) => colour !== 0)).toEqual([
    [".", 235],
    ["-", 241],
    ["*", 241],
    ["A", 235],
    ["?", 235],
  ]);
  expect(cells).toHaveLength(31);
});

test("the legend is repeated after twenty lines", async () => {
  const lines = await draw([1000], ["-i", "0.5"], { count: 21 });
  expect(lines.filter((line) => line.startsWith(". - * #"))).toHaveLength(2);
});

test("a terminal gets a heat map with units, and the distribution at the end", async () => {
  const latencies = [...Array.from({ length: 45 }, () => 0.085), ...Array.from({ length: 4 }, () => 0.25), 3.2];
  const lines = await draw(latencies, ["-i", "0.5"], { columns: 80, count: 51, env: { NO_COLOR: "1", TERM: "xterm" } });
  expect(lines.slice(0, 6)).toEqual([
    "share of a row's samples, up to: ▁ 1%  ▂ 2%  ▃ 5%  ▄ 10%  ▅ 20%  ▆ 50%  █ 100%",
    "         10µs  100µs 1ms   10ms  100ms 1s    10s      p50      p99      max",
    "time     |     |     |     |     |     |     |  a row is 500 ms",
    "12:00:01      █  ▄      ▂                         85 µs   3.2 ms   3.2 ms",
    "",
    "51 samples in 518 ms",
  ]);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(lines.at(-2)).toBe("p50 85 µs   p90 85 µs   p99 3.2 ms   p99.9 3.2 ms   max 3.2 ms");
});

test("with colours, and with greys", async () => {
  const env = { TERM: "xterm-256color" };
  const coloured = await draw([0.085], ["-i", "0.009"], { columns: 80, count: 2, env });
  expect(coloured[3]).toBe(`12:00:01      \x1b[48;5;196m \x1b[0m${" ".repeat(31)}    85 µs    85 µs    85 µs`);
  const grey = await draw([0.085], ["-i", "0.009", "--mono"], { columns: 80, count: 2, env });
  expect(grey[3]).toContain("\x1b[48;5;255m ");
});

test("a narrow terminal gets fewer columns and figures", async () => {
  const lines = await draw([0.085], ["-i", "0.009"], { columns: 45, count: 2, env: { TERM: "dumb" } });
  expect(lines.slice(2, 5)).toEqual([
    "         10us  1ms   100ms 10s      p50",
    "time     |     |     |     |  a row is 9 ms",
    "12:00:01   #                    85 us",
  ]);
});

test("latencies beyond both ends have a column", async () => {
  const lines = await draw([0.001, 0.001, 12_000], ["-i", "12"], { columns: 80, count: 3, env: { NO_COLOR: "1" } });
  expect(lines[3].slice(9, 46)).toBe(`█${" ".repeat(35)}▆`);
});
