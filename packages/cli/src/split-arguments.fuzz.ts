/** Any bytes survive quoting and splitting; any line is split or refused, and never throws. */
import { expect, test } from "vitest";
import { escapeBytes } from "./format/escapes.ts";
import { splitArguments } from "./split-arguments.ts";
import { fuzzScale, fuzzSeed, type Random, randomFrom } from "./testing/random.ts";

const runs = 2000 * fuzzScale;
const AWKWARD = "\"'\\ \tx41fnq\n\0\x7f\xff";

function randomText(random: Random): string {
  const character = (): string =>
    random(2) === 0 ? String.fromCharCode(random(256)) : AWKWARD.charAt(random(AWKWARD.length));
  return Array.from({ length: random(12) }, character).join("");
}

test("quoting and splitting", () => {
  const random = randomFrom(fuzzSeed);
  for (let run = 0; run < runs; run++) {
    const args = Array.from({ length: random(4) }, () => randomText(random));
    const line = args.map((argument) => `"${escapeBytes(argument)}"`).join(" ");
    expect(splitArguments(line), `seed ${fuzzSeed}`).toEqual(args);
    const parts = splitArguments(randomText(random));
    expect(parts === null || parts.every((part) => typeof part === "string"), `seed ${fuzzSeed}`).toBe(true);
  }
});
