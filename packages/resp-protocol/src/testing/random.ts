/** Reproducible randomness for the fuzzers: the seed is printed on failure and taken back from SIDER_SEED. */

/** Mulberry32: numbers in [0, 1) from a 32-bit seed. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class RandomSource {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = randomFrom(seed);
  }

  /** An integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)];
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  /** Ascending positions inside a stream of `length` bytes. */
  cuts(length: number, count: number): number[] {
    return Array.from({ length: count }, () => this.below(length + 1)).sort((left, right) => left - right);
  }
}

/** Runs a case many times with different seeds; a failure names the seed that repeats it. */
export function fuzz(runs: number, run: (random: RandomSource) => void): void {
  const given = process.env["SIDER_SEED"];
  const scaled = Math.ceil(runs * Number(process.env["SIDER_FUZZ_SCALE"] ?? 1));
  const first = given === undefined ? (Date.now() ^ (process.pid << 16)) | 0 : Number(given);
  for (let index = 0; index < (given === undefined ? scaled : 1); index++) {
    const seed = (first + index) | 0;
    try {
      run(new RandomSource(seed));
    } catch (cause) {
      throw new Error(`failed; repeat with SIDER_SEED=${seed}: ${String(cause)}`, { cause });
    }
  }
}
