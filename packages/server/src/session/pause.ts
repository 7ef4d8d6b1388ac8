/**
 * CLIENT PAUSE: until a point in time, sessions that send a command it covers wait, in the order in which they came.
 */
import type { Session } from "./session.ts";

export class Pause {
  /** Unix time in milliseconds until which it holds; 0 when there is none. */
  untilMs = 0;
  /** Whether it covers all commands, or writes only. */
  coversAll = false;
  private waiting: Session[] = [];

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

  /** Ends the pause; the sessions that waited go on. */
  end(): void {
    this.untilMs = 0;
    this.coversAll = false;
    const waiting = this.waiting;
    this.waiting = [];
    for (const session of waiting) {
      session.paused = false;
      session.proceed();
    }
  }
}
