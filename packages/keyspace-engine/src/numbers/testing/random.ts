/**
 * A small seeded generator for the fuzz tests: the seed comes from SIDER_SEED or the clock, and `seedText` says how to repeat a run.
 * `scale` (SIDER_FUZZ_SCALE, default 1) multiplies the number of rounds.
 */
export interface FuzzRandom {
  readonly seedText: string;
  readonly scale: number;
  /** 0 <= result < 2^32 */
  uint32(): number;
  /** 0 <= result < limit */
  below(limit: number): number;
}

/** Source of the algorithm: mulberry32, a public-domain 32-bit generator. */
export function randomFromSeed(): FuzzRandom {
  const environment = process.env;
  const seed = Number(environment["SIDER_SEED"] ?? Date.now() % 0x7fffffff);
  let state = seed | 0;
  const uint32 = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    seedText: `SIDER_SEED=${String(seed)}`,
    scale: Number(environment["SIDER_FUZZ_SCALE"] ?? 1),
    uint32,
    below: (limit) => Math.floor((uint32() / 4294967296) * limit),
  };
}
