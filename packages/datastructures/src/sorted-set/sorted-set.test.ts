/** Trees at the borders of their shapes, which a random run meets seldom. */
import { expect, test } from "vitest";
import { halfSipHash, keyLengthOf, keyOffsetOf } from "../hash-table/index.ts";
import { createHeap, heapStatistics, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import {
  addMember,
  changeScore,
  createSortedSet,
  destroySortedSet,
  findMember,
  memberAtRank,
  sortedSetCount,
} from "./index.ts";

const bytesOf = (member: string): Uint8Array => new TextEncoder().encode(member);
const hashOf = (bytes: Uint8Array): number => halfSipHash(bytes, 0, bytes.length, 5, 6);

/** A set of the members "0" ... with their numbers as scores, put in that order or the other way. */
function setOf(heap: Heap, count: number, isAscending: boolean): number {
  const set = createSortedSet(heap, 5, 6);
  for (let index = 0; index < count; index++) {
    const score = isAscending ? index : count - 1 - index;
    const bytes = bytesOf(String(score));
    addMember(heap, set, bytes, 0, bytes.length, hashOf(bytes), score);
  }
  return set;
}

function memberAt(heap: Heap, set: number, rank: number): string {
  const ref = memberAtRank(heap, set, rank);
  const start = keyOffsetOf(ref);
  return new TextDecoder().decode(windowOf(heap, ref).slice(start, start + keyLengthOf(heap, ref)));
}

function find(heap: Heap, set: number, member: string): number {
  const bytes = bytesOf(member);
  return findMember(heap, set, bytes, 0, bytes.length, hashOf(bytes));
}

// a leaf has 41 slots: the last ones are sets of one full leaf and one that has a single member, then of several
const counts = [1, 2, 3, 40, 41, 42, 43, 81, 82, 83, 84, 123, 124, 125, 166];

test.each([true, false])("the first and the last member move anywhere, put in ascending order: %s", (isAscending) => {
  for (const count of counts) {
    for (const from of [0, count - 1]) {
      for (let to = 0; to < count; to++) {
        const heap = createHeap({ capacityBytes: 2 ** 20, checks: true });
        const emptyBytes = heapStatistics(heap).allocatedBytes;
        const set = setOf(heap, count, isAscending);
        expect(changeScore(heap, set, find(heap, set, String(from)), to + 0.5)).toBe(true);
        const expected = Array.from({ length: count }, (_, index) => index);
        const scoreOf = (index: number): number => (index === from ? to + 0.5 : index);
        expected.sort((one, other) => scoreOf(one) - scoreOf(other));
        expect(sortedSetCount(heap, set)).toBe(count);
        expect(expected.map((_, rank) => memberAt(heap, set, rank))).toEqual(expected.map(String));
        destroySortedSet(heap, set);
        expect(heapStatistics(heap).allocatedBytes).toBe(emptyBytes);
      }
    }
  }
});
