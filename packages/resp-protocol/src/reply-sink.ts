/** Where the bytes of replies go. */
import { NO_BYTES } from "./request-batch.ts";

/** Takes what a ReplyWriter has written. */
export interface ReplySink {
  /** Takes bytes[start..end): sends or copies them before it returns. Must not call the writer. */
  write(bytes: Uint8Array, start: number, end: number): void;
}

/** A sink for a writer that has no session yet: drops everything. */
export const discardingSink: ReplySink = {
  write(): void {
    // What is written to nobody is dropped.
  },
};

/** A sink that keeps what it is given, for tests, tools and replies that are stored. */
export class CollectingSink implements ReplySink {
  private chunks: Uint8Array = NO_BYTES;
  private used = 0;

  write(bytes: Uint8Array, start: number, end: number): void {
    const total = this.used + end - start;
    if (total > this.chunks.length) {
      const larger = new Uint8Array(Math.max(256, total * 2));
      larger.set(this.chunks.subarray(0, this.used));
      this.chunks = larger;
    }
    this.chunks.set(bytes.subarray(start, end), this.used);
    this.used = total;
  }

  /** Gives what was written since the last call. */
  take(): Uint8Array {
    const taken = this.chunks.slice(0, this.used);
    this.used = 0;
    return taken;
  }
}
