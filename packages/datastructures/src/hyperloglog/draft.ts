/**
 * A HyperLogLog that is being changed, in memory of its own: a sparse one moves its bytes at every step, and may become dense. Who is
 * done stores bytes[0 .. length) whole, so that a change that cannot be stored has not happened.
 *
 *   register raised in a run     XZERO                    ->  XZERO VAL XZERO      (or ZERO, where it is short)
 *                                VAL x 4                  ->  VAL VAL VAL
 *   neighbours made equal        VAL(3) x 1, VAL(3) x 2   ->  VAL(3) x 3
 */
import { denseRegister, setDenseRegister, writeDense } from "./dense.ts";
import { rankOf, registerOf } from "./element-hash.ts";
import {
  DENSE_BYTES,
  dropCardinality,
  EMPTY_BYTES,
  HEADER_BYTES,
  isDense,
  REGISTER_COUNT,
  setDense,
  writeSparseHeader,
} from "./layout.ts";
import {
  CORRUPT,
  isValueRun,
  LARGEST_SPARSE_VALUE,
  mergeSparse,
  runBytes,
  runLength,
  runValue,
  VALUE_RUN_MAXIMUM,
  writeValueRun,
  writeZeroRun,
} from "./sparse.ts";

/** One run becomes at most three, of which two may be long. */
const LONGEST_SPLIT_BYTES = 5;
/** How many runs, from the one before the change on, are looked at for equal neighbours. */
const MERGED_RUNS = 5;

const registers = new Uint8Array(REGISTER_COUNT);
const split = new Uint8Array(LONGEST_SPLIT_BYTES);

/** A copy of a HyperLogLog that changes are made in: bytes[0 .. length). */
export class HyperLogLogDraft {
  /** bytes[0 .. length) is the HyperLogLog. */
  bytes = new Uint8Array(DENSE_BYTES);
  length = 0;
}

/** Makes the draft an empty sparse one. */
export function draftEmpty(draft: HyperLogLogDraft): void {
  writeSparseHeader(draft.bytes, 0);
  writeZeroRun(draft.bytes, HEADER_BYTES, REGISTER_COUNT);
  draft.length = EMPTY_BYTES;
}

/** Makes the draft a copy. O(length). */
export function draftCopy(draft: HyperLogLogDraft, bytes: Uint8Array, start: number, length: number): void {
  if (draft.bytes.length < length + LONGEST_SPLIT_BYTES || draft.bytes.length > 2 * (length + DENSE_BYTES)) {
    draft.bytes = new Uint8Array(Math.max(DENSE_BYTES, length + LONGEST_SPLIT_BYTES));
  }
  draft.bytes.set(bytes.subarray(start, start + length));
  draft.length = length;
}

/** Makes a sparse draft dense; its cached cardinality stays. False, with nothing changed, when it is corrupt. */
export function draftDense(draft: HyperLogLogDraft): boolean {
  if (isDense(draft.bytes, 0)) return true;
  registers.fill(0);
  if (!mergeSparse(draft.bytes, HEADER_BYTES, draft.length, registers)) return false;
  writeDense(draft.bytes, HEADER_BYTES, registers);
  setDense(draft.bytes, 0);
  draft.length = DENSE_BYTES;
  return true;
}

/**
 * Raises a register to the rank of `hashed` (`hashElement`). 1 when that changed it, 0 when it is as high already, CORRUPT when the runs
 * do not reach it. A sparse draft that would become longer than `sparseMaxBytes` becomes dense. O(runs).
 */
export function draftAdd(draft: HyperLogLogDraft, hashed: number, sparseMaxBytes: number): number {
  const register = registerOf(hashed);
  const rank = rankOf(hashed);
  if (isDense(draft.bytes, 0)) return addDense(draft, register, rank);
  if (rank > LARGEST_SPARSE_VALUE) return addAsDense(draft, register, rank);
  return addSparse(draft, register, rank, sparseMaxBytes);
}

function addDense(draft: HyperLogLogDraft, register: number, rank: number): number {
  if (denseRegister(draft.bytes, HEADER_BYTES, register) >= rank) return 0;
  setDenseRegister(draft.bytes, HEADER_BYTES, register, rank);
  dropCardinality(draft.bytes, 0);
  return 1;
}

function addAsDense(draft: HyperLogLogDraft, register: number, rank: number): number {
  return draftDense(draft) ? addDense(draft, register, rank) : CORRUPT;
}

function addSparse(draft: HyperLogLogDraft, register: number, rank: number, sparseMaxBytes: number): number {
  const { bytes, length: end } = draft;
  let at = HEADER_BYTES;
  let previous = at;
  let first = 0;
  let span = 0;
  for (; at < end; at += runBytes(bytes[at])) {
    span = runLength(bytes, at, end);
    if (register < first + span) break;
    previous = at;
    first += span;
  }
  if (at + (at < end ? runBytes(bytes[at]) : 1) > end) return CORRUPT;
  const value = runValue(bytes[at]);
  if (value >= rank) return 0;
  const splitBytes = splitRun(value, rank, register - first, span);
  const growth = splitBytes - runBytes(bytes[at]);
  if (growth > 0 && end + growth > sparseMaxBytes) return addAsDense(draft, register, rank);
  replaceRun(draft, at, splitBytes, growth);
  mergeNeighbours(draft, previous);
  dropCardinality(draft.bytes, 0);
  return 1;
}

/** Writes into `split` a run of `span` registers of `value` in which the one at `index` is `rank`; gives the bytes that takes. */
function splitRun(value: number, rank: number, index: number, span: number): number {
  let at = 0;
  if (index > 0) at = value === 0 ? writeZeroRun(split, at, index) : writeValueRun(split, at, value, index);
  at = writeValueRun(split, at, rank, 1);
  const rest = span - index - 1;
  if (rest > 0) at = value === 0 ? writeZeroRun(split, at, rest) : writeValueRun(split, at, value, rest);
  return at;
}

function replaceRun(draft: HyperLogLogDraft, at: number, splitBytes: number, growth: number): void {
  const { length } = draft;
  if (draft.bytes.length < length + growth) {
    const larger = new Uint8Array(length + growth + DENSE_BYTES);
    larger.set(draft.bytes.subarray(0, length));
    draft.bytes = larger;
  }
  const { bytes } = draft;
  const next = at + splitBytes - growth;
  if (growth !== 0) bytes.copyWithin(next + growth, next, length);
  for (let byte = 0; byte < splitBytes; byte++) bytes[at + byte] = split[byte];
  draft.length = length + growth;
}

/** Joins runs of the same value next to each other, as far as one run can hold them. */
function mergeNeighbours(draft: HyperLogLogDraft, from: number): void {
  const { bytes } = draft;
  let at = from;
  for (let left = MERGED_RUNS; at < draft.length && left > 0; left--) {
    const merged = at + 1 < draft.length ? mergedLength(bytes[at], bytes[at + 1]) : 0;
    if (merged === 0) {
      at += runBytes(bytes[at]);
      continue;
    }
    writeValueRun(bytes, at + 1, runValue(bytes[at]), merged);
    bytes.copyWithin(at, at + 1, draft.length);
    draft.length--;
  }
}

/** The length of two runs in one; 0 when they cannot be. */
function mergedLength(one: number, other: number): number {
  if (!isValueRun(one) || !isValueRun(other) || runValue(one) !== runValue(other)) return 0;
  const length = (one & 3) + (other & 3) + 2;
  return length <= VALUE_RUN_MAXIMUM ? length : 0;
}
