import { expect, test } from "vitest";
import { giveBuffer, takeBuffer } from "./buffer-pool.ts";

test("what is given back is taken again for the sizes it serves", () => {
  const first = takeBuffer(65_500);
  expect(first.length).toBe(65_536);
  giveBuffer(first);
  expect(takeBuffer(4097)).not.toBe(first);
  expect(takeBuffer(65_536)).toBe(first);
  expect(takeBuffer(65_536)).not.toBe(first);
});

test("small and large buffers are not kept, and the pool is bounded", () => {
  for (const size of [1, 64, 2048, (1 << 18) + 1, 3 << 20]) {
    const buffer = takeBuffer(size);
    expect(buffer.length).toBeGreaterThanOrEqual(size);
    giveBuffer(buffer);
    expect(takeBuffer(size) === buffer).toBe(false); // not.toBe compares the bytes too, for its message
  }
  const many = Array.from({ length: 18 }, () => takeBuffer(1 << 18));
  for (const buffer of many) giveBuffer(buffer);
  const again = Array.from({ length: 18 }, () => takeBuffer(1 << 18));
  expect(again.filter((buffer) => many.includes(buffer)).length).toBe(16);
});
