/**
 * What is watched while commands run, and from when on it is worth a note: the log of slow commands, the events of LATENCY, the sessions
 * of MONITOR. `CommandClock` measures, and calls `note` where something may have to be noted.
 */
import type { CommandContext } from "../dispatch/command-context.ts";
import { FLAG_FAST, FLAG_SKIP_SLOWLOG } from "../dispatch/command-table.ts";
import { LatencyEvents } from "./latency-events.ts";
import { Monitors } from "./monitors.ts";
import { SlowLog } from "./slow-log.ts";

/** Whoever asks for commands shorter than this is told of each by itself: a run of short commands is over by then. */
const EXACT_BELOW_MICROSECONDS = 1000;

export class Observation {
  readonly slowLog = new SlowLog();
  readonly latency = new LatencyEvents();
  readonly monitors = new Monitors();
  /** A clock that only goes forward, in milliseconds with a fraction. */
  readonly steadyMs: () => number;
  /** All commands are timed one by one, and `note` is called for each. */
  isExact = false;
  /** From here on a command is worth a note. */
  noteworthyMs = Infinity;
  /** `latency-tracking`. */
  tracksLatency = true;
  private slowMicroseconds = -1;
  private thresholdMs = 0;

  constructor(steadyMs: () => number = steadyTimer()) {
    this.steadyMs = steadyMs;
  }

  /** `slowlog-log-slower-than`, in microseconds, and `latency-monitor-threshold`, in milliseconds. */
  setLimits(slowMicroseconds: number, thresholdMs: number): void {
    this.slowMicroseconds = slowMicroseconds;
    this.thresholdMs = thresholdMs;
    const slowMs = slowMicroseconds < 0 ? Infinity : slowMicroseconds / 1000;
    this.noteworthyMs = Math.min(slowMs, thresholdMs === 0 ? Infinity : thresholdMs);
    this.update();
  }

  /** Decides anew how exact all must be; after a change of what is watched. */
  update(): void {
    const wantsShort = this.slowMicroseconds >= 0 && this.slowMicroseconds < EXACT_BELOW_MICROSECONDS;
    this.isExact = wantsShort || this.monitors.count > 0;
  }

  /** Notes what has to be noted of the command of a context, which took so long. */
  note(context: CommandContext, elapsedMs: number): void {
    this.noteSlow(context, elapsedMs);
    if (this.monitors.count > 0) this.monitors.feed(context);
  }

  /** As `note`, of a command that has waited: monitors were told when it began. */
  noteSlow(context: CommandContext, elapsedMs: number): void {
    if (elapsedMs < this.noteworthyMs) return;
    const flags = context.server.table.flags[context.command];
    this.sample((flags & FLAG_FAST) !== 0 ? "fast-command" : "command", context.keyspace.nowMs, elapsedMs);
    const microseconds = Math.floor(elapsedMs * 1000);
    const isSlow = this.slowMicroseconds >= 0 && microseconds >= this.slowMicroseconds;
    if (isSlow && (flags & FLAG_SKIP_SLOWLOG) === 0) this.slowLog.add(context, microseconds);
  }

  /** An event of LATENCY, if it was long enough. */
  sample(name: string, nowMs: number, elapsedMs: number): void {
    if (this.thresholdMs === 0 || elapsedMs < this.thresholdMs) return;
    this.latency.add(name, Math.floor(nowMs / 1000), Math.floor(elapsedMs));
  }
}

/** `performance.now` without its global name, which is a getter. */
function steadyTimer(): () => number {
  const timer = performance;
  return () => timer.now();
}
