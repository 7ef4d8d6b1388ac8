/**
 * Random allocations, frees and in-place changes of length against a naive model: every block keeps its contents, no two
 * overlap, alignment holds, the heap verifies, and in the end it counts back to zero. With checks and without.
 */
import { describe, expect, it } from "vitest";
import { fuzzScale, fuzzSeed, randomFrom } from "../testing/fuzzing.ts";
import {
  allocate,
  createHeap,
  free,
  type Heap,
  type HeapOptions,
  heapStatistics,
  NIL,
  offsetOf,
  reallocateInPlace,
  releaseEmptySlabs,
  usableBytes,
  verifyHeap,
  windowOf,
} from "./index.ts";

interface Model {
  heap: Heap;
  refs: number[];
  lengths: number[];
  marks: number[];
  random: (below: number) => number;
}

/** Mostly small, some medium, few large; often around powers of two and multiples of 64. */
function randomLength(random: Model["random"]): number {
  const shape = random(100);
  if (shape < 60) return 1 + random(300);
  if (shape < 75) return Math.max(1, 2 ** random(15) + random(3) - 1);
  if (shape < 90) return 64 * (1 + random(200));
  return 1 + random(shape < 99 ? 20_000 : 300_000);
}

/** Marks both ends of a block; the middle is left to the block's neighbours to spoil. */
function mark(model: Model, index: number): void {
  const { heap } = model;
  const [ref, length, value] = [model.refs[index] ?? 0, model.lengths[index] ?? 0, model.marks[index] ?? 0];
  const start = offsetOf(ref);
  windowOf(heap, ref).fill(value, start, start + Math.min(length, 512));
  windowOf(heap, ref).fill(value, start + Math.max(0, length - 512), start + length);
}

function expectMarked(model: Model, index: number, length: number): void {
  const ref = model.refs[index] ?? 0;
  const value = model.marks[index] ?? 0;
  const window = windowOf(model.heap, ref);
  const start = offsetOf(ref);
  for (let at = 0; at < Math.min(length, 512); at++) {
    if (window[start + at] !== value) throw new Error(`block ${ref} lost byte ${at}`);
  }
}

function add(model: Model): void {
  const length = randomLength(model.random);
  const ref = allocate(model.heap, length);
  if (ref === NIL) return;
  if (usableBytes(model.heap, ref) < length) throw new Error("a block is too short");
  if ((length % 64 === 0 || length > 16384) && ref % 8 !== 0) throw new Error("a block is not aligned to 64 bytes");
  model.refs.push(ref);
  model.lengths.push(length);
  model.marks.push(1 + model.random(255));
  mark(model, model.refs.length - 1);
}

function remove(model: Model, index: number): void {
  expectMarked(model, index, model.lengths[index] ?? 0);
  free(model.heap, model.refs[index] ?? 0);
  for (const list of [model.refs, model.lengths, model.marks]) {
    list[index] = list.at(-1) ?? 0;
    list.pop();
  }
}

function resize(model: Model, index: number): void {
  const before = model.lengths[index] ?? 0;
  const after = model.random(3) === 0 ? randomLength(model.random) : before + model.random(10_000);
  if (!reallocateInPlace(model.heap, model.refs[index] ?? 0, after)) return;
  model.lengths[index] = after;
  expectMarked(model, index, Math.min(before, after));
  mark(model, index);
}

function expectNoOverlap(model: Model): void {
  const order = model.refs.map((_, index) => index).sort((a, b) => (model.refs[a] ?? 0) - (model.refs[b] ?? 0));
  let end = 0;
  for (const index of order) {
    const ref = model.refs[index] ?? 0;
    if (ref * 8 < end) throw new Error(`block ${ref} overlaps the one before`);
    end = ref * 8 + (model.lengths[index] ?? 0);
  }
}

function run(options: HeapOptions, steps: number, seedOfRun: number): void {
  const model: Model = { heap: createHeap(options), refs: [], lengths: [], marks: [], random: randomFrom(seedOfRun) };
  const { random, heap } = model;
  let growing = true;
  for (let step = 0; step < steps; step++) {
    if (random(steps / 10) === 0) growing = !growing;
    const index = random(model.refs.length);
    if (model.refs.length === 0 || random(100) < (growing ? 60 : 35)) add(model);
    else if (random(5) === 0) resize(model, index);
    else remove(model, index);
    if (random(2000) === 0) {
      verifyHeap(heap);
      expectNoOverlap(model);
    }
  }
  verifyHeap(heap);
  expectNoOverlap(model);
  while (model.refs.length > 0) remove(model, random(model.refs.length));
  expectEmpty(heap);
}

function expectEmpty(heap: Heap): void {
  const statistics = heapStatistics(heap);
  expect([statistics.allocatedBytes, statistics.liveBlocks, statistics.largeBlocks]).toEqual([0, 0, 0]);
  releaseEmptySlabs(heap);
  verifyHeap(heap);
  expect([heap.usedPages, heap.topPage]).toEqual([0, 1]);
}

/** Refuses more than 2 MiB at first and later, so that the heap has to grow while it is used. */
function reluctantReserve(): (byteLength: number) => ArrayBuffer {
  let largest = 2 ** 21;
  return (byteLength) => {
    if (byteLength > largest) {
      largest *= 2;
      throw new RangeError("refused");
    }
    return new ArrayBuffer(byteLength);
  };
}

describe(`allocator, SIDER_SEED=${fuzzSeed}`, () => {
  const steps = Math.floor(30_000 * fuzzScale);
  it("without checks", () => run({ capacityBytes: 2 ** 30 }, steps * 3, fuzzSeed));
  it("with checks", () => run({ capacityBytes: 2 ** 30, checks: true }, steps, fuzzSeed + 1));
  it("with failures at random", () =>
    run({ capacityBytes: 2 ** 30, failureRate: 0.2, failureSeed: fuzzSeed }, steps, fuzzSeed + 2));
  it("where memory is short", () => run({ capacityBytes: 3 * 2 ** 20 }, steps * 3, fuzzSeed + 3));
  it("below a limit", () => run({ capacityBytes: 2 ** 30, limitBytes: 2 ** 22 }, steps, fuzzSeed + 4));
  it("while the reservation grows", () =>
    run({ capacityBytes: 2 ** 28, reserve: reluctantReserve() }, steps * 3, fuzzSeed + 5));
});
