/** What a run prints. */
import type { Difference, RunResult } from "./run.ts";
import { printStep } from "./steps.ts";

/** One difference: the number of the command, both replies, and how to see it again. */
export function describeDifference(difference: Difference, seed: number): string {
  const lines = [
    `difference at command ${difference.at} of seed ${seed}: ${printStep(difference.step)}`,
    `  redis: ${show(difference.reference)}`,
    `  sider: ${show(difference.subject)}`,
    ...(difference.times > 1 ? [`  and ${difference.times - 1} more like it`] : []),
  ];
  if (difference.minimal === null) return [...lines, "  not seen again on replay"].join("\n");
  return [...lines, "  on an empty server:", ...difference.minimal.map((step) => `    ${printStep(step)}`)].join("\n");
}

/** The last lines of a run. */
export function describeResult(result: RunResult, seed: number): string {
  const intended = [...result.intended].map(([name, times]) => `  ${times} times, as intended: ${name}`);
  const summary = `${result.commands} commands, seed ${seed}: ${result.differences.length} differences`;
  return [...intended, summary].join("\n");
}

function show(bytes: Buffer): string {
  const text = JSON.stringify(bytes.toString("latin1"));
  return text.length > 600 ? `${text.slice(0, 600)}... (${bytes.length} bytes)` : text;
}
