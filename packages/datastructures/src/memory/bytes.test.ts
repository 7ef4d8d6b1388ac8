import { describe, expect, it } from "vitest";
import { allocate, copyBlock, copyIn, copyOut, createHeap, equalsBytes, fillBytes, moveWithin } from "./index.ts";

const source = Uint8Array.from({ length: 1000 }, (_, index) => (index * 7) & 255);

describe("bytes", () => {
  const heap = createHeap({ capacityBytes: 2 ** 24, checks: true });

  it.each([0, 1, 99, 100, 101, 900])("%d of them go in, are equal, and come out", (length) => {
    const ref = allocate(heap, 1000);
    const target = new Uint8Array(1000);
    copyIn(heap, ref, 3, source, 11, length);
    expect(equalsBytes(heap, ref, 3, source, 11, length)).toBe(true);
    copyOut(heap, ref, 3, target, 5, length);
    expect(target.subarray(5, 5 + length)).toEqual(source.subarray(11, 11 + length));
    if (length === 0) return;
    fillBytes(heap, ref, 3 + length - 1, 1, (source[11 + length - 1] ?? 0) ^ 1);
    expect(equalsBytes(heap, ref, 3, source, 11, length)).toBe(false);
  });

  it.each([10, 500])("%d of them go from block to block and move within one", (length) => {
    const [from, to] = [allocate(heap, 1000), allocate(heap, 1000)];
    copyIn(heap, from, 0, source, 0, length);
    copyBlock(heap, to, 8, from, 0, length);
    moveWithin(heap, to, 12, 8, length);
    expect(equalsBytes(heap, to, 12, source, 0, length)).toBe(true);
    moveWithin(heap, to, 0, 12, length);
    expect(equalsBytes(heap, to, 0, source, 0, length)).toBe(true);
  });
});
