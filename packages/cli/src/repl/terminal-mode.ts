/**
 * The terminal while there is a prompt: raw, so that every key is ours, with marks around what is pasted. It is given back in every way
 * of leaving, to a pager, to the shell (Ctrl-Z), and to whoever ends the process with a signal.
 */
import type { ProgramProcess } from "../process.ts";
import { listenForKeys, type KeyPress } from "./editor/keys.ts";

const PASTE_MARKS_ON = "\x1b[?2004h";
const PASTE_MARKS_OFF = "\x1b[?2004l";

/** Signals that end the process, and what its exit code is then, as shells have it. */
const ENDING_SIGNALS = [
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const;

export interface TerminalListener {
  press(key: KeyPress): void;
  interrupted(): void;
  resized(): void;
  /** The terminal is ours again, and shows something else. */
  returned(): void;
}

export class TerminalMode {
  private readonly terminal: ProgramProcess;
  private readonly listener: TerminalListener;
  private readonly undo: (() => void)[] = [];
  private isLent = false;

  constructor(terminal: ProgramProcess, listener: TerminalListener) {
    this.terminal = terminal;
    this.listener = listener;
  }

  enter(): void {
    const { terminal, listener } = this;
    this.undo.push(listenForKeys(terminal.stdin, (key) => listener.press(key)));
    // Ctrl-C is a key here: this is a signal that somebody sends.
    this.onSignal("SIGINT", () => {
      if (!this.isLent) listener.interrupted();
    });
    this.onSignal("SIGCONT", () => this.takeBack());
    for (const [signal, exitCode] of ENDING_SIGNALS) {
      this.onSignal(signal, () => {
        this.leave();
        terminal.exit(exitCode);
      });
    }
    const onResize = (): void => listener.resized();
    terminal.stdout.on("resize", onResize);
    this.undo.push(() => terminal.stdout.off("resize", onResize));
    // The window is gone: nothing can be asked or shown any more.
    terminal.stdin.on("error", () => terminal.exit(1));
    this.take();
  }

  leave(): void {
    if (this.undo.length === 0) return;
    this.undo.splice(0).forEach((undo) => undo());
    this.give();
  }

  /** Lets another program have the terminal. */
  lend(): void {
    this.isLent = true;
    this.give();
  }

  takeBack(): void {
    this.isLent = false;
    this.take();
    this.listener.returned();
  }

  /** Stops the process until the shell lets it go on. */
  suspend(): void {
    this.give();
    this.terminal.kill(this.terminal.pid, "SIGTSTP");
    // Here again, whether it was stopped and continued, or there is no shell that could do that.
    this.takeBack();
  }

  private take(): void {
    this.terminal.stdin.setRawMode(true);
    this.terminal.stdin.resume();
    this.terminal.stdout.write(PASTE_MARKS_ON);
  }

  private give(): void {
    this.terminal.stdout.write(PASTE_MARKS_OFF);
    this.terminal.stdin.setRawMode(false);
    this.terminal.stdin.pause();
  }

  private onSignal(signal: NodeJS.Signals, listener: () => void): void {
    this.terminal.on(signal, listener);
    this.undo.push(() => this.terminal.off(signal, listener));
  }
}
