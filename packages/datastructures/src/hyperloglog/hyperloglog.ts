/** HyperLogLogs in either encoding: what can be done to them where they lie. Changes that move bytes are made in a `HyperLogLogDraft`. */
import { denseRegister, mergeDense, setDenseRegister } from "./dense.ts";
import { rankOf, registerOf } from "./element-hash.ts";
import { dropCardinality, HEADER_BYTES, isDense } from "./layout.ts";
import { CORRUPT, mergeSparse, sparseRegister } from "./sparse.ts";

/** Whether an element would raise its register: 1, 0, or CORRUPT. O(1) dense, O(runs) sparse. */
export function wouldRaise(bytes: Uint8Array, start: number, length: number, hashed: number): number {
  const at = start + HEADER_BYTES;
  const register = registerOf(hashed);
  const value = isDense(bytes, start)
    ? denseRegister(bytes, at, register)
    : sparseRegister(bytes, at, start + length, register);
  if (value === CORRUPT) return CORRUPT;
  return value < rankOf(hashed) ? 1 : 0;
}

/** Adds an element to a dense one; gives whether that changed it. */
export function addToDense(bytes: Uint8Array, start: number, hashed: number): boolean {
  const at = start + HEADER_BYTES;
  const register = registerOf(hashed);
  const rank = rankOf(hashed);
  if (denseRegister(bytes, at, register) >= rank) return false;
  setDenseRegister(bytes, at, register, rank);
  dropCardinality(bytes, start);
  return true;
}

/** Raises each of `registers` (16384 of one byte) to that of a HyperLogLog. False when it is corrupt. */
export function mergeRegisters(bytes: Uint8Array, start: number, length: number, registers: Uint8Array): boolean {
  if (!isDense(bytes, start)) return mergeSparse(bytes, start + HEADER_BYTES, start + length, registers);
  mergeDense(bytes, start + HEADER_BYTES, registers);
  return true;
}
