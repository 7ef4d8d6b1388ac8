/**
 * CLIENT PAUSE: until a point in time, sessions that send a command it covers wait, in the order in which they came.
 * `Server.pauseSessions` and `Server.endPause` start and end it.
 */
import type { Clock } from "@sider/keyspace-engine";
import { startTimer } from "../timer.ts";
import type { Session } from "./session.ts";

export class Pause {
  /** Unix time in milliseconds until which it holds; 0 when there is none. */
  untilMs = 0;
  /** Whether it covers all commands, or writes only. */
  coversAll = false;
  private waiting: Session[] = [];
  private timer: NodeJS.Timeout | null = null;

  /** Starts or changes the pause. As in Redis it never becomes shorter, and never weaker while it lasts. */
  start(untilMs: number, coversAll: boolean): void {
    this.coversAll = coversAll || (this.untilMs > 0 && this.coversAll);
    if (untilMs > this.untilMs) this.untilMs = untilMs;
  }

  /** Whether a command must wait. */
  holds(isWrite: boolean): boolean {
    return this.untilMs > 0 && (this.coversAll || isWrite);
  }

  /** Lets a session wait. */
  add(session: Session): void {
    session.paused = true;
    this.waiting.push(session);
  }

  /** Calls `end` when the time of the pause has come; at once when it has. */
  schedule(clock: Clock, end: () => void): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const leftMs = this.untilMs - clock.nowMs();
    if (leftMs <= 0) return end();
    this.timer = startTimer(leftMs, () => this.schedule(clock, end));
    this.timer.unref();
  }

  /** Ends the pause, and gives the sessions that waited. */
  end(): Session[] {
    this.untilMs = 0;
    this.coversAll = false;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const waiting = this.waiting;
    this.waiting = [];
    for (const session of waiting) session.paused = false;
    return waiting;
  }
}
