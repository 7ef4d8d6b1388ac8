import { describe, expect, it } from "vitest";
import {
  allocate,
  createHeap,
  fillBytes,
  free,
  type Heap,
  heapStatistics,
  NIL,
  offsetOf,
  reallocateInPlace,
  usableBytes,
  verifyHeap,
  windowOf,
  wordOf,
} from "./index.ts";

function checkedHeap(): Heap {
  return createHeap({ capacityBytes: 2 ** 28, checks: true });
}

describe("a heap with checks finds", () => {
  it("a double free", () => {
    const heap = checkedHeap();
    const ref = allocate(heap, 40);
    free(heap, ref);
    expect(() => free(heap, ref)).toThrow("double free");
  });

  it("a free of something else", () => {
    const heap = checkedHeap();
    const ref = allocate(heap, 40);
    expect(() => free(heap, ref + 1)).toThrow("no live block");
    expect(() => free(heap, 123_456_789)).toThrow("no live block");
    expect(() => free(heap, -5)).toThrow("no live block");
  });

  it("a write beyond the end, when the block is freed, changed, or the heap verified", () => {
    for (const length of [1, 39, 40, 64, 20_000, 100_000]) {
      const heap = checkedHeap();
      const ref = allocate(heap, length);
      fillBytes(heap, ref, 0, length, 1);
      verifyHeap(heap);
      fillBytes(heap, ref, length, 1, 1);
      expect(() => verifyHeap(heap)).toThrow("beyond its end");
      expect(() => reallocateInPlace(heap, ref, length)).toThrow("beyond its end");
      expect(() => free(heap, ref)).toThrow("beyond its end");
    }
  });

  it("a write after free, when verified and before the block is used again", () => {
    const heap = checkedHeap();
    const ref = allocate(heap, 40);
    free(heap, ref);
    verifyHeap(heap);
    heap.i32[wordOf(ref) + 1] = 5;
    expect(() => verifyHeap(heap)).toThrow("after it was freed");
    expect(() => heapStatistics(heap)).toThrow("after it was freed");
  });

  it("the use of a freed ref", () => {
    const heap = checkedHeap();
    const ref = allocate(heap, 40);
    free(heap, ref);
    expect(() => usableBytes(heap, ref)).toThrow("no live block");
    expect(() => reallocateInPlace(heap, ref, 50)).toThrow("no live block");
  });
});

describe("a heap with checks", () => {
  it("answers exactly the length that was asked for and fills fresh blocks", () => {
    const heap = checkedHeap();
    const ref = allocate(heap, 37);
    expect(usableBytes(heap, ref)).toBe(37);
    expect(usableBytes(heap, NIL)).toBe(0);
    expect(windowOf(heap, ref)[offsetOf(ref) + 36]).toBe(0xa5);
    expect(reallocateInPlace(heap, ref, 40)).toBe(true);
    expect(usableBytes(heap, ref)).toBe(40);
  });

  it("keeps multiples of 64 aligned", () => {
    const heap = checkedHeap();
    for (let length = 64; length < 20_000; length += 64) expect(allocate(heap, length) % 8).toBe(0);
  });

  it("does not count blocks that wait, and gives them up when memory is short", () => {
    const heap = createHeap({ capacityBytes: 2 ** 20, checks: true });
    for (let round = 0; round < 20; round++) {
      const ref = allocate(heap, 500_000);
      expect(ref).not.toBe(NIL);
      free(heap, ref);
      expect(heap.allocatedBytes).toBe(0);
    }
  });

  it("fails after so many allocations", () => {
    const heap = createHeap({ capacityBytes: 2 ** 20, failAfter: 2 });
    expect([allocate(heap, 8), allocate(heap, 8), allocate(heap, 8)].map((ref) => ref === NIL)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("fails at random, and the same way for the same seed", () => {
    const failures = (failureSeed: number): boolean[] => {
      const heap = createHeap({ capacityBytes: 2 ** 20, failureRate: 0.5, failureSeed });
      return Array.from({ length: 200 }, () => allocate(heap, 8) === NIL);
    };
    const count = failures(7).filter(Boolean).length;
    expect(count).toBeGreaterThan(50);
    expect(count).toBeLessThan(150);
    expect(failures(7)).toEqual(failures(7));
    expect(failures(7)).not.toEqual(failures(8));
  });
});

describe("verifyHeap", () => {
  it("finds a free block that was written to", () => {
    const heap = createHeap({ capacityBytes: 2 ** 20 });
    const ref = allocate(heap, 40);
    allocate(heap, 40);
    free(heap, ref);
    heap.i32[wordOf(ref)] = 12345;
    expect(() => verifyHeap(heap)).toThrow("not a block of its slab");
  });

  it("finds a block that was freed twice", () => {
    const heap = createHeap({ capacityBytes: 2 ** 20 });
    const refs = [allocate(heap, 40), allocate(heap, 40), allocate(heap, 40)];
    free(heap, refs[0] ?? NIL);
    free(heap, refs[0] ?? NIL);
    expect(() => verifyHeap(heap)).toThrow("free twice");
  });
});
