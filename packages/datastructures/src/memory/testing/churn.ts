/** Workloads that fragment a heap, for the bench and the test of fragmentation. */
import { allocate, createHeap, free, type Heap, NIL } from "../index.ts";
import { randomFrom, type Random } from "../../testing/fuzzing.ts";
import { PAGE_BYTES } from "../size-classes.ts";

/** Blocks with the lengths that were asked for: what a caller calls live. */
export interface Population {
  heap: Heap;
  refs: Int32Array;
  lengths: Int32Array;
  liveBytes: number;
  random: Random;
}

/** As in a store: mostly entries of 16 to 128 bytes, some values up to 1 KiB, few up to 64 KiB. */
export function mixedLength(random: Population["random"]): number {
  const shape = random(100);
  if (shape < 70) return 16 + random(112);
  if (shape < 95) return 128 + random(900);
  return shape < 99 ? 1024 + random(7000) : 8192 + random(56_000);
}

/** A heap with so many blocks. */
export function populate(blocks: number, capacityBytes: number, seed: number): Population {
  const population: Population = {
    heap: createHeap({ capacityBytes }),
    refs: new Int32Array(blocks),
    lengths: new Int32Array(blocks),
    liveBytes: 0,
    random: randomFrom(seed),
  };
  for (let index = 0; index < blocks; index++) put(population, index, mixedLength(population.random));
  return population;
}

export function put(population: Population, index: number, length: number): void {
  const ref = allocate(population.heap, length);
  if (ref === NIL) throw new Error("out of memory");
  population.refs[index] = ref;
  population.lengths[index] = length;
  population.liveBytes += length;
}

export function remove(population: Population, index: number): void {
  free(population.heap, population.refs[index] ?? NIL);
  population.liveBytes -= population.lengths[index] ?? 0;
  population.refs[index] = NIL;
  population.lengths[index] = 0;
}

/** Frees and allocates in turns among the first so many blocks; growth multiplies all lengths, step by step, up to it. */
export function churn(population: Population, blocks: number, operations: number, growth = 1): void {
  const { random } = population;
  for (let operation = 0; operation < operations; operation++) {
    const index = random(blocks);
    const factor = 1 + ((growth - 1) * Math.floor((operation / operations) * 4)) / 3;
    remove(population, index);
    put(population, index, Math.floor(mixedLength(random) * factor));
  }
}

/** Pages in use over the bytes that the caller asked for. */
export function usedOverLive(population: Population): number {
  return (population.heap.usedPages * PAGE_BYTES) / population.liveBytes;
}

/** The same with all pages that were ever in use. */
export function residentOverLive(population: Population): number {
  return (population.heap.highestPage * PAGE_BYTES) / population.liveBytes;
}
