/** Percentages as redis-cli writes them: `07.50%`. */
import { fixed } from "../format/fixed.ts";

/** C's `%05.2f%%`, with what a division by zero leaves. */
export function percentText(percent: number): string {
  if (Number.isNaN(percent)) return " -nan%";
  return fixed(percent, 2).padStart(5, Number.isFinite(percent) ? "0" : " ") + "%";
}
