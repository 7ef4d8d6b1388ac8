/**
 * Sparse registers: runs of equal ones, which must add up to 16384.
 *
 *   ZERO   00nnnnnn             n + 1 registers of 0: 1 to 64
 *   XZERO  01nnnnnn nnnnnnnn    n + 1 registers of 0: 1 to 16384
 *   VAL    1vvvvvnn             n + 1 registers of v + 1: 1 to 4, of 1 to 32
 *
 * The runs are bytes[at .. end). Nothing here trusts them: a run that goes beyond the end or the registers is found.
 */
import { REGISTER_COUNT } from "./layout.ts";

export const LARGEST_SPARSE_VALUE = 32;
export const ZERO_RUN_MAXIMUM = 64;
export const VALUE_RUN_MAXIMUM = 4;
const XZERO = 0x40;
const VALUE = 0x80;
/** What a register or a histogram has when the runs are corrupt. */
export const CORRUPT = -1;

export function isValueRun(opcode: number): boolean {
  return opcode >= VALUE;
}

export function isLongZeroRun(opcode: number): boolean {
  return opcode >= XZERO && opcode < VALUE;
}

/** Bytes of the run with this first byte. */
export function runBytes(opcode: number): number {
  return isLongZeroRun(opcode) ? 2 : 1;
}

/** The value of the registers of a run; 0 for runs of zeros. */
export function runValue(opcode: number): number {
  return isValueRun(opcode) ? ((opcode >> 2) & 0x1f) + 1 : 0;
}

/** Registers of the run at `at`; a long run that is cut off counts as if a 0 followed. */
export function runLength(bytes: Uint8Array, at: number, end: number): number {
  const opcode = bytes[at];
  if (isValueRun(opcode)) return (opcode & 3) + 1;
  if (opcode < XZERO) return opcode + 1;
  return (((opcode & 0x3f) << 8) | (at + 1 < end ? bytes[at + 1] : 0)) + 1;
}

/** Writes a run of zeros in its shortest form; gives the position behind it. */
export function writeZeroRun(bytes: Uint8Array, at: number, length: number): number {
  const rest = length - 1;
  if (length <= ZERO_RUN_MAXIMUM) {
    bytes[at] = rest;
    return at + 1;
  }
  bytes[at] = XZERO | (rest >> 8);
  bytes[at + 1] = rest;
  return at + 2;
}

/** Writes a run of values; gives the position behind it. */
export function writeValueRun(bytes: Uint8Array, at: number, value: number, length: number): number {
  bytes[at] = VALUE | ((value - 1) << 2) | (length - 1);
  return at + 1;
}

/** The value of a register, or CORRUPT when the runs end before it. O(runs). */
export function sparseRegister(bytes: Uint8Array, at: number, end: number, register: number): number {
  let first = 0;
  while (at < end) {
    first += runLength(bytes, at, end);
    if (register < first) return runValue(bytes[at]);
    at += runBytes(bytes[at]);
  }
  return CORRUPT;
}

/** Counts registers by their value, adding to `histogram`. False when the runs are corrupt. */
export function countSparse(bytes: Uint8Array, at: number, end: number, histogram: Int32Array): boolean {
  let register = 0;
  while (at < end) {
    const length = runLength(bytes, at, end);
    register += length;
    if (register > REGISTER_COUNT) return false;
    histogram[runValue(bytes[at])] += length;
    at += runBytes(bytes[at]);
  }
  return register === REGISTER_COUNT;
}

/** Raises each of `registers` (one byte each) to the value of the sparse one. False when the runs are corrupt. */
export function mergeSparse(bytes: Uint8Array, at: number, end: number, registers: Uint8Array): boolean {
  let register = 0;
  while (at < end) {
    const next = register + runLength(bytes, at, end);
    if (next > REGISTER_COUNT) return false;
    const value = runValue(bytes[at]);
    if (value > 0) raiseRun(registers, register, next, value);
    register = next;
    at += runBytes(bytes[at]);
  }
  return register === REGISTER_COUNT;
}

function raiseRun(registers: Uint8Array, first: number, end: number, value: number): void {
  for (let register = first; register < end; register++) {
    if (value > registers[register]) registers[register] = value;
  }
}

/** The runs as text for people: `Z:2000 v:3,1 z:10`. O(runs). */
export function describeRuns(bytes: Uint8Array, at: number, end: number): string {
  const runs: string[] = [];
  while (at < end) {
    const opcode = bytes[at];
    const length = String(runLength(bytes, at, end));
    if (isValueRun(opcode)) runs.push(`v:${String(runValue(opcode))},${length}`);
    else runs.push(`${isLongZeroRun(opcode) ? "Z" : "z"}:${length}`);
    at += runBytes(opcode);
  }
  return runs.join(" ");
}
