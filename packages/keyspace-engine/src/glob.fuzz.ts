import { expect, it } from "vitest";
import { matchGlob } from "./glob.ts";
import { randomFromSeed } from "./testing/fuzzing.ts";

/** The plain meaning of well-formed patterns over the letters a, b and c, by recursion. */
function matchesPlainly(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const first = pattern.charAt(0);
  if (first === "*") {
    return matchesPlainly(pattern.slice(1), text) || (text !== "" && matchesPlainly(pattern, text.slice(1)));
  }
  if (text === "") return false;
  if (first !== "[") {
    return (first === "?" || first === text.charAt(0)) && matchesPlainly(pattern.slice(1), text.slice(1));
  }
  const end = pattern.indexOf("]");
  const negated = pattern.charAt(1) === "^";
  const found = pattern.slice(negated ? 2 : 1, end).includes(text.charAt(0));
  return found !== negated && matchesPlainly(pattern.slice(end + 1), text.slice(1));
}

it("agrees with a plain recursive matcher", () => {
  const random = randomFromSeed();
  const parts = ["a", "b", "c", "?", "*", "*", "[ab]", "[^a]", "[bc]", "[^bc]"];
  const encoder = new TextEncoder();
  let matched = 0;
  for (let round = 0; round < 30_000 * random.scale; round++) {
    let [pattern, text] = ["", ""];
    for (let left = random.below(8); left > 0; left--) pattern += parts[random.below(parts.length)];
    for (let left = 1 + random.below(8); left > 0; left--) text += "abc".charAt(random.below(3));
    const [patternBytes, textBytes] = [encoder.encode(pattern), encoder.encode(text)];
    const result = matchGlob(patternBytes, 0, patternBytes.length, textBytes, 0, textBytes.length, false);
    if (result !== matchesPlainly(pattern, text)) expect.fail(`${random.seedText}: '${pattern}' on '${text}'`);
    if (result) matched++;
  }
  expect(matched).toBeGreaterThan(0);
});

it("never reads outside of the pattern and ends for any bytes", () => {
  const random = randomFromSeed();
  const letters = "*?[]^-\\aA\xff";
  for (let round = 0; round < 20_000 * random.scale; round++) {
    const draw = (length: number): Uint8Array =>
      Uint8Array.from({ length }, () => letters.charCodeAt(random.below(letters.length)));
    const [pattern, text] = [draw(random.below(10)), draw(random.below(10))];
    const padded = new Uint8Array(pattern.length + 2).fill(random.below(2) === 0 ? 42 : 93);
    padded.set(pattern, 1);
    const ignoreCase = random.below(2) === 0;
    const alone = matchGlob(pattern, 0, pattern.length, text, 0, text.length, ignoreCase);
    const inside = matchGlob(padded, 1, pattern.length, text, 0, text.length, ignoreCase);
    if (alone !== inside) expect.fail(`${random.seedText}: pattern ${String(pattern)} on ${String(text)}`);
  }
});
