/** Time as the modes that measure see it. A test gives them a clock of its own. */
import { performance } from "node:perf_hooks";
import { setTimeout as timer } from "node:timers/promises";

export interface Clock {
  /** Time that only goes on, with fractions. */
  nowMs(): number;
  /** The time of day, milliseconds since 1970. */
  wallMs(): number;
  /** Resolves after the time, or as soon as the signal says that nobody waits any more. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  sleep: (durationMs, signal) => timer(durationMs, undefined, { signal }).catch(() => undefined),
};
