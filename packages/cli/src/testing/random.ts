/** Reproducible randomness for the fuzzers of the CLI. */

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
