import { expect, test } from "vitest";
import { fixed } from "./fixed.ts";

test("ties go to the even digit, as in C", () => {
  // The texts are those of printf for doubles.
  const texts: [number, number, string][] = [
    [0.125, 2, "0.12"],
    [0.375, 2, "0.38"],
    [0.625, 2, "0.62"],
    [1.5, 0, "2"],
    [2.5, 0, "2"],
    [0.5, 0, "0"],
    [-0.125, 2, "-0.12"],
    [3.03125, 4, "3.0312"],
  ];
  for (const [value, digits, text] of texts) expect(fixed(value, digits)).toBe(text);
});

test("all others as they are nearest", () => {
  expect(fixed(0.005, 2)).toBe("0.01");
  expect(fixed(1.005, 2)).toBe("1.00");
  expect(fixed(99.999, 2)).toBe("100.00");
  expect(fixed(12345678.9, 1)).toBe("12345678.9");
  expect(fixed(0, 2)).toBe("0.00");
  expect(fixed(NaN, 2)).toBe("nan");
});
