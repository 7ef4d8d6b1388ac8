/**
 * A program at a real pseudo-terminal, and a reader of its screen: types keys, and waits for what a person would see.
 *
 * The pseudo-terminal is made by `script` of util-linux, the screen is xterm's. Nothing sleeps: what is waited for is a state of the
 * screen, looked at whenever the program has written something.
 */
import { spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import unicode from "@xterm/addon-unicode11";
import xterm from "@xterm/headless";

/** How long a state of the screen may take on a slow machine. */
const PATIENCE_MS = 15_000;
const POLL_MS = 20;

export const KEYS = {
  ctrlA: "\x01",
  ctrlC: "\x03",
  ctrlD: "\x04",
  ctrlE: "\x05",
  ctrlG: "\x07",
  ctrlK: "\x0b",
  ctrlL: "\x0c",
  ctrlR: "\x12",
  ctrlU: "\x15",
  ctrlW: "\x17",
  ctrlY: "\x19",
  altB: "\x1bb",
  altF: "\x1bf",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  tab: "\t",
  shiftTab: "\x1b[Z",
  enter: "\r",
  backspace: "\x7f",
  escape: "\x1b",
} as const;

/** Whether there are pseudo-terminals to test at. In CI there have to be; elsewhere a line says that there are none. */
export function terminalPresent(): boolean {
  const { stdout } = spawnSync("script", ["--version"], { encoding: "utf8" });
  const isPresent = /util-linux/.test(stdout ?? "");
  if (!isPresent && process.env["CI"]) throw new Error("script (of util-linux) is required in CI");
  if (!isPresent) console.log("skipped: tests at a terminal, script (of util-linux) is not installed");
  return isPresent;
}

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Files in the program's home, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

export class TerminalProgram {
  readonly exitCode: Promise<number | null>;
  private readonly folder = mkdtempSync(join(tmpdir(), "sider-terminal-"));
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly screen: InstanceType<typeof xterm.Terminal>;
  private readonly watchers = new Set<() => void>();

  /** Starts `command` (words of a shell) at a terminal of its own. */
  constructor(command: string, { columns = 80, rows = 24, env = {}, files = {} }: TerminalOptions = {}) {
    for (const [name, text] of Object.entries(files)) writeFileSync(this.file(name), text);
    this.screen = new xterm.Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true });
    this.screen.loadAddon(new unicode.Unicode11Addon());
    this.screen.unicode.activeVersion = "11";
    // Ctrl-C is for the program, not for the shell around it.
    const start = `trap : INT; tty > tty; stty rows ${rows} cols ${columns}; sh -c 'echo $$ > pid; exec ${command}'`;
    const inner = `${start}; code=$?; stty -a > state; exit $code`;
    this.child = spawn("script", ["-qefc", inner, "/dev/null"], {
      env: { PATH: process.env["PATH"] ?? "", HOME: this.folder, TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
      cwd: this.folder,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.child.stdin.on("error", () => undefined);
    this.child.stdout.on("data", (bytes: Uint8Array) => this.screen.write(bytes, () => this.look()));
    this.exitCode = new Promise((resolve) => this.child.once("exit", resolve));
  }

  /** Types all at once, as a fast person or a paste does. */
  type(...keys: readonly string[]): void {
    this.child.stdin.write(keys.join(""));
  }

  /** The rows of the screen without blanks at their ends, those that are empty at the bottom left out. */
  get rows(): string[] {
    return this.rowsFrom(this.screen.buffer.active.baseY);
  }

  /** All that was ever shown, the rows that went out at the top included. */
  get transcript(): string[] {
    return this.rowsFrom(0);
  }

  get cursor(): { row: number; column: number } {
    const { cursorY, cursorX } = this.screen.buffer.active;
    return { row: cursorY, column: cursorX };
  }

  /** How the text looks in the last place where it stands on the screen; undefined when it is not there. */
  styleOf(text: string): { color: number | null; isFaint: boolean; isInverse: boolean } | undefined {
    const { active } = this.screen.buffer;
    for (let y = this.screen.rows - 1; y >= 0; y--) {
      const line = active.getLine(active.baseY + y);
      const x = line?.translateToString(true).lastIndexOf(text) ?? -1;
      const cell = x < 0 ? undefined : line?.getCell(x);
      if (cell === undefined) continue;
      const color = cell.isFgDefault() ? null : cell.getFgColor();
      return { color, isFaint: cell.isDim() !== 0, isInverse: cell.isInverse() !== 0 };
    }
    return undefined;
  }

  /** Waits until the last row of text is this one, or matches. */
  async waitForLine(line: string | RegExp): Promise<void> {
    const isThere = (last: string): boolean => (typeof line === "string" ? last === line : line.test(last));
    await this.waitUntil(() => isThere(this.rows.at(-1) ?? ""), String(line));
  }

  /** Waits until the text is somewhere on the screen. */
  async waitFor(text: string): Promise<void> {
    await this.waitUntil(() => this.rows.join("\n").includes(text), text);
  }

  async waitUntil(isThere: () => boolean, what: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const watch = (): void => {
        if (isThere()) finish(resolve);
      };
      const fail = (): void => finish(() => reject(new Error(`${what} does not appear:\n${this.rows.join("\n")}`)));
      const timer = setTimeout(fail, PATIENCE_MS);
      // What a server has received is no change of the screen.
      const poll = setInterval(watch, POLL_MS);
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        clearInterval(poll);
        this.watchers.delete(watch);
        settle();
      };
      this.watchers.add(watch);
      watch();
    });
  }

  /** Changes the size of the terminal, as the window of a person. */
  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    spawnSync("stty", ["-F", this.tty, "cols", String(columns), "rows", String(rows)]);
  }

  /** Whether the terminal edits lines and echoes, as it does for a shell. */
  get isOrdinary(): boolean {
    const { stdout } = spawnSync("stty", ["-F", this.tty, "-a"], { encoding: "utf8" });
    return isOrdinary(stdout);
  }

  /** Whether the terminal was so again when the program had ended, with pasted text unmarked. */
  get wasRestored(): boolean {
    return isOrdinary(readFileSync(this.file("state"), "utf8")) && !this.screen.modes.bracketedPasteMode;
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(Number(readFileSync(this.file("pid"), "utf8")), signal);
  }

  private get tty(): string {
    return readFileSync(this.file("tty"), "utf8").trim();
  }

  /** A file in the home of the program. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** Ends the program, if it has not ended. */
  async stop(): Promise<void> {
    this.child.kill("SIGKILL");
    this.child.stdin.destroy();
    await this.exitCode;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private rowsFrom(first: number): string[] {
    const { active } = this.screen.buffer;
    const count = active.baseY + this.screen.rows - first;
    const rows = Array.from(
      { length: count },
      (_, y) =>
        active
          .getLine(first + y)
          ?.translateToString()
          .trimEnd() ?? "",
    );
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }

  private look(): void {
    for (const watch of [...this.watchers]) watch();
  }
}

function isOrdinary(state: string): boolean {
  return [/\sicanon\b/, /\secho\b/, /\sisig\b/].every((setting) => setting.test(state));
}
