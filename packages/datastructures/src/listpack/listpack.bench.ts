/** Reading and searching listpacks; for comparing one version with the next (vitest reaches imports through getters). */
import { bench, describe } from "vitest";
import { createHeap, offsetOf, windowOf } from "../memory/index.ts";
import { appendEntry, createListpack, END, findEntry, firstEntry, ListpackText, nextEntry, readText } from "./index.ts";

const heap = createHeap({ capacityBytes: 2 ** 24 });
const text = new ListpackText();
let ref = createListpack(heap);
for (let number = 0; number < 128; number++) {
  const bytes = new TextEncoder().encode(number % 2 === 0 ? `field:${String(number)}` : String(number * 1000));
  ref = appendEntry(heap, ref, bytes, 0, bytes.length);
}
const needle = new TextEncoder().encode("field:126");
let sink = 0;

describe("a listpack of 128 entries", () => {
  bench("read all as text", () => {
    const bytes = windowOf(heap, ref);
    for (let at = firstEntry(bytes, offsetOf(ref)); at !== END; at = nextEntry(bytes, at)) {
      readText(bytes, at, text);
      sink ^= text.length;
    }
  });
  bench("find the last field", () => {
    const bytes = windowOf(heap, ref);
    sink ^= findEntry(bytes, firstEntry(bytes, offsetOf(ref)), needle, 0, needle.length, 1);
  });
});

/** Keeps the reads alive. */
export const benchSink = (): number => sink;
