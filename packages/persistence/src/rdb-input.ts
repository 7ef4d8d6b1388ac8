/**
 * The reading half of the RDB primitives, over a window of the dump that slides as bytes arrive:
 *
 *     bytes:  [ done with | mark ... position ... | limit   free ]
 *
 * Reading goes in steps. A step begins at the mark; each primitive returns false when the window does not hold it yet, and
 * the step is then taken again from the mark once `needed` bytes are there. What was needed is known exactly, so a step is
 * tried again at most once per primitive in it, however small the pieces are. The window grows only when it is full of bytes
 * that really arrived: a length that lies costs nothing. Errors say the offset in the dump.
 */

import { Crc64, int32At } from "./crc64.ts";
import { INT64_MAX_TEXT_LENGTH, LZF_MAX_RATIO, lzfDecompress, writeSafeInteger } from "@sider/datastructures";
import {
  ENCODING_INT16,
  ENCODING_INT32,
  ENCODING_INT8,
  ENCODING_LZF,
  LENGTH_32_BIT,
  LENGTH_64_BIT,
  RdbError,
  type RdbErrorKind,
} from "./rdb-format.ts";

/** A string that was read: valid until the next step. */
export class RdbString {
  bytes: Uint8Array;
  offset = 0;
  length = 0;
  /** Where strings go that are not stored as they are: numbers and LZF. */
  scratch = new Uint8Array(64);

  constructor() {
    this.bytes = this.scratch;
  }

  /** The string as UTF-8 text. */
  text(): string {
    return textDecoder.decode(this.bytes.subarray(this.offset, this.offset + this.length));
  }
}

const textDecoder = new TextDecoder();
const doubleBytes = new DataView(new ArrayBuffer(8));
const PLAIN = -1;
const TWO_TO_32 = 2 ** 32;

export class RdbInput {
  bytes: Uint8Array;
  position = 0;
  limit = 0;
  /** Bytes counted from the mark without which the step cannot go on. */
  needed = 0;
  /** What the primitives read last. */
  byte = 0;
  length = 0;
  lengthHigh = 0;
  lengthLow = 0;
  encoding = PLAIN;
  int64 = 0;
  double = 0;
  /** Whether the string that was read last was LZF. */
  wasCompressed = false;
  /** Whether the bytes are those of a dump that was prepared (`ahead/`), not of the dump itself. */
  isPrepared = false;
  /** The sum of all bytes up to the last `countChecksum`. */
  readonly crc = new Crc64();

  readonly #windowBytes: number;
  readonly #checksum: boolean;
  readonly #maxStringBytes: number;
  #mark = 0;
  #summedTo = 0;
  #droppedBytes = 0;

  constructor(windowBytes: number, checksum: boolean, maxStringBytes: number) {
    this.bytes = new Uint8Array(windowBytes);
    this.#windowBytes = windowBytes;
    this.#checksum = checksum;
    this.#maxStringBytes = maxStringBytes;
  }

  /** Offset in the dump of the next byte to read. */
  get offset(): number {
    return this.#droppedBytes + this.position;
  }

  /** Offset in the dump just behind the last byte that arrived. */
  get arrivedBytes(): number {
    return this.#droppedBytes + this.limit;
  }

  /** Everything before the position is done with; the next step begins here. */
  beginStep(): void {
    this.#mark = this.position;
    this.needed = 0;
  }

  /** Reads bytes[0 .. length) next, which follow what has been read to its end. No checksum is counted over such bytes. */
  useWindow(bytes: Uint8Array, length: number): void {
    this.#droppedBytes += this.limit;
    this.bytes = bytes;
    this.isPrepared = true;
    this.#startAt(length);
  }

  /** Goes on at `offset` of the dump, where nothing has arrived yet, and where the sum of all before it has these halves. */
  goOnAt(offset: number, crcLow: number, crcHigh: number): void {
    this.#droppedBytes = offset;
    this.bytes = new Uint8Array(this.#windowBytes);
    this.isPrepared = false;
    this.#startAt(0);
    this.crc.low = crcLow;
    this.crc.high = crcHigh;
  }

  #startAt(limit: number): void {
    this.position = 0;
    this.limit = limit;
    this.needed = 0;
    this.#mark = 0;
    this.#summedTo = 0;
  }

