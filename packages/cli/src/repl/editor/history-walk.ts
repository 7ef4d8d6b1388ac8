/** Up and Down: from line to line of the history that begins with what was typed, and back to that. */
export class HistoryWalk {
  private readonly lines: readonly string[];
  private readonly typed: string;
  /** Position in the history; -1 is the line that was typed. */
  private at = -1;

  constructor(lines: readonly string[], typed: string) {
    this.lines = lines;
    this.typed = typed;
  }

  /** The next older line; null when there is none. */
  older(): string | null {
    for (let at = this.at + 1; at < this.lines.length; at++) {
      if (this.isWanted(at)) return this.goTo(at);
    }
    return null;
  }

  /** The next newer line, at last the one that was typed; null when that is shown already. */
  newer(): string | null {
    if (this.at < 0) return null;
    for (let at = this.at - 1; at >= 0; at--) {
      if (this.isWanted(at)) return this.goTo(at);
    }
    return this.goTo(-1);
  }

  private isWanted(at: number): boolean {
    const line = this.lines[at] ?? "";
    return line.startsWith(this.typed) && line !== this.typed;
  }

  private goTo(at: number): string {
    this.at = at;
    return this.lines[at] ?? this.typed;
  }
}
