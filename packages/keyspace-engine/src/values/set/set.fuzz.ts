/**
 * Random changes of sets beside a Set, once for each way that encodings can go, with heap checks on and allocations that fail: a
 * change that failed has changed nothing, and in the end nothing is left in the heap.
 */
import { createHeap, heapStatistics, NIL } from "@sider/datastructures";
import type { Checks } from "@sider/datastructures";
import { afterAll, expect, test } from "vitest";
import { seededRandom } from "../../clock.ts";
import type { Random } from "../../clock.ts";
import { OutOfMemoryError } from "../../errors.ts";
import { ENCODING_HASHTABLE, ENCODING_INTSET, ENCODING_LISTPACK } from "../../keyspace/entry.ts";
import { Keyspace } from "../../keyspace/keyspace.ts";
import { fuzzScale, fuzzSeed } from "../../testing/fuzzing.ts";
import { LooseValue } from "../loose-value.ts";
import {
  addToSet,
  convertSet,
  createLooseSet,
  freeLooseSet,
  isMember,
  removeFromSet,
  removePosition,
} from "./loose-set.ts";
import { randomPosition } from "./random-member.ts";
import { setKind, sizeOfSet } from "./set-block.ts";
import { readMember, SetCursor } from "./set-cursor.ts";
import { Slice } from "../../slice.ts";

const STEPS = 3000;

type MemberOf = (random: Random) => string;
const kinds: Record<string, { start: number; memberOf: MemberOf }> = {
  "small integers": { start: ENCODING_INTSET, memberOf: (random) => String(random(700) - 350) },
  "integers of all widths": {
    start: ENCODING_INTSET,
    memberOf: (random) => String(BigInt.asIntN(1 + random(64), BigInt(random(2 ** 31)) * 6364136223846793005n)),
  },
  "short texts": { start: ENCODING_LISTPACK, memberOf: (random) => `m${String(random(60))}` },
  "many texts": { start: ENCODING_LISTPACK, memberOf: (random) => `member:${String(random(1500))}` },
  "long texts": { start: ENCODING_LISTPACK, memberOf: (random) => "x".repeat(random(70)) },
  mixed: {
    start: ENCODING_INTSET,
    memberOf: (random) => (random(8) === 0 ? `-${String(random(9))}x` : String(random(100))),
  },
};

class ModelledSet {
  readonly heap = createHeap({ capacityBytes: 2 ** 26, checks: true });
  readonly keyspace = new Keyspace({ heap: this.heap, databaseCount: 1, random: seededRandom(fuzzSeed) });
  readonly emptyBytes = heapStatistics(this.heap).allocatedBytes;
  readonly set = new LooseValue();
  readonly model = new Set<string>();
  failures = 0;

  constructor(encoding: number) {
    createLooseSet(this.keyspace, this.set, encoding, 0);
  }

  /** Runs `change`; when it fails for want of memory the set must be as before. */
  tryTo(random: Random, change: () => void): void {
    const guard = this.heap.guard as Checks;
    const before = { encoding: this.set.encoding, bytes: heapStatistics(this.heap).allocatedBytes };
    guard.remainingAllocations = random(4) === 0 ? random(4) : Infinity;
    try {
      change();
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
      this.failures++;
      expect(this.set.encoding).toBe(before.encoding);
      // a step of a table's resizing may have been made
      if (before.encoding !== ENCODING_HASHTABLE) {
        expect(heapStatistics(this.heap).allocatedBytes).toBe(before.bytes);
      }
    } finally {
      guard.remainingAllocations = Infinity;
    }
  }

  members(set = this.set): string[] {
    const cursor = new SetCursor();
    const found: string[] = [];
    cursor.open(this.heap, set.encoding, set.block);
    while (cursor.next()) found.push(textOf(cursor.member));
    return found.sort();
  }

  check(): void {
    expect(sizeOfSet(this.heap, this.set.encoding, this.set.block)).toBe(this.model.size);
    expect(this.members()).toEqual([...this.model].sort());
  }

