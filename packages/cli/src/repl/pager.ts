/**
 * Output that is taller than the screen goes to a pager: $PAGER, or less. What is printed at once belongs together; what is not taller
 * goes to the terminal as it is. A pager that cannot be started is no loss: the output is written, and the pager not tried again.
 */
import { spawn, type ChildProcess } from "node:child_process";
import type { Printer } from "../format/printer.ts";
import type { ProgramProcess } from "../process.ts";

/** What shells say of a program that is not there, or cannot be run. */
const NOT_STARTED = [126, 127];

/** Lends the terminal to another program. */
export interface TerminalLender {
  lend(): void;
  takeBack(): void;
}

export class Pager {
  private readonly printer: Printer;
  private readonly terminal: ProgramProcess;
  private readonly lender: TerminalLender;
  private chunks: Uint8Array[] = [];
  private child: ChildProcess | null = null;
  private paging: Promise<void> = Promise.resolve();
  private isUsable = true;

  constructor(printer: Printer, terminal: ProgramProcess, lender: TerminalLender) {
    this.printer = printer;
    this.terminal = terminal;
    this.lender = lender;
  }

  /** Runs something that prints. Resolves when the person has left the pager, if there was one. */
  async run<Result>(print: () => Promise<Result>): Promise<Result> {
    if (!this.isUsable || this.terminal.env["PAGER"] === "") return print();
    const restore = this.printer.divert((bytes) => this.take(bytes));
    try {
      return await print();
    } finally {
      this.decide();
      this.child?.stdin?.end();
      await this.paging;
      restore();
    }
  }

  private take(bytes: Uint8Array): void {
    if (this.chunks.length === 0) queueMicrotask(() => this.decide());
    this.chunks.push(bytes);
  }

  /** What has gathered goes to the pager, if there is one or if it is too tall. */
  private decide(): void {
    const { chunks, terminal } = this;
    if (this.chunks.length === 0) return;
    this.chunks = [];
    const { rows, columns } = terminal.stdout;
    if (this.child === null && this.isUsable && isTaller(chunks, rows, columns)) this.paging = this.page(chunks);
    else if (this.child === null) chunks.forEach((bytes) => terminal.stdout.write(bytes));
    else this.feed(chunks);
  }

  private async page(chunks: readonly Uint8Array[]): Promise<void> {
    const { env } = this.terminal;
    this.lender.lend();
    const child = spawn("/bin/sh", ["-c", env["PAGER"] ?? "less"], {
      stdio: ["pipe", "inherit", "inherit"],
      env: { ...env, LESS: env["LESS"] ?? "R" },
    });
    this.child = child;
    // It may be left before it has read all.
    child.stdin?.on("error", () => undefined);
    this.feed(chunks);
    const exitCode = await new Promise<number | null>((resolve) => {
      child.once("error", () => resolve(127));
      child.once("exit", resolve);
    });
    this.child = null;
    this.lender.takeBack();
    if (exitCode === null || !NOT_STARTED.includes(exitCode)) return;
    this.isUsable = false;
    for (const bytes of chunks) this.terminal.stdout.write(bytes);
  }

  private feed(chunks: readonly Uint8Array[]): void {
    for (const bytes of chunks) this.child?.stdin?.write(bytes);
  }
}

const LINE_END = 0x0a;
const ESCAPE = 0x1b;
const LAST_OF_SGR = 0x6d;

/** Whether text takes more rows than the screen has, with a row for the prompt. */
function isTaller(chunks: readonly Uint8Array[], rows: number, columns: number): boolean {
  let row = 1;
  let column = 0;
  let isInEscape = false;
  for (const chunk of chunks) {
    for (const byte of chunk) {
      if (row >= rows) return true;
      if (byte === LINE_END) {
        row++;
        column = 0;
      } else if (isInEscape || byte === ESCAPE) isInEscape = byte !== LAST_OF_SGR;
      else if ((byte & 0xc0) !== 0x80 && ++column > columns) {
        row++;
        column = 1;
      }
    }
  }
  return row >= rows;
}
