import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed, randomFrom } from "../testing/fuzzing.ts";
import { createHeap, free, heapStatistics, NIL, offsetOf, windowOf } from "../memory/index.ts";
import {
  createIntset,
  intsetAdd,
  intsetAt,
  intsetBytes,
  intsetCount,
  intsetFind,
  intsetRemove,
  validateIntset,
} from "./index.ts";

type Random = (below: number) => number;

/** Integers of all widths, near each other, so that some come twice. */
function randomMember(random: Random, widest: number): bigint {
  const bits = [4, 15, 16, 31, 32, 63][random(widest)] ?? 4;
  const near =
    BigInt(random(40) - 20) + (random(2) === 0 ? 0n : random(2) === 0 ? 2n ** BigInt(bits) : -(2n ** BigInt(bits)));
  return BigInt.asIntN(64, near);
}

function check(window: Uint8Array, start: number, model: Set<bigint>): void {
  const sorted = [...model].sort((a, b) => (a < b ? -1 : 1));
  const member = { high: 0, low: 0 };
  const members = Array.from({ length: intsetCount(window, start) }, (_, index) => {
    intsetAt(window, start, index, member);
    return (BigInt(member.high) << 32n) | BigInt.asUintN(32, BigInt(member.low));
  });
  expect(members).toEqual(sorted);
  if (model.size > 0) expect(validateIntset(window, start, intsetBytes(window, start), true)).toBe(true);
}

test.each([0, 0.2])(`behaves as a Set, failures %f (SIDER_SEED=${String(fuzzSeed)})`, (failureRate) => {
  const random = randomFrom(fuzzSeed);
  for (let round = 0; round < 10 * fuzzScale; round++) {
    const heap = createHeap({ capacityBytes: 2 ** 24, checks: true, failureRate, failureSeed: fuzzSeed + round });
    const model = new Set<bigint>();
    const widest = 1 + random(6);
    let ref = createIntset(heap);
    while (ref === NIL) ref = createIntset(heap);
    for (let count = 0; count < 400; count++) {
      const value = randomMember(random, widest);
      const high = Number(value >> 32n);
      const low = Number(BigInt.asIntN(32, value));
      expect(intsetFind(windowOf(heap, ref), offsetOf(ref), high, low)).toBe(model.has(value));
      if (random(3) > 0) {
        const now = intsetAdd(heap, ref, high, low);
        if (now !== NIL) {
          ref = now;
          model.add(value);
        }
      } else expect(intsetRemove(heap, ref, high, low)).toBe(model.delete(value));
      if (count % 8 === 0) check(windowOf(heap, ref), offsetOf(ref), model);
    }
    free(heap, ref);
    expect(heapStatistics(heap).allocatedBytes).toBe(0);
  }
});
