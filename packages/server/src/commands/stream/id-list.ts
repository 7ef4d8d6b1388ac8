/** A list of ids that a command collects before it replies. Made once and filled again. */
import type { StreamId } from "@sider/datastructures";

const WORDS = 4;
const FIRST_IDS = 64;

export class IdList {
  count = 0;
  private words = new Int32Array(FIRST_IDS * WORDS);

  clear(): void {
    this.count = 0;
  }

  add(id: StreamId): void {
    const at = this.count * WORDS;
    if (at === this.words.length) {
      const grown = new Int32Array(this.words.length * 2);
      grown.set(this.words);
      this.words = grown;
    }
    id.write(this.words, at);
    this.count++;
  }

  /** Reads the id in place `index`. */
  read(index: number, out: StreamId): StreamId {
    return out.read(this.words, index * WORDS);
  }
}
