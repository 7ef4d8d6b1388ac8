/** Doing nothing at all, for tests of servers: the whole thread stands still. */

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Stands still for so many microseconds, or a little longer. */
export function sleepMicroseconds(microseconds: number): void {
  if (microseconds > 0) Atomics.wait(cell, 0, 0, microseconds / 1000);
}
