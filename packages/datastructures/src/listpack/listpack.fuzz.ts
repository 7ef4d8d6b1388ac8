import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed, randomFrom } from "../testing/fuzzing.ts";
import { createHeap, free, heapStatistics, NIL, offsetOf, windowOf } from "../memory/index.ts";
import type { Heap } from "../memory/index.ts";
import {
  appendEntry,
  appendInteger,
  appendPair,
  createListpack,
  deleteEntries,
  END,
  encodedBytes,
  entryBytes,
  entryEquals,
  findEntry,
  firstEntry,
  insertEntry,
  insertInteger,
  lastEntry,
  listpackBytes,
  listpackCount,
  ListpackText,
  nextEntry,
  prependEntry,
  previousEntry,
  readText,
  replaceEntry,
  replaceInteger,
  reserveListpack,
  seekEntry,
  shrinkListpack,
  validateListpack,
} from "./index.ts";

const FAILURE_RATE = 0.2;

const EDGES = [0n, 127n, 128n, -1n, 4095n, 4096n, -4096n, -4097n, 32767n, 32768n, -32768n, -32769n, 8388607n]
  .concat([8388608n, -8388608n, -8388609n, 2n ** 31n - 1n, 2n ** 31n, -(2n ** 31n), -(2n ** 31n) - 1n, 2n ** 32n])
  .concat([
    2n ** 53n,
    10n ** 15n,
    10n ** 16n,
    -(10n ** 18n),
    2n ** 63n - 1n,
    2n ** 63n,
    -(2n ** 63n),
    -(2n ** 63n) - 1n,
  ]);
const ODD_TEXTS = ["", "-", "-0", "007", "+7", "7 ", "1e3", "99999999999999999999", "9223372036854775808"];
const LENGTHS = [1, 62, 63, 64, 65, 125, 126, 127, 128, 4094, 4095, 4096, 16378, 16381, 16384, 20000];

type Random = (below: number) => number;

function randomText(random: Random): string {
  const shape = random(20);
  if (shape < 5) return String((EDGES[random(EDGES.length)] ?? 0n) + BigInt(random(3) - 1));
  if (shape < 10) return String(random(2 ** 31) - random(2 ** 31));
  if (shape === 10) return ODD_TEXTS[random(ODD_TEXTS.length)] ?? "";
  if (shape === 11) return "\xff\x00x".repeat(7000).slice(0, LENGTHS[random(LENGTHS.length)]);
  return `text:${String(random(50))}`;
}

/** Compares without a report of the whole, which takes minutes where texts are long. */
function expectSame(texts: readonly string[], model: readonly string[]): void {
  expect(texts.length).toBe(model.length);
  const differs = texts.findIndex((text, index) => text !== model[index]);
  if (differs >= 0) expect(`${String(differs)}: ${texts[differs].slice(0, 99)}`).toBe(model[differs].slice(0, 99));
}

/** A listpack beside an array of texts. */
class Subject {
  readonly heap: Heap;
  readonly random: Random;
  readonly model: string[] = [];
  readonly text = new ListpackText();
  ref: number;

  constructor(random: Random, failing: boolean) {
    this.random = random;
    this.heap = createHeap({ capacityBytes: 2 ** 26, checks: true });
    this.ref = createListpack(this.heap, random(200));
    if (failing) this.heap = this.failingHeap();
  }

  /** The same again where calls for memory fail at random. */
  failingHeap(): Heap {
    free(this.heap, this.ref);
    const heap = createHeap({ capacityBytes: 2 ** 26, checks: true, failureRate: FAILURE_RATE, failureSeed: fuzzSeed });
    do this.ref = createListpack(heap);
    while (this.ref === NIL);
    return heap;
  }

  get window(): Uint8Array {
    return windowOf(this.heap, this.ref);
  }

  get start(): number {
    return offsetOf(this.ref);
  }

  at(index: number): number {
    return seekEntry(this.window, this.start, index);
  }

  read(position: number): string {
    readText(this.window, position, this.text);
    const { bytes, offset, length } = this.text;
    return Buffer.from(bytes.subarray(offset, offset + length)).toString("latin1");
  }

  /** Takes the ref that a change returned; true when there was memory. */
  moved(ref: number): boolean {
    if (ref === NIL) return false;
    this.ref = ref;
    return true;
  }

