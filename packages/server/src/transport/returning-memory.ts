/**
 * Pieces of memory whose pages go back to the system as soon as they are given back, not when the garbage collector comes by.
 *
 * A server that makes next to no garbage is seldom collected: the buffers of a burst would stay, up to the 64 MB of them that V8 lets
 * pass (measured: a pipeline of 1 M XADD that is read at its end left 21 MB). So a piece is a resizable buffer, which at length 0 has no
 * pages. A few pieces keep theirs for the next burst.
 */

export const PIECE_BYTES = 256 * 1024;
/** Pieces in use at once, a GiB: each takes mappings of the process, of which there are some 65,000. */
const PIECES_MAXIMUM = 4096;
/** Pieces that are kept with their pages, */
const READY_MAXIMUM = 4;
/** and without: the address space alone. */
const EMPTY_MAXIMUM = 64;

/** As in ES2024. */
interface ResizableBuffer extends ArrayBuffer {
  readonly resizable: boolean;
  resize(byteLength: number): void;
}

const Resizable = ArrayBuffer as unknown as new (byteLength: number, options: object) => ResizableBuffer;

export class ReturningMemory {
  private readonly ready: Uint8Array[] = [];
  private readonly empty: ResizableBuffer[] = [];
  /** Pieces that were taken and not given back. */
  used = 0;

  /** A piece of PIECE_BYTES, whatever is in it; null when there are too many, or the system has no more. */
  take(): Uint8Array | null {
    if (this.used === PIECES_MAXIMUM) return null;
    const piece = this.ready.pop() ?? this.fill();
    if (piece !== null) this.used++;
    return piece;
  }

  private fill(): Uint8Array | null {
    try {
      const buffer = this.empty.pop() ?? new Resizable(0, { maxByteLength: PIECE_BYTES });
      buffer.resize(PIECE_BYTES);
      return new Uint8Array(buffer, 0, PIECE_BYTES);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  /** Takes a piece back, or a part of one that stands for it; it must not be used any more. Anything else is left alone. */
  giveBack(bytes: Uint8Array): void {
    const buffer = bytes.buffer as ResizableBuffer;
    if (!buffer.resizable) return;
    this.used--;
    if (this.ready.length < READY_MAXIMUM) this.ready.push(new Uint8Array(buffer, 0, PIECE_BYTES));
    else {
      buffer.resize(0);
      if (this.empty.length < EMPTY_MAXIMUM) this.empty.push(buffer);
    }
  }
}
