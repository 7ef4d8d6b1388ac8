/**
 * A small seeded generator for the fuzz tests: the seed comes from SIDER_SEED or the clock, and `seedText` says how to repeat
 * a run. `scale` (SIDER_FUZZ_SCALE, default 1) multiplies the number of rounds. The numbers
 * are those of `seededRandom`.
 */
import { seededRandom } from "@sider/keyspace-engine";

export interface FuzzRandom {
  readonly seed: number;
  readonly seedText: string;
  readonly scale: number;
  /** 0 <= result < limit */
  below(limit: number): number;
  /** Bytes of a random kind: noise, text with repeats, one byte repeated, a number, or nothing. */
  bytes(maxLength: number): Uint8Array;
}

export function randomFromSeed(): FuzzRandom {
  const seed = Number(process.env["SIDER_SEED"] ?? Date.now() % 0x7fffffff);
  const below = seededRandom(seed);
  return {
    seed,
    seedText: `SIDER_SEED=${String(seed)}`,
    scale: Number(process.env["SIDER_FUZZ_SCALE"] ?? 1),
    below,
    bytes: (maxLength) => randomBytes(below, maxLength),
  };
}

function randomBytes(below: (limit: number) => number, maxLength: number): Uint8Array {
  const kind = below(5);
  if (kind === 0) return new TextEncoder().encode(String(below(2 ** 32) - 2 ** 31 + below(3) * below(2 ** 30)));
  const bytes = new Uint8Array(below(below(4) === 0 ? maxLength : Math.min(maxLength, 80)));
  const alphabet = [0, 256, 4, 1, 26][kind];
  for (let i = 0; i < bytes.length; i++) bytes[i] = 97 + below(alphabet);
  if (kind === 4 && bytes.length > 8) bytes.copyWithin(bytes.length >> 1, 0);
  return bytes;
}
