/** Sorted-set values in both encodings against a sorted array, on a sound heap and on one that fails at random. */
import { createHeap, heapStatistics } from "@sider/datastructures";
import { expect, test } from "vitest";
import { seededRandom } from "../../clock.ts";
import { OutOfMemoryError } from "../../errors.ts";
import { ENCODING_LISTPACK, ENCODING_SKIPLIST } from "../../keyspace/entry.ts";
import { Keyspace } from "../../keyspace/keyspace.ts";
import { fuzzScale, fuzzSeed } from "../../testing/fuzzing.ts";
import { LooseValue } from "../loose-value.ts";
import {
  compactSortedSet,
  createLooseSortedSet,
  freeLooseSortedSet,
  locateMember,
  MemberPlace,
  rankOfLocated,
  RankedCursor,
  ranksBelowScore,
  removeLocated,
  removeRankRange,
} from "./sorted-set-value.ts";
import { putScore } from "./sorted-set-value.ts";
import { sortedSetKind } from "./sorted-set-block.ts";

const SCORES = [0, 1, -1, 1.5, 0.1, Infinity, -Infinity, 1e20, 2 ** 53, -(2 ** 31), 1e-7, 4096];

interface Pair {
  member: string;
  score: number;
}

function compare(one: Pair, other: Pair): number {
  if (one.score !== other.score) return one.score < other.score ? -1 : 1;
  return one.member < other.member ? -1 : 1;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

class Subject {
  readonly keyspace: Keyspace;
  readonly set = new LooseValue();
  readonly place = new MemberPlace();
  readonly cursor = new RankedCursor();
  pairs: Pair[] = [];

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
    createLooseSortedSet(keyspace, this.set, 0, 0);
  }

  locate(member: string): boolean {
    const bytes = bytesOf(member);
    return locateMember(this.keyspace, this.set, bytes, 0, bytes.length, this.place);
  }

  put(member: string, score: number): void {
    const bytes = bytesOf(member);
    putScore(this.keyspace, this.set, bytes, 0, bytes.length, score);
    this.pairs = this.pairs.filter((pair) => pair.member !== member);
    this.pairs.push({ member, score });
    this.pairs.sort(compare);
  }

  remove(member: string): void {
    const isThere = this.pairs.some((pair) => pair.member === member);
    expect(this.locate(member)).toBe(isThere);
    if (isThere) removeLocated(this.keyspace, this.set, this.place);
    this.pairs = this.pairs.filter((pair) => pair.member !== member);
  }

  check(): void {
    const { keyspace, set, cursor, pairs } = this;
    const { member } = cursor;
    const read = (): Pair => ({
      member: String.fromCharCode(...member.toBytes()),
      score: cursor.score,
    });
    const found: Pair[] = [];
    cursor.open(keyspace.heap, set.encoding, set.block);
    for (let isThere = cursor.seek(0); isThere; isThere = cursor.next()) found.push(read());
    expect(found).toEqual(pairs);
    const backwards: Pair[] = [];
    for (let isThere = cursor.seek(pairs.length - 1); isThere; isThere = cursor.previous()) backwards.push(read());
    expect(backwards.reverse()).toEqual(pairs);
    for (const [rank, pair] of pairs.entries()) {
      expect(this.locate(pair.member)).toBe(true);
      expect([this.place.score, rankOfLocated(keyspace, set, this.place)]).toEqual([pair.score, rank]);
      expect(ranksBelowScore(keyspace, set, pair.score, true)).toBe(pairs.filter((p) => p.score <= pair.score).length);
    }
  }
}

function run(keyspace: Keyspace, random: (limit: number) => number, mayFail: boolean): void {
  let subject: Subject | null = null;
  for (let step = 0; step < 600 * fuzzScale; step++) {
    try {
      subject ??= new Subject(keyspace);
      const choice = random(20);
      const number = random(120);
      const member = number % 3 === 0 ? String(number) : `member ${"x".repeat(number % 7)}${String(number)}`;
      if (choice < 11) subject.put(member, SCORES[random(SCORES.length)] ?? 0);
      else if (choice < 17) subject.remove(member);
      else if (choice === 17) {
        const start = random(subject.pairs.length + 1);
        const end = start + random(Math.min(8, subject.pairs.length - start) + 1);
        removeRankRange(keyspace, subject.set, start, end);
        subject.pairs.splice(start, end - start);
      } else if (choice === 18) compactSortedSet(keyspace, subject.set, 20);
      else {
        const { encoding, block } = subject.set;
        sortedSetKind.free(keyspace.heap, encoding, sortedSetKind.copy(keyspace.heap, encoding, block));
      }
    } catch (error) {
      expect(error).toBeInstanceOf(OutOfMemoryError);
      expect(mayFail).toBe(true);
    }
    if (step % 20 === 0) subject?.check();
  }
  if (subject !== null) freeLooseSortedSet(keyspace, subject.set);
}

test.each([
  ["listpack", 1000, 0],
  ["both", 30, 0],
  ["skiplist", 0, 0],
  ["listpack, failing", 1000, 0.2],
  ["both, failing", 30, 0.2],
  ["skiplist, failing", 0, 0.2],
])(`a sorted set does what a sorted array does: %s (seed ${String(fuzzSeed)})`, (_, entries, failureRate) => {
  const random = seededRandom(fuzzSeed);
  const heap = createHeap({ capacityBytes: 64 * 2 ** 20, checks: true, failureRate: 0, failureSeed: fuzzSeed });
  const keyspace = new Keyspace({ heap, random, databaseCount: 1 });
  keyspace.limits.zsetMaxListpackEntries = entries;
  const before = heapStatistics(heap).allocatedBytes;
  if (failureRate === 0) run(keyspace, random, false);
  else {
    const failing = createHeap({ capacityBytes: 64 * 2 ** 20, checks: true, failureRate, failureSeed: fuzzSeed });
    runOnFailing(failing, random, entries);
  }
  expect(heapStatistics(heap).allocatedBytes).toBe(before);
});

function runOnFailing(heap: ReturnType<typeof createHeap>, random: (limit: number) => number, entries: number): void {
  const keyspace = keyspaceOn(heap, random);
  keyspace.limits.zsetMaxListpackEntries = entries;
  const before = heapStatistics(heap).allocatedBytes;
  run(keyspace, random, true);
  expect(heapStatistics(heap).allocatedBytes).toBe(before);
}

/** A keyspace needs two tables, which may fail. */
function keyspaceOn(heap: ReturnType<typeof createHeap>, random: (limit: number) => number): Keyspace {
  for (;;) {
    try {
      return new Keyspace({ heap, random, databaseCount: 1 });
    } catch (error) {
      expect(error).toBeInstanceOf(OutOfMemoryError);
    }
  }
}

test("encodings follow the limits", () => {
  const heap = createHeap({ capacityBytes: 16 * 2 ** 20 });
  const keyspace = new Keyspace({ heap, databaseCount: 1 });
  const subject = new Subject(keyspace);
  for (let number = 0; number < 128; number++) subject.put(String(number), number);
  expect(subject.set.encoding).toBe(ENCODING_LISTPACK);
  subject.put("another", 1);
  expect(subject.set.encoding).toBe(ENCODING_SKIPLIST);
  const long = new Subject(keyspace);
  long.put("x".repeat(64), 1);
  expect(long.set.encoding).toBe(ENCODING_LISTPACK);
  long.put("x".repeat(65), 1);
  expect(long.set.encoding).toBe(ENCODING_SKIPLIST);
});
