/**
 * What Tab offers when there are several candidates: rows below the line, of which one is chosen with Tab and the arrow keys.
 *
 *     hget      hgetall   hkeys             <- as many as fit in a row, at most so many rows
 *     1/90  HGET key field: Returns ...     <- what is known of the chosen one
 */
import { cutToWidth, widthOf } from "./width.ts";
import type { Span } from "./display.ts";

/** One thing that could stand in the place of what was typed. */
export interface Candidate {
  /** What is put into the line. */
  readonly text: string;
  /** What the menu shows; the text itself when absent. */
  readonly label?: string;
  /** A few words about it. */
  readonly detail?: string;
  /** More is to be typed behind it without a blank. */
  readonly isOpen?: boolean;
}

/** Candidates for what stands from `start` to `end` of the line. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly Candidate[];
}

const MOST_ROWS = 8;
const WIDEST_LABEL = 40;

/** The styles of the menu. */
export interface MenuStyles {
  readonly label: string;
  readonly chosen: string;
  readonly detail: string;
}

export class Menu {
  readonly candidates: readonly Candidate[];
  /** -1: none is chosen yet. */
  private chosenAt = -1;

  constructor(candidates: readonly Candidate[]) {
    this.candidates = candidates;
  }

  get chosen(): Candidate | undefined {
    return this.candidates[this.chosenAt];
  }

  /** Chooses the next or the previous one, round at the ends. */
  move(step: number): void {
    const count = this.candidates.length;
    const from = this.chosenAt < 0 && step < 0 ? 0 : this.chosenAt;
    this.chosenAt = (((from + step) % count) + count) % count;
  }

  /** Chooses the one below or above, where there is one. */
  moveRow(step: 1 | -1, columns: number): void {
    const { perRow } = this.layout(columns);
    const to = this.chosenAt < 0 ? 0 : this.chosenAt + step * perRow;
    if (to >= 0 && to < this.candidates.length) this.chosenAt = to;
  }

  /** The rows to draw: those around the chosen one when not all have room. */
  rows(columns: number, styles: MenuStyles): Span[][] {
    const { perRow, width } = this.layout(columns);
    const rowCount = Math.ceil(this.candidates.length / perRow);
    const page = Math.floor(Math.max(0, this.chosenAt) / perRow / MOST_ROWS) * MOST_ROWS;
    const rows: Span[][] = [];
    for (let row = page; row < Math.min(rowCount, page + MOST_ROWS); row++) {
      const items = this.candidates.slice(row * perRow, (row + 1) * perRow);
      rows.push(items.flatMap((item) => this.cell(item, width, styles)));
    }
    const status = this.status(rowCount > MOST_ROWS);
    if (status !== "") rows.push([{ text: cutToWidth(status, columns - 1), style: styles.detail }]);
    return rows;
  }

  private cell(item: Candidate, width: number, styles: MenuStyles): Span[] {
    const label = cutToWidth(labelOf(item), width - 2);
    const style = item === this.chosen ? styles.chosen : styles.label;
    return [
      { text: label, style },
      { text: " ".repeat(width - widthOf(label)), style: "" },
    ];
  }

  private status(hasMore: boolean): string {
    const detail = this.chosen?.detail ?? "";
    if (!hasMore) return detail;
    const count = this.candidates.length;
    return this.chosenAt < 0 ? `${count} in all` : `${this.chosenAt + 1}/${count}  ${detail}`.trimEnd();
  }

  private layout(columns: number): { perRow: number; width: number } {
    const widest = Math.max(...this.candidates.map((item) => widthOf(labelOf(item))));
    const width = Math.min(columns - 1, WIDEST_LABEL, widest + 2);
    return { perRow: Math.max(1, Math.floor((columns - 1) / width)), width };
  }
}

function labelOf(item: Candidate): string {
  return item.label ?? item.text;
}

/** The beginning that all candidates have in common. */
export function commonBeginning(candidates: readonly Candidate[]): string {
  let [common = ""] = candidates.map(({ text }) => text);
  for (const { text } of candidates) {
    while (!text.startsWith(common)) common = common.slice(0, -1);
  }
  return common;
}
