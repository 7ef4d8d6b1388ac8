import { bench, describe } from "vitest";
import { createInt64Scratch, parseInt64, writeSafeInteger } from "./int64.ts";
import { addLongDouble, formatLongDouble, parseLongDouble } from "./long-double.ts";

const encoder = new TextEncoder();
const scratch = createInt64Scratch();
const options = { time: 100, warmupTime: 50 };

describe("integers", () => {
  const small = encoder.encode("1234567");
  const word = encoder.encode("xxxxxxxxxxxxxxxx");
  const bytes = new Uint8Array(32);
  bench("1000 parses of 7 digits", () => repeat(() => parseInt64(small, 0, 7, scratch)), options);
  bench("1000 refusals of 16 letters", () => repeat(() => parseInt64(word, 0, 16, scratch)), options);
  bench("1000 writes of 7 digits", () => repeat(() => writeSafeInteger(bytes, 0, 1234567)), options);
});

describe("long doubles", () => {
  const [a, b] = [encoder.encode("10.5"), encoder.encode("0.1")];
  const increment = (): void => {
    const [left, right] = [parseLongDouble(a, 0, a.length), parseLongDouble(b, 0, b.length)];
    if (left !== null && right !== null) formatLongDouble(addLongDouble(left, right));
  };
  bench("parse, add and print", increment, options);
});

function repeat(body: () => unknown): void {
  for (let round = 0; round < 1000; round++) body();
}
