import { expect, it } from "vitest";
import { randomFromSeed } from "./testing/random.ts";
import { addInt64, createInt64Scratch, int64FromBigInt, int64ToBigInt, parseInt64, writeInt64 } from "./int64.ts";

it("agrees with bigint on random values", () => {
  const random = randomFromSeed();
  const [a, b, sum] = [createInt64Scratch(), createInt64Scratch(), createInt64Scratch()];
  const bytes = new Uint8Array(32);
  const draw = (): bigint =>
    BigInt.asIntN(1 + random.below(64), (BigInt(random.uint32()) << 32n) | BigInt(random.uint32()));
  for (let round = 0; round < 50_000 * random.scale; round++) {
    const [left, right] = [draw(), draw()];
    int64FromBigInt(left, a);
    const length = writeInt64(bytes, 1, a.high, a.low);
    const text = Buffer.from(bytes.subarray(1, 1 + length)).toString();
    if (text !== String(left)) expect.fail(`${random.seedText}: wrote ${text} for ${String(left)}`);
    if (!parseInt64(bytes, 1, length, a) || int64ToBigInt(a.high, a.low) !== left)
      expect.fail(`${random.seedText}: read ${text}`);
    int64FromBigInt(right, b);
    const fits = addInt64(a, b, sum);
    const exact = left + right;
    if (fits !== (BigInt.asIntN(64, exact) === exact)) expect.fail(`${random.seedText}: ${text} + ${String(right)}`);
    if (fits && int64ToBigInt(sum.high, sum.low) !== exact)
      expect.fail(`${random.seedText}: ${text} + ${String(right)}`);
  }
});

it("accepts exactly the canonical texts", () => {
  const random = randomFromSeed();
  const alphabet = "0123456789-+ .a";
  const out = createInt64Scratch();
  for (let round = 0; round < 50_000 * random.scale; round++) {
    let text = random.below(4) === 0 ? "-" : "";
    const length = random.below(22);
    const letters = random.below(4) === 0 ? alphabet.length : 10;
    for (let i = 0; i < length; i++) text += alphabet[random.below(letters)] ?? "";
    const canonical = /^(0|-?[1-9][0-9]*)$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
    const bytes = new TextEncoder().encode(text);
    if (parseInt64(bytes, 0, bytes.length, out) !== canonical) expect.fail(`${random.seedText}: '${text}'`);
    if (canonical && int64ToBigInt(out.high, out.low) !== BigInt(text)) expect.fail(`${random.seedText}: '${text}'`);
  }
});
