/**
 * The samples of an event as columns of characters, at most 80 beside each other, each with its age below, read from top to bottom:
 *
 *       _#
 *      _||
 *     _|||
 *
 *     432
 *     sss
 */
import type { LatencyEvent, LatencySample } from "../../observation/latency-events.ts";

const COLUMNS = 80;
const ROWS = 4;
/** What stands at the top of a column, by where in the character it ends. */
const TOPS = "_o#";
const AGE_UNITS = [
  [86_400, "d"],
  [3600, "h"],
  [60, "m"],
] as const;

/** The drawing, with a heading. `name` as Latin-1. */
export function drawEvent(name: string, { samples, maximumMs }: LatencyEvent, nowSeconds: number): string {
  const values = samples.map(({ milliseconds }) => milliseconds);
  const high = Math.max(...values);
  const low = Math.min(...values);
  const range = `high ${String(high)} ms, low ${String(low)} ms (all time high ${String(maximumMs)} ms)`;
  let text = `${name} - ${range}\n${"-".repeat(COLUMNS)}\n`;
  for (let at = 0; at < samples.length; at += COLUMNS) {
    text += drawColumns(samples.slice(at, at + COLUMNS), low, high, nowSeconds);
  }
  return text;
}

function drawColumns(samples: readonly LatencySample[], low: number, high: number, nowSeconds: number): string {
  const heights = samples.map(({ milliseconds }) => heightOf(milliseconds, low, high));
  const ages = samples.map(({ unixSeconds }) => age(nowSeconds - unixSeconds));
  const lines: string[] = [];
  for (let row = ROWS - 1; row >= 0; row--) lines.push(heights.map((height) => characterAt(height, row)).join(""));
  lines.push(" ".repeat(samples.length));
  const ageLines = Math.max(...ages.map((text) => text.length));
  for (let line = 0; line < ageLines; line++) lines.push(ages.map((text) => text[line] ?? " ").join(""));
  return lines.map((line) => `${line}\n`).join("");
}

function heightOf(value: number, low: number, high: number): number {
  const steps = ROWS * TOPS.length;
  return high === low ? 0 : Math.min(steps - 1, Math.floor(((value - low) / (high - low)) * steps));
}

function characterAt(height: number, row: number): string {
  const top = Math.floor(height / TOPS.length);
  if (row > top) return " ";
  return row === top ? TOPS[height % TOPS.length] : "|";
}

function age(seconds: number): string {
  for (const [unit, letter] of AGE_UNITS) if (seconds >= unit) return `${String(Math.floor(seconds / unit))}${letter}`;
  return `${String(Math.max(0, seconds))}s`;
}
