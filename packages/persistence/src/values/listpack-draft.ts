/** A listpack that is written into a plain array, entry after entry. */
import { encodedTextBytes, LISTPACK_HEADER_BYTES, writeEntry, writeIntegerEntry } from "@sider/datastructures";
import { storeInt32 } from "../crc64.ts";

const LONGEST_INTEGER_ENTRY = 10;
const COUNT_OFFSET = 4;
const UNKNOWN_COUNT = 0xffff;
const TERMINATOR = 0xff;

export class ListpackDraft {
  count = 0;
  /** Once closed, the listpack: the first `byteLength` of these bytes. */
  bytes = new Uint8Array(64);
  byteLength = 0;

  /** Begins a new one of about so many bytes. */
  begin(expectedBytes: number): void {
    this.bytes = new Uint8Array(expectedBytes + 64);
    this.beginAgain();
  }

  /** Begins a new one in the same array. */
  beginAgain(): void {
    this.byteLength = LISTPACK_HEADER_BYTES;
    this.count = 0;
  }

  text(bytes: Uint8Array, offset: number, length: number): void {
    this.#makeRoom(Math.max(LONGEST_INTEGER_ENTRY, encodedTextBytes(length)));
    this.byteLength += writeEntry(this.bytes, this.byteLength, bytes, offset, length);
    this.count++;
  }

  integer(high: number, low: number): void {
    this.#makeRoom(LONGEST_INTEGER_ENTRY);
    this.byteLength += writeIntegerEntry(this.bytes, this.byteLength, high, low);
    this.count++;
  }

  /** The listpack; the array is the caller's from now on. */
  finish(): Uint8Array {
    this.close();
    return this.bytes.subarray(0, this.byteLength);
  }

  /** Completes the listpack, which may stay here. */
  close(): void {
    this.#makeRoom(1);
    const { bytes } = this;
    bytes[this.byteLength++] = TERMINATOR;
    const count = Math.min(this.count, UNKNOWN_COUNT);
    storeInt32(bytes, 0, this.byteLength);
    bytes[COUNT_OFFSET] = count;
    bytes[COUNT_OFFSET + 1] = count >> 8;
  }

  #makeRoom(byteCount: number): void {
    if (this.byteLength + byteCount <= this.bytes.length) return;
    const grown = new Uint8Array((this.byteLength + byteCount) * 2);
    grown.set(this.bytes);
    this.bytes = grown;
  }
}
