import { describe, expect, it } from "vitest";
import {
  allocate,
  createHeap,
  defaultCapacityBytes,
  doubleOf,
  free,
  type Heap,
  heapStatistics,
  MAXIMUM_CAPACITY_BYTES,
  NIL,
  offsetOf,
  reallocateInPlace,
  type Ref,
  releaseEmptySlabs,
  verifyHeap,
  WINDOW_BYTES,
  windowOf,
  wordOf,
} from "./index.ts";
import { FIRST_BYTE } from "./first-byte.ts";

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;

function bytesAt(heap: Heap, ref: number, byteOffset: number): number | undefined {
  return windowOf(heap, ref)[offsetOf(ref) + byteOffset];
}

describe("refs", () => {
  it("of different kinds do not mix", () => {
    const listpack = 8 as Ref<"Listpack">;
    // @ts-expect-error: a listpack is no intset
    const intset: Ref<"Intset"> = listpack;
    const none: Ref<"Intset"> = NIL;
    expect([intset, none]).toEqual([8, 0]);
  });

  it("words, doubles and bytes are views of the same memory", () => {
    const heap = createHeap({ capacityBytes: MEBIBYTE });
    const ref = allocate(heap, 16);
    heap.f64[doubleOf(ref)] = 1;
    expect([heap.i32[wordOf(ref)], heap.i32[wordOf(ref) + 1]]).toEqual([0, 0x3ff00000]);
    expect(bytesAt(heap, ref, 7)).toBe(0x3f);
  });
});

describe("capacity", () => {
  it("is rounded to pages and bounded", () => {
    expect(createHeap({ capacityBytes: 1 }).capacityBytes).toBe(8192);
    expect(createHeap({ capacityBytes: 10_000 }).capacityBytes).toBe(8192);
    expect(createHeap({ capacityBytes: 2 ** 50 }).capacityBytes).toBe(MAXIMUM_CAPACITY_BYTES);
  });

  it("follows the machine by default", () => {
    expect(defaultCapacityBytes(2 ** 40)).toBe(MAXIMUM_CAPACITY_BYTES);
    expect(defaultCapacityBytes(100 * MEBIBYTE)).toBe(GIBIBYTE);
    expect(defaultCapacityBytes(8 * GIBIBYTE + 5)).toBe(8 * GIBIBYTE);
  });

  it("ends in NIL, and a free makes room again", () => {
    const heap = createHeap({ capacityBytes: MEBIBYTE });
    const refs: number[] = [];
    for (let ref = allocate(heap, 1000); ref !== NIL; ref = allocate(heap, 1000)) refs.push(ref);
    expect(refs.length).toBeGreaterThan(950);
    expect(allocate(heap, 1000)).toBe(NIL);
    expect(allocate(heap, 100_000)).toBe(NIL);
    for (const ref of refs) free(heap, ref);
    expect(allocate(heap, 900_000)).not.toBe(NIL);
    verifyHeap(heap);
  });

  it("can be limited, and the limit moved", () => {
    const heap = createHeap({ capacityBytes: 64 * MEBIBYTE, limitBytes: MEBIBYTE });
    const ref = allocate(heap, 900_000);
    expect(allocate(heap, 200_000)).toBe(NIL);
    expect(allocate(heap, 16)).not.toBe(NIL);
    expect(reallocateInPlace(heap, ref, 2 * MEBIBYTE)).toBe(false);
    heap.limitBytes = Infinity;
    expect(allocate(heap, 200_000)).not.toBe(NIL);
  });
});

/** Only touched pages cost: these reserve much and use little. */
describe("windows", () => {
  it("are never crossed by a block", () => {
    const heap = createHeap({ capacityBytes: 9 * GIBIBYTE });
    const refs = [1, 1, 1, 1, 1, 1].map(() => allocate(heap, GIBIBYTE));
    expect(refs.map((ref) => Math.floor((ref * 8) / WINDOW_BYTES))).toEqual([0, 1, 1, 2, 2, 3]);
    expect(refs.map((ref) => Math.floor((ref * 8 + GIBIBYTE - 1) / WINDOW_BYTES))).toEqual([0, 1, 1, 2, 2, 3]);
    verifyHeap(heap);
    for (const ref of refs) free(heap, ref);
    verifyHeap(heap);
    expect([heap.topPage, heap.usedPages]).toEqual([1, 0]);
  });

  it("hold the bytes on both sides of a boundary", () => {
    const heap = createHeap({ capacityBytes: 12 * GIBIBYTE + 65_536 });
    const spacer = allocate(heap, WINDOW_BYTES - 7 * 4096);
    const last = allocate(heap, 20_000);
    const next = allocate(heap, 30_000);
    expect([last, next].map((ref) => Math.floor((ref * 8) / WINDOW_BYTES))).toEqual([0, 1]);
    for (const [value, ref] of [spacer, last, next].entries()) {
      windowOf(heap, ref).fill(value + 1, offsetOf(ref), offsetOf(ref) + 8000);
    }
    expect([spacer, last, next].map((ref) => bytesAt(heap, ref, 7999))).toEqual([1, 2, 3]);
    expect(heap.i32[wordOf(next)]).toBe(0x03030303);
    verifyHeap(heap);
  });

  it("stop a block from growing over the boundary", () => {
    const heap = createHeap({ capacityBytes: 5 * GIBIBYTE });
    const ref = allocate(heap, WINDOW_BYTES - 10 * 4096);
    expect(reallocateInPlace(heap, ref, WINDOW_BYTES - 4096)).toBe(true);
    expect(reallocateInPlace(heap, ref, WINDOW_BYTES)).toBe(false);
    verifyHeap(heap);
  });

  it("reach to the end of 16 GiB", () => {
    const heap = createHeap({ capacityBytes: MAXIMUM_CAPACITY_BYTES });
    const refs = [];
    for (let ref = allocate(heap, GIBIBYTE / 2); ref !== NIL; ref = allocate(heap, GIBIBYTE / 2)) refs.push(ref);
    expect(refs.length).toBe(31);
    const small: number[] = [];
    for (let ref = allocate(heap, 2 ** 27); ref !== NIL; ref = allocate(heap, 2 ** 27)) small.push(ref);
    const last = small.reduce((a, b) => Math.max(a, b));
    heap.i32[wordOf(last)] = 77;
    expect(bytesAt(heap, last, 0)).toBe(77);
    verifyHeap(heap);
  });
});

