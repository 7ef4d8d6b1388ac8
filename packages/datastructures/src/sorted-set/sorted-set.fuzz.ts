/** The sorted set against an array that is sorted anew each time, on a sound heap and on one that fails at random. */
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed, randomFrom } from "../testing/fuzzing.ts";
import { halfSipHash, keyLengthOf, keyOffsetOf } from "../hash-table/index.ts";
import { createHeap, heapStatistics, NIL, windowOf, wordOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import {
  addMember,
  changeScore,
  copySortedSet,
  countBelowBytes,
  countBelowScore,
  createSortedSet,
  destroySortedSet,
  findMember,
  freeSomeOfSortedSet,
  memberAtRank,
  nextMember,
  previousMember,
  rankOfMember,
  removeMember,
  removeRanks,
  scoreAtCursor,
  scoreOf,
  seekRank,
  SortedSetCursor,
  sortedSetCount,
} from "./index.ts";
import { childrenOf, countsOf, HEIGHT, membersBelow, refsOf, ROOT, scoresOf, SLOT_COUNT } from "./layout.ts";

interface Pair {
  member: string;
  score: number;
}

function compare(one: Pair, other: Pair): number {
  if (one.score !== other.score) return one.score < other.score ? -1 : 1;
  return one.member < other.member ? -1 : one.member > other.member ? 1 : 0;
}

class Subject {
  readonly heap: Heap;
  readonly set: number;
  readonly pairs: Pair[] = [];
  readonly cursor = new SortedSetCursor();

  constructor(heap: Heap) {
    this.heap = heap;
    this.set = createSortedSet(heap, 5, 6);
  }

  bytes(member: string): Uint8Array {
    return new Uint8Array(Buffer.from(member, "latin1"));
  }

  hash(bytes: Uint8Array): number {
    return halfSipHash(bytes, 0, bytes.length, 5, 6);
  }

  find(member: string): number {
    const bytes = this.bytes(member);
    return findMember(this.heap, this.set, bytes, 0, bytes.length, this.hash(bytes));
  }

  put(member: string, score: number): boolean {
    const bytes = this.bytes(member);
    const found = this.find(member);
    const isDone =
      found === NIL
        ? addMember(this.heap, this.set, bytes, 0, bytes.length, this.hash(bytes), score)
        : changeScore(this.heap, this.set, found, score);
    if (!isDone) return false;
    const at = this.pairs.findIndex((pair) => pair.member === member);
    if (at >= 0) this.pairs.splice(at, 1);
    this.pairs.push({ member, score });
    this.pairs.sort(compare);
    return true;
  }

  remove(member: string): void {
    const found = this.find(member);
    const at = this.pairs.findIndex((pair) => pair.member === member);
    expect(found !== NIL).toBe(at >= 0);
    if (found === NIL) return;
    removeMember(this.heap, this.set, found, this.hash(this.bytes(member)));
    this.pairs.splice(at, 1);
  }

  removeRange(start: number, end: number): void {
    removeRanks(this.heap, this.set, start, end);
    this.pairs.splice(start, end - start);
  }

  text(ref: number): string {
    const start = keyOffsetOf(ref);
    return Buffer.from(windowOf(this.heap, ref).slice(start, start + keyLengthOf(this.heap, ref))).toString("latin1");
  }

  /** All pairs in order, by stepping forwards; compared with the model, and the same backwards. */
  check(): void {
    const { heap, set, cursor } = this;
    expect(sortedSetCount(heap, set)).toBe(this.pairs.length);
    const found: Pair[] = [];
    for (let ref = seekRank(heap, set, cursor, 0); ref !== NIL; ref = nextMember(heap, cursor)) {
      found.push({ member: this.text(ref), score: scoreAtCursor(heap, cursor) });
      expect(scoreOf(heap, ref)).toBe(scoreAtCursor(heap, cursor));
    }
    expect(found).toEqual(this.pairs);
    const backwards: string[] = [];
    for (let ref = seekRank(heap, set, cursor, this.pairs.length - 1); ref !== NIL; ref = previousMember(heap, cursor))
      backwards.push(this.text(ref));
    expect(backwards.reverse()).toEqual(this.pairs.map((pair) => pair.member));
    checkNode(heap, heap.i32[wordOf(set) + ROOT], heap.i32[wordOf(set) + HEIGHT], true);
  }

  checkLookups(random: (limit: number) => number): void {
    const { heap, set, pairs } = this;
    if (pairs.length === 0) return;
    const rank = random(pairs.length);
    const { member, score } = pairs[rank];
    expect(this.text(memberAtRank(heap, set, rank))).toBe(member);
    expect(rankOfMember(heap, set, this.find(member))).toBe(rank);
    const below = pairs.filter((pair) => pair.score < score).length;
    const upTo = pairs.filter((pair) => pair.score <= score).length;
    expect([countBelowScore(heap, set, score, false), countBelowScore(heap, set, score, true)]).toEqual([below, upTo]);
    if (pairs.every((pair) => pair.score === score)) {
      const bytes = this.bytes(member);
      expect(countBelowBytes(heap, set, bytes, 0, bytes.length, false)).toBe(rank);
      expect(countBelowBytes(heap, set, bytes, 0, bytes.length, true)).toBe(rank + 1);
    }
  }
}

/** Slots describe their children exactly. */
function checkNode(heap: Heap, node: number, height: number, isRoot: boolean): void {
  const { i32, f64 } = heap;
  const slots = i32[wordOf(node) + SLOT_COUNT];
  expect(slots).toBeGreaterThanOrEqual(isRoot && height === 0 ? 0 : isRoot ? 2 : 1);
  for (let slot = 0; height > 0 && slot < slots; slot++) {
    const child = i32[childrenOf(node) + slot];
    expect(i32[countsOf(node) + slot]).toBe(membersBelow(heap, child, height === 1));
    expect(i32[refsOf(heap, node, false) + slot]).toBe(i32[refsOf(heap, child, height === 1)]);
    expect(f64[scoresOf(heap, node) + slot]).toBe(f64[scoresOf(heap, child)]);
    checkNode(heap, child, height - 1, false);
  }
}

/** Kinds of scores: equal ones, few, many, all in one direction, extreme. */
const SCORES: readonly ((random: (limit: number) => number, step: number) => number)[] = [
  () => 7,
  (random) => random(3),
  (random) => random(1000) / 8,
  (_, step) => step,
  (_, step) => -step,
  (random) => [-Infinity, Infinity, 0, 1e300, -1e-300, 0.1][random(6)] ?? 0,
];

function randomMember(random: (limit: number) => number): string {
  const kind = random(4);
  if (kind === 0) return "\0".repeat(random(6));
  if (kind === 1) return String.fromCharCode(random(256), random(256));
  return `member:${String(random(3000))}`;
}

function run(subject: Subject, random: (limit: number) => number, steps: number): void {
  const scoreKind = SCORES[random(SCORES.length)] ?? (() => 0);
  let removals = 1;
  for (let step = 0; step < steps; step++) {
    if (step % 200 === 0) removals = random(4);
    const choice = random(6);
    if (choice < 5 - removals) subject.put(randomMember(random), scoreKind(random, step));
    else if (choice < 5) subject.remove(subject.pairs[random(subject.pairs.length)]?.member ?? "none");
    else if (random(20) === 0) {
      const start = random(subject.pairs.length + 1);
      subject.removeRange(start, start + random(Math.min(300, subject.pairs.length - start) + 1));
    } else if (random(2) === 0) subject.removeRange(0, Math.min(1, subject.pairs.length));
    if (step % 16 === 0) subject.checkLookups(random);
    if (step % 300 === 0) subject.check();
  }
  subject.check();
}

test.each([0, 1, 2, 3, 4, 5, 6, 7])(
  `a sorted set does what a sorted array does (SIDER_SEED=${String(fuzzSeed)} + %i)`,
  (round) => {
    const random = randomFrom(fuzzSeed + round);
    const heap = createHeap({ capacityBytes: 64 * 2 ** 20, checks: true });
    const before = heapStatistics(heap).allocatedBytes;
    const subject = new Subject(heap);
    run(subject, random, 3000 * fuzzScale);
    const copy = copySortedSet(heap, subject.set);
    expect(sortedSetCount(heap, copy)).toBe(subject.pairs.length);
    while (freeSomeOfSortedSet(heap, copy, 10) === 0);
    subject.check();
    subject.removeRange(0, subject.pairs.length);
    subject.check();
    destroySortedSet(heap, subject.set);
    expect(heapStatistics(heap).allocatedBytes).toBe(before);
  },
);

test.each([0, 1, 2, 3])(`a failed change leaves the set as it was (SIDER_SEED=${String(fuzzSeed)} + %i)`, (round) => {
  const random = randomFrom(fuzzSeed + round);
  const heap = createHeap({
    capacityBytes: 64 * 2 ** 20,
    checks: true,
    failureRate: 0.2,
    failureSeed: fuzzSeed + round,
  });
  const before = heapStatistics(heap).allocatedBytes;
  let set = new Subject(heap);
  while (set.set === NIL) set = new Subject(heap);
  run(set, random, 2000 * fuzzScale);
  const copy = copySortedSet(heap, set.set);
  if (copy !== NIL) destroySortedSet(heap, copy);
  destroySortedSet(heap, set.set);
  expect(heapStatistics(heap).allocatedBytes).toBe(before);
});
