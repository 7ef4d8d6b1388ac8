import { expect, test } from "vitest";
import { allocate, createHeap, free, NIL } from "./index.ts";

test("an allocation that fails reclaims memory and is tried again", () => {
  const heap = createHeap({ capacityBytes: 2 ** 20 });
  const unused = allocate(heap, 600_000);
  expect(allocate(heap, 600_000)).toBe(NIL);
  let calls = 0;
  heap.reclaim = (): void => {
    calls++;
    heap.reclaim = null;
    free(heap, unused);
  };
  expect(allocate(heap, 600_000)).not.toBe(NIL);
  expect(calls).toBe(1);
});

test("an allocation that can never succeed reclaims nothing", () => {
  const heap = createHeap({ capacityBytes: 2 ** 20 });
  heap.reclaim = (): void => expect.unreachable();
  expect(allocate(heap, 0)).toBe(NIL);
  expect(allocate(heap, 2 ** 31 + 8)).toBe(NIL);
});
