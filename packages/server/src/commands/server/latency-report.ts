/** LATENCY DOCTOR: what took long, in a few sentences, and what can be done about it. */
import type { LatencyEvent } from "../../observation/latency-events.ts";
import type { Server } from "../../server.ts";

const SWITCHED_OFF =
  "Nothing is being watched: latency-monitor-threshold is 0. Events of 100 ms and more are noted after CONFIG SET latency-monitor-threshold 100.";
const NOTHING_SEEN = "No event has taken as long as latency-monitor-threshold says. All is well.";

/** What may be done about events whose names begin so. */
const ADVICE: readonly (readonly [beginning: string, advice: string])[] = [
  [
    "command",
    "SLOWLOG GET shows which commands were slow. Commands over whole values or all keys have forms that go in steps: SCAN, HSCAN, SSCAN, ZSCAN, ranges with a limit.",
  ],
  [
    "fast-command",
    "A short command was slow: the machine had no processor time for the server, or memory was being swapped. Look at the load of the machine.",
  ],
  ["expire", "Many keys expire at the same time, or large values do. Spread the times, or set lazyfree-lazy-expire."],
  [
    "eviction",
    "Making room takes long. Give the server more memory, or values that are smaller, or set lazyfree-lazy-eviction.",
  ],
  [
    "aof",
    "The disk of the append-only file is slow. appendfsync everysec waits for it once a second only; no-appendfsync-on-rewrite spares it during rewrites.",
  ],
];

/** The report. */
export function latencyReport({ configuration, observation }: Server): string {
  const { events } = observation.latency;
  if (events.size === 0)
    return `${configuration.get("latency-monitor-threshold") === 0 ? SWITCHED_OFF : NOTHING_SEEN}\n`;
  const lines = [...events].map(([name, event], index) => `${String(index + 1)}. ${name}: ${describe(event)}`);
  const advice = ADVICE.filter(([beginning]) => [...events.keys()].some((name) => name.startsWith(beginning)));
  const slower = configuration.get("slowlog-log-slower-than");
  const thresholdMicroseconds = configuration.get("latency-monitor-threshold") * 1000;
  const hints = advice.map(([, text]) => `- ${text}`);
  if (slower < 0 || slower > thresholdMicroseconds) {
    hints.push(
      `- The slow log does not show all of these commands: CONFIG SET slowlog-log-slower-than ${String(thresholdMicroseconds)}.`,
    );
  }
  return `These events took long:\n\n${lines.join("\n")}\n\nWhat may help:\n\n${hints.join("\n")}\n`;
}

function describe({ samples, maximumMs }: LatencyEvent): string {
  const values = samples.map(({ milliseconds }) => milliseconds);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = values.reduce((sum, value) => sum + Math.abs(value - mean), 0) / values.length;
  const spanSeconds = samples[samples.length - 1].unixSeconds - samples[0].unixSeconds;
  const period = samples.length < 2 ? "" : `, one in ${(spanSeconds / (samples.length - 1)).toFixed(2)} s`;
  return `${String(values.length)} times (${mean.toFixed(0)} ms on average, mean deviation ${deviation.toFixed(0)} ms${period}), at worst ${String(maximumMs)} ms`;
}
