/** What fuzz tests have in common: a seed, how long they run, and numbers that follow from the seed. */

/** SIDER_SEED, or a new one. A test says it in its name, so that a failure can be repeated. */
export const fuzzSeed = Number(process.env["SIDER_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** SIDER_FUZZ_SCALE: how many times as long as usual. */
export const fuzzScale = Number(process.env["SIDER_FUZZ_SCALE"] ?? 1);

/** An integer in [0, below). */
export type Random = (below: number) => number;

/** A repeatable sequence (Mulberry32 by Tommy Ettinger). */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
