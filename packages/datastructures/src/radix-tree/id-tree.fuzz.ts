/** Random insertions and removals against a sorted array, with memory and without. */
import { expect, it } from "vitest";
import { fuzzScale, fuzzSeed, randomFrom } from "../testing/fuzzing.ts";
import { createHeap, heapStatistics, verifyHeap } from "../memory/index.ts";
import {
  createIdTree,
  destroyIdTree,
  findId,
  ID_WORDS,
  IdCursor,
  idTreeCount,
  insertId,
  NO_SLOT,
  removeId,
  StreamId,
} from "./index.ts";

function idOf(value: bigint): StreamId {
  const word = (shift: bigint): number => Number(BigInt.asIntN(32, value >> shift));
  return new StreamId().set(word(96n), word(64n), word(32n), word(0n));
}

function walk(heap: Parameters<typeof idTreeCount>[0], tree: number, backward: boolean): string[] {
  const cursor = new IdCursor();
  const found: string[] = [];
  let isFound = backward ? cursor.seekLast(heap, tree) : cursor.seekFirst(heap, tree);
  while (isFound) {
    const id = new StreamId().read(heap.i32, cursor.word);
    found.push([id.msHigh, id.msLow, id.seqHigh, id.seqLow, heap.i32[cursor.word + ID_WORDS]].join());
    isFound = backward ? cursor.previous(heap) : cursor.next(heap);
  }
  return found;
}

function run(failureRate: number, payloadWords: number, spread: number, steps: number, runSeed: number): void {
  const random = randomFrom(runSeed);
  const heap = createHeap({ capacityBytes: 8 * 2 ** 20, failureRate, failureSeed: runSeed, checks: true });
  let tree = 0;
  while (tree === 0) tree = createIdTree(heap, payloadWords);
  const model = new Map<bigint, number>();
  const ascending = random(2) === 0;
  let last = 0n;
  for (let step = 0; step < steps; step++) {
    const isAppend = ascending && random(4) > 0;
    const value = isAppend
      ? (last += BigInt(1 + random(3)))
      : (BigInt(random(spread)) << BigInt(random(5) * 24)) - BigInt(random(2));
    const key = BigInt.asUintN(128, value);
    const id = idOf(key);
    const shrinks = (step >> 9) % 2 === 1;
    if (random(10) < (shrinks ? 3 : 7)) {
      const slot = insertId(heap, tree, id);
      if (slot === NO_SLOT) expect(failureRate).toBeGreaterThan(0);
      else {
        if (!model.has(key)) expect(heap.i32[slot + ID_WORDS]).toBe(0);
        heap.i32[slot + ID_WORDS] = step;
        model.set(key, step);
      }
    } else {
      const keys = [...model.keys()];
      const target = keys.length > 0 && random(3) > 0 ? keys[random(keys.length)] : key;
      expect(removeId(heap, tree, idOf(target))).toBe(model.delete(target));
    }
    const slot = findId(heap, tree, id);
    expect(slot === NO_SLOT ? undefined : heap.i32[slot + ID_WORDS]).toBe(model.get(key));
    if (step % 64 === 0) {
      const sorted = [...model].sort(([one], [other]) => (one < other ? -1 : 1));
      const expected = sorted.map(([bits, number]) => {
        const one = idOf(bits);
        return [one.msHigh, one.msLow, one.seqHigh, one.seqLow, number].join();
      });
      expect(walk(heap, tree, false)).toEqual(expected);
      expect(walk(heap, tree, true)).toEqual(expected.reverse());
      const cursor = new IdCursor();
      const above = sorted.find(([bits]) => bits >= key);
      expect(cursor.seekAtLeast(heap, tree, id) ? heap.i32[cursor.word + ID_WORDS] : undefined).toBe(above?.[1]);
      const below = sorted.filter(([bits]) => bits <= key).at(-1);
      expect(cursor.seekAtMost(heap, tree, id) ? heap.i32[cursor.word + ID_WORDS] : undefined).toBe(below?.[1]);
    }
    expect(idTreeCount(heap, tree)).toBe(model.size);
  }
  destroyIdTree(heap, tree);
  verifyHeap(heap);
  expect(heapStatistics(heap).allocatedBytes).toBe(0);
}

it(`holds what a sorted array holds (SIDER_SEED=${String(fuzzSeed)})`, () => {
  for (let round = 0; round < 8 * fuzzScale; round++) {
    run(0, 1 + (round % 5), 10 ** (1 + (round % 5)), 3000, fuzzSeed + round * 7919);
    run(0.05, 1 + (round % 5), 1000, 1500, fuzzSeed + round * 104729);
  }
});
