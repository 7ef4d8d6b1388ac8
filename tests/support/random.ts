/**
 * Seeded randomness: the same seed gives the same commands on every machine, so that a difference can be found again by its
 * seed. The generator is mulberry32: 32 bits of state, one multiplication chain per number.
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A number in [0, 1). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from low to high, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of the values. */
  pick<T>(values: readonly T[]): T {
    const value = values[this.integer(0, values.length - 1)];
    if (value === undefined) throw new Error("nothing to pick from");
    return value;
  }

  /** The values in a random order. */
  shuffle<T>(values: readonly T[]): T[] {
    return values
      .map((value) => ({ value, order: this.fraction() }))
      .sort((a, b) => a.order - b.order)
      .map(({ value }) => value);
  }
}

/** Picks by weight in O(log n). */
export class WeightedChoice<T> {
  readonly #values: T[] = [];
  readonly #cumulative: number[] = [];
  #total = 0;

  add(value: T, weight: number): void {
    if (weight <= 0) return;
    this.#total += weight;
    this.#values.push(value);
    this.#cumulative.push(this.#total);
  }

  pick(random: Random): T {
    const at = random.fraction() * this.#total;
    let low = 0;
    for (let high = this.#cumulative.length - 1; low < high;) {
      const middle = (low + high) >> 1;
      if ((this.#cumulative[middle] ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    const value = this.#values[low];
    if (value === undefined) throw new Error("nothing to pick from");
    return value;
  }
}

/** The seed of a run: the one that is given, otherwise SIDER_SEED, otherwise a new one. */
export function seedOfRun(given: string | undefined = process.env["SIDER_SEED"]): number {
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
}
