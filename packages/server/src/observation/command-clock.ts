/**
 * Measures how long commands take, for commandstats, latencystats, SLOWLOG and LATENCY.
 *
 * A look at the clock costs a fifth of a small command. So commands of a batch that follow each other and are known to be short (marked as
 * fast, or short so far) are timed as one **run**; all others are timed one by one:
 *
 *   batch   GET GET SET GET   LRANGE   SET SET SET
 *           |-------------|   |----|   |---------|         4 looks at the clock for 8 commands
 *
 * The time of a run is divided among its commands, in proportion to what each of them is known to take: that is learned from runs of one
 * command, and from some mixed ones in which each is timed. Where single times matter (a low `slowlog-log-slower-than`, MONITOR) all
 * commands are timed one by one.
 */
import type { CommandContext } from "../dispatch/command-context.ts";
import type { CommandTable } from "../dispatch/command-table.ts";
import type { Observation } from "./observation.ts";

/** The commands of a batch or a transaction, by their numbers in the table. */
export type CommandNumbers = Int32Array | Int16Array;
/** A run was slow: the commands [first .. end) of the batch. */
export type SlowRunListener = (first: number, end: number, elapsedMs: number) => void;

/** In one run of so many each command is timed. */
const LEARNING_INTERVAL = 64;
const LEARNING_RATE = 1 / 8;
/** A command that takes less on average counts as short, and no more when it takes as long as that. */
const SHORT_MS = 0.002;
const NOT_SHORT_MS = 0.01;

export class CommandClock {
  /** Number of the command that is being timed, or -1. */
  command = -1;
  /** It is timed by itself: `stopAlone` must be called behind it. */
  isAlone = false;
  /** The commands of which a run may consist. */
  numbers: CommandNumbers;
  onSlowRun: SlowRunListener = () => undefined;
  /** The last look at the clock behind a command, or before the first. */
  lookedMs = 0;
  private readonly table: CommandTable;
  private readonly observation: Observation;
  private startedMs = 0;
  /** Nothing has happened since the last look at the clock, which `startedMs` is. */
  private isFresh = false;
  /** Where the run begins among `numbers`. */
  private first = 0;
  private isMixed = false;
  private runs = 0;
  /** What a command takes, relative to others. */
  private readonly weights: Float64Array;
  /** How often each command is in a mixed run, and which are. */
  private readonly counts: Int32Array;
  private readonly present: Int32Array;

  constructor(table: CommandTable, observation: Observation, numbers: CommandNumbers) {
    this.table = table;
    this.observation = observation;
    this.numbers = numbers;
    const count = table.commands.length;
    this.weights = new Float64Array(count).fill(SHORT_MS);
    this.counts = new Int32Array(count);
    this.present = new Int32Array(count);
  }

  /** The first command to come is timed from this moment on. */
  startAt(steadyMs: number): void {
    this.startedMs = steadyMs;
    this.lookedMs = steadyMs;
    this.isFresh = true;
  }

  /** Begins to time the command at a place of `numbers`, which is not the one that is timed now; it may be a subcommand of the one there. */
  turnTo(command: number, at: number): void {
    const { observation } = this;
    const isAlone = observation.isExact || this.table.isShort[command] === 0;
    if (this.command >= 0 && !isAlone && this.runs % LEARNING_INTERVAL !== 0) {
      this.isMixed = true;
      this.command = command;
      return;
    }
    if (!this.isFresh) {
      const nowMs = observation.steadyMs();
      if (this.command >= 0) this.endRun(nowMs, at);
      this.startedMs = nowMs;
    }
    this.isFresh = false;
    this.isMixed = false;
    this.isAlone = isAlone;
    this.command = command;
    this.first = at;
  }

  /** Behind a command that is timed by itself. One that has begun to wait is counted when it ends. */
  stopAlone(context: CommandContext): void {
    const { observation, command } = this;
    const nowMs = observation.steadyMs();
    const elapsedMs = nowMs - this.startedMs;
    this.command = -1;
    this.startedMs = nowMs;
    this.lookedMs = nowMs;
    this.isFresh = true;
    if (context.isWaiting) {
      context.wait.spentMs = elapsedMs;
      observation.monitors.feed(context);
      return;
    }
    this.table.addTime(command, elapsedMs, 1, observation.tracksLatency);
    this.learn(command, elapsedMs);
    if (!observation.isExact && elapsedMs < observation.noteworthyMs) return;
    this.isFresh = false;
    observation.note(context, elapsedMs);
  }

  /** What follows belongs to no command. A run ends before the place `end`. */
  stop(end: number): void {
    if (this.command >= 0) this.endRun(this.observation.steadyMs(), end);
    this.command = -1;
    this.isFresh = false;
    this.runs++;
  }

  /** The time of what is being timed is not to be counted. */
  forget(): void {
    this.command = -1;
    this.isFresh = false;
  }

  private endRun(nowMs: number, end: number): void {
    const elapsedMs = nowMs - this.startedMs;
    this.lookedMs = nowMs;
    if (this.isMixed) this.divide(elapsedMs, end);
    else {
      const calls = end - this.first;
      this.table.addTime(this.command, elapsedMs, calls, this.observation.tracksLatency);
      this.learn(this.command, elapsedMs / calls);
    }
    if (elapsedMs >= this.observation.noteworthyMs) this.onSlowRun(this.first, end, elapsedMs);
  }

  /** Remembers what a call has taken. */
  private learn(command: number, callMs: number): void {
    const weight = this.weights[command] + (callMs - this.weights[command]) * LEARNING_RATE;
    this.weights[command] = weight;
    const { isShort, mayBeLong } = this.table;
    if (mayBeLong[command] === 0) return;
    if (weight < SHORT_MS) isShort[command] = 1;
    else if (weight > NOT_SHORT_MS) isShort[command] = 0;
  }

  /** Divides the time of a mixed run among its commands. O(commands of the run). */
  private divide(elapsedMs: number, end: number): void {
    const { counts, numbers, observation, present, table, weights } = this;
    let kinds = 0;
    let sum = 0;
    for (let at = this.first; at < end; at++) {
      const number = numbers[at];
      if (counts[number]++ === 0) present[kinds++] = number;
      sum += weights[number];
    }
    for (let kind = 0; kind < kinds; kind++) {
      const number = present[kind];
      const calls = counts[number];
      counts[number] = 0;
      table.addTime(number, (elapsedMs * weights[number] * calls) / sum, calls, observation.tracksLatency);
    }
  }
}
