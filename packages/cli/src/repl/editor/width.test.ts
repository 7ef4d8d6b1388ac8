import { expect, test } from "vitest";
import { cutToWidth, graphemesOf, nextBoundary, previousBoundary, widthOf } from "./width.ts";

test.each([
  ["", 0],
  ["plain", 5],
  ["漢字", 4],
  ["ｆｕｌｌ", 8],
  ["한글", 4],
  ["e\u0301", 1],
  ["😀", 2],
  ["👩‍👩‍👧", 2],
  ["❤️", 2],
  ["ключ", 4],
  ["\u200b", 0],
  ["│", 1],
])("the width of %j is %i", (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test("cutting to a width leaves no half characters", () => {
  expect(cutToWidth("abc", 2)).toBe("ab");
  expect(cutToWidth("漢字", 3)).toBe("漢");
  expect(cutToWidth("abc", -1)).toBe("");
});

test("boundaries lie between graphemes", () => {
  const text = "a👩‍👩‍👧b";
  expect(graphemesOf(text)).toEqual(["a", "👩‍👩‍👧", "b"]);
  expect(nextBoundary(text, 1)).toBe(text.length - 1);
  expect(previousBoundary(text, text.length - 1)).toBe(1);
  expect(nextBoundary(text, text.length)).toBe(text.length);
  expect(previousBoundary(text, 0)).toBe(0);
});
