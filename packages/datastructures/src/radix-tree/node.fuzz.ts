/** Listpacks of streams with bytes changed at random: of what passes the validation a node can be made, and walked both ways. */
import { expect, it } from "vitest";
import { fuzzScale, fuzzSeed, randomFrom } from "../testing/fuzzing.ts";
import { createHeap, heapStatistics, free, NIL, offsetOf, usableBytes, verifyHeap, windowOf } from "../memory/index.ts";
import { ListpackText, validateListpack } from "../listpack/index.ts";
import {
  appendToNode,
  createNodeOfListpack,
  createStreamNode,
  EntryTexts,
  NodeCursor,
  nodeDeletedCount,
  nodeListpackBytes,
  nodeLiveCount,
  StreamId,
  streamNodeBytes,
  validateStreamListpack,
  writeNodeListpack,
} from "./index.ts";

const heap = createHeap({ capacityBytes: 2 ** 22, checks: true });
const source = Uint8Array.from({ length: 70_000 }, (_, index) => 48 + (index % 10));
/** Where heads and back lengths get longer, of a text or of its entry. */
const LONG_LENGTHS = [63, 64, 110, 118, 125, 126, 127, 4095, 4096, 16_370, 16_380, 16_384, 65_000];
/** Most have short texts: changes at random hit their heads more often. */
const LONG_TEXTS_ONE_IN = 4;

/** The listpack of a sound node of some entries. */
function someListpack(random: (below: number) => number): Uint8Array {
  const texts = new EntryTexts();
  const id = new StreamId().set(0, 5, 0, 0);
  const isLong = random(LONG_TEXTS_ONE_IN) === 0;
  const fill = (): EntryTexts => {
    texts.open(source);
    for (let left = 2 * (1 + random(3)); left > 0; left--) {
      const longLength = LONG_LENGTHS[random(LONG_LENGTHS.length)] ?? 0;
      texts.add(random(20), isLong && random(3) === 0 ? longLength + random(3) : random(30));
    }
    return texts;
  };
  let node = createStreamNode(heap, fill(), 0);
  for (let left = random(8); left > 0; left--) {
    node = appendToNode(heap, node, new StreamId().set(0, 5, 0, 0), id.set(0, id.msLow + 1, 0, random(9)), fill());
    expect(streamNodeBytes(heap, node)).toBeLessThanOrEqual(usableBytes(heap, node));
  }
  verifyHeap(heap);
  return takeListpack(node);
}

function takeListpack(node: number): Uint8Array {
  const bytes = new Uint8Array(nodeListpackBytes(heap, node) + 1).fill(UNTOUCHED);
  writeNodeListpack(heap, node, bytes);
  expect(bytes.at(-1)).toBe(UNTOUCHED);
  free(heap, node);
  expect(heapStatistics(heap).allocatedBytes).toBe(0);
  return bytes.slice(0, -1);
}

const UNTOUCHED = 0xaa;

/** Makes a node of a listpack that passed the validation, walks it, and makes a listpack of it again. */
function walk(listpack: Uint8Array): Uint8Array {
  const cursor = new NodeCursor();
  const field = new ListpackText();
  const value = new ListpackText();
  // elsewhere in the source than in the heap
  const moved = new Uint8Array(listpack.length + 3);
  moved.set(listpack, 3);
  const node = createNodeOfListpack(heap, moved, 3, listpack.length);
  expect(node).not.toBe(NIL);
  const bytes = windowOf(heap, node);
  const end = offsetOf(node) + streamNodeBytes(heap, node);
  cursor.open(heap, node, 0);
  let forward = 0;
  let deleted = 0;
  for (let found = cursor.first(); found; found = cursor.next()) {
    forward++;
    if (cursor.isDeleted) deleted++;
    for (let left = cursor.fieldCount; left > 0; left--) {
      cursor.readPair(field, value);
      expect(field.bytes === bytes ? field.offset + field.length : 0).toBeLessThan(end);
      expect(value.bytes === bytes ? value.offset + value.length : 0).toBeLessThan(end);
    }
  }
  expect(forward).toBe(nodeLiveCount(heap, node) + nodeDeletedCount(heap, node));
  expect(deleted).toBe(nodeDeletedCount(heap, node));
  for (let found = cursor.last(); found; found = cursor.previous()) forward--;
  expect(forward).toBe(0);
  return takeListpack(node);
}

it(`makes nodes of listpacks and the same listpacks of them (SIDER_SEED=${String(fuzzSeed)})`, () => {
  const random = randomFrom(fuzzSeed);
  for (let round = 0; round < 300 * fuzzScale; round++) {
    const listpack = someListpack(random);
    expect(validateStreamListpack(listpack, 0, listpack.length)).toBe(true);
    const back = walk(listpack);
    expect(back.length === listpack.length && back.every((byte, index) => byte === listpack[index])).toBe(true);
  }
});

it(`finds out about unsound listpacks (SIDER_SEED=${String(fuzzSeed)})`, { timeout: 60_000 * fuzzScale }, () => {
  const random = randomFrom(fuzzSeed);
  let passed = 0;
  let kept: Uint8Array = new Uint8Array(0);
  for (let round = 0; round < 5000 * fuzzScale; round++) {
    if (round % 50 === 0) kept = someListpack(random);
    const bytes = kept.slice();
    for (let left = 1 + random(3); left > 0; left--)
      bytes[random(bytes.length)] = random(3) === 0 ? random(256) : random(6);
    if (!validateStreamListpack(bytes, 0, bytes.length)) continue;
    // not the same bytes perhaps: integers of the layout are written anew, in their fewest bytes
    const back = walk(bytes);
    expect(validateListpack(back, 0, back.length, true) && validateStreamListpack(back, 0, back.length)).toBe(true);
    passed++;
  }
  expect(passed).toBeGreaterThan(0);
});
