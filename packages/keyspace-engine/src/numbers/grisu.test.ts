import { expect, it } from "vitest";
import { digitsText, findDigits, lastPower } from "./grisu.ts";

it.each([
  [0.1, "1", -1],
  [0.30000000000000004, "30000000000000004", -17],
  [1e22, "1", 22],
  [Number.MAX_VALUE, "17976931348623157", 292],
  // The smallest normal number, and the numbers below.
  [2 ** -1022, "22250738585072014", -324],
  [2 ** -1022 - 2 ** -1074, "2225073858507201", -323],
  [2 ** -1074, "5", -324],
  [12 * 2 ** -1074, "6", -323],
  // What the fewest digits would be: 4.49295, 6349.650000000001, -245576345869586.62.
  [4.49295, "44929500000000004", -16],
  [6349.55 + 0.1, "63496500000000005", -13],
  [245576345869586.62, "24557634586958663", -2],
])("gives the digits of %d", (value, text, power) => {
  const count = findDigits(value);
  expect([digitsText(count), lastPower]).toEqual([text, power]);
  expect(Number(`${text}e${String(power)}`)).toBe(value);
});
