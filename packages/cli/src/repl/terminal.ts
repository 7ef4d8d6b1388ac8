/**
 * The prompt on a terminal: line editing, history, completion, and the arguments that a command takes shown dim behind the cursor.
 *
 * While a command runs the terminal is in its ordinary mode, so that Ctrl-C is a signal: it gives up the command and its connection,
 * and the next command connects again. At the prompt Ctrl-C empties the line, and leaves when there is nothing on it.
 */
import { createInterface, type Interface } from "node:readline";
import { binaryOf } from "../format/printer.ts";
import type { ProgramProcess } from "../process.ts";
import type { Screen, Session } from "../session.ts";
import { complete, hintFor } from "./hints.ts";
import { appendHistory, HISTORY_LINES, historyPath, isRememberable, loadHistory } from "./history.ts";
import { Interpreter } from "./interpreter.ts";

const CLEAR_TO_LINE_END = "\x1b[K";
const CLEAR_SCREEN = "\x1b[H\x1b[2J";

/** Reads and runs lines until `quit`, Ctrl-D or the end of the input. Resolves with the exit code. */
export async function runTerminal(session: Session, screen: Screen, terminal: ProgramProcess): Promise<number> {
  await session.connect();
  const prompt = new Prompt(session, screen, terminal);
  await prompt.run();
  return 0;
}

class Prompt {
  private readonly session: Session;
  private readonly terminal: ProgramProcess;
  private readonly interpreter: Interpreter;
  private readonly historyPath: string | null;
  private readonly lineEditor: Interface;
  /** Lines that were typed or pasted and wait for those before them. */
  private readonly lines: string[] = [];
  private isRunning = false;
  private isClosed = false;
  private isHintShown = false;
  private finish: () => void = () => undefined;

  constructor(session: Session, screen: Screen, terminal: ProgramProcess) {
    this.session = session;
    this.terminal = terminal;
    this.interpreter = new Interpreter(session, screen);
    this.historyPath = historyPath(terminal.env);
    this.lineEditor = createInterface({
      input: terminal.stdin,
      output: terminal.stdout,
      terminal: terminal.stdout.isTTY && terminal.env["TERM"] !== "dumb",
      history: this.historyPath === null ? [] : loadHistory(this.historyPath),
      historySize: HISTORY_LINES,
      removeHistoryDuplicates: true,
      completer: complete,
    });
  }

  /** Resolves when the person leaves. */
  run(): Promise<void> {
    const { lineEditor } = this;
    lineEditor.on("line", (line) => this.accept(line));
    lineEditor.on("history", (lines) => {
      if (!isRememberable(lines[0] ?? "")) lines.shift();
    });
    lineEditor.on("SIGINT", () => this.emptyOrLeave());
    lineEditor.once("close", () => this.leave());
    if (lineEditor.terminal) this.watchKeys();
    this.session.aroundPush = (show) => this.showAbovePrompt(show);
    this.ask();
    return new Promise((resolve) => (this.finish = resolve));
  }

  private ask(): void {
    this.lineEditor.setPrompt(this.session.prompt);
    this.lineEditor.prompt();
  }

  private accept(line: string): void {
    if (this.historyPath !== null && isRememberable(line)) appendHistory(this.historyPath, line);
    this.lines.push(line);
    if (!this.isRunning) void this.runLines();
  }

  private async runLines(): Promise<void> {
    this.isRunning = true;
    for (let line = this.lines.shift(); line !== undefined && !this.isClosed; line = this.lines.shift()) {
      const outcome = await this.withSignals(() => this.interpreter.execute(binaryOf(line)));
      if (outcome === "quit") return this.lineEditor.close();
      if (outcome === "clear") this.terminal.stdout.write(CLEAR_SCREEN);
    }
    this.isRunning = false;
    if (!this.isClosed) this.ask();
  }

  /** Runs something with the terminal in its ordinary mode, in which Ctrl-C interrupts the session. */
  private async withSignals<Result>(run: () => Promise<Result>): Promise<Result> {
    const { terminal, lineEditor } = this;
    const interrupt = (): void => this.session.interrupt();
    terminal.on("SIGINT", interrupt);
    lineEditor.pause();
    if (lineEditor.terminal) terminal.stdin.setRawMode(false);
    try {
      return await run();
    } finally {
      if (lineEditor.terminal && !this.isClosed) terminal.stdin.setRawMode(true);
      terminal.off("SIGINT", interrupt);
    }
  }

  private emptyOrLeave(): void {
    if (this.lineEditor.line === "") return this.lineEditor.close();
    this.lineEditor.write(null, { ctrl: true, name: "e" });
    this.lineEditor.write(null, { ctrl: true, name: "u" });
  }

  private leave(): void {
    this.isClosed = true;
    this.session.close();
    if (!this.isRunning) this.terminal.stdout.write("\n");
    this.finish();
  }

  /** Draws the hint after each key, once the line editor has seen it, and takes it away before the next. */
  private watchKeys(): void {
    const { stdin } = this.terminal;
    stdin.prependListener("keypress", () => {
      if (this.isHintShown) this.terminal.stdout.write(CLEAR_TO_LINE_END);
      this.isHintShown = false;
    });
    stdin.on("keypress", () => this.drawHint());
  }

  private drawHint(): void {
    const { line, cursor } = this.lineEditor;
    if (this.isRunning || this.isClosed || !this.interpreter.preferences.showsHints || cursor !== line.length) return;
    const columnsLeft = this.terminal.stdout.columns - this.lineEditor.getCursorPos().cols - 1;
    const hint = hintFor(line).slice(0, Math.max(0, columnsLeft));
    if (hint === "") return;
    // Save the cursor, faint text, restore the cursor.
    this.terminal.stdout.write(`\x1b7\x1b[2m${hint}\x1b[22m\x1b8`);
    this.isHintShown = true;
  }

  private showAbovePrompt(show: () => void): void {
    if (this.isRunning) return show();
    this.terminal.stdout.write("\r" + CLEAR_TO_LINE_END);
    show();
    this.lineEditor.prompt(true);
  }
}
