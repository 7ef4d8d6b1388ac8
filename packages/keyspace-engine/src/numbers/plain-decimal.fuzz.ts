import { expect, it } from "vitest";
import { parseDouble } from "./double.ts";
import { parsePlainDecimal } from "./plain-decimal.ts";
import { randomFromSeed } from "../testing/fuzzing.ts";

const encoder = new TextEncoder();
const DECIMAL = /^-?[0-9]+(\.[0-9]*)?$/;

function read(parse: typeof parseDouble, text: string): number {
  const bytes = encoder.encode(`x${text}9`);
  return parse(bytes, 1, bytes.length - 2);
}

it("gives the nearest double, or leaves the text to the slower way", () => {
  const random = randomFromSeed();
  let plain = 0;
  for (let round = 0; round < 20_000 * random.scale; round++) {
    let text = random.below(3) === 0 ? "-" : "";
    for (let left = random.below(12); left > 0; left--) text += random.below(4) === 0 ? "0" : String(random.below(10));
    if (random.below(2) === 0) {
      text += ".";
      for (let left = random.below(12); left > 0; left--) text += String(random.below(10));
    }
    const value = read(parsePlainDecimal, text);
    if (!Number.isNaN(value)) plain++;
    if (!Number.isNaN(value) && !Object.is(value, Number(text)))
      expect.fail(`${random.seedText}: '${text}' gave ${String(value)}`);
    if (DECIMAL.test(text) && !Object.is(read(parseDouble, text), Number(text)))
      expect.fail(`${random.seedText}: '${text}' is ${String(read(parseDouble, text))} on the whole`);
  }
  expect(plain).toBeGreaterThan(10_000 * random.scale);
});

it("takes nothing that is not a plain decimal number", () => {
  const random = randomFromSeed();
  const alphabet = "0123456789.e-+xinfa ";
  for (let round = 0; round < 20_000 * random.scale; round++) {
    let text = "";
    for (let left = random.below(8); left > 0; left--) text += alphabet.charAt(random.below(alphabet.length));
    if (Number.isNaN(read(parsePlainDecimal, text)) || DECIMAL.test(text)) continue;
    expect.fail(`${random.seedText}: '${text}' was taken`);
  }
});
