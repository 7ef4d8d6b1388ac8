/**
 * Output to a pipe or a file that is written when `write` returns, as a C program's is. Node writes to pipes behind one's back: all that
 * a slow reader has not taken yet would be kept in memory, and reading from the server would go on; half a gigabyte that is printed as
 * text would be there several times. So the reader sets the pace, and messages keep their place among the replies.
 */
import type { Buffer } from "node:buffer";
import { writeSync } from "node:fs";
import { Writable } from "node:stream";

const RETRY_MS = 1;
const never = new Int32Array(new SharedArrayBuffer(4));

export class BlockingOutput extends Writable {
  readonly fd: number;
  readonly isTTY = false;

  constructor(descriptor: number) {
    super({ decodeStrings: true });
    this.fd = descriptor;
  }

  /** An error is told before `write` returns: who prints on and on hears that nobody reads. */
  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    for (let at = 0; at < bytes.length;) {
      try {
        at += writeSync(this.fd, bytes, at);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") {
          this.emit("error", error);
          break;
        }
        // The pipe came from someone who does not want to wait for it.
        Atomics.wait(never, 0, 0, RETRY_MS);
      }
    }
    done();
  }
}
