/**
 * LZF, the byte compression that Redis uses inside RDB strings. A compressed block is a row of items:
 *
 *     000LLLLL  literals...                        L+1 literal bytes follow (1..32)
 *     LLLDDDDD  dddddddd                           copy L+2 bytes (3..8) from distance Dd+1 (1..8192) back
 *     111DDDDD  llllllll  dddddddd                 copy l+9 bytes (9..264) from distance Dd+1 back
 *
 * A copy may overlap its own output (distance 1 repeats a byte). The block says neither its own nor its original length.
 */

const HASH_BITS = 15;
const MAX_LITERALS = 32;
const MAX_DISTANCE = 8192;
const MAX_COPY = 264;

/** The best case: an item of 3 bytes gives 264. A claim of more original bytes per compressed byte is a lie. */
export const LZF_MAX_RATIO = MAX_COPY / 3;

/**
 * Compresses with one hash table of the positions where a three-byte prefix was last seen. The table is not cleared
 * between blocks (that would cost more than a short string): each block numbers its positions above all earlier ones.
 */
export class LzfCompressor {
  readonly #lastSeen = new Int32Array(1 << HASH_BITS).fill(-1);
  #firstNumber = 0;

  /**
   * Compresses input[start..start+length) to output[0..limit).
   * @returns the compressed length, or 0 when it would not fit into `limit`. O(length), no garbage.
   */
  compress(input: Uint8Array, start: number, length: number, output: Uint8Array, limit: number): number {
    const table = this.#lastSeen;
    const shift = this.#numberPositions(length) - start;
    const end = start + length;
    let literalStart = start;
    let at = start;
    let out = 0;
    while (at + 2 < end) {
      const slot = hashAt(input, at);
      const candidate = table[slot] - shift;
      table[slot] = at + shift;
      if (candidate < start || at - candidate > MAX_DISTANCE || !sameThree(input, candidate, at)) {
        // The longer nothing repeats, the larger the steps: data that does not compress is left quickly.
        at += 1 + ((at - literalStart) >> 8);
        continue;
      }
      const copyLength = matchLength(input, candidate, at, end);
      out = putLiterals(input, literalStart, at, output, out, limit);
      if (out < 0 || out + 3 > limit) return 0;
      out = putCopy(output, out, at - candidate - 1, copyLength);
      at += copyLength;
      literalStart = at;
      // The positions inside the copy are not all entered: the last two find most of what all would find.
      if (at + 1 < end) {
        table[hashAt(input, at - 2)] = at - 2 + shift;
        table[hashAt(input, at - 1)] = at - 1 + shift;
      }
    }
    out = putLiterals(input, literalStart, end, output, out, limit);
    return out < 0 ? 0 : out;
  }

  /** Gives the next `length` positions numbers that no earlier block had. */
  #numberPositions(length: number): number {
    if (this.#firstNumber + length > 0x7fffffff) {
      this.#lastSeen.fill(-1);
      this.#firstNumber = 0;
    }
    const first = this.#firstNumber;
    this.#firstNumber += length;
    return first;
  }
}

/**
 * Restores a block: input[start..start+length) to output[0..outputLength).
 * @returns true when the block is sound and gives exactly `outputLength` bytes. Reads and writes nothing outside.
 */
export function lzfDecompress(
  input: Uint8Array,
  start: number,
  length: number,
  output: Uint8Array,
  outputLength: number,
): boolean {
  const end = start + length;
  let at = start;
  let out = 0;
  while (at < end) {
    const control = input[at++];
    if (control < MAX_LITERALS) {
      const count = control + 1;
      if (at + count > end || out + count > outputLength) return false;
      for (let i = 0; i < count; i++) output[out + i] = input[at + i];
      at += count;
      out += count;
      continue;
    }
    let count = (control >> 5) + 2;
    if (at + (count === 9 ? 2 : 1) > end) return false;
    if (count === 9) count += input[at++];
    const from = out - 1 - (((control & 31) << 8) | input[at++]);
    if (from < 0 || out + count > outputLength) return false;
    for (let i = 0; i < count; i++) output[out + i] = output[from + i];
    out += count;
  }
  return out === outputLength;
}

function hashAt(input: Uint8Array, at: number): number {
  const three = input[at] | (input[at + 1] << 8) | (input[at + 2] << 16);
  return Math.imul(three, 0x9e3779b1 | 0) >>> (32 - HASH_BITS);
}

function sameThree(input: Uint8Array, a: number, b: number): boolean {
  return input[a] === input[b] && input[a + 1] === input[b + 1] && input[a + 2] === input[b + 2];
}

function matchLength(input: Uint8Array, candidate: number, at: number, end: number): number {
  const longest = Math.min(end - at, MAX_COPY);
  let length = 3;
  while (length < longest && input[candidate + length] === input[at + length]) length++;
  return length;
}

/** Appends input[from..to) as literal items; -1 when they do not fit. */
function putLiterals(
  input: Uint8Array,
  from: number,
  to: number,
  output: Uint8Array,
  out: number,
  limit: number,
): number {
  let at = from;
  while (at < to) {
    const count = Math.min(to - at, MAX_LITERALS);
    if (out + count + 1 > limit) return -1;
    output[out++] = count - 1;
    for (let i = 0; i < count; i++) output[out + i] = input[at + i];
    out += count;
    at += count;
  }
  return out;
}

function putCopy(output: Uint8Array, out: number, distance: number, length: number): number {
  const code = length - 2;
  if (code < 7) {
    output[out] = (code << 5) | (distance >> 8);
    output[out + 1] = distance;
    return out + 2;
  }
  output[out] = (7 << 5) | (distance >> 8);
  output[out + 1] = code - 7;
  output[out + 2] = distance;
  return out + 3;
}
