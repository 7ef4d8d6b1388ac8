import { expect, it } from "vitest";
import { countBitRange, findBit } from "./bits.ts";
import { randomFromSeed } from "./testing/fuzzing.ts";

it("agrees with a loop over single bits", () => {
  const random = randomFromSeed();
  for (let round = 0; round < 1_500 * random.scale; round++) {
    const offset = random.below(5);
    const length = 1 + random.below(random.below(4) === 0 ? 400 : 20);
    const filler = [0, 255, 256][random.below(3)];
    const bytes = Uint8Array.from({ length: offset + length + 3 }, () => (filler < 256 ? filler : random.below(256)));
    bytes[offset + random.below(length)] = random.below(256);
    const first = random.below(length * 8);
    const last = first + random.below(length * 8 - first);
    const wanted = random.below(2);
    let [count, found] = [0, -1];
    for (let bit = first; bit <= last; bit++) {
      const value = (bytes[offset + (bit >> 3)] >> (7 - (bit & 7))) & 1;
      count += value;
      if (value === wanted && found < 0) found = bit;
    }
    const place = `${random.seedText}: bits ${String(first)} to ${String(last)} of ${String(length)} bytes`;
    if (countBitRange(bytes, offset, first, last) !== count) expect.fail(`${place}, count`);
    if (findBit(bytes, offset, first, last, wanted) !== found) expect.fail(`${place}, find ${String(wanted)}`);
  }
});
