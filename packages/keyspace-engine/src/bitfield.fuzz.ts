import { expect, it } from "vitest";
import { addBitfield, getBitfield, OVERFLOW, setBitfield } from "./bitfield.ts";
import { randomFromSeed } from "./testing/fuzzing.ts";
import { createInt64Scratch, int64FromBigInt, int64ToBigInt } from "./numbers/int64.ts";

it("keeps what was written, and wraps and saturates like arithmetic on bigints", () => {
  const random = randomFromSeed();
  const [value, increment, out] = [createInt64Scratch(), createInt64Scratch(), createInt64Scratch()];
  const bytes = new Uint8Array(64);
  const draw = (bits: number): bigint =>
    BigInt.asIntN(1 + random.below(bits), (BigInt(random.uint32()) << 32n) | BigInt(random.uint32()));
  for (let round = 0; round < 30_000 * random.scale; round++) {
    const isSigned = random.below(2) === 0;
    const bits = 1 + random.below(isSigned ? 64 : 63);
    const bitOffset = random.below(400);
    const place = `${random.seedText}: ${isSigned ? "i" : "u"}${String(bits)} at ${String(bitOffset)}`;
    const given = draw(64);
    int64FromBigInt(given, value);
    setBitfield(bytes, 5, bitOffset, bits, value.high, value.low);
    getBitfield(bytes, 5, 59, bitOffset, bits, isSigned, out);
    const held = isSigned ? BigInt.asIntN(bits, given) : BigInt.asUintN(bits, given);
    if (int64ToBigInt(out.high, out.low) !== held) expect.fail(`${place}: ${String(given)}`);

    const added = draw(63);
    int64FromBigInt(held, value);
    int64FromBigInt(added, increment);
    const exact = held + added;
    const wrapped = isSigned ? BigInt.asIntN(bits, exact) : BigInt.asUintN(bits, exact);
    const overflowed = addBitfield(value, increment, bits, isSigned, OVERFLOW.wrap, out);
    if (overflowed !== (wrapped !== exact) || int64ToBigInt(out.high, out.low) !== wrapped) {
      expect.fail(`${place}: ${String(held)} + ${String(added)}`);
    }
    if (!addBitfield(value, increment, bits, isSigned, OVERFLOW.saturate, out)) continue;
    const limit =
      added < 0n ? (isSigned ? -(1n << BigInt(bits - 1)) : 0n) : (1n << BigInt(isSigned ? bits - 1 : bits)) - 1n;
    if (int64ToBigInt(out.high, out.low) !== limit)
      expect.fail(`${place}: ${String(held)} + ${String(added)} saturated`);
  }
});
