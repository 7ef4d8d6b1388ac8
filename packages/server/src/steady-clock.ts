/**
 * The time of day from a clock that also measures durations: one look at it serves both. It follows the system's clock, which may be set,
 * at each `synchronise`.
 */
import type { Clock } from "@sider/keyspace-engine";

/** Below this a difference is the rounding of the system's clock. */
const TOLERANCE_MS = 2;

export class SteadyClock implements Clock {
  /** The last look, in milliseconds with a fraction since some time. */
  lastMs = 0;
  /** Kept, since the global name is a getter: 7 ns of 47. */
  private readonly timer = performance;
  private offsetMs = performance.timeOrigin;

  nowMs(): number {
    this.lastMs = this.timer.now();
    return Math.floor(this.lastMs + this.offsetMs);
  }

  /** In the same millisecond as `nowMs`, if that is called now. No look that a duration begins with. */
  nowMicroseconds(): number {
    return Math.floor((this.timer.now() + this.offsetMs) * 1000);
  }

  /** Goes to where the system's clock is; for the timer. */
  synchronise(): void {
    const systemMs = Date.now();
    if (Math.abs(this.nowMs() - systemMs) >= TOLERANCE_MS) this.offsetMs = systemMs - this.lastMs;
  }
}
