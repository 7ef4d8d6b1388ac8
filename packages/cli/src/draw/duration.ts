/** Durations for people: three digits and a unit. */
import type { TerminalTraits } from "./terminal-traits.ts";

/** `850 ns`, `85.3 µs`, `1.2 ms`, `12 s`; `separator` stands before the unit. */
export function durationText(ns: number, { hasUnicode }: Pick<TerminalTraits, "hasUnicode">, separator = " "): string {
  const units: [nanoseconds: number, name: string][] = [
    [1e9, "s"],
    [1e6, "ms"],
    [1e3, hasUnicode ? "µs" : "us"],
  ];
  for (const [size, name] of units) {
    // What would round up to a thousand of a unit is one of the next.
    if (ns >= size * 0.9995) return threeDigits(ns / size) + separator + name;
  }
  return `${Math.round(ns)}${separator}ns`;
}

function threeDigits(value: number): string {
  if (value >= 999.5) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
