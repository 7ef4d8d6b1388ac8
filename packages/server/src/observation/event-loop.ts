/**
 * What INFO tells of the event loop: how often it turns, how long it is busy, and the most that one turn has had to do.
 *
 * libuv counts the turns and the time that it is idle, whether anybody asks or not. Beginning and end of a turn cannot be seen from
 * here without an immediate of its own, which costs a tenth of a small request; but the replies of several sessions leave at the end of
 * a turn anyway (`transport/reply-round.ts`), and where none are kept for it, the session that is served is the only one of its turn:
 *
 *   enter   session A   leave   enter   session B   leave   replies leave     a turn: both sessions, their writing too
 *   enter   session C   leave                                                 a turn
 *
 * So commands cost no look at the clock here, a turn of several sessions one.
 */
import { RateMeter } from "../rate-meter.ts";

const MICROSECONDS = 1000;
/** No time of the clock. */
const UNKNOWN_MS = -1;

/** The turns of this process whose replies leave together; of the transports that keep replies for the end of one. */
export const jointTurns = {
  /** One goes on: who has been served now is not the only one. */
  isOpen: false,
  /** How many have ended, and when the last one did. */
  ended: 0,
  endedMs: 0,
};

export class EventLoopMeter {
  /** Commands that were executed in this turn so far. */
  commands = 0;
  /** The most commands of a turn, and the longest turn. */
  commandsMaximum = 0;
  longestMs = 0;
  /** What the timer's ticks and writing the append-only file have taken in all. */
  timerMs = 0;
  appendOnlyMs = 0;
  /** Turns a second, and microseconds that one of them was busy, over the last 1.6 seconds. */
  readonly cycleRate = new RateMeter();
  readonly cycleMicroseconds = new RateMeter();
  private isTurn = false;
  private startedMs = UNKNOWN_MS;
  private servedMs = UNKNOWN_MS;
  /** The number of the joint turn that this one belongs to. */
  private number = 0;
  private cyclesBefore = 0;
  private busyMsBefore = 0;

  /** Turns of the event loop since the start or CONFIG RESETSTAT. */
  get cycles(): number {
    return cyclesOfProcess() - this.cyclesBefore;
  }

  /** Milliseconds that the event loop was not waiting for something to do, since then. */
  get busyMs(): number {
    return performance.eventLoopUtilization().active - this.busyMsBefore;
  }

  /** A session is going to be served, at a time of the steady clock, which is not known where it is below 0. */
  enter(nowMs: number): void {
    if (this.isTurn) {
      if (this.number === jointTurns.ended) return;
      this.endTurn(jointTurns.ended === this.number + 1 ? jointTurns.endedMs : this.servedMs);
    }
    this.isTurn = true;
    this.number = jointTurns.ended;
    this.startedMs = nowMs;
  }

  /** It has been served. `nowMs`: the last look at the steady clock, before its replies were written. */
  leave(nowMs: number): void {
    this.servedMs = nowMs;
    if (!jointTurns.isOpen) this.endTurn(nowMs);
  }

  /** The timer has ticked, in a turn without commands. */
  addTick(elapsedMs: number): void {
    this.timerMs += elapsedMs;
    if (elapsedMs > this.longestMs) this.longestMs = elapsedMs;
  }

  /** For the timer, ten times a second. */
  sample(nowMs: number): void {
    const { cycles } = this;
    this.cycleRate.sample(cycles, nowMs);
    // The meter divides by thousandths of what it is given as the time.
    this.cycleMicroseconds.sample(this.busyMs * MICROSECONDS, cycles * 1000);
  }

  /** CONFIG RESETSTAT. */
  reset(): void {
    this.commands = 0;
    this.commandsMaximum = 0;
    this.longestMs = 0;
    this.timerMs = 0;
    this.appendOnlyMs = 0;
    this.cycleRate.reset();
    this.cycleMicroseconds.reset();
    this.cyclesBefore = cyclesOfProcess();
    this.busyMsBefore = performance.eventLoopUtilization().active;
  }

  private endTurn(nowMs: number): void {
    this.isTurn = false;
    if (this.commands > this.commandsMaximum) this.commandsMaximum = this.commands;
    this.commands = 0;
    if (this.startedMs !== UNKNOWN_MS && nowMs - this.startedMs > this.longestMs) {
      this.longestMs = nowMs - this.startedMs;
    }
  }
}

/** Turns of the event loop since the process began; 0 where nobody counts them. */
function cyclesOfProcess(): number {
  const { nodeTiming } = performance as unknown as { nodeTiming?: { uvMetricsInfo?: { loopCount: number } } };
  return nodeTiming?.uvMetricsInfo?.loopCount ?? 0;
}
