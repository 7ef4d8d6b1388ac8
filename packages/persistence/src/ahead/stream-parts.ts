/**
 * The parts of a stream in a dump, one after the other, as `values/read-stream.ts` takes them (see the layout there): what they hold is
 * not looked at. A stream may have a million nodes or pending ids: passed over in one step it would be begun anew with each piece of the
 * file.
 */
import type { RdbInput } from "../rdb-input.ts";

const RDB_TYPE_STREAM_2 = 19;
const RDB_TYPE_STREAM_3 = 21;
const ID_BYTES = 16;
const TIME_BYTES = 8;

type Part = "none" | "node" | "totals" | "group" | "pending" | "consumers" | "consumer" | "owned";

export class StreamParts {
  readonly #input: RdbInput;
  readonly #passString: () => boolean;
  #part: Part = "none";
  #type = 0;
  #nodesLeft = 0;
  #groupsLeft = 0;
  #pendingLeft = 0;
  #consumersLeft = 0;
  #ownedLeft = 0;

  /** @param passString passes over a string of the input; false when it does not hold it */
  constructor(input: RdbInput, passString: () => boolean) {
    this.#input = input;
    this.#passString = passString;
  }

  /** Whether there is a next part. */
  get isInside(): boolean {
    return this.#part !== "none";
  }

  /** Begins behind the key. False, and nothing has changed, when the input does not hold the number of nodes. */
  begin(type: number): boolean {
    if (!this.#input.readLength()) return false;
    this.#type = type;
    this.#nodesLeft = this.#input.length;
    this.#part = this.#nodesLeft > 0 ? "node" : "totals";
    return true;
  }

  /** Passes over the next part. False, and nothing has changed, when the input does not hold it. */
  next(): boolean {
    switch (this.#part) {
      case "node":
        return this.#node();
      case "totals":
        return this.#totals();
      case "group":
        return this.#group();
      case "pending":
        return this.#pending();
      case "consumers":
        return this.#consumers();
      case "consumer":
        return this.#consumer();
      case "owned":
        return this.#owned();
      case "none":
        return true;
    }
  }

  #node(): boolean {
    if (!this.#passString() || !this.#passString()) return false;
    if (--this.#nodesLeft === 0) this.#part = "totals";
    return true;
  }

  /** Length and last id; then first id, largest deleted id and the number of entries ever added; and the number of groups. */
  #totals(): boolean {
    if (!this.#lengths(this.#type >= RDB_TYPE_STREAM_2 ? 9 : 4)) return false;
    this.#groupsLeft = this.#input.length;
    this.#nextGroup();
    return true;
  }

  #nextGroup(): void {
    this.#part = this.#groupsLeft === 0 ? "none" : "group";
  }

  /** Name, last id, then how much was read; and the number of pending ids. */
  #group(): boolean {
    if (!this.#passString() || !this.#lengths(this.#type >= RDB_TYPE_STREAM_2 ? 4 : 3)) return false;
    this.#groupsLeft--;
    this.#pendingLeft = this.#input.length;
    this.#part = this.#pendingLeft > 0 ? "pending" : "consumers";
    return true;
  }

  #pending(): boolean {
    if (!this.#skip(ID_BYTES + TIME_BYTES) || !this.#input.readLength()) return false;
    if (--this.#pendingLeft === 0) this.#part = "consumers";
    return true;
  }

  #consumers(): boolean {
    if (!this.#input.readLength()) return false;
    this.#consumersLeft = this.#input.length;
    this.#nextConsumer();
    return true;
  }

  #nextConsumer(): void {
    if (this.#consumersLeft > 0) this.#part = "consumer";
    else this.#nextGroup();
  }

  #consumer(): boolean {
    const times = this.#type >= RDB_TYPE_STREAM_3 ? 2 : 1;
    if (!this.#passString() || !this.#skip(times * TIME_BYTES) || !this.#input.readLength()) return false;
    this.#consumersLeft--;
    this.#ownedLeft = this.#input.length;
    if (this.#ownedLeft > 0) this.#part = "owned";
    else this.#nextConsumer();
    return true;
  }

  #owned(): boolean {
    if (!this.#skip(ID_BYTES)) return false;
    if (--this.#ownedLeft === 0) this.#nextConsumer();
    return true;
  }

  #lengths(count: number): boolean {
    for (let left = count; left > 0; left--) if (!this.#input.readLength()) return false;
    return true;
  }

  #skip(count: number): boolean {
    if (!this.#input.has(count)) return false;
    this.#input.position += count;
    return true;
  }
}
