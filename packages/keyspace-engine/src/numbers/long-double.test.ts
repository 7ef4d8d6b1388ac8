import { describe, expect, it } from "vitest";
import { addLongDouble, formatLongDouble, longDoubleFromInteger, parseLongDouble } from "./long-double.ts";

function parse(text: string): ReturnType<typeof parseLongDouble> {
  const bytes = new TextEncoder().encode(`_${text}_`);
  return parseLongDouble(bytes, 1, bytes.length - 2);
}

/** What INCRBYFLOAT answers, with the two error replies shortened. */
function increment(value: string, by: string): string {
  const [a, b] = [parse(value), parse(by)];
  if (a === null || b === null) return "invalid";
  const sum = addLongDouble(a, b);
  return sum.isFinite ? formatLongDouble(sum) : "infinite";
}

/** Value, increment and the answer of redis-server 7.0.15 on x86-64. */
const OBSERVED = [
  ["10.5", "0.1", "10.6"],
  ["5.0e3", "200", "5200"],
  ["3", "-3", "0"],
  ["-0", "-0", "0"],
  ["0.1", "0.2", "0.3"],
  ["1", "1e-17", "1.00000000000000001"],
  ["1", "5e-18", "1"],
  ["1", "4.9e-18", "1"],
  ["18446744073709551615", "1", "18446744073709551616"],
  ["18446744073709551616", "1", "18446744073709551616"],
  ["9223372036854775807", "0.5", "9223372036854775807.5"],
  ["1.18973149535723176502e4932", "1e4932", "infinite"],
  ["3.6e-4951", "3.6e-4951", "0"],
  ["1.8e-4951", "0", "invalid"],
  ["0x1.8p3", "0", "12"],
  ["0x1p-16445", "0", "0"],
  ["0x1p-16446", "0", "invalid"],
  ["inf", "1", "infinite"],
  ["-inf", "inf", "infinite"],
  ["nan", "0", "invalid"],
  [" 1", "0", "invalid"],
  ["1 ", "0", "invalid"],
  ["", "0", "invalid"],
  ["1e", "0", "invalid"],
  [".5", "1.", "1.5"],
  ["+5", "0", "5"],
  ["1e99999999999", "0", "invalid"],
  ["1e-99999999999", "0", "invalid"],
  ["0e99999999999", "0", "0"],
  ["123456789012345678901234567890", "1", "123456789012345678899921813504"],
  ["0.00000000000000001", "0", "0.00000000000000001"],
  ["0.000000000000000005", "0", "0"],
  ["3.141592653589793238462643", "2.718281828459045235360287", "5.85987448204883847"],
  ["-1.5", "0.25", "-1.25"],
  ["1e20", "0.5", "100000000000000000000"],
  ["0x", "0", "invalid"],
  ["infinity", "0", "infinite"],
  ["1_0", "0", "invalid"],
] as const;

describe("long doubles", () => {
  it.each(OBSERVED)("%s + %s is %s", (value, by, answer) => {
    expect(increment(value, by)).toBe(answer);
  });

  it("print all digits of the largest numbers", () => {
    const text = increment("1e4932", "0");
    expect(text).toHaveLength(4933);
    expect(text.startsWith("100000000000000000000601")).toBe(true);
  });

  it("come from integers, rounded to 64 bits", () => {
    expect(formatLongDouble(longDoubleFromInteger(-9223372036854775808n))).toBe("-9223372036854775808");
    expect(formatLongDouble(longDoubleFromInteger(2n ** 64n + 1n))).toBe("18446744073709551616");
  });

  it("refuse texts that are too long", () => {
    expect(parse("0".repeat(5119))).not.toBe(null);
    expect(parse("0".repeat(5120))).toBe(null);
  });
});
