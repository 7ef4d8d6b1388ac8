/** What is pending in one group, as a dump has it: in ascending order of ids. Each can be taken once. */
import { compareIdAt, type StreamId } from "@sider/datastructures";

/** | id: 4 words | deliveries: high, low | taken | not used | */
const ROW_WORDS = 8;
const ID_WORDS = 4;

export class PendingTable {
  #rows = new Int32Array(ROW_WORDS * 8);
  #times = new Float64Array(8);
  #count = 0;
  #left = 0;

  get allTaken(): boolean {
    return this.#left === 0;
  }

  clear(): void {
    this.#count = 0;
    this.#left = 0;
  }

  /** Adds a row; false when its id is not above that of the row before. */
  add(id: StreamId, deliveredAtMs: number, deliveriesHigh: number, deliveriesLow: number): boolean {
    const at = this.#count * ROW_WORDS;
    if (this.#count > 0 && compareIdAt(this.#rows, at - ROW_WORDS, id) >= 0) return false;
    if (this.#count === this.#times.length) this.#grow();
    id.write(this.#rows, at);
    this.#rows[at + ID_WORDS] = deliveriesHigh;
    this.#rows[at + ID_WORDS + 1] = deliveriesLow;
    this.#rows[at + ID_WORDS + 2] = 0;
    this.#times[this.#count++] = deliveredAtMs;
    this.#left++;
    return true;
  }

  /** The row of this id, which can then not be taken again; -1 when there is none. O(log n). */
  take(id: StreamId): number {
    let from = 0;
    let to = this.#count;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (compareIdAt(this.#rows, middle * ROW_WORDS, id) < 0) from = middle + 1;
      else to = middle;
    }
    const at = from * ROW_WORDS;
    if (from === this.#count || compareIdAt(this.#rows, at, id) !== 0 || this.#rows[at + ID_WORDS + 2] !== 0) return -1;
    this.#rows[at + ID_WORDS + 2] = 1;
    this.#left--;
    return from;
  }

  deliveredAtMs(row: number): number {
    return this.#times[row];
  }

  deliveriesHigh(row: number): number {
    return this.#rows[row * ROW_WORDS + ID_WORDS];
  }

  deliveriesLow(row: number): number {
    return this.#rows[row * ROW_WORDS + ID_WORDS + 1];
  }

  #grow(): void {
    const rows = new Int32Array(this.#rows.length * 2);
    const times = new Float64Array(this.#times.length * 2);
    rows.set(this.#rows);
    times.set(this.#times);
    this.#rows = rows;
    this.#times = times;
  }
}
