import { describe, expect, it } from "vitest";
import { clampedRange, clampRange, countBitRange, countBits, findBit } from "./bits.ts";

const foobar = new TextEncoder().encode("foobar");

describe("bit counts", () => {
  it("count bytes and bit ranges", () => {
    expect(countBits(foobar, 0, 6)).toBe(26);
    expect(countBits(foobar, 1, 1)).toBe(6);
    expect(countBitRange(foobar, 0, 5, 30)).toBe(17);
    expect(countBitRange(foobar, 0, 1, 1)).toBe(1);
  });

  it("count long strings at any alignment", () => {
    const bytes = new Uint8Array(1000).fill(255, 3, 900);
    for (let offset = 0; offset < 8; offset++) {
      expect(countBits(bytes.subarray(1), offset, 890)).toBe(
        (890 - Math.max(0, 2 - offset) - Math.max(0, offset - 9)) * 8,
      );
    }
  });
});

describe("bit searches", () => {
  it("find the first bit of a value", () => {
    const bytes = Uint8Array.of(0xff, 0xf0, 0x00);
    expect(findBit(bytes, 0, 0, 23, 0)).toBe(12);
    expect(findBit(bytes, 0, 13, 23, 1)).toBe(-1);
    expect(findBit(bytes, 1, 0, 15, 1)).toBe(0);
    expect(findBit(bytes, 0, 0, 11, 0)).toBe(-1);
    expect(findBit(bytes, 0, 5, 4, 0)).toBe(-1);
  });

  it("skip long runs", () => {
    const bytes = new Uint8Array(5000);
    bytes[4321] = 1;
    expect(findBit(bytes, 0, 0, 39999, 1)).toBe(4321 * 8 + 7);
    expect(findBit(bytes.fill(255), 3, 0, 100, 0)).toBe(-1);
  });
});

describe("ranges", () => {
  it.each([
    [0, -1, 6, true, 0, 5],
    [-3, -1, 6, true, 3, 5],
    [-100, 2, 6, true, 0, 2],
    [2, 100, 6, true, 2, 5],
    [4, 2, 6, false, 4, 2],
    [0, 0, 0, false, 0, -1],
  ])("%d to %d of %d", (start, end, total, isFull, from, to) => {
    expect(clampRange(start, end, total)).toBe(isFull);
    expect(clampedRange).toEqual({ start: from, end: to });
  });
});
