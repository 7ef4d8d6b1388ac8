/** Input of a session that waits for a key, in one piece of memory that grows by doubling. */

/** From here on a session that waits reads no more. Only then may it fail to notice at once that its peer is gone. */
const FULL_BYTES = 1024 * 1024;
const SMALLEST_BYTES = 256;

export class HeldInput {
  /** bytes[0 .. length) is held. */
  bytes = new Uint8Array(SMALLEST_BYTES);
  length = 0;

  get isFull(): boolean {
    return this.length >= FULL_BYTES;
  }

  /** Keeps a copy of bytes[start .. end). */
  push(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(bytes.subarray(start, end), this.length);
    this.length = needed;
  }
}
