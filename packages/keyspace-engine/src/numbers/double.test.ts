import { describe, expect, it } from "vitest";
import { formatDouble, parseDouble } from "./double.ts";

function parse(text: string): number {
  const bytes = new TextEncoder().encode(text);
  return parseDouble(bytes, 0, bytes.length);
}

describe("doubles", () => {
  it.each([
    ["1.5", 1.5],
    ["-1e3", -1000],
    ["0x1.8p3", 12],
    ["0x1p-1074", 5e-324],
    ["1.7976931348623158e308", Number.MAX_VALUE],
    ["inf", Infinity],
    ["-Infinity", -Infinity],
    [".5", 0.5],
    ["1.", 1],
    ["0e999", 0],
    ["000000001234", 1234],
    ["-0.25", -0.25],
    ["-0", -0],
    ["-00.0", -0],
    ["0.1", 0.1],
    ["9007199254740993", 9007199254740992],
    ["1700000000.123456", 1700000000.123456],
    ["0.3000000000000000444", 0.30000000000000004],
  ])("reads %s", (text, value) => {
    expect(parse(text)).toBe(value);
  });

  it.each(["", " 1", "1 ", "nan", "1e", "1e309", "1e-400", "0x", "0x1p-1076", "0x1p1024", "0b1", "1_0", "abc"])(
    "refuses '%s'",
    (text) => {
      expect(parse(text)).toBeNaN();
    },
  );

  it.each([
    [3, "3"],
    [-0, "-0"],
    [0.1, "0.1"],
    [1e17, "100000000000000000"],
    [1e19, "1e+19"],
    [12345678901234567890, "12345678901234567000"],
    [1.5e-7, "1.5e-7"],
    [0.00001, "0.00001"],
    [5e-324, "5e-324"],
    [-3.14, "-3.14"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
    [NaN, "nan"],
  ])("writes %s", (value, text) => {
    expect(formatDouble(value)).toBe(text);
  });
});