  /** Back to the beginning of a step that found too little. */
  repeatStep(): void {
    this.position = this.#mark;
  }

  /** Whether the step that found too little can be taken again. */
  get hasNeeded(): boolean {
    return this.limit - this.#mark >= this.needed;
  }

  /** Makes free space at the end of the window, between steps: slides it, and grows it when one step fills it. */
  makeRoom(): void {
    if (this.limit < this.bytes.length) return;
    this.#slide();
    if (this.limit === this.bytes.length) this.#resize(Math.min(this.bytes.length * 2, this.needed));
  }

  /** Brings the checksum up to the position: call it between steps. */
  countChecksum(): void {
    if (this.#checksum) this.crc.update(this.bytes, this.#summedTo, this.position);
    this.#summedTo = this.position;
  }

  /** Whether the window holds `count` bytes from the position on. */
  has(count: number): boolean {
    if (this.limit - this.position >= count) return true;
    this.needed = this.position - this.#mark + count;
    return false;
  }

  readByte(): boolean {
    if (!this.has(1)) return false;
    this.byte = this.bytes[this.position++];
    return true;
  }

  /** A signed little endian 32-bit number, into `int64`. */
  readInt32(): boolean {
    if (!this.has(4)) return false;
    this.int64 = int32At(this.bytes, this.position);
    this.position += 4;
    return true;
  }

  /** A signed little endian 64-bit number, into `int64`; beyond 2^53 rounded to a double. */
  readInt64(): boolean {
    if (!this.has(8)) return false;
    const high = int32At(this.bytes, this.position + 4);
    this.int64 = high * TWO_TO_32 + (int32At(this.bytes, this.position) >>> 0);
    this.position += 8;
    return true;
  }

  /** A little endian double, into `double`. */
  readDouble(): boolean {
    if (!this.has(8)) return false;
    for (let index = 0; index < 8; index++) doubleBytes.setUint8(index, this.bytes[this.position + index]);
    this.double = doubleBytes.getFloat64(0, true);
    this.position += 8;
    return true;
  }

  /** A length that must be a plain one. */
  readLength(): boolean {
    const from = this.offset;
    if (!this.readLengthOrEncoding()) return false;
    if (this.encoding !== PLAIN) this.fail("corrupt", "a string encoding stands where a length must be", from);
    return true;
  }

  /** A length into `length` (and its halves), with `encoding` -1; or the special encoding of the string that follows. */
  readLengthOrEncoding(): boolean {
    if (!this.has(1)) return false;
    const first = this.bytes[this.position];
    this.encoding = PLAIN;
    this.lengthHigh = 0;
    const form = first >> 6;
    if (form === 3) {
      this.encoding = first & 63;
      this.position += 1;
    } else if (form === 0) {
      this.#setLength(1, first);
    } else if (form === 1) {
      if (!this.has(2)) return false;
      this.#setLength(2, ((first & 63) << 8) | this.bytes[this.position + 1]);
    } else {
      return this.#readLongLength(first);
    }
    return true;
  }

  /** A string in any encoding. */
  readString(into: RdbString): boolean {
    const from = this.offset;
    if (!this.readLengthOrEncoding()) return false;
    this.wasCompressed = this.encoding === ENCODING_LZF;
    switch (this.encoding) {
      case PLAIN:
        return this.#readPlainString(into, from);
      case ENCODING_LZF:
        return this.#readCompressedString(into, from);
      case ENCODING_INT8:
      case ENCODING_INT16:
      case ENCODING_INT32:
        return this.#readIntegerString(into, 1 << this.encoding);
      default:
        return this.fail("corrupt", `unknown string encoding ${String(this.encoding)}`, from);
    }
  }

  /** Throws the error. */
  fail(kind: RdbErrorKind, reason: string, offset: number): never {
    throw new RdbError(kind, reason, offset);
  }

  #setLength(encodedBytes: number, value: number): void {
    this.position += encodedBytes;
    this.length = value;
    this.lengthLow = value;
  }

