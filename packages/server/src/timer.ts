/** Timers for any time: the runtime's own take no more than 31 bits of milliseconds, and fire at once beyond that. */

const LONGEST_MS = 0x7fffffff;

/**
 * Calls `fire` after so many milliseconds, or after 24 days if that is sooner: who waits for a point in time looks at the clock then, and
 * starts the next timer. A time that is over is as good as none left.
 */
export function startTimer(leftMs: number, fire: () => void): NodeJS.Timeout {
  return setTimeout(fire, Math.min(Math.max(leftMs, 0), LONGEST_MS));
}
