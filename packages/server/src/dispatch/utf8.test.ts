import { expect, test } from "vitest";
import { latin1OfUtf8, utf8OfLatin1 } from "./utf8.ts";

test("text is UTF-8, and what is none comes back as it was", () => {
  expect(utf8OfLatin1("a\xc3\xbc\xf0\x9f\x98\x80")).toBe("a\u00fc\u{1f600}");
  expect(latin1OfUtf8("a\u00fc\u{1f600}")).toBe("a\xc3\xbc\xf0\x9f\x98\x80");
  expect(utf8OfLatin1("\xff\xc3\xbc\xc3")).toBe("\udcff\u00fc\udcc3");
  const every = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");
  for (const bytes of [every, `\xef\xbb\xbf${every}`, "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", "\xc0\x80", "\xe2\x82"])
    expect(latin1OfUtf8(utf8OfLatin1(bytes))).toBe(bytes);
});
