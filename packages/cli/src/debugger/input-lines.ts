/** Lines from standard input, one when it is asked for; with a prompt and line editing on a terminal. Binary text. */
import { createInterface, type Interface } from "node:readline";
import { binaryOf } from "../format/printer.ts";
import type { ProgramProcess } from "../process.ts";

export class InputLines {
  private readonly isTerminal: boolean;
  private readonly reader: Interface;
  private readonly lines: string[] = [];
  private isClosed = false;
  private isPromptShown = false;
  /** Is told of a line, or of the end. */
  private wake: () => void = () => undefined;

  constructor({ stdin, stdout }: ProgramProcess) {
    this.isTerminal = stdin.isTTY && stdout.isTTY;
    if (!this.isTerminal) stdin.setEncoding("latin1");
    this.reader = createInterface({ input: stdin, output: stdout, terminal: this.isTerminal });
    this.reader.on("line", (line) => {
      this.isPromptShown = false;
      this.lines.push(this.isTerminal ? binaryOf(line) : line);
      this.wake();
    });
    this.reader.on("SIGINT", () => this.close());
    this.reader.once("close", () => {
      this.isClosed = true;
      // What is shown next, by a shell perhaps, begins on a line of its own.
      if (this.isPromptShown) stdout.write("\n");
      this.wake();
    });
  }

  /** The next line, or null after the last one. */
  async next(prompt: string): Promise<string | null> {
    if (this.isTerminal && this.lines.length === 0 && !this.isClosed) {
      this.reader.setPrompt(prompt);
      this.reader.prompt();
      this.isPromptShown = true;
    }
    for (;;) {
      const line = this.lines.shift();
      if (line !== undefined) return line;
      if (this.isClosed) return null;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  close(): void {
    this.reader.close();
  }
}
