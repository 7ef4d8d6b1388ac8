/**
 * Requests as a client sends them: an array of bulk strings.
 *
 *     ["SET", "key", "value"]   ->   *3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n
 */
import { PROTOCOL_BYTES } from "./protocol-bytes.ts";
import { utf8Encoder } from "./text-codec.ts";

/** An argument: text, sent as UTF-8, or bytes. */
export type RequestArgument = string | Uint8Array;

const FIRST_CAPACITY_BYTES = 1024;
/** Shorter text is encoded by a loop as long as it is ASCII. */
const LOOP_CHARACTERS = 64;
/** A type byte, ten digits, two line ends. */
const HEADER_BYTES = 15;
const { CR, DOLLAR, LF, STAR, ZERO } = PROTOCOL_BYTES;

/** Gathers requests in a growing buffer, so that many are sent with one write. */
export class RequestEncoder {
  private bytes = new Uint8Array(FIRST_CAPACITY_BYTES) as Uint8Array;
  private length = 0;

  /** Bytes gathered since the last `take`. */
  get byteLength(): number {
    return this.length;
  }

  /** Appends one request. Time is linear in its bytes. */
  append(args: readonly RequestArgument[]): void {
    this.header(STAR, args.length);
    for (let index = 0; index < args.length; index++) {
      const argument = args[index];
      if (typeof argument === "string") this.text(argument);
      else this.bulk(argument);
    }
  }

  /** Gives what was gathered and starts anew. The bytes belong to the caller. */
  take(): Uint8Array {
    const { bytes, length } = this;
    this.length = 0;
    if (bytes.length <= 64 * FIRST_CAPACITY_BYTES) return bytes.slice(0, length);
    this.bytes = new Uint8Array(FIRST_CAPACITY_BYTES);
    return bytes.subarray(0, length);
  }

  private text(text: string): void {
    const length = text.length;
    if (length > LOOP_CHARACTERS) {
      this.bulk(utf8Encoder.encode(text));
      return;
    }
    const start = this.length;
    this.header(DOLLAR, length);
    this.reserve(length + 2);
    const bytes = this.bytes;
    let at = this.length;
    for (let index = 0; index < length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 127) {
        this.length = start;
        this.bulk(utf8Encoder.encode(text));
        return;
      }
      bytes[at++] = unit;
    }
    this.length = at;
    this.lineEnd();
  }

  private bulk(bytes: Uint8Array): void {
    this.header(DOLLAR, bytes.length);
    this.reserve(bytes.length + 2);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    this.lineEnd();
  }

  private header(type: number, count: number): void {
    this.reserve(HEADER_BYTES);
    const bytes = this.bytes;
    let at = this.length;
    bytes[at++] = type;
    let scale = 1;
    while (scale * 10 <= count) scale *= 10;
    for (; scale >= 1; scale /= 10) bytes[at++] = ZERO + (Math.floor(count / scale) % 10);
    this.length = at;
    this.lineEnd();
  }

  private lineEnd(): void {
    this.bytes[this.length] = CR;
    this.bytes[this.length + 1] = LF;
    this.length += 2;
  }

  private reserve(byteLength: number): void {
    const needed = this.length + byteLength;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(needed * 2);
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** The bytes of one request. Text is sent as UTF-8. */
export function encodeRequest(args: readonly RequestArgument[]): Uint8Array {
  const encoder = new RequestEncoder();
  encoder.append(args);
  return encoder.take();
}
