import { expect, it } from "vitest";
import { digitsText, findDigits, lastPower } from "./grisu.ts";
import { randomFromSeed } from "../testing/fuzzing.ts";

const view = new DataView(new ArrayBuffer(8));

it("gives digits that read back as the number, nearly always the fewest and the closest", () => {
  const random = randomFromSeed();
  const rounds = 30_000 * random.scale;
  let others = 0;
  for (let round = 0; round < rounds; round++) {
    // Numbers of all sizes, those that are not normal, and those that have few digits.
    const top = random.below(0x7ff00000) >> (random.below(4) === 0 ? 11 : 0);
    view.setUint32(0, top);
    view.setUint32(4, random.below(2 ** 31) * 2);
    const value = random.below(3) === 0 ? (1 + random.below(1e6)) / 10 ** random.below(12) : view.getFloat64(0);
    if (value === 0) continue;
    const text = digitsText(findDigits(value));
    if (Number(`${text}e${String(lastPower)}`) !== value || text.length > 17 || !/^[1-9]/.test(text))
      expect.fail(`${random.seedText}: ${String(value)} gave ${text}e${String(lastPower)}`);
    const fewest = value.toExponential().replace(/e.*|\./g, "");
    if (fewest.length > text.length) expect.fail(`${random.seedText}: ${text} has fewer digits than ${fewest}`);
    if (fewest !== text.replace(/0+$/, "")) others++;
  }
  expect(others).toBeLessThan(rounds / 200);
});