  checkCopy(): void {
    const copy = new LooseValue();
    copy.encoding = this.set.encoding;
    copy.block = setKind.copy(this.heap, this.set.encoding, this.set.block);
    expect(this.members(copy)).toEqual([...this.model].sort());
    expect(setKind.memoryBytes(this.heap, copy.encoding, copy.block, 0)).toBeGreaterThan(0);
    while (setKind.freeSome(this.heap, copy.encoding, copy.block, 10) === 0);
  }

  close(): void {
    this.check();
    freeLooseSet(this.keyspace, this.set);
    expect(heapStatistics(this.heap).allocatedBytes).toBe(this.emptyBytes);
  }
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function textOf(slice: Slice): string {
  return String.fromCharCode(...slice.toBytes());
}

function step(subject: ModelledSet, random: Random, memberOf: MemberOf, additions: number): void {
  const { keyspace, set, model } = subject;
  const text = memberOf(random);
  const bytes = bytesOf(text);
  const dice = random(100);
  if (dice < additions) {
    subject.tryTo(random, () => {
      expect(addToSet(keyspace, set, bytes, 0, bytes.length)).toBe(!model.has(text));
      model.add(text);
    });
  } else if (dice < 85) {
    subject.tryTo(random, () => {
      expect(removeFromSet(keyspace, set, bytes, 0, bytes.length)).toBe(model.delete(text));
    });
  } else if (dice < 90 && model.size > 0) removeRandom(subject);
  else if (dice === 90) subject.check();
  else if (dice === 91 && set.encoding !== ENCODING_HASHTABLE && random(20) === 0) {
    subject.tryTo(random, () => {
      convertSet(keyspace, set, ENCODING_HASHTABLE, model.size);
    });
  } else if (dice === 92) subject.checkCopy();
  else expect(isMember(keyspace, set.encoding, set.block, bytes, 0, bytes.length)).toBe(model.has(text));
}

function removeRandom({ keyspace, heap, set, model }: ModelledSet): void {
  const position = randomPosition(keyspace, set.encoding, set.block);
  const text = textOf(readMember(heap, set.encoding, set.block, position, new Slice()));
  expect(model.delete(text)).toBe(true);
  removePosition(keyspace, set, position);
}

let failures = 0;
afterAll(() => {
  expect(failures).toBeGreaterThan(0);
});

for (const [name, { start, memberOf }] of Object.entries(kinds)) {
  test(`${name}: as a Set, though memory runs out (SIDER_SEED=${String(fuzzSeed)})`, () => {
    const random = seededRandom(fuzzSeed);
    for (let round = 0; round < 2 * fuzzScale; round++) {
      const subject = new ModelledSet(start);
      for (let count = 0; count < STEPS; count++) step(subject, random, memberOf, count < STEPS / 2 ? 70 : 30);
      subject.close();
      failures += subject.failures;
      expect(subject.set.block).toBe(NIL);
    }
  });
}

test(`random members are drawn equally often, whatever the encoding (SIDER_SEED=${String(fuzzSeed)})`, () => {
  for (const [encoding, size] of [
    [ENCODING_INTSET, 50],
    [ENCODING_LISTPACK, 50],
    [ENCODING_HASHTABLE, 50],
    [ENCODING_HASHTABLE, 700],
  ]) {
    const subject = new ModelledSet(encoding);
    for (let number = 0; number < size; number++) {
      const bytes = bytesOf(String(number));
      addToSet(subject.keyspace, subject.set, bytes, 0, bytes.length);
    }
    const counts = new Map<number, number>();
    for (let draw = 0; draw < size * 400; draw++) {
      const position = randomPosition(subject.keyspace, encoding, subject.set.block);
      counts.set(position, (counts.get(position) ?? 0) + 1);
    }
    expect(counts.size).toBe(size);
    for (const count of counts.values()) expect(Math.abs(count - 400)).toBeLessThan(140);
    freeLooseSet(subject.keyspace, subject.set);
  }
});
