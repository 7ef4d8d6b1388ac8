/** Texts kept side by side outside the heap, for as long as a SORT takes: its elements, and what it compares them by. */
import { copyBytes } from "@sider/datastructures";
import type { Slice } from "@sider/keyspace-engine";

const BYTES = 4096;
const TEXTS = 256;
/** The length of a text that is missing. */
const MISSING = -1;

export class SortTexts {
  bytes = new Uint8Array(BYTES);
  offsets = new Int32Array(TEXTS);
  lengths = new Int32Array(TEXTS);
  count = 0;
  private used = 0;

  /** Adds a text, or null for one that is missing. Amortised O(length). */
  push(text: Slice | null): void {
    if (this.count === this.offsets.length) this.growCount();
    const length = text === null ? 0 : text.length;
    if (this.used + length > this.bytes.length) this.growBytes(length);
    if (text !== null) copyBytes(this.bytes, this.used, text.bytes, text.offset, length);
    this.offsets[this.count] = this.used;
    this.lengths[this.count++] = text === null ? MISSING : length;
    this.used += length;
  }

  /** Points `out` at a text that is not missing. */
  read(index: number, out: Slice): Slice {
    return out.set(this.bytes, this.offsets[index], this.lengths[index]);
  }

  /** Forgets all texts, and lets go of much memory. */
  clear(): void {
    if (this.bytes.length > 16 * BYTES) this.bytes = new Uint8Array(BYTES);
    if (this.offsets.length > 16 * TEXTS) {
      this.offsets = new Int32Array(TEXTS);
      this.lengths = new Int32Array(TEXTS);
    }
    this.count = 0;
    this.used = 0;
  }

  /**
   * How two texts compare by their bytes, a shorter one before what it begins, a missing one before all others. `endAtNul`: as C texts,
   * which is how SORT ALPHA compares where nothing is stored.
   */
  compare(one: number, other: number, endAtNul: boolean): number {
    const bytes = this.bytes;
    const oneLength = this.lengths[one];
    const otherLength = this.lengths[other];
    const oneOffset = this.offsets[one];
    const otherOffset = this.offsets[other];
    const common = Math.min(oneLength, otherLength);
    for (let at = 0; at < common; at++) {
      const byte = bytes[oneOffset + at];
      const difference = byte - bytes[otherOffset + at];
      if (difference !== 0) return difference;
      if (endAtNul && byte === 0) return 0;
    }
    if (endAtNul && common >= 0) return cTextRest(bytes, oneOffset, oneLength, otherOffset, otherLength, common);
    return oneLength - otherLength;
  }

  private growCount(): void {
    const offsets = new Int32Array(this.offsets.length * 2);
    offsets.set(this.offsets);
    this.offsets = offsets;
    const lengths = new Int32Array(this.lengths.length * 2);
    lengths.set(this.lengths);
    this.lengths = lengths;
  }

  private growBytes(length: number): void {
    const bytes = new Uint8Array(Math.max(this.bytes.length * 2, this.used + length));
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
}

/** Of two texts that are the same up to `common`, where one ends: a NUL there ends the other too. */
function cTextRest(
  bytes: Uint8Array,
  oneOffset: number,
  oneLength: number,
  otherOffset: number,
  otherLength: number,
  common: number,
): number {
  const oneByte = common < oneLength ? bytes[oneOffset + common] : 0;
  const otherByte = common < otherLength ? bytes[otherOffset + common] : 0;
  return oneByte - otherByte;
}
