/** Reproducible randomness for the fuzzers of the CLI. */

/** SIDER_SEED, or a new one. A test says it when it fails, so that the failure can be repeated. */
export const fuzzSeed = Number(process.env["SIDER_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** SIDER_FUZZ_SCALE: how many times as long as usual. */
export const fuzzScale = Number(process.env["SIDER_FUZZ_SCALE"] ?? 1);

/** Random integers below a limit. */
export type Random = (limit: number) => number;

/** Xorshift32 from a seed. */
export function randomFrom(seed: number): Random {
  let state = seed | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
