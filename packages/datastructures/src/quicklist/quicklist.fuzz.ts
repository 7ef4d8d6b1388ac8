import { afterEach, expect, test } from "vitest";
import { listpackBytes, ListpackText, validateListpack } from "../listpack/index.ts";
import { createHeap, heapStatistics, NIL, offsetOf, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import { fuzzScale, fuzzSeed, randomFrom } from "../testing/fuzzing.ts";
import {
  createQuicklist,
  deleteRange,
  dropFromQuicklist,
  dropPeeked,
  freeQuicklist,
  headNode,
  insertAt,
  isCompressedNode,
  isPlainNode,
  nextNode,
  nodeCount,
  nodeListpackStart,
  passToEqual,
  peekQuicklist,
  pushToQuicklist,
  QuicklistCursor,
  quicklistCount,
  quicklistNodes,
  readAt,
  removeEqual,
  replaceAt,
  seek,
  tailNode,
  toEqual,
  toEqualBack,
  toFirstOf,
  toLastOf,
  toNext,
  toPrevious,
} from "./index.ts";
import type { QuicklistLimits } from "./index.ts";
import { nodeIndexLimits } from "./node-index.ts";

type Random = (below: number) => number;

function randomText(random: Random): string {
  const shape = random(20);
  if (shape < 5) return String(random(300) - 100);
  if (shape === 5) return String(random(2 ** 31) * 1000);
  if (shape === 6) return "z".repeat(random(3000));
  if (shape === 7) return "";
  return `text:${String(random(30))}`.repeat(1 + random(3));
}

function latin1({ bytes, offset, length }: ListpackText): string {
  return Buffer.from(bytes.slice(offset, offset + length)).toString("latin1");
}

/** A quicklist beside an array of texts. */
class Subject {
  readonly heap: Heap;
  readonly limits: QuicklistLimits;
  readonly random: Random;
  readonly cursor = new QuicklistCursor();
  readonly text = new ListpackText();
  list: number;
  model: string[] = [];

  constructor(random: Random, limits: QuicklistLimits, failureRate: number) {
    this.random = random;
    this.limits = limits;
    this.heap = createHeap({ capacityBytes: 2 ** 26, checks: true, failureRate, failureSeed: fuzzSeed });
    this.list = this.create();
  }

  create(): number {
    let list = NIL as number;
    while (list === NIL) list = createQuicklist(this.heap, NIL);
    return list;
  }

  /** A new list, most often in the block of the one that is gone. */
  renew(): void {
    freeQuicklist(this.heap, this.list);
    this.list = this.create();
    this.model = [];
  }

  seek(index: number): boolean {
    return seek(this.heap, this.cursor, this.list, NIL, index);
  }

  step(): void {
    const { heap, list, limits, random, model, cursor } = this;
    const text = randomText(random);
    const bytes = Buffer.from(`ab${text}c`, "latin1");
    const length = text.length;
    const index = random(model.length);
    if (random(100) === 0) {
      this.renew();
      return;
    }
    const shape = random(model.length === 0 ? 8 : model.length > 300 ? 24 : 20);
    if (shape < 8) {
      const atHead = shape < 4;
      if (!pushToQuicklist(heap, list, atHead, bytes, 2, length, limits)) return;
      if (atHead) model.unshift(text);
      else model.push(text);
    } else if (shape < 10) this.drop(shape === 8);
    else if (shape < 14) {
      expect(this.seek(index)).toBe(true);
      const isAfter = shape < 12;
      if (insertAt(heap, list, cursor, isAfter, bytes, 2, length, limits))
        model.splice(index + Number(isAfter), 0, text);
    } else if (shape < 17) {
      expect(this.seek(index)).toBe(true);
      if (replaceAt(heap, list, cursor, bytes, 2, length, limits)) model[index] = text;
    } else if (shape === 17 || shape > 19) {
      const count = Math.min(model.length - index, 1 + random(shape === 17 ? 5 : 100));
      if (deleteRange(heap, list, cursor, index, count, limits)) model.splice(index, count);
    } else this.removeSome();
  }

  /** Takes an element off one end, with the text where that is offered. */
  drop(atHead: boolean): void {
    const { heap, list, limits, model, text } = this;
    const expected = atHead ? model[0] : model.at(-1);
    if (peekQuicklist(heap, list, atHead, text)) {
      expect(latin1(text)).toBe(expected);
      dropPeeked(heap, list, atHead, text.length);
    } else if (!dropFromQuicklist(heap, list, atHead, limits)) return;
    if (atHead) model.shift();
    else model.pop();
  }

  removeSome(): void {
    const { heap, list, limits, random, model, cursor } = this;
    const text = model[random(model.length)] ?? "";
    const bytes = Buffer.from(text, "latin1");
    const most = random(4);
    const isForward = random(2) === 0;
    const removed = removeEqual(heap, list, NIL, cursor, isForward, most, bytes, 0, bytes.length, limits);
    if (removed < 0) return;
    const places = [...model.keys()].filter((place) => model[place] === text);
    const gone = new Set((isForward ? places : places.reverse()).slice(0, most === 0 ? places.length : most));
    expect(removed).toBe(gone.size);
    this.model = model.filter((_, place) => !gone.has(place));
  }

  /** Seeks that leave an index behind if there are many, or find out that it is old. */
  seekSome(most: number): void {
    const { model, random } = this;
    for (let left = model.length === 0 ? 0 : random(most + 1); left > 0; left--) {
      const index = random(model.length);
      expect(this.seek(index)).toBe(true);
      expect(this.read()).toBe(model[index]);
    }
  }

  read(): string {
    readAt(this.cursor, this.text);
    return latin1(this.text);
  }

  verify(): void {
    const { heap, list, cursor, model } = this;
    const forward: string[] = [];
    for (let on = toFirstOf(heap, cursor, headNode(heap, list)); on; on = toNext(heap, cursor))
      forward.push(this.read());
    expect(forward).toEqual(model);
    const backward: string[] = [];
    for (let on = toLastOf(heap, cursor, tailNode(heap, list)); on; on = toPrevious(heap, cursor)) {
      backward.unshift(this.read());
    }
    expect(backward).toEqual(model);
    expect(quicklistCount(heap, list)).toBe(model.length);
    const index = this.random(model.length + 1);
    expect(this.seek(index)).toBe(index < model.length);
    if (index < model.length) expect(this.read()).toBe(model[index]);
    if (index < model.length) this.verifySearch(index);
    this.verifyNodes();
  }

  /** Looks for a text from an element on, seen from the cursor that stands there. */
  verifySearch(index: number): void {
    const { heap, cursor, model, random } = this;
    const text = random(2) === 0 ? randomText(random) : (model[random(model.length)] ?? "");
    const bytes = Buffer.from(`ab${text}c`, "latin1");
    const at = model.indexOf(text, index);
    const most = random(model.length - index + 2);
    const isNear = at >= 0 && at - index < most;
    expect(passToEqual(heap, cursor, bytes, 2, text.length, most)).toBe(isNear ? at - index : -1);
    if (isNear) expect(this.read()).toBe(text);
    expect(this.seek(index)).toBe(true);
    expect(toEqual(heap, cursor, bytes, 2, text.length)).toBe(at >= 0);
    if (at >= 0) expect(this.read()).toBe(text);
    const before = model.lastIndexOf(text, index);
    expect(this.seek(index)).toBe(true);
    expect(toEqualBack(heap, cursor, bytes, 2, text.length)).toBe(before >= 0);
    if (before >= 0) expect(this.read()).toBe(text);
  }

  verifyNodes(): void {
    const { heap, list } = this;
    let nodes = 0;
    for (let node = headNode(heap, list); node !== NIL; node = nextNode(heap, node)) {
      nodes++;
      expect(nodeCount(heap, node)).toBeGreaterThan(0);
      if (isPlainNode(heap, node) || isCompressedNode(heap, node)) continue;
      const bytes = windowOf(heap, node);
      const start = offsetOf(node) + nodeListpackStart(heap, node);
      expect(validateListpack(bytes, start, listpackBytes(bytes, start), true)).toBe(true);
    }
    expect(quicklistNodes(heap, list)).toBe(nodes);
  }
}

const FILLS = [-1, -2, -5, 0, 1, 3, 20, 500];

const usualLimits = { ...nodeIndexLimits };

afterEach(() => {
  Object.assign(nodeIndexLimits, usualLimits);
});

test.each([0, 0.2])(`behaves as an array, failing memory: %d (SIDER_SEED=${String(fuzzSeed)})`, (failureRate) => {
  const random = randomFrom(fuzzSeed);
  for (let round = 0; round < 24 * fuzzScale; round++) {
    const limits = {
      listMaxListpackSize: FILLS[random(FILLS.length)] ?? -2,
      listCompressDepth: random(3),
      listPlainBytes: random(2) === 0 ? 2 ** 30 : 1000,
    };
    Object.assign(nodeIndexLimits, { fromNodes: 1 + random(5), samples: 1 + random(8) });
    // Two heaps, in which lists have the same refs.
    const subjects = [new Subject(random, limits, failureRate), new Subject(random, limits, failureRate)] as const;
    for (let count = 0; count < 600; count++) {
      const subject = subjects[random(2) === 0 ? 0 : 1];
      subject.step();
      subject.seekSome(random(5) === 0 ? 30 : 1);
      if (count % 10 === 0) subject.verify();
    }
    for (const subject of subjects) {
      subject.verify();
      freeQuicklist(subject.heap, subject.list);
      expect(heapStatistics(subject.heap).allocatedBytes).toBe(0);
    }
  }
});
