/**
 * Writes replies as RESP2 or RESP3 bytes into one buffer and hands it to a sink when it is full or at `flush`.
 *
 *     bytes   [ +OK\r\n $3\r\nabc\r\n :17\r\n            ]
 *                                             ^length    ^capacity (256 KiB)
 *
 * A server has one writer: a session points it at its own sink, sets `protocol`, and flushes after its batch. Types that RESP2 lacks are
 * written as Redis writes them: maps, sets and pushes as arrays, booleans as integers, doubles, big numbers and verbatim
 * strings as bulk strings. Values of a bulk that is long are given to the sink from where they are.
 */
import { doubleText } from "./double-text.ts";
import { PROTOCOL_BYTES } from "./protocol-bytes.ts";
import type { ReplySink } from "./reply-sink.ts";
import { utf8Encoder } from "./text-codec.ts";

/** More was written than `ReplyWriter.limitTo` allows: what writes is to end. */
export class ReplyTooLongError extends Error {}

const CAPACITY_BYTES = 256 * 1024;
/** How much is kept while `isHeld`. */
const HELD_BYTES = 16 * 1024 * 1024;
/** A bulk string of at least this many bytes is not copied into the buffer: the two more calls of the sink are then the cheaper way. */
export const DIRECT_BYTES = 128 * 1024;
/** Ranges below this are copied byte by byte, since a call of `set` needs a view. */
const LOOP_BYTES = 64;
/** Type byte, sign, 16 digits of a safe integer, line end; and a second line end. */
const LONGEST_HEADER_BYTES = 24;
const BILLION = 1_000_000_000;

const { BAR, COLON, COMMA, DOLLAR, EQUALS, GREATER, MINUS } = PROTOCOL_BYTES;
const { OPENING, PERCENT, PLUS, STAR, TILDE } = PROTOCOL_BYTES;
const { CR, LF, SPACE, ZERO } = PROTOCOL_BYTES;

const OK = ascii("+OK\r\n");
const NULL_BULK_2 = ascii("$-1\r\n");
const NULL_ARRAY_2 = ascii("*-1\r\n");
const NULL_3 = ascii("_\r\n");
const TRUE_3 = ascii("#t\r\n");
const FALSE_3 = ascii("#f\r\n");

/** Writes replies of every type, O(bytes) and without garbage; `flush` hands them to `sink`. */
export class ReplyWriter {
  protocol: 2 | 3 = 2;
  sink: ReplySink;
  /** bytes[0..length) is written and not yet flushed. The array may be replaced by any call. */
  bytes: Uint8Array = new Uint8Array(CAPACITY_BYTES);
  length = 0;
  /** While set only `flush` hands bytes to the sink: a reply leaves as a whole, unless what is written grows beyond 16 MiB. */
  isHeld = false;
  private handedOver = 0;
  private limitStart = 0;
  private limitBytes = Infinity;

  constructor(sink: ReplySink) {
    this.sink = sink;
  }

  /** Bytes written since the writer was made, flushed or not. */
  get totalBytes(): number {
    return this.handedOver + this.length;
  }

  /** From now on `byteLength` more bytes may be written; beyond that, as soon as it is noticed, writing throws a `ReplyTooLongError`. */
  limitTo(byteLength: number): void {
    this.limitStart = this.totalBytes;
    this.limitBytes = byteLength;
  }

  /** Bytes written since `limitTo`. */
  get limitedBytes(): number {
    return this.totalBytes - this.limitStart;
  }

  /** Hands what is written to the sink. */
  flush(): void {
    const length = this.length;
    if (length === 0) return;
    this.length = 0;
    this.handedOver += length;
    const bytes = this.bytes;
    if (bytes.length > CAPACITY_BYTES) this.bytes = new Uint8Array(CAPACITY_BYTES);
    this.sink.write(bytes, 0, length);
  }

