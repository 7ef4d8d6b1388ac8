import { expect, test } from "vitest";
import { allocate, copyIn, createHeap, free, heapView, NIL, offsetOf, windowOf } from "./index.ts";

test("a view sees what is written to the heap, and can neither allocate nor free", () => {
  const heap = createHeap({ capacityBytes: 2 ** 22 });
  const ref = allocate(heap, 100);
  const view = heapView(heap.i32.buffer);
  copyIn(heap, ref, 3, new Uint8Array([1, 2, 3]), 0, 3);
  expect([...windowOf(view, ref).subarray(offsetOf(ref) + 3, offsetOf(ref) + 6)]).toEqual([1, 2, 3]);
  expect(allocate(view, 8)).toBe(NIL);
  expect(() => {
    free(view, ref);
  }).toThrow("only read");
});

test("a pinned heap does not move: what needs more than is reserved finds no memory", () => {
  const heap = createHeap({ capacityBytes: 2 ** 24, initialBytes: 2 ** 20 });
  heap.isPinned = true;
  const buffer = heap.i32.buffer;
  expect(allocate(heap, 2 ** 21)).toBe(NIL);
  expect(heap.i32.buffer).toBe(buffer);
  heap.isPinned = false;
  expect(allocate(heap, 2 ** 21)).not.toBe(NIL);
  expect(heap.i32.buffer).not.toBe(buffer);
});
