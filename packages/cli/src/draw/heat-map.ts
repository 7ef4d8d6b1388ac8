/**
 * Heat maps: each row is a line of cells, each cell shows a share (0 to 1) as a colour, or as a height where there are no colours.
 * Levels are few and their limits lie close together for small shares, so that a single sample of a hundred is seen, and the legend
 * can name them all.
 */
import type { TerminalTraits } from "./terminal-traits.ts";

/** A level reaches up to its share, that included. */
const LEVELS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** Numbers of the 256 colours, from cold to hot, and as a scale of greys. */
const WARM = [25, 37, 71, 148, 220, 208, 196];
const GREY = [236, 239, 242, 245, 248, 251, 255];
/** SGR codes of backgrounds where there are 16 colours. */
const WARM_16 = [44, 46, 42, 102, 43, 45, 41];
const HEIGHTS = ["▁", "▂", "▃", "▄", "▅", "▆", "█"];
const MARKS = [".", ":", "-", "=", "+", "*", "#"];

export type Palette = "warm" | "grey";

/** A line of cells, as wide as there are shares. */
export function heatRow(shares: readonly number[], traits: TerminalTraits, palette: Palette = "warm"): string {
  let text = "";
  let current = "";
  for (const share of shares) {
    const level = levelOf(share);
    const style = level < 0 ? "" : styleOf(level, traits, palette);
    if (style !== current) text += style === "" ? "\x1b[0m" : style;
    current = style;
    text += level < 0 ? " " : cellOf(level, style, traits);
  }
  return current === "" ? text : text + "\x1b[0m";
}

/** Each level with the share up to which it reaches. */
export function heatLegend(traits: TerminalTraits, palette: Palette = "warm"): string {
  return LEVELS.map((share) => `${heatRow([share], traits, palette)} ${share * 100}%`).join("  ");
}

/** The level of a share: -1 for nothing. */
function levelOf(share: number): number {
  if (!(share > 0)) return -1;
  // A hundredth that was computed is no more than the level's.
  const level = LEVELS.findIndex((limit) => share <= limit + 1e-9);
  return level < 0 ? LEVELS.length - 1 : level;
}

function styleOf(level: number, { colours }: TerminalTraits, palette: Palette): string {
  if (colours === 256) return `\x1b[48;5;${(palette === "warm" ? WARM : GREY)[level] ?? 0}m`;
  return colours === 16 && palette === "warm" ? `\x1b[${WARM_16[level] ?? 0}m` : "";
}

function cellOf(level: number, style: string, { hasUnicode }: TerminalTraits): string {
  if (style !== "") return " ";
  return (hasUnicode ? HEIGHTS : MARKS)[level] ?? " ";
}
