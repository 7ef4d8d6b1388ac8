/** Fields and values of an entry that is to be appended, in turn: where they lie in one array of bytes. Made once and filled again. */

const FIRST_CAPACITY = 64;

/** Names and values of an entry, in turn. */
export class EntryTexts {
  bytes: Uint8Array = new Uint8Array(0);
  offsets = new Int32Array(FIRST_CAPACITY);
  lengths = new Int32Array(FIRST_CAPACITY);
  /** Number of texts: twice the number of fields. */
  count = 0;
  /** Length of all texts together; beyond 2^30 no stream takes them. */
  totalBytes = 0;

  /** Forgets all texts; the next ones lie in `bytes`. */
  open(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.count = 0;
    this.totalBytes = 0;
  }

  add(offset: number, length: number): void {
    const at = this.count;
    if (at === this.offsets.length) this.grow();
    this.offsets[at] = offset;
    this.lengths[at] = length;
    this.count = at + 1;
    this.totalBytes += length;
  }

  private grow(): void {
    const offsets = new Int32Array(this.offsets.length * 2);
    const lengths = new Int32Array(this.offsets.length * 2);
    offsets.set(this.offsets);
    lengths.set(this.lengths);
    this.offsets = offsets;
    this.lengths = lengths;
  }
}
