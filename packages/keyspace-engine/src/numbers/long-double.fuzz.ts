import { expect, it } from "vitest";
import { addLongDouble, formatLongDouble, longDoubleFromInteger, parseLongDouble } from "./long-double.ts";
import { randomFromSeed } from "../testing/fuzzing.ts";

const encoder = new TextEncoder();

it("keeps every integer of up to 64 bits, and sums that stay within them", () => {
  const random = randomFromSeed();
  const draw = (): bigint =>
    BigInt.asUintN(random.below(64), (BigInt(random.uint32()) << 32n) | BigInt(random.uint32())) *
    (random.below(2) === 0 ? 1n : -1n);
  for (let round = 0; round < 5_000 * random.scale; round++) {
    const [a, b] = [draw(), draw()];
    const bytes = encoder.encode(String(a));
    const parsed = parseLongDouble(bytes, 0, bytes.length);
    if (parsed === null) expect.fail(`${random.seedText}: ${String(a)} refused`);
    const sum = formatLongDouble(addLongDouble(parsed, longDoubleFromInteger(b)));
    if (sum !== String(a + b)) expect.fail(`${random.seedText}: ${String(a)} + ${String(b)} gave ${sum}`);
  }
});

it("never throws, and is near the sum of doubles", () => {
  const random = randomFromSeed();
  const alphabet = "0123456789.e-+xpinfa ";
  for (let round = 0; round < 5_000 * random.scale; round++) {
    let text = "";
    const letters = random.below(3) === 0 ? alphabet.length : 12;
    for (let left = random.below(12); left > 0; left--) text += alphabet.charAt(random.below(letters));
    const bytes = encoder.encode(text);
    const parsed = parseLongDouble(bytes, 0, bytes.length);
    if (parsed?.isFinite !== true) continue;
    const written = Number(formatLongDouble(addLongDouble(parsed, longDoubleFromInteger(1n))));
    const expected = Number(text) + 1;
    const close = Math.abs(written - expected) <= Math.abs(expected) * 1e-12 + 1e-12;
    if (!close && Number.isFinite(expected)) expect.fail(`${random.seedText}: '${text}' + 1 gave ${String(written)}`);
  }
});