describe("a reservation that is refused", () => {
  /** Grants up to a bound, which the test moves. */
  function bounded(bound: { bytes: number }): (byteLength: number) => ArrayBuffer {
    return (byteLength) => {
      if (byteLength > FIRST_BYTE + bound.bytes) throw new RangeError("Array buffer allocation failed");
      return new ArrayBuffer(byteLength);
    };
  }

  it("starts smaller and grows by doubling, with everything moved", () => {
    const bound = { bytes: 3 * MEBIBYTE };
    const heap = createHeap({ capacityBytes: 64 * MEBIBYTE, reserve: bounded(bound) });
    expect(heap.reservedBytes).toBe(2 * MEBIBYTE);
    bound.bytes = Infinity;
    const refs: number[] = [];
    for (let index = 0; index < 20_000; index++) {
      const ref = allocate(heap, 1000);
      heap.i32[wordOf(ref)] = index;
      refs.push(ref);
    }
    expect(heap.reservedBytes).toBe(32 * MEBIBYTE);
    expect(refs.every((ref, index) => heap.i32[wordOf(ref)] === index)).toBe(true);
    verifyHeap(heap);
  });

  it("takes just what is needed where doubling is refused, and then answers NIL", () => {
    const bound = { bytes: 2 * MEBIBYTE };
    const heap = createHeap({ capacityBytes: 64 * MEBIBYTE, initialBytes: MEBIBYTE, reserve: bounded(bound) });
    const first = allocate(heap, 1.5 * MEBIBYTE);
    expect(heap.reservedBytes).toBe(2 * MEBIBYTE);
    bound.bytes = 3 * MEBIBYTE;
    expect(allocate(heap, MEBIBYTE)).not.toBe(NIL);
    expect(allocate(heap, MEBIBYTE)).toBe(NIL);
    free(heap, first);
    expect(allocate(heap, MEBIBYTE)).not.toBe(NIL);
    verifyHeap(heap);
  });

  it("grows up to the capacity, never beyond", () => {
    const heap = createHeap({ capacityBytes: 5 * MEBIBYTE, initialBytes: 2 * MEBIBYTE });
    expect(allocate(heap, 4 * MEBIBYTE)).not.toBe(NIL);
    expect(heap.reservedBytes).toBe(5 * MEBIBYTE);
    expect(allocate(heap, 4 * MEBIBYTE)).toBe(NIL);
  });

  it("is the caller's error when nothing at all is granted", () => {
    expect(() => createHeap({ reserve: bounded({ bytes: 1000 }) })).toThrow(RangeError);
    const broken = (): ArrayBuffer => {
      throw new TypeError("broken");
    };
    expect(() => createHeap({ reserve: broken })).toThrow(TypeError);
  });
});

describe("statistics", () => {
  it("count blocks, bytes and pages, per class", () => {
    const heap = createHeap({ capacityBytes: 64 * MEBIBYTE });
    const refs = [40, 40, 48, 100_000].map((byteLength) => allocate(heap, byteLength));
    const statistics = heapStatistics(heap);
    expect(statistics).toMatchObject({ liveBlocks: 4, largeBlocks: 1, allocatedBytes: 40 + 40 + 48 + 25 * 4096 });
    expect(statistics.sizeClasses.map((row) => [row.blockBytes, row.slabs, row.liveBlocks])).toEqual([
      [40, 1, 2],
      [48, 1, 1],
    ]);
    expect(statistics.sizeClasses[0]?.freeBlocks).toBeGreaterThan(300);
    expect(statistics.fragmentationRatio).toBeCloseTo(statistics.usedPagesBytes / statistics.allocatedBytes);
    for (const ref of refs) free(heap, ref);
    expect(releaseEmptySlabs(heap)).toBe(2);
    expect(heapStatistics(heap)).toMatchObject({
      liveBlocks: 0,
      usedPagesBytes: 0,
      fragmentationRatio: 1,
      sizeClasses: [],
    });
    expect(heapStatistics(heap).residentBytes).toBe(statistics.residentBytes);
  });
});
