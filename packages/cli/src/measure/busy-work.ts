/**
 * A computation of a few microseconds that always takes the same time, unless something else gets the processor meanwhile. It makes no
 * garbage and calls nothing.
 */
const STEPS = 1000;
const state = new Uint32Array(64);

/** Gives a number that depends on all of the work, so that no compiler can leave it out. */
export function busyWork(): number {
  let value = (state[0] ?? 0) | 1;
  for (let step = 0; step < STEPS; step++) {
    // xorshift32
    value ^= value << 13;
    value ^= value >>> 17;
    value ^= value << 5;
    const at = value & 63;
    state[at] = (state[at] ?? 0) + value;
  }
  return value;
}
