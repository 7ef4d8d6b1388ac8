/** Trees at the borders of their shapes, which a random run meets seldom. */
import { expect, test } from "vitest";
import { halfSipHash, hashTableCount, keyLengthOf, keyOffsetOf } from "../hash-table/index.ts";
import { createHeap, heapStatistics, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import {
  addMember,
  changeScore,
  createSortedSet,
  destroySortedSet,
  findMember,
  memberAtRank,
  memberTableOf,
  removeMember,
  removeRanks,
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

/** A set large enough to be read ahead, of members of one length, so that a freed block is the next one's. */
class LargeSet {
  static readonly MEMBERS = 6000;
  // without checks, since these keep freed blocks back
  readonly heap = createHeap({ capacityBytes: 2 ** 22 });
  readonly set = createSortedSet(this.heap, 5, 6);
  /** Scores are whole numbers from low to high; the member of a score is its number with a generation before it. */
  readonly members: string[] = [];
  private made = 0;

  constructor() {
    for (let index = 0; index < LargeSet.MEMBERS; index++) this.put(false);
  }

  put(isLowEnd: boolean): void {
    const member = `member:${String(this.made).padStart(8, "0")}`;
    const bytes = bytesOf(member);
    const score = isLowEnd ? -this.made : this.made;
    expect(addMember(this.heap, this.set, bytes, 0, bytes.length, hashOf(bytes), score)).toBe(true);
    if (isLowEnd) this.members.unshift(member);
    else this.members.push(member);
    this.made++;
  }

  pop(isLowEnd: boolean, count: number): void {
    const start = isLowEnd ? 0 : this.members.length - count;
    removeRanks(this.heap, this.set, start, start + count);
    this.members.splice(start, count);
  }

  removeByName(rank: number): void {
    const [member = ""] = this.members.splice(rank, 1);
    removeMember(this.heap, this.set, find(this.heap, this.set, member), hashOf(bytesOf(member)));
  }

  /** The table has the tree's members and no other. */
  check(): void {
    const { heap, set, members } = this;
    expect(sortedSetCount(heap, set)).toBe(members.length);
    expect(hashTableCount(heap, memberTableOf(heap, set))).toBe(members.length);
    members.forEach((member, rank) => {
      expect(memberAtRank(heap, set, rank)).toBe(find(heap, set, member));
    });
  }
}

test.each([true, false])(
  "members that were read ahead leave the table, whatever came between; low end: %s",
  (isLowEnd) => {
    const subject = new LargeSet();
    for (let round = 0; round < 200; round++) {
      for (let pops = 0; pops < 70; pops++) subject.pop(isLowEnd, 1);
      // the block of a member that was read ahead is given to another one, which is popped in its place
      subject.removeByName(isLowEnd ? 0 : subject.members.length - 1);
      for (let added = round % 3; added >= 0; added--) subject.put(isLowEnd);
      subject.pop(isLowEnd, 1 + (round % 4));
      subject.pop(!isLowEnd, 1);
      while (subject.members.length < LargeSet.MEMBERS) subject.put(!isLowEnd);
      if (round % 20 === 0) subject.check();
    }
    subject.check();
  },
);
