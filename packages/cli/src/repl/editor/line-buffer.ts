/**
 * The text of a line and the cursor in it: what keys do to them, with the words of the field (kill, yank) and without a screen.
 * Places are UTF-16 indexes that never lie inside a grapheme. There are no control characters in a line.
 */
import { graphemesOf, nextBoundary, previousBoundary } from "./width.ts";

/** What Alt-B and Alt-F stop at. */
const WORD_CHARACTER = /[\p{L}\p{N}_]/u;

const CONTROL = /[\0-\x1f\x7f-\x9f]/g;

/** Text as it may stand in a line: tabs and line ends are blanks, other control characters are left out. */
export function printable(text: string): string {
  return text.replace(/\r\n|[\t\n\r]/g, " ").replace(CONTROL, "");
}

export class LineBuffer {
  text = "";
  cursor = 0;
  /** What was cut last, for Ctrl-Y. */
  private killed = "";

  get isCursorAtEnd(): boolean {
    return this.cursor === this.text.length;
  }

  /** Replaces the line; the cursor goes to its end. */
  set(text: string): void {
    this.text = text;
    this.cursor = text.length;
  }

  insert(text: string): void {
    this.replace(this.cursor, this.cursor, printable(text));
  }

  /** Puts text in the place of what lies between; the cursor goes behind it. */
  replace(start: number, end: number, text: string): void {
    this.text = this.text.slice(0, start) + text + this.text.slice(end);
    this.cursor = start + text.length;
  }

  left(): void {
    this.cursor = previousBoundary(this.text, this.cursor);
  }

  right(): void {
    this.cursor = nextBoundary(this.text, this.cursor);
  }

  home(): void {
    this.cursor = 0;
  }

  end(): void {
    this.cursor = this.text.length;
  }

  wordLeft(): void {
    this.cursor = this.wordStart();
  }

  wordRight(): void {
    this.cursor = this.wordEnd();
  }

  deleteLeft(): void {
    this.remove(previousBoundary(this.text, this.cursor), this.cursor);
  }

  deleteRight(): void {
    this.remove(this.cursor, nextBoundary(this.text, this.cursor));
  }

  killToEnd(): void {
    this.kill(this.cursor, this.text.length);
  }

  killToStart(): void {
    this.kill(0, this.cursor);
  }

  /** Cuts back to the last blank: Ctrl-W. */
  killArgumentLeft(): void {
    const before = this.text.slice(0, this.cursor).trimEnd();
    this.kill(before.lastIndexOf(" ") + 1, this.cursor);
  }

  killWordLeft(): void {
    this.kill(this.wordStart(), this.cursor);
  }

  killWordRight(): void {
    this.kill(this.cursor, this.wordEnd());
  }

  yank(): void {
    this.insert(this.killed);
  }

  /** Exchanges the characters around the cursor, at the end of the line the last two. */
  transpose(): void {
    const behind = this.isCursorAtEnd ? this.cursor : nextBoundary(this.text, this.cursor);
    const middle = previousBoundary(this.text, behind);
    const start = previousBoundary(this.text, middle);
    if (start < middle) this.replace(start, behind, this.text.slice(middle, behind) + this.text.slice(start, middle));
  }

  private kill(start: number, end: number): void {
    if (start < end) this.killed = this.text.slice(start, end);
    this.remove(start, end);
  }

  private remove(start: number, end: number): void {
    this.replace(start, end, "");
  }

  private wordStart(): number {
    return this.cursor - spanOfWord(graphemesOf(this.text.slice(0, this.cursor)).reverse());
  }

  private wordEnd(): number {
    return this.cursor + spanOfWord(graphemesOf(this.text.slice(this.cursor)));
  }
}

/** The length of what is no word, and of the word behind it. */
function spanOfWord(graphemes: readonly string[]): number {
  let length = 0;
  let isInWord = false;
  for (const grapheme of graphemes) {
    const isWord = WORD_CHARACTER.test(grapheme);
    if (isInWord && !isWord) break;
    isInWord ||= isWord;
    length += grapheme.length;
  }
  return length;
}
