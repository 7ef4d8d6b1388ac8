import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { binaryOf } from "./format/printer.ts";
import { textOfBytes } from "./raw-arguments.ts";

test.each([
  "plain",
  "\xff",
  "a\xff\xfez",
  "\xc3\xa9\xe9",
  "\xf0\x9f\x98\x80\xf0\x9f\x98",
  "\xed\xa0\x80",
  "\xc0\x80\xf5\x80\x80\x80\xe0\x80\x80",
  String.fromCharCode(...Array.from({ length: 255 }, (_, index) => index + 1)),
])("bytes survive as text: %j", (binary) => {
  expect(binaryOf(textOfBytes(binary))).toBe(binary);
});

test("what is UTF-8 stays ordinary text", () => {
  const text = "z\u00fcrich \u4e2d \u{1f600} \ufffd";
  expect(textOfBytes(Buffer.from(text).toString("latin1"))).toBe(text);
});
