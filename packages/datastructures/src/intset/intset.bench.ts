/** Searching and changing intsets; for comparing one version with the next (vitest reaches imports through getters). */
import { bench, describe } from "vitest";
import { createHeap, offsetOf, windowOf } from "../memory/index.ts";
import { createIntset, intsetAdd, intsetFind, intsetRemove } from "./index.ts";

const MEMBERS = 512;
const heap = createHeap({ capacityBytes: 2 ** 24 });
let ref = createIntset(heap);
for (let number = 0; number < MEMBERS; number++) ref = intsetAdd(heap, ref, 0, number * 1000);
let sink = 0;

describe(`an intset of ${String(MEMBERS)} members of 4 bytes`, () => {
  bench("find all", () => {
    for (let number = 0; number < MEMBERS; number++) {
      sink += intsetFind(windowOf(heap, ref), offsetOf(ref), 0, number * 1000) ? 1 : 0;
    }
  });
  bench("add and remove one in the middle", () => {
    ref = intsetAdd(heap, ref, 0, MEMBERS * 500 + 1);
    intsetRemove(heap, ref, 0, MEMBERS * 500 + 1);
  });
});

/** Keeps the searches alive. */
export const benchSink = (): number => sink;
