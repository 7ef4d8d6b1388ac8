/** Runs one mode with a clock that a test moves, at a pipe or at a pretended terminal, and interrupts it. */
import { PassThrough } from "node:stream";
import type { Clock } from "../measure/clock.ts";
import type { ModeContext } from "../modes/mode-context.ts";
import { parseOptions } from "../options/parse.ts";
import type { ProgramProcess } from "../process.ts";
import { screenOf } from "../screen.ts";
import { Session } from "../session/session.ts";

const MOST_WAIT_MS = 10_000;

/** Each look at this clock takes `tickMs`; sleeping moves it and takes no time. */
export class TestClock implements Clock {
  /** Not a whole number of microseconds, so that sums that are not exact do not fall below one. */
  now = 1000.0003;
  /** What is done instead of the sleep whose turn it is. */
  onSleep: (durationMs: number, count: number) => void = () => undefined;
  readonly sleeps: number[] = [];
  private readonly tickMs: (look: number) => number;
  private looks = 0;

  constructor(tickMs: (look: number) => number = () => 0) {
    this.tickMs = tickMs;
  }

  nowMs(): number {
    return (this.now += this.tickMs(this.looks++));
  }

  wallMs(): number {
    return new Date(2024, 0, 31, 12, 0, 0).getTime() + this.now;
  }

  async sleep(durationMs: number): Promise<void> {
    this.sleeps.push(durationMs);
    this.now += durationMs;
    this.onSleep(durationMs, this.sleeps.length);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export interface ModeRun {
  readonly exitCode: Promise<number>;
  /** Ctrl-C. */
  interrupt(): void;
  /** All that was written so far, as text. */
  stdout(): string;
  stderr(): string;
}

export interface ModeRunOptions {
  /** The columns of a terminal; a pipe when absent. */
  columns?: number;
  env?: Record<string, string>;
}

/** Starts a mode as the program would. */
export function startMode(
  run: (context: ModeContext) => Promise<number>,
  args: readonly string[],
  { columns, env = {} }: ModeRunOptions = {},
): ModeRun {
  const isTTY = columns !== undefined;
  const output = { stdout: "", stderr: "" };
  const collect = (name: "stdout" | "stderr"): PassThrough => {
    const stream = Object.assign(new PassThrough(), name === "stdout" && isTTY ? { isTTY, columns } : {});
    stream.on("data", (bytes: Buffer) => (output[name] += bytes.toString("utf8")));
    return stream;
  };
  const [stdout, stderr] = [collect("stdout"), collect("stderr")];
  const interrupts = new Set<() => void>();
  const process = {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env,
    pid: 0,
    exit: () => undefined,
    kill: () => undefined,
    on: (_: "SIGINT", listener: () => void) => interrupts.add(listener),
    off: (_: "SIGINT", listener: () => void) => interrupts.delete(listener),
  } as unknown as ProgramProcess;
  const options = parseOptions(args);
  const screen = screenOf(process);
  const { elementDelimiter, replyDelimiter } = options;
  const format = { format: options.format ?? (isTTY ? ("standard" as const) : ("raw" as const)) };
  const session = new Session(options, { ...format, elementDelimiter, replyDelimiter }, screen, false);
  const exitCode = run({ session, screen, options, process, isTerminal: isTTY }).finally(() => {
    screen.out.flush();
    session.close();
  });
  return {
    exitCode,
    interrupt: () => [...interrupts].forEach((listener) => listener()),
    stdout: () => output.stdout,
    stderr: () => output.stderr,
  };
}

/** Waits for something that a running mode does. */
export async function until(isDone: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + MOST_WAIT_MS;
  while (!isDone()) {
    if (performance.now() > deadlineMs) throw new Error(`Waited in vain: ${isDone.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
