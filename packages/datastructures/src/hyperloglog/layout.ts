/**
 * The bytes of a HyperLogLog, which are Redis's own: an estimate of how many different elements a set has, in at most 12 KiB.
 *
 *    0        4          5         8                  16
 *   | "HYLL" | encoding | 0  0  0 | cached cardinality | registers ...
 *              0 dense              64 bits, little     dense: 16384 registers of 6 bits (`dense.ts`)
 *              1 sparse             endian; top bit:    sparse: runs of equal registers (`sparse.ts`)
 *                                   not valid
 *
 * A register holds the largest rank of the elements that fall into it. Functions take `bytes` and `start`, the offset of the header.
 */
export const HEADER_BYTES = 16;
export const REGISTER_COUNT = 16384;
/** A rank that a register has room for: 6 bits. The hash gives 51 at most. */
export const LARGEST_REGISTER = 63;
export const DENSE_BYTES = HEADER_BYTES + (REGISTER_COUNT * 6) / 8;
/** A sparse one without elements: header and one run. */
export const EMPTY_BYTES = HEADER_BYTES + 2;

const ENCODING_AT = 4;
const DENSE = 0;
const SPARSE = 1;
const CARDINALITY_AT = 8;
const NOT_VALID_AT = 15;
const NOT_VALID = 0x80;

/** Whether bytes are a HyperLogLog by their header and length. Sparse runs may still be corrupt. */
export function isHyperLogLog(bytes: Uint8Array, start: number, length: number): boolean {
  if (length < HEADER_BYTES) return false;
  const hasMagic = bytes[start] === 72 && bytes[start + 1] === 89 && bytes[start + 2] === 76 && bytes[start + 3] === 76;
  if (!hasMagic) return false;
  const encoding = bytes[start + ENCODING_AT];
  return encoding === SPARSE || (encoding === DENSE && length === DENSE_BYTES);
}

/** Whether the registers are in full, 6 bits each. */
export function isDense(bytes: Uint8Array, start: number): boolean {
  return bytes[start + ENCODING_AT] === DENSE;
}

/** Marks the registers as dense. */
export function setDense(bytes: Uint8Array, start: number): void {
  bytes[start + ENCODING_AT] = DENSE;
}

/** Writes the header of a sparse one whose cached cardinality is 0. */
export function writeSparseHeader(bytes: Uint8Array, start: number): void {
  bytes.fill(0, start, start + HEADER_BYTES);
  bytes[start] = 72;
  bytes[start + 1] = 89;
  bytes[start + 2] = 76;
  bytes[start + 3] = 76;
  bytes[start + ENCODING_AT] = SPARSE;
}

/** Whether the cached cardinality is that of the registers. */
export function hasCardinality(bytes: Uint8Array, start: number): boolean {
  return (bytes[start + NOT_VALID_AT] & NOT_VALID) === 0;
}

/** The registers have changed: the cached cardinality is not theirs. */
export function dropCardinality(bytes: Uint8Array, start: number): void {
  bytes[start + NOT_VALID_AT] |= NOT_VALID;
}

/** The low 32 bits of the cached cardinality as int32. */
export function cardinalityLow(bytes: Uint8Array, start: number): number {
  return int32At(bytes, start + CARDINALITY_AT);
}

/** The high 32 bits. */
export function cardinalityHigh(bytes: Uint8Array, start: number): number {
  return int32At(bytes, start + CARDINALITY_AT + 4);
}

/** Caches a cardinality, given as int32 halves. */
export function setCardinality(bytes: Uint8Array, start: number, high: number, low: number): void {
  for (let at = 0; at < 4; at++) {
    bytes[start + CARDINALITY_AT + at] = low >> (8 * at);
    bytes[start + CARDINALITY_AT + 4 + at] = high >> (8 * at);
  }
}

function int32At(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}
