import { expect, test } from "vitest";
import { canonicalInt32, NOT_AN_INT32, printInt32 } from "./integer-text.ts";
import { bytesOf, latin1 } from "./testing/dumps.ts";

function parse(text: string): number {
  return canonicalInt32(bytesOf(`9${text}9`), 1, text.length);
}

const numbers = [0, 1, 9, 10, 99, 100, 127, 128, 129, 255, 32767, 32768, 65535, 999999999, 1000000000, 2147483647];

test("numbers that are what printing gives", () => {
  for (const number of [...numbers, ...numbers.filter((n) => n > 0).map((n) => -n), -2147483648]) {
    expect(parse(String(number))).toBe(number);
    const target = new Uint8Array(11);
    expect(latin1(target, 0, printInt32(number, target))).toBe(String(number));
  }
});

test("everything else is no number", () => {
  const texts = [
    "",
    "-",
    "-0",
    "00",
    "01",
    "-01",
    "+1",
    " 1",
    "1 ",
    "1.0",
    "1e3",
    "0x1",
    "a",
    "1a",
    "--1",
    "1-",
    "/",
    ":",
  ];
  const tooLarge = [
    "2147483648",
    "-2147483649",
    "4294967296",
    "9999999999",
    "-9999999999",
    "99999999999",
    "123456789012",
  ];
  for (const text of [...texts, ...tooLarge]) expect(parse(text), text).toBe(NOT_AN_INT32);
});
