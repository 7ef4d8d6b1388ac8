/**
 * A line at the bottom of a terminal that is drawn in place while something long goes on, and taken away at its end.
 *
 * Data for the same terminal goes through `makeRoom`: the line is erased, the data written, the line drawn again below it, once the
 * data has ended its own line. Nothing but this line is touched: no cursor is hidden and no mode changed, so that a program that is
 * killed leaves a usable terminal behind.
 */
import { progressLine, type ProgressTraits, type ProgressUnit, type Standing } from "./progress-line.ts";

/** The terminal that is drawn on. */
export interface ProgressTerminal {
  write(text: string): unknown;
  readonly columns: number;
  on(event: "resize", listener: () => void): unknown;
  off(event: "resize", listener: () => void): unknown;
}

export interface ProgressClock {
  now(): number;
  /** Runs something again and again, until the function that it gives is called. */
  every(ms: number, run: () => void): () => void;
}

export interface Work {
  readonly label: string;
  readonly unit: ProgressUnit;
}

/** Short work shows nothing. */
const FIRST_DRAWING_MS = 300;
const DRAWING_MS = 100;
/** The rate is that of about this time. */
const RATE_MS = 3000;
const LINE_END = 10;
const ERASE_LINE = "\r\x1b[K";
const ERASE_BELOW = "\r\x1b[J";

export class Progress {
  readonly isShown = true;
  private readonly terminal: ProgressTerminal;
  private readonly clock: ProgressClock;
  private readonly traits: ProgressTraits;
  private work: Work;
  private readonly startMs: number;
  private readonly stopTicking: () => void;
  private readonly onResize = (): void => this.fit();
  private standing: Standing = { done: 0 };
  /** Where the work stood, once in a drawing. */
  private samples: { readonly atMs: number; readonly done: number }[] = [];
  private drawnMs = -Infinity;
  /** Whether the line is on the screen. */
  private isDrawn = false;
  /** The output has not ended its line: there is no place to draw. */
  private isLineOpen = false;
  private isStopped = false;

  constructor(work: Work, terminal: ProgressTerminal, clock: ProgressClock, traits: ProgressTraits) {
    this.work = work;
    this.terminal = terminal;
    this.clock = clock;
    this.traits = traits;
    this.startMs = clock.now();
    this.samples.push({ atMs: this.startMs, done: 0 });
    terminal.on("resize", this.onResize);
    this.stopTicking = clock.every(DRAWING_MS, () => this.drawWhenDue());
  }

  /** How far the work is. */
  update(standing: Standing): void {
    this.standing = standing;
    this.drawWhenDue();
  }

  /** Shows another label from now on. */
  relabel(label: string): void {
    this.work = { ...this.work, label };
    if (this.isDrawn) this.draw();
  }

  /** Writes what goes to the same terminal. */
  makeRoom(write: () => void, bytes: Uint8Array): void {
    const wasDrawn = this.isDrawn;
    this.erase();
    write();
    this.isLineOpen = bytes[bytes.length - 1] !== LINE_END;
    if (wasDrawn && !this.isLineOpen) this.draw();
  }

  /** Takes the line away, for good. */
  stop(): void {
    if (this.isStopped) return;
    this.erase();
    this.isStopped = true;
    this.stopTicking();
    this.terminal.off("resize", this.onResize);
  }

  private drawWhenDue(): void {
    const now = this.clock.now();
    if (this.isStopped || this.isLineOpen) return;
    if (now - this.startMs < FIRST_DRAWING_MS || now - this.drawnMs < DRAWING_MS) return;
    this.sample(now);
    this.draw();
  }

  private draw(): void {
    const now = this.clock.now();
    const state = { ...this.work, ...this.standing, perSecond: this.rate(now), elapsedMs: now - this.startMs };
    const line = progressLine(state, this.terminal.columns, this.traits);
    this.terminal.write(ERASE_LINE + line);
    this.drawnMs = now;
    this.isDrawn = true;
  }

  private erase(): void {
    if (this.isDrawn) this.terminal.write(ERASE_LINE);
    this.isDrawn = false;
  }

  /**
   * After a change of the width. Whether a terminal that became narrower has wrapped the line is not to be known: what is above the row
   * of the cursor stays, as it may be data.
   */
  private fit(): void {
    if (!this.isDrawn) return;
    this.terminal.write(ERASE_BELOW);
    this.draw();
  }

  private sample(now: number): void {
    this.samples.push({ atMs: now, done: this.standing.done });
    while (this.samples.length > 2 && now - (this.samples[1]?.atMs ?? now) >= RATE_MS) this.samples.shift();
  }

  private rate(now: number): number {
    const { atMs, done } = this.samples[0] ?? { atMs: this.startMs, done: 0 };
    return now > atMs ? ((this.standing.done - done) / (now - atMs)) * 1000 : 0;
  }
}
