/**
 * Holds automatic rewrites back that fail again and again, since each leaves a small increment: from the third failure in a row on
 * they wait 1 minute, then 2, 4 ... up to an hour. Redis's aofRewriteLimited.
 */

import type { AofLogger } from "./aof-format.ts";

const FAILURES = 3;
const LONGEST_MINUTES = 60;
const MINUTE_MS = 60_000;

/** When the next automatic rewrite may begin. */
export class RewriteLimit {
  readonly #logger: AofLogger;
  #minutes = 0;
  #nextMs = 0;

  constructor(logger: AofLogger) {
    this.#logger = logger;
  }

  /** Whether a rewrite is to wait. To be asked only when one would begin otherwise. */
  holds(nowMs: number, consecutiveFailures: number): boolean {
    if (consecutiveFailures < FAILURES) {
      this.#minutes = 0;
      this.#nextMs = 0;
      return false;
    }
    if (this.#nextMs !== 0) {
      if (nowMs < this.#nextMs) return true;
      this.#nextMs = 0;
      return false;
    }
    this.#minutes = Math.min(LONGEST_MINUTES, Math.max(1, this.#minutes * 2));
    this.#nextMs = nowMs + this.#minutes * MINUTE_MS;
    this.#logger.warning(
      `Background AOF rewrite has repeatedly failed and triggered the limit, will retry in ${String(this.#minutes)} minutes`,
    );
    return true;
  }
}
