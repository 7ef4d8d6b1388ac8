import { describe, expect, it } from "vitest";
import {
  allocate,
  createHeap,
  free,
  heapStatistics,
  NIL,
  offsetOf,
  reallocateInPlace,
  usableBytes,
  windowOf,
} from "./index.ts";

describe("allocate and free", () => {
  it("gives blocks that hold what was asked for and count back to zero", () => {
    const heap = createHeap({ capacityBytes: 256 * 2 ** 20 });
    const refs: number[] = [];
    for (const size of [1, 8, 9, 48, 256, 257, 4096, 16384, 16385, 100_000, 5_000_000]) {
      const ref = allocate(heap, size);
      expect(ref).toBeGreaterThan(0);
      expect(usableBytes(heap, ref)).toBeGreaterThanOrEqual(size);
      windowOf(heap, ref).fill(size, offsetOf(ref), offsetOf(ref) + size);
      refs.push(ref);
    }
    expect(heap.allocatedBytes).toBeGreaterThan(5_000_000);
    for (const ref of refs) free(heap, ref);
    expect(heap.allocatedBytes).toBe(0);
    expect(heapStatistics(heap).usedPagesBytes).toBeLessThan(600_000);
  });

  it("answers NIL for lengths that cannot be", () => {
    const heap = createHeap({ capacityBytes: 2 ** 20 });
    for (const length of [0, -1, -(2 ** 40), NaN, Infinity, 2 ** 33, 2 ** 21]) expect(allocate(heap, length)).toBe(NIL);
    free(heap, NIL);
  });

  it("extends a large block in place", () => {
    const heap = createHeap({ capacityBytes: 2 ** 26 });
    const ref = allocate(heap, 100_000);
    expect(reallocateInPlace(heap, ref, 1_000_000)).toBe(true);
    expect(usableBytes(heap, ref)).toBeGreaterThanOrEqual(1_000_000);
    expect(reallocateInPlace(heap, ref, 2 ** 30)).toBe(false);
    expect(reallocateInPlace(heap, ref, 20_000)).toBe(true);
    expect(usableBytes(heap, ref)).toBe(20_480);
  });
});
