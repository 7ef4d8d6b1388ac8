/** Drafts against 16384 plain numbers: every register, in both encodings, and both read back through every way of reading. */
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed, randomFrom } from "../testing/fuzzing.ts";
import { draftAdd, draftCopy, draftDense, draftEmpty, HyperLogLogDraft } from "./draft.ts";
import { denseRegister } from "./dense.ts";
import { rankOf, REGISTER_BITS, registerOf } from "./element-hash.ts";
import { estimate, estimateRegisters } from "./estimate.ts";
import { mergeRegisters, wouldRaise } from "./hyperloglog.ts";
import { HEADER_BYTES, isDense, isHyperLogLog, REGISTER_COUNT } from "./layout.ts";
import { sparseRegister } from "./sparse.ts";

const ROUNDS = 12 * fuzzScale;

const random = randomFrom(fuzzSeed);

function registersOf(draft: HyperLogLogDraft): Uint8Array | null {
  const registers = new Uint8Array(REGISTER_COUNT);
  return mergeRegisters(draft.bytes, 0, draft.length, registers) ? registers : null;
}

function registerAt(draft: HyperLogLogDraft, register: number): number {
  if (isDense(draft.bytes, 0)) return denseRegister(draft.bytes, HEADER_BYTES, register);
  return sparseRegister(draft.bytes, HEADER_BYTES, draft.length, register);
}

/** One that ranks often meet each other in: few registers, few ranks. */
function randomHash(registers: number, ranks: number): number {
  return ((1 + random(ranks)) << REGISTER_BITS) | random(registers);
}

test(`registers are what was added (SIDER_SEED=${String(fuzzSeed)})`, () => {
  for (let round = 0; round < ROUNDS; round++) {
    const draft = new HyperLogLogDraft();
    const model = new Uint8Array(REGISTER_COUNT);
    const [registers, ranks] = [[20, 300, REGISTER_COUNT][random(3)], [3, 20, 51][random(3)]];
    const sparseMaxBytes = [0, 30, 3000, 20_000][random(4)];
    draftEmpty(draft);
    for (let step = random(1500); step > 0; step--) {
      const hashed = randomHash(registers, ranks);
      const raises = rankOf(hashed) > model[registerOf(hashed)] ? 1 : 0;
      expect(wouldRaise(draft.bytes, 0, draft.length, hashed)).toBe(raises);
      expect(draftAdd(draft, hashed, sparseMaxBytes)).toBe(raises);
      if (raises === 1) model[registerOf(hashed)] = rankOf(hashed);
    }
    expect(isHyperLogLog(draft.bytes, 0, draft.length)).toBe(true);
    expect(registersOf(draft)).toEqual(model);
    for (let probe = 0; probe < 100; probe++) {
      const register = random(REGISTER_COUNT);
      expect(registerAt(draft, register)).toBe(model[register]);
    }
    expect(estimate(draft.bytes, 0, draft.length)).toBe(estimateRegisters(model));
    expect(draftDense(draft)).toBe(true);
    expect(registersOf(draft)).toEqual(model);
    expect(estimate(draft.bytes, 0, draft.length)).toBe(estimateRegisters(model));
  }
});

test("corrupt runs are found, or read as something; nothing is written beyond them", () => {
  for (let round = 0; round < ROUNDS * 20; round++) {
    const draft = new HyperLogLogDraft();
    draftEmpty(draft);
    for (let step = random(60); step > 0; step--) draftAdd(draft, randomHash(REGISTER_COUNT, 32), 3000);
    for (let flips = 1 + random(4); flips > 0; flips--) {
      draft.bytes[HEADER_BYTES + random(draft.length - HEADER_BYTES)] = random(256);
    }
    const copy = new HyperLogLogDraft();
    const length = draft.length - random(2);
    draftCopy(copy, draft.bytes, 0, length);
    const isWhole = registersOf(copy) !== null;
    expect(estimate(copy.bytes, 0, copy.length) >= 0).toBe(isWhole);
    for (let step = 0; step < 20; step++) {
      expect([-1, 0, 1]).toContain(draftAdd(copy, randomHash(REGISTER_COUNT, 51), 3000));
    }
    expect(draftDense(copy)).toBe(isWhole || isDense(copy.bytes, 0));
  }
});
