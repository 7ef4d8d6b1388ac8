/**
 * The best candidates for eviction that samples have shown so far, 16 at most, in the order of their scores: a high score goes first.
 *
 * A candidate is a ref with the hash of its key. It may be stale when it is taken: entries go, and blocks are used again. Who takes one
 * looks whether its table still has it.
 */
const CANDIDATES_MAXIMUM = 16;

export class EvictionPool {
  count = 0;
  private readonly scores = new Float64Array(CANDIDATES_MAXIMUM);
  private readonly refs = new Int32Array(CANDIDATES_MAXIMUM);
  private readonly hashes = new Int32Array(CANDIDATES_MAXIMUM);
  private readonly databases = new Int32Array(CANDIDATES_MAXIMUM);
  /** What `take` has taken. */
  ref = 0;
  hash = 0;
  databaseIndex = 0;

  /** Whether a candidate with this score would be taken in. */
  admits(score: number): boolean {
    return this.count < CANDIDATES_MAXIMUM || score > this.scores[0];
  }

  /** Takes a candidate in, in the place of the worst one if there is no room. Only after `admits`. O(16). */
  add(score: number, databaseIndex: number, hash: number, ref: number): void {
    let at = this.count;
    if (at < CANDIDATES_MAXIMUM) {
      this.count++;
      for (; at > 0 && this.scores[at - 1] >= score; at--) this.move(at - 1, at);
    } else {
      at = 0;
      for (; at + 1 < CANDIDATES_MAXIMUM && this.scores[at + 1] < score; at++) this.move(at + 1, at);
    }
    this.scores[at] = score;
    this.refs[at] = ref;
    this.hashes[at] = hash;
    this.databases[at] = databaseIndex;
  }

  private move(from: number, to: number): void {
    this.scores[to] = this.scores[from];
    this.refs[to] = this.refs[from];
    this.hashes[to] = this.hashes[from];
    this.databases[to] = this.databases[from];
  }

  /** Takes the best candidate out. False when there is none. */
  take(): boolean {
    if (this.count === 0) return false;
    const at = --this.count;
    this.ref = this.refs[at];
    this.hash = this.hashes[at];
    this.databaseIndex = this.databases[at];
    return true;
  }

  /** Forgets all: scores of different policies cannot be compared. */
  clear(): void {
    this.count = 0;
  }
}
