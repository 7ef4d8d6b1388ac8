/**
 * From registers to a cardinality: the estimator without bias correction tables of Otmar Ertl, "New cardinality estimation algorithms
 * for HyperLogLog sketches" (arXiv:1702.01284), in double arithmetic in the order in which Redis computes it.
 */
import { countDense } from "./dense.ts";
import { HEADER_BYTES, isDense, REGISTER_COUNT } from "./layout.ts";
import { countSparse } from "./sparse.ts";

/** Bits of the hash that make the rank. */
const RANK_BITS = 50;
/** 1 / (2 ln 2) */
const ALPHA = 0.7213475204444817;

const histogram = new Int32Array(64);

/** The cardinality of a HyperLogLog, or -1 when its sparse runs are corrupt. Infinite for registers that no element makes. */
export function estimate(bytes: Uint8Array, start: number, length: number): number {
  histogram.fill(0);
  if (isDense(bytes, start)) countDense(bytes, start + HEADER_BYTES, histogram);
  else if (!countSparse(bytes, start + HEADER_BYTES, start + length, histogram)) return -1;
  return fromHistogram();
}

/** The cardinality that registers of one byte each stand for. */
export function estimateRegisters(registers: Uint8Array): number {
  histogram.fill(0);
  for (let register = 0; register < REGISTER_COUNT; register++) histogram[registers[register]]++;
  return fromHistogram();
}

function fromHistogram(): number {
  const count = REGISTER_COUNT;
  let z = count * tau((count - histogram[RANK_BITS + 1]) / count);
  for (let rank = RANK_BITS; rank >= 1; rank--) z = (z + histogram[rank]) * 0.5;
  z += count * sigma(histogram[0] / count);
  return Math.round((ALPHA * count * count) / z);
}

/** x + sum of x^(2^k) * 2^(k-1), k from 1. */
function sigma(x: number): number {
  if (x === 1) return Infinity;
  let factor = 1;
  let sum = x;
  for (let before = -1; before !== sum;) {
    x *= x;
    before = sum;
    sum += x * factor;
    factor += factor;
  }
  return sum;
}

/** (1 - x - sum of (1 - x^(2^-k))^2 * 2^-k, k from 1) / 3. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let factor = 1;
  let sum = 1 - x;
  for (let before = -1; before !== sum;) {
    x = Math.sqrt(x);
    before = sum;
    factor *= 0.5;
    sum -= (1 - x) * (1 - x) * factor;
  }
  return sum / 3;
}
