/** Word by word or byte by byte, at any alignment and length: the same bits, and none outside the target. */
import { seededRandom, Slice } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed } from "../../testing/fuzzing.ts";
import { andBytes, invertBytes, orBytes, xorBytes } from "./combine.ts";

const rounds = Math.ceil(3000 * fuzzScale);

const OPERATIONS = [
  [andBytes, (a: number, b: number) => a & b],
  [orBytes, (a: number, b: number) => a | b],
  [xorBytes, (a: number, b: number) => a ^ b],
  [invertBytes, (_a: number, b: number) => ~b & 0xff],
] as const;

test(`combinations agree with a loop over bytes (SIDER_SEED=${String(fuzzSeed)})`, () => {
  const random = seededRandom(fuzzSeed);
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random(256));
  for (let round = 0; round < rounds; round++) {
    const [combine, model] = OPERATIONS[random(4)];
    const length = random(random(3) === 0 ? 400 : 90);
    const sourceLength = combine === invertBytes ? length : random(length + 1);
    const [before, sourceBefore] = [random(9), random(9)];
    const target = bytes(before + length + 9);
    const source = bytes(sourceBefore + sourceLength + 9);
    const expected = target.slice();
    for (let at = 0; at < length; at++) {
      expected[before + at] = model(target[before + at], at < sourceLength ? source[sourceBefore + at] : 0);
    }
    combine(new Slice().set(target, before, length), new Slice().set(source, sourceBefore, sourceLength));
    expect(target, `round ${String(round)}`).toEqual(expected);
  }
});