  /** Takes back what is written and not yet flushed. */
  takeBack(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  /** Bytes that are (a part of) a reply already. */
  raw(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.bytes.set(bytes, at);
    this.length = at + bytes.length;
  }

  /** Makes room for `byteLength` bytes and gives their position; the caller writes them into `bytes` and adds to `length`. */
  reserve(byteLength: number): number {
    if (this.length + byteLength > this.bytes.length) this.makeRoom(byteLength);
    return this.length;
  }

  /** `+OK` */
  ok(): void {
    this.constant(OK);
  }

  /** A simple string of ASCII or Latin-1 text; line ends become spaces. */
  simpleString(text: string): void {
    this.line(PLUS, text);
  }

  /** An error. The text starts with its code ("ERR ..."), without the `-`; it is written as UTF-8, line ends as spaces. */
  error(text: string): void {
    if (isAscii(text)) this.line(MINUS, text);
    else this.line(MINUS, latin1OfUtf8(text));
  }

  /** An error whose text is bytes given as Latin-1, for errors that quote what a client sent. */
  errorLatin1(text: string): void {
    this.line(MINUS, text);
  }

  /** An integer up to +-(2^53 - 1). */
  integer(value: number): void {
    const at = this.reserve(LONGEST_HEADER_BYTES);
    const bytes = this.bytes;
    if (value >= 0 && value <= 9) {
      bytes[at] = COLON;
      bytes[at + 1] = ZERO + value;
      bytes[at + 2] = CR;
      bytes[at + 3] = LF;
      this.length = at + 4;
      return;
    }
    this.length = writeHeader(bytes, at, COLON, value);
  }

  /** An integer of any size, which should be within int64. */
  integerBig(value: bigint): void {
    this.line(COLON, String(value));
  }

  /** The bulk string bytes[offset..offset + length). */
  bulk(bytes: Uint8Array, offset: number, length: number): void {
    if (length >= DIRECT_BYTES && !this.holds(length + LONGEST_HEADER_BYTES)) {
      this.bulkDirect(bytes, offset, length);
      return;
    }
    let at = this.reserve(length + LONGEST_HEADER_BYTES);
    const target = this.bytes;
    at = writeHeader(target, at, DOLLAR, length);
    if (length < LOOP_BYTES) {
      for (let index = 0; index < length; index++) target[at + index] = bytes[offset + index];
    } else {
      target.set(bytes.subarray(offset, offset + length), at);
    }
    at += length;
    target[at] = CR;
    target[at + 1] = LF;
    this.length = at + 2;
  }

  /**
   * Begins a bulk string of `length` bytes (less than 128 KiB) that the caller puts into `bytes` itself, from the position given on. Its line
   * end is there already.
   */
  openBulk(length: number): number {
    const header = this.reserve(length + LONGEST_HEADER_BYTES);
    const at = writeHeader(this.bytes, header, DOLLAR, length);
    this.length = writeLineEnd(this.bytes, at + length);
    return at;
  }

  /** A bulk string of text as UTF-8. */
  bulkString(text: string): void {
    if (isAscii(text)) {
      this.bulkLatin1(text);
      return;
    }
    const encoded = utf8Encoder.encode(text);
    this.bulk(encoded, 0, encoded.length);
  }

  /** A bulk string of ASCII or Latin-1 text, one byte a character. */
  bulkLatin1(text: string): void {
    const length = text.length;
    let at = this.reserve(length + LONGEST_HEADER_BYTES);
    at = writeLatin1(this.bytes, writeHeader(this.bytes, at, DOLLAR, length), text);
    this.length = writeLineEnd(this.bytes, at);
  }

  /** The null that replaces a bulk string. */
  nullBulk(): void {
    this.constant(this.protocol === 2 ? NULL_BULK_2 : NULL_3);
  }

  /** The null that replaces an array. */
  nullArray(): void {
    this.constant(this.protocol === 2 ? NULL_ARRAY_2 : NULL_3);
  }

  /** `count` replies follow. */
  arrayHeader(count: number): void {
    this.header(STAR, count);
  }

  /** `pairs` times two replies follow, keys and values in turn. */
  mapHeader(pairs: number): void {
    if (this.protocol === 2) this.header(STAR, pairs * 2);
    else this.header(PERCENT, pairs);
  }

  /** `count` replies follow, the members. */
  setHeader(count: number): void {
    this.header(this.protocol === 2 ? STAR : TILDE, count);
  }

  /** An out-of-band message of `count` replies follows. */
  pushHeader(count: number): void {
    this.header(this.protocol === 2 ? STAR : GREATER, count);
  }

  /** `pairs` times two replies follow, then the reply that they annotate. RESP3 only: the caller leaves attributes out for RESP2. */
  attributeHeader(pairs: number): void {
    this.header(BAR, pairs);
  }

  /** A double with the fewest digits. */
  double(value: number): void {
    this.doubleWritten(doubleText(value));
  }

  /** A double that the caller has written. */
  doubleWritten(text: string): void {
    if (this.protocol === 2) this.bulkLatin1(text);
    else this.line(COMMA, text);
  }

  bigNumber(value: bigint): void {
    if (this.protocol === 2) this.bulkLatin1(String(value));
    else this.line(OPENING, String(value));
  }

  boolean(value: boolean): void {
    if (this.protocol === 2) this.integer(value ? 1 : 0);
    else this.constant(value ? TRUE_3 : FALSE_3);
  }

  /** Text with a format of three ASCII characters, such as "txt" or "mkd". */
  verbatim(format: string, text: string): void {
    if (this.protocol === 2) {
      this.bulkString(text);
      return;
    }
    const body = isAscii(text) ? text : latin1OfUtf8(text);
    this.header(EQUALS, body.length + 4);
    const at = this.reserve(body.length + 6);
    const colon = writeLatin1(this.bytes, at, format);
    this.bytes[colon] = COLON;
    this.length = writeLineEnd(this.bytes, writeLatin1(this.bytes, colon + 1, body));
  }

  private header(type: number, count: number): void {
    const at = this.reserve(LONGEST_HEADER_BYTES);
    this.length = writeHeader(this.bytes, at, type, count);
  }

  private constant(reply: Uint8Array): void {
    const length = reply.length;
    const at = this.reserve(length);
    const bytes = this.bytes;
    for (let index = 0; index < length; index++) bytes[at + index] = reply[index];
    this.length = at + length;
  }

  /** A type byte, Latin-1 text without line ends, a line end. */
  private line(type: number, text: string): void {
    const length = text.length;
    let at = this.reserve(length + 3);
    const bytes = this.bytes;
    bytes[at++] = type;
    for (let index = 0; index < length; index++) {
      const unit = text.charCodeAt(index);
      bytes[at++] = unit === CR || unit === LF ? SPACE : unit;
    }
    this.length = writeLineEnd(bytes, at);
  }

  private bulkDirect(bytes: Uint8Array, offset: number, length: number): void {
    this.header(DOLLAR, length);
    this.flush();
    this.handedOver += length;
    this.sink.write(bytes, offset, offset + length);
    this.length = writeLineEnd(this.bytes, this.reserve(2));
  }

  private makeRoom(byteLength: number): void {
    if (this.limitedBytes > this.limitBytes) throw new ReplyTooLongError();
    if (this.holds(byteLength)) return this.grow(this.length + byteLength);
    this.flush();
    if (byteLength > this.bytes.length) this.bytes = new Uint8Array(byteLength);
  }

  /** Whether so many bytes more are kept. */
  private holds(byteLength: number): boolean {
    return this.isHeld && this.length + byteLength <= HELD_BYTES;
  }

  private grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** Writes a type byte, a safe integer and a line end; gives the position behind. */
function writeHeader(bytes: Uint8Array, at: number, type: number, value: number): number {
  bytes[at++] = type;
  if (value < 0) {
    bytes[at++] = MINUS;
    value = -value;
  }
  if (value >= BILLION) {
    const high = Math.floor(value / BILLION);
    at = writeDigits(bytes, at, high, digitCount(high));
    at = writeDigits(bytes, at, value - high * BILLION, 9);
  } else {
    at = writeDigits(bytes, at, value, digitCount(value));
  }
  bytes[at] = CR;
  bytes[at + 1] = LF;
  return at + 2;
}

/** Writes the last `count` decimal digits of an int32. */
function writeDigits(bytes: Uint8Array, at: number, value: number, count: number): number {
  let rest = value | 0;
  for (let position = at + count - 1; position >= at; position--) {
    const quotient = (rest / 10) | 0;
    bytes[position] = ZERO + rest - quotient * 10;
    rest = quotient;
  }
  return at + count;
}

function digitCount(value: number): number {
  if (value < 10) return 1;
  if (value < 100) return 2;
  let count = 3;
  for (let bound = 1000; bound <= value; bound *= 10) count++;
  return count;
}

function writeLineEnd(bytes: Uint8Array, at: number): number {
  bytes[at] = CR;
  bytes[at + 1] = LF;
  return at + 2;
}

function writeLatin1(bytes: Uint8Array, at: number, text: string): number {
  const length = text.length;
  for (let index = 0; index < length; index++) bytes[at + index] = text.charCodeAt(index);
  return at + length;
}

function isAscii(text: string): boolean {
  const length = text.length;
  for (let index = 0; index < length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}

/** A string with one character for each byte of the UTF-8 form of a text. */
function latin1OfUtf8(text: string): string {
  let latin1 = "";
  for (const byte of utf8Encoder.encode(text)) latin1 += String.fromCharCode(byte);
  return latin1;
}

function ascii(text: string): Uint8Array {
  return utf8Encoder.encode(text);
}
