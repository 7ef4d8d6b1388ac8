/** Requests as they are in an append only file: `*2\r\n$3\r\nGET\r\n$1\r\nk\r\n`, collected and handed to a sink in pieces of 64 KiB. */
import { copyBytes, type StreamId } from "@sider/datastructures";
import { writeInt64 } from "@sider/keyspace-engine";
import type { ByteSink } from "../rdb-output.ts";

const BUFFER_BYTES = 64 * 1024;
const NUMBER_BYTES = 32;
const STAR = 0x2a;
const DOLLAR = 0x24;
const MINUS = 0x2d;
const RETURN = 13;
const NEWLINE = 10;
const TWO_TO_32 = 4294967296;

const encoder = new TextEncoder();

export class CommandOutput {
  private readonly sink: ByteSink;
  private readonly buffer = new Uint8Array(BUFFER_BYTES);
  private length = 0;
  private readonly digits = new Uint8Array(2 * NUMBER_BYTES);

  constructor(sink: ByteSink) {
    this.sink = sink;
  }

  /** A request of so many words begins; its name is the first. */
  command(name: string, words: number): void {
    this.header(STAR, words);
    this.text(name);
  }

  /** One word, as ASCII. */
  text(text: string): void {
    const bytes = encoder.encode(text);
    this.bytes(bytes, 0, bytes.length);
  }

  /** One word. */
  bytes(bytes: Uint8Array, offset: number, length: number): void {
    this.header(DOLLAR, length);
    this.raw(bytes, offset, length);
    this.lineEnd();
  }

  /** One word: a 64-bit number. */
  int64(high: number, low: number): void {
    this.bytes(this.digits, 0, writeInt64(this.digits, 0, high, low));
  }

  /** One word: a safe integer. */
  integer(value: number): void {
    this.int64(Math.floor(value / TWO_TO_32) | 0, value | 0);
  }

  /** One word: an id, `ms-seq`. */
  id(id: StreamId): void {
    const { digits } = this;
    let at = writeUnsigned(digits, 0, id.msHigh, id.msLow);
    digits[at++] = MINUS;
    at += writeUnsigned(digits, at, id.seqHigh, id.seqLow);
    this.bytes(digits, 0, at);
  }

  /** Bytes that are no word. */
  raw(bytes: Uint8Array, offset: number, length: number): void {
    if (length > BUFFER_BYTES - this.length) this.flush();
    if (length > BUFFER_BYTES) {
      this.sink(bytes, offset, offset + length);
      return;
    }
    copyBytes(this.buffer, this.length, bytes, offset, length);
    this.length += length;
  }

  /** Hands what was collected to the sink. */
  flush(): void {
    if (this.length > 0) this.sink(this.buffer, 0, this.length);
    this.length = 0;
  }

  private header(mark: number, value: number): void {
    if (BUFFER_BYTES - this.length < NUMBER_BYTES) this.flush();
    this.buffer[this.length++] = mark;
    this.length += writeInt64(this.buffer, this.length, 0, value);
    this.lineEnd();
  }

  private lineEnd(): void {
    if (BUFFER_BYTES - this.length < 2) this.flush();
    this.buffer[this.length++] = RETURN;
    this.buffer[this.length++] = NEWLINE;
  }
}

/** Text of an unsigned 64-bit number. Gives its length. */
function writeUnsigned(bytes: Uint8Array, at: number, high: number, low: number): number {
  if (high >= 0) return writeInt64(bytes, at, high, low);
  return encoder.encodeInto(
    BigInt.asUintN(64, (BigInt(high) << 32n) | BigInt(low >>> 0)).toString(),
    bytes.subarray(at),
  ).written;
}
