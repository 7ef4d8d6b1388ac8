/** What fuzz tests have in common: a seed, and how long they run. Random numbers are those of `seededRandom`. */
import { seededRandom } from "../clock.ts";

/** SIDER_SEED, or a new one. A test says it in its name, so that a failure can be repeated. */
export const fuzzSeed = Number(process.env["SIDER_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** SIDER_FUZZ_SCALE: how many times as long as usual. */
export const fuzzScale = Number(process.env["SIDER_FUZZ_SCALE"] ?? 1);

/** A seeded generator, `seedText`, which says how to repeat a run, and `scale`. */
export interface FuzzRandom {
  readonly seedText: string;
  readonly scale: number;
  /** 0 <= result < 2^32 */
  uint32(): number;
  /** 0 <= result < limit */
  below(limit: number): number;
}

export function randomFromSeed(): FuzzRandom {
  const below = seededRandom(fuzzSeed);
  return { seedText: `SIDER_SEED=${String(fuzzSeed)}`, scale: fuzzScale, uint32: () => below(2 ** 32), below };
}
