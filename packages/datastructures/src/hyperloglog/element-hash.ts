/**
 * Which register an element raises, and to what: MurmurHash64A (Austin Appleby) under the seed that Redis uses.
 *
 *   64-bit hash   | 50 bits: rank = trailing zeros + 1, at most 51 | 14 bits: register |
 *
 * 64-bit numbers are pairs of int32, since a BigInt would be garbage for each step.
 */
const SEED = 0xadc83b19 | 0;
const FACTOR_HIGH = 0xc6a4a793 | 0;
const FACTOR_LOW = 0x5bd1e995;
const FACTOR_LOW_0 = FACTOR_LOW & 0xffff;
const FACTOR_LOW_1 = FACTOR_LOW >>> 16;

export const REGISTER_BITS = 14;
const REGISTER_MASK = (1 << REGISTER_BITS) - 1;
/** Ends the zeros after 50 bits, seen in the high half after the register's bits are shifted out. */
const LAST_RANK_BIT = 1 << 18;

/** The register of what `hashElement` gave. */
export function registerOf(hashed: number): number {
  return hashed & REGISTER_MASK;
}

/** The rank of what `hashElement` gave: 1 to 51. */
export function rankOf(hashed: number): number {
  return hashed >> REGISTER_BITS;
}

/** Hashes the element bytes[offset .. offset + length) to its register and rank, in one int32. O(length). */
export function hashElement(bytes: Uint8Array, offset: number, length: number): number {
  hash(bytes, offset, length);
  const low = (hashLow >>> REGISTER_BITS) | (hashHigh << (32 - REGISTER_BITS));
  const high = (hashHigh >>> REGISTER_BITS) | LAST_RANK_BIT;
  const zeros = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
  return ((zeros + 1) << REGISTER_BITS) | (hashLow & REGISTER_MASK);
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** The hash, and the operand and result of `multiply`. */
let hashHigh = 0;
let hashLow = 0;
let productHigh = 0;
let productLow = 0;

/** Multiplies by the factor of the hash, modulo 2^64, into `product`. */
function multiply(high: number, low: number): void {
  const low0 = low & 0xffff;
  const low1 = low >>> 16;
  const middle = low1 * FACTOR_LOW_0 + ((low0 * FACTOR_LOW_0) >>> 16);
  const carry = (low0 * FACTOR_LOW_1 + (middle & 0xffff)) >>> 16;
  const lowHigh = Math.imul(low1, FACTOR_LOW_1) + (middle >>> 16) + carry;
  productHigh = (lowHigh + Math.imul(low, FACTOR_HIGH) + Math.imul(high, FACTOR_LOW)) | 0;
  productLow = Math.imul(low, FACTOR_LOW);
}

function hash(bytes: Uint8Array, offset: number, length: number): void {
  multiply(0, length);
  let high = productHigh;
  let low = productLow ^ SEED;
  const end = offset + (length & ~7);
  let at = offset;
  for (; at < end; at += 8) {
    multiply(int32At(bytes, at + 4), int32At(bytes, at));
    multiply(productHigh, productLow ^ (productHigh >>> 15));
    multiply(high ^ productHigh, low ^ productLow);
    high = productHigh;
    low = productLow;
  }
  if ((length & 7) !== 0) {
    for (let byte = 0; byte < (length & 7); byte++) {
      if (byte < 4) low ^= bytes[at + byte] << (8 * byte);
      else high ^= bytes[at + byte] << (8 * byte - 32);
    }
    multiply(high, low);
    high = productHigh;
    low = productLow;
  }
  multiply(high, low ^ (high >>> 15));
  hashHigh = productHigh;
  hashLow = productLow ^ (productHigh >>> 15);
}

function int32At(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}