  #readLongLength(first: number): boolean {
    const bytes = this.bytes;
    const at = this.position;
    if (first === LENGTH_32_BIT) {
      if (!this.has(5)) return false;
      this.lengthLow = bigEndianAt(bytes, at + 1);
      this.position = at + 5;
    } else if (first === LENGTH_64_BIT) {
      if (!this.has(9)) return false;
      this.lengthHigh = bigEndianAt(bytes, at + 1);
      this.lengthLow = bigEndianAt(bytes, at + 5);
      this.position = at + 9;
    } else {
      this.fail("corrupt", `unknown form of length 0x${first.toString(16)}`, this.offset);
    }
    this.length = (this.lengthHigh >>> 0) * TWO_TO_32 + (this.lengthLow >>> 0);
    return true;
  }

  #readPlainString(into: RdbString, from: number): boolean {
    const length = this.length;
    this.#checkStringLength(length, from);
    if (!this.has(length)) return false;
    into.bytes = this.bytes;
    into.offset = this.position;
    into.length = length;
    this.position += length;
    return true;
  }

  #readIntegerString(into: RdbString, byteCount: number): boolean {
    if (!this.has(byteCount)) return false;
    let value = 0;
    for (let i = byteCount - 1; i >= 0; i--) value = (value << 8) | this.bytes[this.position + i];
    const unusedBits = 32 - byteCount * 8;
    this.position += byteCount;
    useScratch(into, INT64_MAX_TEXT_LENGTH);
    into.length = writeSafeInteger(into.scratch, 0, (value << unusedBits) >> unusedBits);
    return true;
  }

  #readCompressedString(into: RdbString, from: number): boolean {
    if (!this.readLength()) return false;
    const compressedLength = this.length;
    this.#checkStringLength(compressedLength, from);
    if (!this.readLength()) return false;
    const length = this.length;
    this.#checkStringLength(length, from);
    if (length > compressedLength * LZF_MAX_RATIO) {
      const claim = `${String(compressedLength)} compressed bytes cannot hold ${String(length)}`;
      this.fail("corrupt", claim, from);
    }
    if (!this.has(compressedLength)) return false;
    useScratch(into, length);
    if (!lzfDecompress(this.bytes, this.position, compressedLength, into.scratch, length)) {
      this.fail("corrupt", "the compressed string is broken", from);
    }
    into.length = length;
    this.position += compressedLength;
    return true;
  }

  #checkStringLength(length: number, from: number): void {
    if (length <= this.#maxStringBytes) return;
    const limit = `the limit is ${String(this.#maxStringBytes)}`;
    this.fail("corrupt", `a string of ${String(length)} bytes is too long, ${limit}`, from);
  }

  /** Moves the bytes from the mark on to the front; a window that a big step had grown shrinks again. */
  #slide(): void {
    this.countChecksum();
    const kept = this.limit - this.#mark;
    const oversized =
      this.bytes.length > this.#windowBytes && kept < this.#windowBytes && this.needed <= this.#windowBytes;
    const target = oversized ? new Uint8Array(this.#windowBytes) : this.bytes;
    if (oversized) target.set(this.bytes.subarray(this.#mark, this.limit));
    else target.copyWithin(0, this.#mark, this.limit);
    this.bytes = target;
    this.#droppedBytes += this.#mark;
    this.position -= this.#mark;
    this.limit = kept;
    this.#summedTo -= this.#mark;
    this.#mark = 0;
  }

  #resize(capacity: number): void {
    const grown = new Uint8Array(capacity);
    grown.set(this.bytes.subarray(0, this.limit));
    this.bytes = grown;
  }
}

/** Points a string at its scratch, made large enough. */
function useScratch(string: RdbString, length: number): void {
  if (string.scratch.length < length) string.scratch = new Uint8Array(Math.max(length, 2 * string.scratch.length));
  string.bytes = string.scratch;
  string.offset = 0;
}

function bigEndianAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}
