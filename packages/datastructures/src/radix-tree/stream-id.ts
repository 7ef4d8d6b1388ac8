/**
 * Ids of 128 bits: two unsigned 64-bit numbers, milliseconds and a sequence within them, as int32 halves.
 *
 *   | ms high | ms low | seq high | seq low |      the order of ids is the order of these four words as unsigned numbers
 *
 * Every value is exact, 18446744073709551615-18446744073709551615 included. Objects are made once and pointed at one id after the other.
 */

/** An id. Compare with `compareIds`. */
export class StreamId {
  msHigh = 0;
  msLow = 0;
  seqHigh = 0;
  seqLow = 0;

  set(msHigh: number, msLow: number, seqHigh: number, seqLow: number): this {
    this.msHigh = msHigh;
    this.msLow = msLow;
    this.seqHigh = seqHigh;
    this.seqLow = seqLow;
    return this;
  }

  copy(other: StreamId): this {
    return this.set(other.msHigh, other.msLow, other.seqHigh, other.seqLow);
  }

  /** Reads the four words at i32[word...]. */
  read(i32: Int32Array, word: number): this {
    return this.set(i32[word], i32[word + 1], i32[word + 2], i32[word + 3]);
  }

  /** Writes the four words to i32[word...]. */
  write(i32: Int32Array, word: number): void {
    i32[word] = this.msHigh;
    i32[word + 1] = this.msLow;
    i32[word + 2] = this.seqHigh;
    i32[word + 3] = this.seqLow;
  }

  get isZero(): boolean {
    return (this.msHigh | this.msLow | this.seqHigh | this.seqLow) === 0;
  }

  get isMaximum(): boolean {
    return (this.msHigh & this.msLow & this.seqHigh & this.seqLow) === -1;
  }
}

/** -1, 0 or 1 for two words as unsigned numbers. */
export function compareWords(a: number, b: number): number {
  if (a === b) return 0;
  return (a ^ 0x80000000) < (b ^ 0x80000000) ? -1 : 1;
}

/** -1, 0 or 1. O(1). */
export function compareIds(a: StreamId, b: StreamId): number {
  if (a.msHigh !== b.msHigh) return compareWords(a.msHigh, b.msHigh);
  if (a.msLow !== b.msLow) return compareWords(a.msLow, b.msLow);
  if (a.seqHigh !== b.seqHigh) return compareWords(a.seqHigh, b.seqHigh);
  return compareWords(a.seqLow, b.seqLow);
}

/** As `compareIds`, for an id whose words are at i32[word...] and another one. O(1). */
export function compareIdAt(i32: Int32Array, word: number, id: StreamId): number {
  if (i32[word] !== id.msHigh) return compareWords(i32[word], id.msHigh);
  if (i32[word + 1] !== id.msLow) return compareWords(i32[word + 1], id.msLow);
  if (i32[word + 2] !== id.seqHigh) return compareWords(i32[word + 2], id.seqHigh);
  return compareWords(i32[word + 3], id.seqLow);
}

/** Makes it the next id; false at the largest one, which becomes 0-0. */
export function incrementId(id: StreamId): boolean {
  id.seqLow = (id.seqLow + 1) | 0;
  if (id.seqLow !== 0) return true;
  id.seqHigh = (id.seqHigh + 1) | 0;
  if (id.seqHigh !== 0) return true;
  id.msLow = (id.msLow + 1) | 0;
  if (id.msLow !== 0) return true;
  id.msHigh = (id.msHigh + 1) | 0;
  return id.msHigh !== 0;
}

/** Makes it the id before; false at 0-0, which becomes the largest one. */
export function decrementId(id: StreamId): boolean {
  id.seqLow = (id.seqLow - 1) | 0;
  if (id.seqLow !== -1) return true;
  id.seqHigh = (id.seqHigh - 1) | 0;
  if (id.seqHigh !== -1) return true;
  id.msLow = (id.msLow - 1) | 0;
  if (id.msLow !== -1) return true;
  id.msHigh = (id.msHigh - 1) | 0;
  return id.msHigh !== -1;
}
