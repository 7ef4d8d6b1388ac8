import { expect, test } from "vitest";
import { createHeap, offsetOf, windowOf } from "../memory/index.ts";
import { createIntset, intsetAdd, intsetBytes, validateIntset } from "./index.ts";

test("the bytes are Redis's", () => {
  const heap = createHeap({ capacityBytes: 2 ** 24 });
  let ref = createIntset(heap);
  ref = intsetAdd(heap, ref, 0, 5);
  ref = intsetAdd(heap, ref, -1, -2);
  const start = offsetOf(ref);
  const window = windowOf(heap, ref);
  expect([...window.subarray(start, start + intsetBytes(window, start))]).toEqual([
    2, 0, 0, 0, 2, 0, 0, 0, 0xfe, 0xff, 5, 0,
  ]);
});

test.each([
  ["empty", [2, 0, 0, 0, 0, 0, 0, 0]],
  ["of a width that there is not", [3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0]],
  ["with a member too few", [2, 0, 0, 0, 2, 0, 0, 0, 1, 0]],
  ["with a byte too many", [2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0]],
  ["out of order", [2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0]],
  ["with a member twice", [2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 1, 0]],
  ["with a count beyond any memory", [8, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 1, 0]],
  ["with a negative count", [8, 0, 0, 0, 0, 0, 0, 0x80]],
  ["without a header", [2, 0, 0, 0]],
])("an intset %s is refused", (_, bytes) => {
  expect(validateIntset(Uint8Array.from(bytes), 0, bytes.length, true)).toBe(false);
});
