/** The block of a sorted-set value: see `ValueKind`. */
import { free } from "@sider/datastructures";
import type { ValueKind } from "../value-kind.ts";

export const sortedSetKind: ValueKind = {
  size: () => 0,
  free: (heap, _encoding, block) => free(heap, block),
  freeSome: (heap, _encoding, block, budget) => {
    free(heap, block);
    return budget;
  },
  copy: () => {
    throw new Error("not there yet");
  },
  memoryBytes: () => 0,
};
