/** A listpack that is written into a plain array, entry after entry. */
import { encodedBytes, LISTPACK_HEADER_BYTES, writeEntry, writeIntegerEntry } from "@sider/datastructures";

const LONGEST_INTEGER_ENTRY = 10;
const UNKNOWN_COUNT = 0xffff;

export class ListpackDraft {
  count = 0;
  #bytes = new Uint8Array(64);
  #length = 0;

  /** Begins a new one of about so many bytes. */
  begin(expectedBytes: number): void {
    this.#bytes = new Uint8Array(expectedBytes + 64);
    this.#length = LISTPACK_HEADER_BYTES;
    this.count = 0;
  }

  text(bytes: Uint8Array, offset: number, length: number): void {
    this.#makeRoom(encodedBytes(bytes, offset, length));
    this.#length += writeEntry(this.#bytes, this.#length, bytes, offset, length);
    this.count++;
  }

  integer(high: number, low: number): void {
    this.#makeRoom(LONGEST_INTEGER_ENTRY);
    this.#length += writeIntegerEntry(this.#bytes, this.#length, high, low);
    this.count++;
  }

  /** The listpack; the array is the caller's from now on. */
  finish(): Uint8Array {
    this.#makeRoom(1);
    this.#bytes[this.#length] = 0xff;
    const view = new DataView(this.#bytes.buffer);
    view.setUint32(0, this.#length + 1, true);
    view.setUint16(4, Math.min(this.count, UNKNOWN_COUNT), true);
    return this.#bytes.subarray(0, this.#length + 1);
  }

  #makeRoom(byteCount: number): void {
    if (this.#length + byteCount <= this.#bytes.length) return;
    const grown = new Uint8Array((this.#length + byteCount) * 2);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
