/**
 * Events that took `latency-monitor-threshold` milliseconds or more, by name: what LATENCY shows. An event keeps its last 160 samples, at
 * most one for a second: the longest.
 */
const SAMPLES_MAXIMUM = 160;

export interface LatencySample {
  readonly unixSeconds: number;
  milliseconds: number;
}

export interface LatencyEvent {
  /** In the order of time; never empty. */
  readonly samples: LatencySample[];
  maximumMs: number;
}

export class LatencyEvents {
  readonly events = new Map<string, LatencyEvent>();

  /** Takes a sample. */
  add(name: string, unixSeconds: number, milliseconds: number): void {
    let event = this.events.get(name);
    if (event === undefined) {
      event = { samples: [], maximumMs: 0 };
      this.events.set(name, event);
    }
    event.maximumMs = Math.max(event.maximumMs, milliseconds);
    const last = event.samples.at(-1);
    if (last?.unixSeconds === unixSeconds) {
      last.milliseconds = Math.max(last.milliseconds, milliseconds);
      return;
    }
    event.samples.push({ unixSeconds, milliseconds });
    if (event.samples.length > SAMPLES_MAXIMUM) event.samples.shift();
  }

  /** Forgets the samples of these events, or of all; gives the number of events that had some. */
  reset(names: readonly string[]): number {
    const known = names.length === 0 ? [...this.events.keys()] : names;
    return known.filter((name) => this.events.delete(name)).length;
  }
}
