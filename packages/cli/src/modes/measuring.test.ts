/** The modes that measure as a person has them: the built program at a real pseudo-terminal, ended with Ctrl-C. */
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { resp, startSmallServer, type Answer, type SmallServer } from "../testing/small-server.ts";
import { KEYS, TerminalProgram, terminalPresent, type TerminalOptions } from "../testing/terminal-program.ts";

const BIN = join(import.meta.dirname, "../../bin/sider-cli.js");
const [DIED_OF_CTRL_C, FINE] = [130, 0];

let server: SmallServer | undefined;
let program: TerminalProgram | undefined;
afterEach(async () => {
  await program?.stop();
  await server?.stop();
  program = server = undefined;
});

const INFO = "used_memory:2048\r\nconnected_clients:3\r\ntotal_commands_processed:7\r\ndb0:keys=5,expires=0\r\n";

const answer: Answer = ([name = ""]) => {
  if (name === "INFO") return resp(INFO);
  if (name === "GET") return "$1\r\nx\r\n";
  return name === "monitor" || name === "SET" ? "+OK\r\n" : "+PONG\r\n";
};

async function open(args: readonly string[], options: TerminalOptions = {}): Promise<TerminalProgram> {
  server = await startSmallServer(answer);
  program = new TerminalProgram(`node ${BIN} -p ${server.port} ${args.join(" ")}`, options);
  return program;
}

/** Presses Ctrl-C; the terminal has to be an ordinary one again, with the cursor at the beginning of a line. */
async function interrupt(terminal: TerminalProgram, exitCode = DIED_OF_CTRL_C): Promise<string[]> {
  terminal.type(KEYS.ctrlC);
  expect(await terminal.exitCode).toBe(exitCode);
  expect(terminal.wasRestored).toBe(true);
  return terminal.transcript;
}

describe.skipIf(!terminalPresent())("at a terminal", () => {
  test("--latency is one line, and a histogram in the end", async () => {
    const terminal = await open(["--latency"]);
    await terminal.waitForLine(/^min: \d+, max: \d+, avg: \d+\.\d\d \(\d\d samples\)$/);
    expect(terminal.rows).toHaveLength(1);
    const lines = await interrupt(terminal);
    expect(lines[0]).toMatch(/ samples\)\^C$/);
    expect(lines[1]).toMatch(/^\d+ samples in \d+(\.\d+)? m?s$/);
    expect(lines[3]).toMatch(/^ *\d+(\.\d)? [µm]s - \d+(\.\d)? [µm]s +\d+ +\d+\.\d %/);
    expect(lines.at(-1)).toMatch(/^p50 .* {3}p90 .* {3}p99 .* {3}p99\.9 .* {3}max /);
    expect(terminal.cursor.column).toBe(0);
  });

  test("--latency-dist is a heat map within the width", async () => {
    const terminal = await open(["--latency-dist", "-i", "0.05"], {
      columns: 70,
      env: { NO_COLOR: "1", TERM: "xterm" },
    });
    await terminal.waitUntil(() => terminal.rows.length > 6, "the fourth row");
    const lines = await interrupt(terminal);
    expect(lines.slice(0, 2)).toEqual([
      "share of a row's samples, up to:",
      "  ▁ 1%  ▂ 2%  ▃ 5%  ▄ 10%  ▅ 20%  ▆ 50%  █ 100%",
    ]);
    expect(lines[2]).toMatch(/^ {9}10µs {2}100µs 1ms {3}10ms {2}100ms 1s {4}10s/);
    expect(lines[4]).toMatch(/^\d\d:\d\d:\d\d [ ▁▂▃▄▅▆█]+ \d/);
    expect(lines.at(-1)).toMatch(/^p50 /);
    expect(terminal.cursor.column).toBe(0);
  });

  test("--stat, --lru-test and MONITOR end with a line that is ended", async () => {
    const stat = await open(["--stat", "-i", "0.02"]);
    await stat.waitFor("5          2.00K    3       0       7 (+0)");
    // The echo of Ctrl-C stands alone, or a line that was just being written follows it.
    expect((await interrupt(stat)).at(-1)).toMatch(/^(\^C)?(5 .*)?$/);
    expect(stat.cursor.column).toBe(0);
    await stat.stop();
    await server?.stop();

    const lruTest = await open(["--lru-test", "100"]);
    await lruTest.waitForLine(/^\d+ Gets\/sec \| Hits: \d+ \(100\.00%\) \| Misses: 0 \(0\.00%\)$/);
    await interrupt(lruTest);
    expect(lruTest.cursor.column).toBe(0);
    await lruTest.stop();
    await server?.stop();

    const monitor = await open(["monitor"]);
    await monitor.waitForLine("OK");
    await interrupt(monitor);
  });

  test("--intrinsic-latency ends with the summary", async () => {
    const terminal = await open(["--intrinsic-latency", "100"], { columns: 120 });
    await terminal.waitFor("Max latency so far:");
    const lines = await interrupt(terminal, FINE);
    expect(lines.at(-2)).toMatch(/^\d+ total runs \(avg latency: \d+\.\d{4} microseconds/);
    expect(lines.at(-1)).toMatch(/^Worst run took \d+x longer than the average latency\.$/);
  });

  test("--latency for a program ends by itself", async () => {
    const terminal = await open(["--latency", "--raw", "-i", "0.05"]);
    expect(await terminal.exitCode).toBe(FINE);
    expect(terminal.transcript).toEqual([expect.stringMatching(/^\d+ \d+ \d+\.\d\d \d+$/)]);
  });

  test("Ctrl-C while the server is away", async () => {
    const terminal = await open(["--latency"]);
    await terminal.waitFor("samples)");
    await server?.stop();
    await terminal.waitFor("Reconnecting... 1");
    await interrupt(terminal);
    expect(terminal.cursor.column).toBe(0);
  });
});
