/**
 * Asks a server that may go away for a while: a lost connection is made anew, once a second until it is there, and the server is asked
 * again. Meanwhile the output says so, as redis-cli's does.
 */
import { ConnectionError } from "../client/connection-error.ts";
import type { Screen } from "../screen.ts";
import type { Session } from "../session/session.ts";
import type { Clock } from "./clock.ts";

const RETRY_MS = 1000;
const CLEAR_LINE = "\r\x1b[0K";

/** The server refuses what the options ask for, and has been heard to: nothing is gained by asking again. */
export class RefusedError extends Error {}

export class PatientAsker {
  private readonly session: Session;
  private readonly screen: Screen;
  private readonly clock: Clock;
  private readonly signal: AbortSignal;

  constructor(session: Session, screen: Screen, clock: Clock, signal: AbortSignal) {
    this.session = session;
    this.screen = screen;
    this.clock = clock;
    this.signal = signal;
  }

  /**
   * Resolves with what `ask` gets over the session's connection. Rejects with a ConnectionError when what came is not RESP or the
   * signal says that nobody waits any more, and with a RefusedError.
   */
  async ask<Result>(ask: () => Promise<Result>): Promise<Result> {
    let tries = 0;
    for (;;) {
      try {
        const result = await ask();
        if (tries > 0) this.screen.out.add(CLEAR_LINE);
        return result;
      } catch (error) {
        if (this.isFinal(error)) throw error;
        if (tries > 0) this.screen.out.add(CLEAR_LINE);
      }
      tries = await this.reconnect(tries);
    }
  }

  /** Gives the number of the attempt that succeeded. */
  private async reconnect(triesBefore: number): Promise<number> {
    for (let tries = triesBefore + 1; ; tries++) {
      this.screen.out.add(`${CLEAR_LINE}Reconnecting... ${tries}\r`);
      this.screen.out.flush();
      const isConnected = await this.open();
      await this.clock.sleep(RETRY_MS, this.signal);
      if (this.signal.aborted) throw new ConnectionError("closed", "Interrupted");
      if (isConnected) return tries;
    }
  }

  private async open(): Promise<boolean> {
    try {
      if (await this.session.open()) return true;
    } catch (error) {
      if (this.isFinal(error)) throw error;
      return false;
    }
    throw new RefusedError();
  }

  private isFinal(error: unknown): boolean {
    return this.signal.aborted || !(error instanceof ConnectionError) || error.problem === "protocol";
  }
}
