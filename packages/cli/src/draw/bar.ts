/** Bars in lines of text, drawn in eighths of a character where Unicode is there. */
import type { TerminalTraits } from "./terminal-traits.ts";

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar for a share (0 to 1) of the width. What is more than nothing is seen. */
export function bar(share: number, width: number, { hasUnicode }: Pick<TerminalTraits, "hasUnicode">): string {
  if (!(share > 0) || width <= 0) return "";
  const length = Math.min(share, 1) * width;
  if (!hasUnicode) return "#".repeat(Math.max(1, Math.round(length)));
  const eighths = Math.max(1, Math.round(length * 8));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}
