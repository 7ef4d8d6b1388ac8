/**
 * Draws the prompt with the line behind it, over several rows where it is long, a hint, and rows below (a menu). The text above is
 * never touched: the display knows in which of its own rows the cursor is, and draws over them.
 *
 *     127.0.0.1:6379> set key value| [NX | XX]        <- rows: they end where the terminal wraps
 *     first   second   third                          <- below
 */
import { cutToWidth, graphemesOf, graphemeWidth, isPlain } from "./width.ts";

/** Text in one style: the parameters of an SGR sequence, "" for plain text. */
export interface Span {
  readonly text: string;
  readonly style: string;
}

/** What is to be seen. */
export interface View {
  /** The prompt and the line. */
  readonly spans: readonly Span[];
  /** Where the cursor stands in the text of the spans. */
  readonly cursor: number;
  /** Stands behind the line as far as there is room in its last row. */
  readonly hint: Span;
  /** Rows below, which must not be wider than the terminal. */
  readonly below: readonly (readonly Span[])[];
}

/** The part of a terminal that the display needs. */
export interface DisplayTarget {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
}

interface Place {
  readonly row: number;
  readonly column: number;
}

const CLEAR_BELOW = "\x1b[J";
const CLEAR_SCREEN = "\x1b[H\x1b[2J";

export class Display {
  private readonly target: DisplayTarget;
  private view: View | null = null;
  /** The row of the cursor among those that were drawn, and how wide the terminal was. */
  private cursorRow = 0;
  private drawnColumns = 0;

  constructor(target: DisplayTarget) {
    this.target = target;
  }

  get columns(): number {
    return this.target.columns || 80;
  }

  get rows(): number {
    return this.target.rows || 24;
  }

  /** Draws the view where the last one was. */
  draw(view: View): void {
    const { columns, rows } = this;
    const end = placeOf(view.spans, Infinity, columns);
    const cursor = placeOf(view.spans, view.cursor, columns);
    const below = view.below.slice(0, Math.max(0, rows - end.row - 1));
    // A line of more rows than the screen is shown in part, with the cursor.
    const top = Math.max(0, Math.min(cursor.row, end.row + 1 - rows));
    const bottom = Math.min(end.row, top + rows - 1);
    const hint = bottom === end.row ? cutToWidth(view.hint.text, columns - end.column - 1) : "";
    const text = sgrText(rowsOf(view.spans, top, bottom, columns));
    // At the right edge a terminal waits with the next row until something is written.
    const edge = bottom === end.row && end.column === 0 && end.row > 0 ? "\r\n" : "";
    const behind = edge + sgrText([{ text: hint, style: view.hint.style }]);
    const menu = below.map((row) => "\r\n" + sgrText(row)).join("");
    this.target.write(this.toStart() + CLEAR_BELOW + text + behind + menu + moveTo(bottom + below.length, cursor));
    this.cursorRow = cursor.row - top;
    this.drawnColumns = columns;
    this.view = view;
  }

  /** Draws the last view anew, the terminal having another size: it may have wrapped the rows itself, or not. */
  resized(): void {
    if (this.view === null) return;
    const wrapped = placeOf(this.view.spans, this.view.cursor, this.columns).row;
    if (this.drawnColumns !== this.columns) this.cursorRow = Math.min(this.cursorRow, wrapped);
    this.draw(this.view);
  }

  /** Takes all away, and leaves the cursor where the prompt began. */
  erase(): void {
    if (this.view === null) return;
    this.target.write(this.toStart() + CLEAR_BELOW);
    this.cursorRow = 0;
    this.view = null;
  }

  /** Leaves the prompt and the line standing, without hint and rows below, and goes to the row behind them. */
  finish(view: View): void {
    this.draw({ ...view, cursor: Infinity, hint: { text: "", style: "" }, below: [] });
    this.target.write(placeOf(view.spans, Infinity, this.columns).column === 0 ? "" : "\r\n");
    this.cursorRow = 0;
    this.view = null;
  }

  /** Empties the screen; the next view is drawn at its top. */
  clearScreen(): void {
    this.target.write(CLEAR_SCREEN);
    this.cursorRow = 0;
    this.view = null;
  }

  private toStart(): string {
    return (this.cursorRow > 0 ? `\x1b[${this.cursorRow}A` : "") + "\r";
  }
}

/** The text of spans with their styles. */
export function sgrText(spans: readonly Span[]): string {
  return spans.map(({ text, style }) => (style === "" || text === "" ? text : `\x1b[${style}m${text}\x1b[m`)).join("");
}

/** From the end of what was drawn to the cursor's place. */
function moveTo(fromRow: number, { row, column }: Place): string {
  const up = fromRow > row ? `\x1b[${fromRow - row}A` : "";
  return up + "\r" + (column > 0 ? `\x1b[${column}C` : "");
}

/** Where the text of the spans has come to at an index, or at its end, on a terminal so wide. */
function placeOf(spans: readonly Span[], index: number, columns: number): Place {
  const text = spans
    .map((span) => span.text)
    .join("")
    .slice(0, index);
  if (isPlain(text)) return { row: Math.floor(text.length / columns), column: text.length % columns };
  const wrap = new Wrap(columns);
  for (const grapheme of graphemesOf(text)) wrap.rowOf(grapheme);
  return wrap.place;
}

/** What of the spans is in these rows. */
function rowsOf(spans: readonly Span[], top: number, bottom: number, columns: number): readonly Span[] {
  const wrap = new Wrap(columns);
  return spans.map(({ text, style }) => {
    const isShown = (grapheme: string): boolean => {
      const row = wrap.rowOf(grapheme);
      return row >= top && row <= bottom;
    };
    return { text: graphemesOf(text).filter(isShown).join(""), style };
  });
}

/** How a terminal wraps: a character that has no room in its row goes to the next. */
class Wrap {
  private readonly columns: number;
  private row = 0;
  private column = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  /** The place of what comes next. */
  get place(): Place {
    const isAtEdge = this.column >= this.columns;
    return isAtEdge ? { row: this.row + 1, column: 0 } : { row: this.row, column: this.column };
  }

  /** The row into which a grapheme goes. */
  rowOf(grapheme: string): number {
    const width = graphemeWidth(grapheme);
    if (this.column + width > this.columns) {
      this.row++;
      this.column = 0;
    }
    this.column += width;
    return this.row;
  }
}
