/**
 * Replies that the kernel has not taken, in order. Short ones share a chunk, so that a million replies of five bytes cost about five
 * million bytes and not a million objects. What waits beyond the first bytes is in memory that goes back to the system when it is sent,
 * while there is some, and in any case in large chunks: they are shifted from an array, which takes time when it is long.
 */
import { PIECE_BYTES, ReturningMemory } from "./returning-memory.ts";

const CHUNK_BYTES = 16 * 1024;
/** With so much before it, the rest is kept in returning memory. */
const ORDINARY_BYTES_MAXIMUM = 128 * 1024;

/** One for all connections of the process. */
export const backlogMemory = new ReturningMemory();

export class ReplyBacklog {
  private readonly chunks: Uint8Array[] = [];
  /** Bytes in them. */
  private byteLength = 0;
  /** The last chunk, while it has room: bytes [0 .. tailLength) are used. It is in `chunks` too. */
  private tail: Uint8Array | null = null;
  private tailLength = 0;

  /** Keeps a copy of bytes[start .. end). */
  push(bytes: Uint8Array, start: number, end: number): void {
    this.byteLength += end - start;
    if (end - start >= CHUNK_BYTES && this.byteLength <= ORDINARY_BYTES_MAXIMUM) {
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

  /** Gives the first chunk away, until `release`; null when there is none. */
  take(): Uint8Array | null {
    if (this.chunks.length === 1) this.closeTail();
    const chunk = this.chunks.shift() ?? null;
    if (chunk !== null) this.byteLength -= chunk.length;
    return chunk;
  }

  /** Takes the memory of a chunk back, which nobody reads any more. */
  release(chunk: Uint8Array): void {
    backlogMemory.giveBack(chunk);
  }

  /** Forgets what waits. */
  clear(): void {
    for (let chunk = this.take(); chunk !== null; chunk = this.take()) this.release(chunk);
  }

  private tailWithRoom(): Uint8Array {
    if (this.tail !== null && this.tailLength < this.tail.length) return this.tail;
    const isLong = this.byteLength > ORDINARY_BYTES_MAXIMUM;
    const tail = isLong ? (backlogMemory.take() ?? new Uint8Array(PIECE_BYTES)) : new Uint8Array(CHUNK_BYTES);
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