  step(): void {
    const { random, model, heap } = this;
    const text = randomText(random);
    const bytes = Buffer.from(`ab${text}c`, "latin1");
    const length = text.length;
    const index = random(model.length);
    const value = BigInt.asIntN(64, BigInt(random(2 ** 30)) << BigInt(random(34)));
    const high = Number(value >> 32n);
    const low = Number(BigInt.asIntN(32, value));
    const shape = random(model.length === 0 ? 3 : model.length > 60 ? 14 : 11);
    if (shape === 0 && random(2) === 0) this.pushPair(text);
    else if (shape === 0) {
      if (this.moved(appendEntry(heap, this.ref, bytes, 2, length))) model.push(text);
    } else if (shape === 1) {
      if (this.moved(prependEntry(heap, this.ref, bytes, 2, length))) model.unshift(text);
    } else if (shape === 2) {
      if (this.moved(appendInteger(heap, this.ref, high, low))) model.push(String(value));
    } else if (shape === 3) {
      if (this.moved(insertInteger(heap, this.ref, this.at(index), high, low))) model.splice(index, 0, String(value));
    } else if (shape === 4) {
      if (this.moved(replaceInteger(heap, this.ref, this.at(index), high, low))) model[index] = String(value);
    } else if (shape < 7) {
      if (this.moved(insertEntry(heap, this.ref, this.at(index), bytes, 2, length))) model.splice(index, 0, text);
    } else if (shape < 9) {
      if (this.moved(replaceEntry(heap, this.ref, this.at(index), bytes, 2, length))) model[index] = text;
    } else if (shape === 9) {
      this.ref = shrinkListpack(heap, this.ref);
    } else {
      const count = random(4);
      const deleted = deleteEntries(heap, this.ref, this.at(index), count);
      expect(deleted).toBe(model.splice(index, count).length);
    }
  }

  /** Two texts at once, now and then with their room made beforehand: they then come without a move, or without memory. */
  pushPair(text: string): void {
    const { heap, random, model } = this;
    const other = randomText(random);
    const bytes = Buffer.from(`${text}${other}`, "latin1");
    const one = { bytes, offset: 0, length: text.length };
    const two = { bytes, offset: text.length, length: other.length };
    const size = encodedBytes(bytes, 0, one.length) + encodedBytes(bytes, one.length, two.length);
    const isReserved = random(2) === 0 && this.moved(reserveListpack(heap, this.ref, size));
    const before = this.ref;
    if (this.moved(appendPair(heap, this.ref, one, two))) model.push(text, other);
    if (isReserved) {
      expect(this.ref).toBe(before);
      expect(model.at(-1)).toBe(other);
    }
  }

  verify(): void {
    const { model, window, start } = this;
    expect(validateListpack(window, start, listpackBytes(window, start), true)).toBe(true);
    expect(listpackCount(window, start)).toBe(model.length);
    const forward: string[] = [];
    for (let at = firstEntry(window, start); at !== END; at = nextEntry(window, at)) {
      const text = this.read(at);
      forward.push(text);
      const bytes = Buffer.from(text, "latin1");
      expect(entryBytes(window, at)).toBe(encodedBytes(bytes, 0, bytes.length));
    }
    expectSame(forward, model);
    const backward: string[] = [];
    for (let at = lastEntry(window, start); at !== END; at = previousEntry(window, start, at)) {
      backward.unshift(this.read(at));
    }
    expectSame(backward, model);
    this.verifySearch();
  }

  verifySearch(): void {
    const { model, window, start, random } = this;
    const text = random(2) === 0 ? randomText(random) : (model[random(model.length)] ?? "");
    const needle = Buffer.from(`x${text}`, "latin1");
    const skip = random(3);
    const index = model.findIndex((entry, place) => place % (skip + 1) === 0 && entry === text);
    const found = findEntry(window, firstEntry(window, start), needle, 1, text.length, skip);
    expect(found).toBe(index < 0 ? END : this.at(index));
    if (found !== END) expect(entryEquals(window, found, needle, 1, text.length)).toBe(true);
    expect(this.at(model.length)).toBe(END);
    expect(this.at(-model.length - 1)).toBe(END);
    if (model.length > 0) expect(this.at(-model.length)).toBe(this.at(0));
  }

  close(): void {
    free(this.heap, this.ref);
    expect(heapStatistics(this.heap).allocatedBytes).toBe(0);
  }
}

test.each([false, true])(`behaves as an array, failing memory: %s (SIDER_SEED=${String(fuzzSeed)})`, (failing) => {
  const random = randomFrom(fuzzSeed);
  for (let round = 0; round < 20 * fuzzScale; round++) {
    const subject = new Subject(random, failing);
    for (let count = 0; count < 120; count++) {
      subject.step();
      if (count % 4 === 0) subject.verify();
    }
    subject.verify();
    subject.close();
  }
});

test(`a mutated listpack is refused or can be walked within its bytes (SIDER_SEED=${String(fuzzSeed)})`, () => {
  const random = randomFrom(fuzzSeed + 1);
  const text = new ListpackText();
  for (let round = 0; round < 2000 * fuzzScale; round++) {
    const subject = new Subject(random, false);
    for (let count = 0; count < 8; count++) subject.step();
    const size = listpackBytes(subject.window, subject.start);
    const copy = subject.window.slice(subject.start, subject.start + size);
    subject.close();
    for (let flips = random(3); flips >= 0; flips--) copy[random(Math.min(size, 64))] = random(256);
    if (!validateListpack(copy, 0, size, true)) continue;
    for (let at = firstEntry(copy, 0); at !== END; at = nextEntry(copy, at)) {
      readText(copy, at, text);
      expect(at + entryBytes(copy, at)).toBeLessThan(size);
      if (text.bytes === copy) expect(text.offset + text.length).toBeLessThan(size);
    }
  }
});
