import { bench } from "vitest";
import { draftDense, draftEmpty, HyperLogLogDraft } from "./draft.ts";
import { hashElement } from "./element-hash.ts";
import { estimate } from "./estimate.ts";
import { addToDense } from "./hyperloglog.ts";

const element = new Uint8Array(16);
const dense = new HyperLogLogDraft();
draftEmpty(dense);
draftDense(dense);
/** Keeps results alive. */
const kept = new Int32Array(1);

bench("hash 1000 elements of 16 bytes", () => {
  for (let number = 0; number < 1000; number++) {
    element[0] = number;
    element[1] = number >> 8;
    kept[0] ^= hashElement(element, 0, 16);
  }
});

bench("add 1000 elements to a dense one", () => {
  for (let number = 0; number < 1000; number++) {
    element[0] = number;
    element[1] = number >> 8;
    if (addToDense(dense.bytes, 0, hashElement(element, 0, 16))) kept[0]++;
  }
});

bench("estimate a dense one", () => {
  kept[0] ^= estimate(dense.bytes, 0, dense.length);
});
