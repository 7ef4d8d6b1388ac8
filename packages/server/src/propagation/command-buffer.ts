/**
 * Requests in RESP, one after the other in one buffer that is reused: `*2\r\n$3\r\nDEL\r\n$1\r\na\r\n`. Appending allocates nothing
 * (unless the buffer must grow). Messages that are pushed to clients are made of the same parts.
 *
 *   [MULTI][command][command][command ...          MULTI is always there: transactions begin with it
 *   ^0     ^HEAD                    ^length
 */
import { copyBytes } from "@sider/datastructures";
import { PROTOCOL_BYTES } from "@sider/resp-protocol";

const { CR, DOLLAR, LF, STAR, ZERO } = PROTOCOL_BYTES;

/** Where the first command begins. */
const MULTI = ascii("*1\r\n$5\r\nMULTI\r\n");
const EXEC = ascii("*1\r\n$4\r\nEXEC\r\n");
export const HEAD = MULTI.length;

/** A header, and the line ends around a word: "$" + 10 digits + two line ends. */
const FRAME_BYTES = 16;
/** Between the bytes of two words: a line end, "$", the digits, a line end. */
const FRAME_SIGNS = 5;
const INITIAL_BYTES = 4096;
/** A larger buffer is given back once it is empty. */
const KEPT_BYTES = 1 << 20;

export class CommandBuffer {
  bytes = new Uint8Array(INITIAL_BYTES);
  length = HEAD;

  constructor() {
    this.bytes.set(MULTI);
  }

  /** Forgets all commands. */
  clear(): void {
    this.length = HEAD;
    if (this.bytes.length <= KEPT_BYTES) return;
    this.bytes = new Uint8Array(INITIAL_BYTES);
    this.bytes.set(MULTI);
  }

  /** Begins a request of `wordCount` words, or with another mark what that stands for. */
  header(wordCount: number, mark: number = STAR): void {
    this.reserve(FRAME_BYTES);
    this.line(mark, wordCount);
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /**
   * Words that came one after the other in a request, if they still stand there as they would here, framed without a zero or sign too
   * much: then their bytes are copied in one go. Else, as for requests that came inline, nothing is done and false returned. O(bytes).
   */
  run(bytes: Uint8Array, offsets: Int32Array, lengths: Int32Array, first: number, count: number): boolean {
    const last = first + count - 1;
    for (let at = first; at < last; at++) {
      const next = offsets[at + 1];
      const frame = next - offsets[at] - lengths[at];
      if (frame !== FRAME_SIGNS + digitCount(lengths[at + 1]) || bytes[next - 1] !== LF) return false;
    }
    this.word(bytes, offsets[first], (offsets[last] - offsets[first] + lengths[last]) | 0, lengths[first]);
    return true;
  }

  /** One word of a request; for `run` what follows it goes with it. */
  word(bytes: Uint8Array, offset: number, length: number, wordLength: number = length): void {
    this.reserve(length + FRAME_BYTES);
    this.line(DOLLAR, wordLength);
    copyBytes(this.bytes, this.length, bytes, offset, length);
    this.length += length;
    this.lineEnd();
  }

  /** One word, Latin-1. */
  text(text: string): void {
    const length = text.length;
    this.reserve(length + FRAME_BYTES);
    this.line(DOLLAR, length);
    for (let at = 0; at < length; at++) this.bytes[this.length + at] = text.charCodeAt(at);
    this.length += length;
    this.lineEnd();
  }

  /** EXEC. */
  exec(): void {
    this.raw(EXEC);
  }

  /** `<mark><number>\r\n`; the number is no negative one. */
  private line(mark: number, number: number): void {
    const bytes = this.bytes;
    let at = this.length;
    bytes[at] = mark;
    const digits = digitCount(number);
    at += digits;
    let left = number;
    for (let place = at; place > at - digits; place--) {
      const rest = (left / 10) | 0;
      bytes[place] = ZERO + left - rest * 10;
      left = rest;
    }
    bytes[at + 1] = CR;
    bytes[at + 2] = LF;
    this.length = at + 3;
  }

  private lineEnd(): void {
    this.bytes[this.length] = CR;
    this.bytes[this.length + 1] = LF;
    this.length += 2;
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** Decimal digits of a number from 0 on. */
function digitCount(number: number): number {
  let digits = 1;
  for (let left = number; left > 9; left = (left / 10) | 0) digits++;
  return digits;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
