/** PFSELFTEST: random registers kept apart, and estimates within their error in both encodings. */
import {
  addToDense,
  draftAdd,
  draftDense,
  draftEmpty,
  estimate,
  hashElement,
  HyperLogLogDraft,
  isDenseHyperLogLog,
  mergeRegisters,
  REGISTER_BITS,
  REGISTER_COUNT,
} from "@sider/datastructures";
import type { CommandContext } from "../../dispatch/command-context.ts";

const REGISTER_CYCLES = 20;
const LARGEST_CARDINALITY = 1_000_000;
const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTER_COUNT);
/** Estimates farther off than so many standard errors are no bad luck. */
const ERRORS_ALLOWED = 6;

/** PFSELFTEST */
export function pfselftest(context: CommandContext): void {
  const failure = testRegisters(context) ?? testEstimates(context);
  if (failure !== null) context.refuse(`TESTFAILED ${failure}`);
  else context.reply.ok();
}

function testRegisters(context: CommandContext): string | null {
  const dense = new HyperLogLogDraft();
  const expected = new Uint8Array(REGISTER_COUNT);
  const registers = new Uint8Array(REGISTER_COUNT);
  draftEmpty(dense);
  draftDense(dense);
  for (let cycle = 0; cycle < REGISTER_CYCLES; cycle++) {
    for (let register = 0; register < REGISTER_COUNT; register++) {
      const rank = 1 + context.keyspace.random(51);
      if (rank > expected[register]) expected[register] = rank;
      addToDense(dense.bytes, 0, (rank << REGISTER_BITS) | register);
    }
    mergeRegisters(dense.bytes, 0, dense.length, registers);
    const wrong = registers.findIndex((value, register) => value !== expected[register]);
    if (wrong >= 0) {
      return `Register ${String(wrong)} should be ${String(expected[wrong])} but is ${String(registers[wrong])}`;
    }
  }
  return null;
}

function testEstimates(context: CommandContext): string | null {
  const [dense, growing] = [new HyperLogLogDraft(), new HyperLogLogDraft()];
  for (const one of [dense, growing]) draftEmpty(one);
  draftDense(dense);
  const { hllSparseMaxBytes } = context.keyspace.limits;
  const element = new Int32Array([context.keyspace.random(2 ** 31), context.keyspace.random(2 ** 31)]);
  const bytes = new Uint8Array(element.buffer);
  for (let count = 1, checked = 1; count <= LARGEST_CARDINALITY; count++) {
    element[0]++;
    const hashed = hashElement(bytes, 0, bytes.length);
    addToDense(dense.bytes, 0, hashed);
    draftAdd(growing, hashed, hllSparseMaxBytes);
    if (count !== checked) continue;
    const failure = compare(dense, growing, count, hllSparseMaxBytes);
    if (failure !== null) return failure;
    checked *= 10;
  }
  return null;
}

function compare(dense: HyperLogLogDraft, growing: HyperLogLogDraft, count: number, maxBytes: number): string | null {
  if (count < maxBytes / 2 && isDenseHyperLogLog(growing.bytes, 0)) return "sparse encoding not used";
  const estimated = estimate(dense.bytes, 0, dense.length);
  if (estimated !== estimate(growing.bytes, 0, growing.length)) return "dense/sparse disagree";
  const allowed = count === 10 ? 1 : Math.ceil(STANDARD_ERROR * ERRORS_ALLOWED * count);
  const difference = Math.abs(count - estimated);
  return difference > allowed ? `Too big error. card:${String(count)} abserr:${String(difference)}` : null;
}
