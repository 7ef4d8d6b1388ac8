/**
 * Counts the replies in a stream of them, cut anywhere, without making values of them: for loads of millions of requests of which
 * nobody wants to see the replies. Errors at the top level are handed over as text; the rest is looked at only as far as it takes to
 * find its end.
 *
 *     +OK | *2 $3 foo *1 :1 | >2 ... | -ERR no       three replies, one of them an error; what is pushed is none
 *           ^ remaining: 2    ^ not counted
 *
 * Lines are not checked for what they say, so that more passes here than in ReplyParser; what ReplyParser accepts is counted as it
 * counts it.
 */
import { Buffer } from "node:buffer";
import { PROTOCOL_BYTES } from "@sider/resp-protocol/client";

const { BANG, BAR, COLON, COMMA, DOLLAR, EQUALS, GREATER, HASH } = PROTOCOL_BYTES;
const { MINUS, OPENING, PERCENT, PLUS, STAR, TILDE, UNDERSCORE } = PROTOCOL_BYTES;
const { CR, LF, ZERO } = PROTOCOL_BYTES;
const LETTER_O = 79;
const LETTER_K = 75;

/** Where in a reply the next byte is. */
const AT_TYPE = 0;
const IN_LINE = 1;
const IN_LENGTH = 2;
const AT_LENGTH_END = 3;
const IN_BULK = 4;
const AT_BULK_CR = 5;
const AT_BULK_END = 6;

const DEEPEST = 1024;
const MOST_ELEMENTS = 0x7fffffff;
const MOST_DIGITS = 15;
/** Of a longer error only so much is shown. */
const ERROR_BYTES = 64 * 1024;

export class ReplyScanner {
  /** Complete replies, errors among them. */
  replies = 0;
  errors = 0;
  /** Whether the marker came, as a bulk string of its own; it is not counted. */
  hasMarker = false;
  /** The stream is broken; all further input is ignored. */
  isBroken = false;
  /** Receives the text of an error, binary. */
  private readonly onError: (text: string) => void;
  private marker: Buffer | null = null;
  private place = AT_TYPE;
  private type = 0;
  private length = 0;
  private digits = 0;
  private isNegative = false;
  /** Bytes of a bulk string that are still to come. */
  private left = 0;
  /** Of open aggregates: their type, and how many elements are still to come. */
  private readonly types: number[] = [];
  private readonly remaining: number[] = [];
  private depth = 0;
  private isKeeping = false;
  /** What is kept of the current line or bulk string. */
  private kept = "";

  constructor(onError: (text: string) => void) {
    this.onError = onError;
  }

  /** Whether a reply has begun and is not complete. */
  get isInsideReply(): boolean {
    return this.depth > 0 || this.place !== AT_TYPE;
  }

  /** From now on a bulk string with these bytes is the marker. */
  expect(marker: Uint8Array): void {
    this.marker = Buffer.from(marker);
  }

