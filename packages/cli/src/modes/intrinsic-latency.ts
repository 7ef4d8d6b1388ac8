/**
 * `--intrinsic-latency <seconds>`: for how long this machine keeps a process waiting that wants nothing but the processor. No server
 * is asked. Each new maximum is told, and a summary at the end or at Ctrl-C.
 *
 *     Max latency so far: 137 microseconds.
 *
 *     51013 total runs (avg latency: 19.6028 microseconds / 19602.85 nanoseconds per run).
 *     Worst run took 7x longer than the average latency.
 */
import { fixed } from "../format/fixed.ts";
import { busyWork } from "../measure/busy-work.ts";
import { systemClock, type Clock } from "../measure/clock.ts";
import type { ModeContext } from "./mode-context.ts";

/** So long the event loop, which brings Ctrl-C, has to wait. Its own work lies between two runs and is not measured. */
const TURN_US = 20_000;
/** The first runs are interpreted and compiled: they would be measured, not the machine. */
const WARM_UP_US = 50_000;

/** Measures for the time of the options. The exit code is 0, interrupted or not. */
export async function runIntrinsicLatency(context: ModeContext, clock: Clock = systemClock): Promise<number> {
  const { screen, process, options } = context;
  const state = { isInterrupted: false };
  const interrupt = (): void => void (state.isInterrupted = true);
  process.on("SIGINT", interrupt);
  try {
    new Runs(clock).turn(WARM_UP_US, () => undefined);
    const runs = new Runs(clock);
    const tell = (latencyUs: number): void => screen.out.add(`Max latency so far: ${latencyUs} microseconds.\n`);
    const runTimeUs = options.modeOptions.intrinsicLatencySeconds * 1e6;
    do {
      runs.turn(Math.min(TURN_US, runTimeUs - runs.elapsedUs), tell);
      screen.out.flush();
      await new Promise((resolve) => setImmediate(resolve));
    } while (!state.isInterrupted && runs.elapsedUs <= runTimeUs);
    // What redis-cli divides is the time that was asked for, the end being the end of it: interrupted, that has not passed.
    screen.out.add(summary(runs, state.isInterrupted ? runs.elapsedUs : runTimeUs));
    return 0;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

class Runs {
  count = 0;
  maxUs = 0;
  private readonly clock: Clock;
  private readonly startUs: number;
  private endUs: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.startUs = this.endUs = this.nowUs();
  }

  get elapsedUs(): number {
    return this.endUs - this.startUs;
  }

  /** Runs for that long, and once at least. Each new maximum is told. */
  turn(durationUs: number, onMaximum: (latencyUs: number) => void): void {
    const turnEndUs = this.nowUs() + durationUs;
    for (;;) {
      const startUs = this.nowUs();
      busyWork();
      this.endUs = this.nowUs();
      const latencyUs = this.endUs - startUs;
      this.count++;
      if (latencyUs > this.maxUs) {
        this.maxUs = latencyUs;
        onMaximum(latencyUs);
      }
      if (latencyUs > 0 && this.endUs > turnEndUs) return;
    }
  }

  private nowUs(): number {
    return Math.floor(this.clock.nowMs() * 1000);
  }
}

function summary({ count, maxUs }: Runs, runTimeUs: number): string {
  const averageUs = runTimeUs / count;
  const average = `${fixed(averageUs, 4)} microseconds / ${fixed(averageUs * 1000, 2)} nanoseconds per run`;
  return (
    `\n${count} total runs (avg latency: ${average}).\n` +
    `Worst run took ${fixed(maxUs / averageUs, 0)}x longer than the average latency.\n`
  );
}
