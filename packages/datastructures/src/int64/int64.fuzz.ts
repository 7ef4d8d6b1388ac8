import { expect, it } from "vitest";
import { fuzzScale, fuzzSeed, randomFrom } from "../testing/fuzzing.ts";
import { addInt64, createInt64Scratch, int64FromBigInt, int64ToBigInt, parseInt64, writeInt64 } from "./index.ts";

const rounds = 50_000 * fuzzScale;
const seedText = `SIDER_SEED=${String(fuzzSeed)}`;

it("agrees with bigint on random values", () => {
  const random = randomFrom(fuzzSeed);
  const [a, b, sum] = [createInt64Scratch(), createInt64Scratch(), createInt64Scratch()];
  const bytes = new Uint8Array(32);
  const draw = (): bigint =>
    BigInt.asIntN(
      1 + random(64),
      BigInt(random(2 ** 22)) * 2n ** 42n + BigInt(random(2 ** 21)) * 2n ** 21n + BigInt(random(2 ** 21)),
    );
  for (let round = 0; round < rounds; round++) {
    const [left, right] = [draw(), draw()];
    int64FromBigInt(left, a);
    const length = writeInt64(bytes, 1, a.high, a.low);
    const text = Buffer.from(bytes.subarray(1, 1 + length)).toString();
    if (text !== String(left)) expect.fail(`${seedText}: wrote ${text} for ${String(left)}`);
    if (!parseInt64(bytes, 1, length, a) || int64ToBigInt(a.high, a.low) !== left)
      expect.fail(`${seedText}: read ${text}`);
    int64FromBigInt(right, b);
    const fits = addInt64(a, b, sum);
    const exact = left + right;
    if (fits !== (BigInt.asIntN(64, exact) === exact)) expect.fail(`${seedText}: ${text} + ${String(right)}`);
    if (fits && int64ToBigInt(sum.high, sum.low) !== exact) expect.fail(`${seedText}: ${text} + ${String(right)}`);
  }
});

it("accepts exactly the canonical texts", () => {
  const random = randomFrom(fuzzSeed);
  const alphabet = "0123456789-+ .a";
  const out = createInt64Scratch();
  for (let round = 0; round < rounds; round++) {
    let text = random(4) === 0 ? "-" : "";
    const length = random(22);
    const letters = random(4) === 0 ? alphabet.length : 10;
    for (let i = 0; i < length; i++) text += alphabet[random(letters)] ?? "";
    const canonical = /^(0|-?[1-9][0-9]*)$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
    const bytes = new TextEncoder().encode(text);
    if (parseInt64(bytes, 0, bytes.length, out) !== canonical) expect.fail(`${seedText}: '${text}'`);
    if (canonical && int64ToBigInt(out.high, out.low) !== BigInt(text)) expect.fail(`${seedText}: '${text}'`);
  }
});
