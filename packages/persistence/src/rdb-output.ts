/**
 * The writing half of the RDB primitives: bytes, lengths, 64-bit numbers and strings, collected in one 64 KiB buffer that
 * goes to a sink when it is full, with the CRC64 of everything written. Makes no garbage per string of usual size.
 */

import { Crc64, storeInt32 } from "./crc64.ts";
import { createInt64Scratch, LzfCompressor, parseInt64 } from "@sider/datastructures";
import {
  ENCODING_INT16,
  ENCODING_INT32,
  ENCODING_INT8,
  ENCODING_LZF,
  LENGTH_32_BIT,
  LENGTH_64_BIT,
  SPECIAL_ENCODING,
} from "./rdb-format.ts";

/** Takes bytes[start..end) before it returns: the buffer is used again. Throws when it cannot. */
export type ByteSink = (bytes: Uint8Array, start: number, end: number) => void;

const DEFAULT_BUFFER_BYTES = 64 * 1024;
const LONGEST_PRIMITIVE_BYTES = 16;
/** Shorter strings never compress to less than their length minus four. */
const SHORTEST_COMPRESSED_BYTES = 21;
const COMPRESSION_MUST_SAVE_BYTES = 4;
const BYTE_LOOP_LIMIT = 96;
const KEPT_SCRATCH_BYTES = 1024 * 1024;
const TWO_TO_32 = 2 ** 32;
/** The integer that a string is. */
const number = createInt64Scratch();
const doubleBytes = new DataView(new ArrayBuffer(8));

/** Shared by all outputs: between two strings it holds nothing that matters. */
const compressor = new LzfCompressor();

export class RdbOutput {
  /** Bytes given to the sink so far, or waiting for it. */
  get bytesWritten(): number {
    return this.#flushedBytes + this.#length;
  }

  readonly #sink: ByteSink;
  readonly #checksum: boolean;
  readonly #compression: boolean;
  readonly #buffer: Uint8Array;
  readonly #crc = new Crc64();
  /** Where a short string is compressed from: in an off-heap window its positions might not be int32. */
  readonly #plain = new Uint8Array(BYTE_LOOP_LIMIT);
  #compressed = new Uint8Array(0);
  #length = 0;
  #flushedBytes = 0;

  /** @param bufferBytes at least 16 */
  constructor(sink: ByteSink, checksum: boolean, compression: boolean, bufferBytes = DEFAULT_BUFFER_BYTES) {
    this.#sink = sink;
    this.#checksum = checksum;
    this.#compression = compression;
    this.#buffer = new Uint8Array(bufferBytes);
  }

