/** Nodes of streams with bytes changed at random: what passes the validation can be walked both ways without leaving it. */
import { expect, it } from "vitest";
import { createHeap, heapStatistics, free, offsetOf, windowOf } from "../memory/index.ts";
import { listpackBytes, ListpackText } from "../listpack/index.ts";
import { appendToNode, createStreamNode, EntryTexts, NodeCursor, StreamId, validateStreamListpack } from "./index.ts";

const seed = Number(process.env.SIDER_SEED ?? Math.floor(Math.random() * 2 ** 31));
const scale = Number(process.env.SIDER_FUZZ_SCALE ?? 1);

function generator(start: number): (below: number) => number {
  let state = start | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A sound node of some entries. */
function someNode(random: (below: number) => number): Uint8Array {
  const heap = createHeap({ capacityBytes: 2 ** 20 });
  const source = Uint8Array.from({ length: 300 }, (_, index) => 48 + (index % 10));
  const texts = new EntryTexts();
  const id = new StreamId().set(0, 5, 0, 0);
  const fill = (): EntryTexts => {
    texts.open(source);
    for (let left = 2 * (1 + random(3)); left > 0; left--) texts.add(random(20), random(30));
    return texts;
  };
  let node = createStreamNode(heap, fill(), 0);
  for (let left = random(8); left > 0; left--) {
    node = appendToNode(heap, node, new StreamId().set(0, 5, 0, 0), id.set(0, id.msLow + 1, 0, random(9)), fill());
  }
  const start = offsetOf(node);
  const bytes = windowOf(heap, node).slice(start, start + listpackBytes(windowOf(heap, node), start));
  free(heap, node);
  expect(heapStatistics(heap).allocatedBytes).toBe(0);
  return bytes;
}

function walk(bytes: Uint8Array): void {
  const cursor = new NodeCursor();
  const field = new ListpackText();
  const value = new ListpackText();
  cursor.open(bytes, 0, new Int32Array(4), 0);
  let forward = 0;
  for (let found = cursor.first(); found; found = cursor.next()) {
    forward++;
    for (let left = cursor.fieldCount; left > 0; left--) {
      cursor.readPair(field, value);
      expect(
        Math.max(
          field.bytes === bytes ? field.offset + field.length : 0,
          value.bytes === bytes ? value.offset + value.length : 0,
        ),
      ).toBeLessThan(bytes.length);
    }
  }
  for (let found = cursor.last(); found; found = cursor.previous()) forward--;
  expect(forward).toBe(0);
}

it(`finds out about unsound nodes (SIDER_SEED=${String(seed)})`, { timeout: 60_000 * scale }, () => {
  const random = generator(seed);
  let passed = 0;
  for (let round = 0; round < 5000 * scale; round++) {
    const bytes = mutableNode(random, round);
    for (let left = 1 + random(3); left > 0; left--)
      bytes[random(bytes.length)] = random(3) === 0 ? random(256) : random(6);
    if (!validateStreamListpack(bytes, 0, bytes.length)) continue;
    walk(bytes);
    passed++;
  }
  expect(passed).toBeGreaterThan(0);
});

let kept: Uint8Array = new Uint8Array(0);

/** A copy of a sound node, which is a new one now and then: making a heap takes long. */
function mutableNode(random: (below: number) => number, round: number): Uint8Array {
  if (round % 50 === 0) {
    kept = someNode(random);
    expect(validateStreamListpack(kept, 0, kept.length)).toBe(true);
    walk(kept);
  }
  return kept.slice();
}
