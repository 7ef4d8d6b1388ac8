/** Time and randomness as the engine gets them: passed in, so that a test can move the one and replay the other. */
export interface Clock {
  /** Unix time in milliseconds, an integer. */
  nowMs(): number;
  /** The same in microseconds, an integer, where the clock is as fine as that. */
  nowMicroseconds?(): number;
}

/** Unix time in microseconds, as fine as the clock knows it. */
export function unixMicroseconds(clock: Clock): number {
  return clock.nowMicroseconds === undefined ? clock.nowMs() * 1000 : clock.nowMicroseconds();
}

/** The wall clock. */
// eslint-disable-next-line no-restricted-properties -- this is what is injected
export const systemClock: Clock = { nowMs: () => Date.now() };

/** A source of random integers: an integer in [0, limit). */
export type Random = (limit: number) => number;

/** Random numbers from the runtime's generator. */
// eslint-disable-next-line no-restricted-properties -- this is what is injected
export const systemRandom: Random = (limit) => Math.floor(Math.random() * limit);

/** Random numbers that cannot be foretold from earlier ones, for the hash key. Slow. */
export const secretRandom: Random = (limit) => {
  const { crypto } = globalThis as unknown as { crypto: { getRandomValues(words: Uint32Array): Uint32Array } };
  return crypto.getRandomValues(new Uint32Array(1))[0] % limit;
};

/** A repeatable sequence (Mulberry32 by Tommy Ettinger) for tests and replays. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit);
  };
}
