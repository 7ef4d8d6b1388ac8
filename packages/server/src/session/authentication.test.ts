import { expect, test } from "vitest";
import { equalsInConstantTime } from "./authentication.ts";

test.each([
  ["secret", "secret", true],
  ["secreT", "secret", false],
  ["secre", "secret", false],
  ["secretsecret", "secret", false],
  ["", "secret", false],
  ["aa", "a", false],
  ["\u0000", "a", false],
])("%j against %j: %s", (given, expected, isEqual) => {
  expect(equalsInConstantTime(given, expected)).toBe(isEqual);
});