  /** Looks at bytes[start..end), which may change afterwards. */
  feed(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end && !this.isBroken) {
      if (this.place === AT_TYPE) at = this.readType(bytes, this.skipOks(bytes, at, end), end);
      else if (this.place === IN_LINE) at = this.skipLine(bytes, at, end);
      else if (this.place === IN_LENGTH) this.readLength(bytes[at++] ?? 0);
      else if (this.place === IN_BULK) at = this.skipBulk(bytes, at, end);
      else this.readEnd(bytes[at++] ?? 0);
    }
  }

  /** Counts what bulk loads are answered with as a rule. */
  private skipOks(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    if (this.depth > 0) return at;
    while (
      at + 5 <= end &&
      bytes[at] === PLUS &&
      bytes[at + 1] === LETTER_O &&
      bytes[at + 2] === LETTER_K &&
      bytes[at + 3] === CR &&
      bytes[at + 4] === LF
    ) {
      at += 5;
      this.replies++;
    }
    return at;
  }

  private readType(bytes: Uint8Array, at: number, end: number): number {
    if (at === end) return at;
    const type = bytes[at] ?? 0;
    this.type = type;
    this.kept = "";
    this.isKeeping = this.depth === 0 && (type === MINUS || type === BANG);
    if (isLine(type)) this.place = IN_LINE;
    else if (hasLength(type)) {
      this.place = IN_LENGTH;
      this.length = this.digits = 0;
      this.isNegative = false;
    } else this.isBroken = true;
    return at + 1;
  }

  private skipLine(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && bytes[at] !== LF) at++;
    this.keep(bytes, start, at);
    if (at === end) return at;
    if (this.isKeeping) this.tell(this.kept.endsWith("\r") ? this.kept.slice(0, -1) : this.kept);
    this.complete();
    return at + 1;
  }

  private readLength(byte: number): void {
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9 && this.digits < MOST_DIGITS) {
      this.length = this.length * 10 + digit;
      this.digits++;
    } else if (byte === MINUS && this.digits === 0 && !this.isNegative) this.isNegative = true;
    else if (byte === CR && this.digits > 0) this.place = AT_LENGTH_END;
    else this.isBroken = true;
  }

  private readEnd(byte: number): void {
    if (this.place === AT_BULK_CR) {
      if (byte === CR) this.place = AT_BULK_END;
      else this.isBroken = true;
    } else if (byte !== LF) this.isBroken = true;
    else if (this.place === AT_BULK_END) this.endBulk();
    else this.begin();
  }

  /** What begins behind a length. */
  private begin(): void {
    const { type, length } = this;
    if (this.isNegative) {
      if (length === 1 && (type === DOLLAR || type === STAR)) this.complete();
      else this.isBroken = true;
    } else if (type === DOLLAR || type === EQUALS || type === BANG) {
      this.left = length;
      this.place = length === 0 ? AT_BULK_CR : IN_BULK;
      if (this.depth === 0 && type === DOLLAR) this.isKeeping = length === this.marker?.length;
    } else this.open(type, length);
  }

  private open(type: number, length: number): void {
    this.place = AT_TYPE;
    const isTooMuch = length > MOST_ELEMENTS || this.depth === DEEPEST;
    if (isTooMuch || (type === GREATER && this.depth > 0)) this.isBroken = true;
    else if (length > 0) {
      this.types[this.depth] = type;
      this.remaining[this.depth++] = type === PERCENT || type === BAR ? length * 2 : length;
    } else if (type !== GREATER && type !== BAR) this.complete();
  }

  private skipBulk(bytes: Uint8Array, at: number, end: number): number {
    const taken = Math.min(this.left, end - at);
    this.keep(bytes, at, at + taken);
    this.left -= taken;
    if (this.left === 0) this.place = AT_BULK_CR;
    return at + taken;
  }

  private endBulk(): void {
    if (!this.isKeeping || this.type === EQUALS) return this.complete();
    if (this.type === BANG) this.tell(this.kept);
    else if (this.marker?.toString("latin1") === this.kept) {
      this.hasMarker = true;
      this.place = AT_TYPE;
      return;
    }
    this.complete();
  }

  private keep(bytes: Uint8Array, start: number, end: number): void {
    if (!this.isKeeping || this.kept.length >= ERROR_BYTES) return;
    this.kept += Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
  }

  private tell(text: string): void {
    this.errors++;
    this.onError(text.slice(0, ERROR_BYTES));
  }

  /** A value is complete: so may be the aggregates that it is the last element of. */
  private complete(): void {
    this.place = AT_TYPE;
    while (this.depth > 0) {
      const top = this.depth - 1;
      const left = (this.remaining[top] ?? 0) - 1;
      this.remaining[top] = left;
      if (left > 0) return;
      this.depth = top;
      // Attributes annotate the value that follows, and a push is no reply.
      if (this.types[top] === BAR || this.types[top] === GREATER) return;
    }
    this.replies++;
  }
}

function isLine(type: number): boolean {
  return (
    type === PLUS ||
    type === COLON ||
    type === MINUS ||
    type === COMMA ||
    type === UNDERSCORE ||
    type === HASH ||
    type === OPENING
  );
}

function hasLength(type: number): boolean {
  return (
    type === DOLLAR ||
    type === STAR ||
    type === PERCENT ||
    type === TILDE ||
    type === GREATER ||
    type === BAR ||
    type === EQUALS ||
    type === BANG
  );
}
