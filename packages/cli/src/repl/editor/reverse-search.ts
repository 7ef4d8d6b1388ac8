/** Ctrl-R: looks for a text in the lines of the history, from the newest to the oldest, while the text is typed. */
export class ReverseSearch {
  query = "";
  private readonly lines: readonly string[];
  /** Position of the line that is shown; -1 before anything was found. */
  private at = -1;
  private hasFailed = false;

  constructor(lines: readonly string[]) {
    this.lines = lines;
  }

  /** The line that is shown, and where in it the text is. */
  get found(): { line: string; start: number } | null {
    const line = this.lines[this.at];
    return line === undefined ? null : { line, start: matchStart(line, this.query) };
  }

  /** `(reverse-i-search)`text': `, as shells have it. */
  get prompt(): string {
    return `(${this.hasFailed ? "failed " : ""}reverse-i-search)\`${this.query}': `;
  }

  /** Adds to the text; what is shown stays when it still has it. */
  type(text: string): void {
    this.query += text;
    this.seek(Math.max(0, this.at), 1);
  }

  /** Takes the last character away, and looks again from the newest line on. */
  erase(): void {
    this.query = this.query.slice(0, -1);
    this.at = -1;
    this.hasFailed = false;
    if (this.query !== "") this.seek(0, 1);
  }

  older(): void {
    this.seek(this.at + 1, 1);
  }

  newer(): void {
    this.seek(this.at - 1, -1);
  }

  private seek(from: number, step: 1 | -1): void {
    if (this.query === "") return;
    const shown = this.lines[this.at];
    for (let at = from; at >= 0 && at < this.lines.length; at += step) {
      const line = this.lines[at] ?? "";
      if (matchStart(line, this.query) < 0 || (line === shown && at !== this.at)) continue;
      this.at = at;
      this.hasFailed = false;
      return;
    }
    this.hasFailed = true;
  }
}

/** Case counts only where the text has capital letters. */
function matchStart(line: string, query: string): number {
  return query === query.toLowerCase() ? line.toLowerCase().lastIndexOf(query) : line.lastIndexOf(query);
}
