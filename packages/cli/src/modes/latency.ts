/**
 * `--latency` and `--latency-history`: how long PING takes, in milliseconds.
 *
 *     standard   min: 0, max: 1, avg: 0.17 (838 samples)     one line that is written over and over until Ctrl-C
 *     raw, CSV   0 1 0.17 95                                 one line after a second or `-i`, and the end
 *
 * With a history a new line is begun each 15 seconds or `-i`. On a terminal Ctrl-C shows how the latencies were distributed.
 */
import { terminalTraits } from "../draw/terminal-traits.ts";
import { fixed } from "../format/fixed.ts";
import type { OutputFormat } from "../format/format-reply.ts";
import { systemClock, type Clock } from "../measure/clock.ts";
import { latencyReport } from "../measure/latency-report.ts";
import { LatencySamples } from "../measure/latency-samples.ts";
import { nanoseconds, samplePings, wholeMilliseconds, type PingSample } from "../measure/ping-sampler.ts";
import { untilInterrupted } from "../measure/until-interrupted.ts";
import type { ModeContext } from "./mode-context.ts";

const DEFAULT_INTERVAL_MS = 1000;
const DEFAULT_HISTORY_INTERVAL_MS = 15_000;
const CLEAR_LINE = "\x1b[0G\x1b[2K";
/** Where a terminal does not know that: a line is hardly ever shorter than the one before. */
const LINE_START = "\r";

/** Runs until Ctrl-C, or for one interval where the output is for a program. */
export async function runLatency(context: ModeContext, clock: Clock = systemClock): Promise<number> {
  if (!(await context.session.connectForMode())) return 1;
  const latency = new Latency(context, clock);
  return untilInterrupted(
    context,
    async (signal) => {
      await samplePings(context, clock, signal, (sample) => latency.add(sample));
      return 0;
    },
    () => latency.report(),
  );
}

/** What one line is about. */
class Range {
  count = 0;
  min = Infinity;
  max = 0;
  private total = 0;
  readonly startMs: number;

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  add(latencyMs: number): void {
    this.count++;
    this.min = Math.min(this.min, latencyMs);
    this.max = Math.max(this.max, latencyMs);
    this.total += latencyMs;
  }

  /** The line; a person's has no end, as it is written over. */
  text(format: OutputFormat): string {
    const { min, max, count } = this;
    const average = fixed(this.total / count, 2);
    switch (format) {
      case "standard":
        return `min: ${min}, max: ${max}, avg: ${average} (${count} samples)`;
      case "csv":
        return `${min},${max},${average},${count}\n`;
      case "raw":
        return `${min} ${max} ${average} ${count}\n`;
      case "json":
      case "quoted-json":
        return `{"min": ${min}, "max": ${max}, "avg": ${average}, "count": ${count}}\n`;
    }
  }
}

class Latency {
  private readonly context: ModeContext;
  private readonly clock: Clock;
  private readonly all = new LatencySamples();
  private readonly startMs: number;
  private range: Range;

  constructor(context: ModeContext, clock: Clock) {
    this.context = context;
    this.clock = clock;
    this.startMs = clock.nowMs();
    this.range = new Range(this.startMs);
  }

  /** Counts and shows a sample. False when the mode is to end. */
  add(sample: PingSample): boolean {
    this.range.add(wholeMilliseconds(sample));
    this.all.add(nanoseconds(sample));
    const isGoingOn = this.show();
    this.context.screen.out.flush();
    return isGoingOn;
  }

  private show(): boolean {
    const { session, screen, options, process } = this.context;
    const { format } = session.format;
    const isDumb = process.stdout.isTTY && process.env["TERM"] === "dumb";
    const hasHistory = options.modeOptions.showsLatencyHistory;
    if (format === "standard") screen.out.add((isDumb ? LINE_START : CLEAR_LINE) + this.range.text(format));
    else if (hasHistory) screen.out.add(this.range.text(format));
    else if (this.elapsedMs() > (options.intervalMs || DEFAULT_INTERVAL_MS)) {
      screen.out.add(this.range.text(format));
      return false;
    }
    if (hasHistory && this.elapsedMs() > (options.intervalMs || DEFAULT_HISTORY_INTERVAL_MS)) this.endRange();
    return true;
  }

  private endRange(): void {
    this.context.screen.out.add(` -- ${fixed(this.elapsedMs() / 1000, 2)} seconds range\n`);
    this.range = new Range(this.clock.nowMs());
  }

  /** Whole milliseconds since the range began. */
  private elapsedMs(): number {
    return Math.floor(this.clock.nowMs()) - Math.floor(this.range.startMs);
  }

  /** Shows the distribution to a person. */
  report(): void {
    const { session, screen, process } = this.context;
    if (!process.stdout.isTTY || session.format.format !== "standard") return;
    const traits = terminalTraits(process.stdout, process.env);
    const lines = latencyReport(this.all, this.clock.nowMs() - this.startMs, traits);
    for (const line of lines) screen.out.addText(line + "\n");
  }
}
