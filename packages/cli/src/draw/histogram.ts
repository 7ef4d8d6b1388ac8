/**
 * A histogram as lines of text:
 *
 *       50 - 70 µs    12   0.8 % ▏
 *     70 - 100 µs   1371  90.2 % ███████████████████████████
 */
import { bar } from "./bar.ts";
import type { TerminalTraits } from "./terminal-traits.ts";

export interface HistogramRow {
  readonly label: string;
  readonly count: number;
}

const WIDEST_BAR = 60;

/** One line for each row, within the width of the terminal; the longest bar is that of the greatest count. */
export function histogramLines(rows: readonly HistogramRow[], traits: TerminalTraits): string[] {
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(...rows.map(({ count }) => count));
  const labelWidth = Math.max(...rows.map(({ label }) => label.length));
  const countWidth = String(most).length;
  return rows.map(({ label, count }) => {
    const share = total === 0 ? 0 : count / total;
    const percent = (share * 100).toFixed(1).padStart(5);
    const left = `${label.padStart(labelWidth)}  ${String(count).padStart(countWidth)} ${percent} % `;
    const width = Math.min(WIDEST_BAR, traits.columns - left.length - 1);
    return (left + bar(most === 0 ? 0 : count / most, width, traits)).trimEnd();
  });
}