  byte(value: number): void {
    if (this.#length === this.#buffer.length) this.flush();
    this.#buffer[this.#length++] = value;
  }

  /** A length in its shortest form. @param value a whole number from 0 to 2^53 */
  length(value: number): void {
    this.#makeRoom();
    const buffer = this.#buffer;
    const at = this.#length;
    if (value < 64) {
      buffer[at] = value;
      this.#length = at + 1;
    } else if (value < 16384) {
      buffer[at] = 0x40 | (value >> 8);
      buffer[at + 1] = value;
      this.#length = at + 2;
    } else if (value < TWO_TO_32) {
      buffer[at] = LENGTH_32_BIT;
      storeBigEndian(buffer, at + 1, value);
      this.#length = at + 5;
    } else {
      buffer[at] = LENGTH_64_BIT;
      storeBigEndian(buffer, at + 1, Math.floor(value / TWO_TO_32));
      storeBigEndian(buffer, at + 5, value);
      this.#length = at + 9;
    }
  }

  /** A signed 64-bit number, little endian. Beyond 2^53 as exact as a double is; beyond 2^63 the nearest that fits. */
  int64(value: number): void {
    this.#makeRoom();
    const fits = value < 2 ** 63;
    storeInt32(this.#buffer, this.#length, fits ? value | 0 : -1);
    storeInt32(this.#buffer, this.#length + 4, fits ? Math.floor(value / TWO_TO_32) | 0 : 0x7fffffff);
    this.#length += 8;
  }

  /** An unsigned 64-bit number as halves, in the form of a length. */
  length64(high: number, low: number): void {
    if (high >= 0 && high < 2 ** 21) {
      this.length(high * TWO_TO_32 + (low >>> 0));
      return;
    }
    this.#makeRoom();
    this.#buffer[this.#length] = LENGTH_64_BIT;
    storeBigEndian(this.#buffer, this.#length + 1, high);
    storeBigEndian(this.#buffer, this.#length + 5, low);
    this.#length += 9;
  }

  /** Eight bytes, big endian: half of a stream's id. */
  bigEndian64(high: number, low: number): void {
    this.#makeRoom();
    storeBigEndian(this.#buffer, this.#length, high);
    storeBigEndian(this.#buffer, this.#length + 4, low);
    this.#length += 8;
  }

  /** A double, little endian. */
  double(value: number): void {
    this.#makeRoom();
    doubleBytes.setFloat64(0, value, true);
    for (let index = 0; index < 8; index++) this.#buffer[this.#length + index] = doubleBytes.getUint8(index);
    this.#length += 8;
  }

  /** A string in the encoding that Redis would choose: integer, LZF where it saves, or as it is. */
  string(bytes: Uint8Array, offset: number, length: number): void {
    const isInteger = parseInt64(bytes, offset, length, number);
    if (isInteger && number.high === number.low >> 31) this.int32String(number.low);
    else if (!(
      this.#compression &&
      length >= SHORTEST_COMPRESSED_BYTES &&
      this.#compressedString(bytes, offset, length)
    )) {
      this.length(length);
      this.raw(bytes, offset, length);
    }
  }

  /** The string that prints this int32. */
  int32String(value: number): void {
    this.#makeRoom();
    const buffer = this.#buffer;
    const at = this.#length;
    buffer[at + 1] = value;
    buffer[at + 2] = value >> 8;
    if (value === (value << 24) >> 24) {
      buffer[at] = SPECIAL_ENCODING | ENCODING_INT8;
      this.#length = at + 2;
    } else if (value === (value << 16) >> 16) {
      buffer[at] = SPECIAL_ENCODING | ENCODING_INT16;
      this.#length = at + 3;
    } else {
      buffer[at] = SPECIAL_ENCODING | ENCODING_INT32;
      storeInt32(buffer, at + 1, value);
      this.#length = at + 5;
    }
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array, offset: number, length: number): void {
    let from = offset;
    let left = length;
    while (left > 0) {
      if (this.#length === this.#buffer.length) this.flush();
      const count = Math.min(left, this.#buffer.length - this.#length);
      copy(bytes, from, this.#buffer, this.#length, count);
      this.#length += count;
      from += count;
      left -= count;
    }
  }

  /** The CRC64 of everything so far, or eight zero bytes when checksums are off. */
  checksum(): void {
    this.flush();
    if (this.#checksum) this.#crc.store(this.#buffer, 0);
    else this.#buffer.fill(0, 0, 8);
    this.#length = 8;
  }

  /** Hands what waits in the buffer to the sink. */
  flush(): void {
    if (this.#length === 0) return;
    if (this.#checksum) this.#crc.update(this.#buffer, 0, this.#length);
    this.#sink(this.#buffer, 0, this.#length);
    this.#flushedBytes += this.#length;
    this.#length = 0;
  }

  #makeRoom(): void {
    if (this.#length > this.#buffer.length - LONGEST_PRIMITIVE_BYTES) this.flush();
  }

  /** Writes the string LZF-compressed; false, and nothing written, when that saves too little. */
  #compressedString(bytes: Uint8Array, offset: number, length: number): boolean {
    // Only touched pages of it cost memory, so that it weighs what the string shrinks to.
    if (this.#compressed.length < length) this.#compressed = new Uint8Array(Math.max(length, 1024));
    let plain: Uint8Array = this.#plain;
    if (length > BYTE_LOOP_LIMIT) plain = bytes.subarray(offset, offset + length);
    else copy(bytes, offset, plain, 0, length);
    const limit = length - COMPRESSION_MUST_SAVE_BYTES;
    const compressedLength = compressor.compress(plain, 0, length, this.#compressed, limit);
    if (compressedLength > 0) {
      this.byte(SPECIAL_ENCODING | ENCODING_LZF);
      this.length(compressedLength);
      this.length(length);
      this.raw(this.#compressed, 0, compressedLength);
    }
    if (length > KEPT_SCRATCH_BYTES) this.#compressed = new Uint8Array(0);
    return compressedLength > 0;
  }
}

function copy(from: Uint8Array, fromOffset: number, to: Uint8Array, toOffset: number, length: number): void {
  if (length > BYTE_LOOP_LIMIT) to.set(from.subarray(fromOffset, fromOffset + length), toOffset);
  else for (let i = 0; i < length; i++) to[toOffset + i] = from[fromOffset + i];
}

function storeBigEndian(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
