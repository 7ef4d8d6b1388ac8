/**
 * Replies that the kernel has not taken, in order. Short ones share a chunk, so that a million replies of five bytes cost about five
 * million bytes and not a million objects.
 */
const CHUNK_BYTES = 16 * 1024;

export class ReplyBacklog {
  private readonly chunks: Uint8Array[] = [];
  /** The last chunk, while it has room: bytes [0 .. tailLength) are used. It is in `chunks` too. */
  private tail: Uint8Array | null = null;
  private tailLength = 0;

  /** Keeps a copy of bytes[start .. end). */
  push(bytes: Uint8Array, start: number, end: number): void {
    if (end - start >= CHUNK_BYTES) {
      this.closeTail();
      this.chunks.push(bytes.slice(start, end));
      return;
    }
    for (let at = start; at < end;) {
      const tail = this.tailWithRoom();
      const count = Math.min(tail.length - this.tailLength, end - at);
      tail.set(bytes.subarray(at, at + count), this.tailLength);
      this.tailLength += count;
      at += count;
    }
  }

  /** Gives the first chunk away; null when there is none. */
  take(): Uint8Array | null {
    if (this.chunks.length === 1) this.closeTail();
    return this.chunks.shift() ?? null;
  }

  private tailWithRoom(): Uint8Array {
    if (this.tail !== null && this.tailLength < this.tail.length) return this.tail;
    const tail = new Uint8Array(CHUNK_BYTES);
    this.chunks.push(tail);
    this.tail = tail;
    this.tailLength = 0;
    return tail;
  }

  private closeTail(): void {
    if (this.tail === null) return;
    this.chunks[this.chunks.length - 1] = this.tail.subarray(0, this.tailLength);
    this.tail = null;
  }
}
