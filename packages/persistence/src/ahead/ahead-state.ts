/**
 * What the two threads of a load agree on: a ring of pieces in shared memory.
 *
 *     piece n is in array n % RING_PIECES; the sender fills it while n - taken < RING_PIECES, the taker is done with it once taken > n
 *
 * A piece that is larger than the arrays of the ring comes through a port, in an array of its own.
 */

/** Words of the shared state: pieces that were sent, pieces that the taker is done with, and whether nobody wants more. */
export const SENT = 0;
export const TAKEN = 1;
export const STOPPED = 2;
const STATE_WORDS = 3;

/** Doubles of the facts on a piece: its length; the bytes [from, to) of the dump that it was made of. */
export const LENGTH = 0;
export const FROM = 1;
export const TO = 2;
const FACT_DOUBLES = 3;
/** The length that says: this is the rest, which begins at FROM. The two halves of the checksum of all before stand in its piece. */
export const REST = -1;

export const RING_PIECES = 8;
/** A piece that has so many bytes is sent; the arrays are larger, since it goes on to the end of a step. */
export const PIECE_BYTES = 256 * 1024;
const ARRAY_BYTES = PIECE_BYTES + 16 * 1024;

export interface AheadRing {
  readonly state: Int32Array;
  readonly facts: Float64Array;
  readonly arrays: readonly Uint8Array[];
}

/** What the thread is started with. */
export interface AheadPlan {
  /** Open for reading; the thread reads at offsets of its own and does not close it. */
  readonly descriptor: number;
  readonly checksum: boolean;
  readonly maxStringBytes: number;
  readonly chunkBytes: number;
  readonly ring: AheadRing;
}

export function createRing(): AheadRing {
  return {
    state: new Int32Array(new SharedArrayBuffer(STATE_WORDS * 4)),
    facts: new Float64Array(new SharedArrayBuffer(RING_PIECES * FACT_DOUBLES * 8)),
    arrays: Array.from({ length: RING_PIECES }, () => new Uint8Array(new SharedArrayBuffer(ARRAY_BYTES))),
  };
}

/** Where the facts on a piece begin. */
export function factsOf(piece: number): number {
  return (piece % RING_PIECES) * FACT_DOUBLES;
}
