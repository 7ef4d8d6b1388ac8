/**
 * What a server sends after SYNC: line ends while it prepares the dump, a line that says how the dump ends, and the dump.
 *
 *     \n \n $1234\r\n <1234 bytes> <commands>          $EOF:<mark>\r\n <any number of bytes> <mark> <commands>
 *
 * The mark is 40 random bytes. What may be its beginning is held back, so that only bytes of the dump are handed over.
 */
import { Buffer } from "node:buffer";

const LF = 10;
const MARK_BYTES = 40;
const HEADER_BYTES = 4096;
const NO_BYTES = Buffer.alloc(0);

/** How the server announces its dump. */
export type PayloadHeader =
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "mark" }
  /** An error reply, or no header at all: the line with its `\r`, binary. */
  | { readonly kind: "refusal"; readonly line: string };

/** A function may throw: the payload is of no use from then on. */
export interface PayloadHandlers {
  onHeader(header: PayloadHeader): void;
  /** Bytes of the dump, valid during the call only. */
  onPayload(bytes: Uint8Array): void;
  /** The dump is complete. */
  onEnd(): void;
  /** What follows the dump, valid during the call only. */
  onRest(bytes: Uint8Array): void;
}

export class SyncPayload {
  /** Bytes of the dump so far. */
  payloadBytes = 0;
  private readonly handlers: PayloadHandlers;
  private place: "header" | "payload" | "rest" = "header";
  private header = "";
  /** Bytes that are still to come; not known with a mark. */
  private left = 0;
  private mark: Buffer | null = null;
  /** The last bytes, which may be the beginning of the mark. */
  private heldBack = NO_BYTES;

  constructor(handlers: PayloadHandlers) {
    this.handlers = handlers;
  }

  /** Takes bytes from the connection, cut anywhere. */
  feed(chunk: Uint8Array): void {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.place === "header") bytes = this.readHeader(bytes);
    if (this.place === "payload") bytes = this.readPayload(bytes);
    if (this.place === "rest" && bytes.length > 0) this.handlers.onRest(bytes);
  }

  /** Gives what is behind the header. */
  private readHeader(bytes: Buffer): Buffer {
    let start = 0;
    while (this.header === "" && bytes[start] === LF) start++;
    const end = bytes.indexOf(LF, start);
    this.header += bytes.toString("latin1", start, end < 0 ? bytes.length : end);
    if (end < 0 && this.header.length <= HEADER_BYTES) return NO_BYTES;
    this.begin(headerOf(this.header));
    return end < 0 ? NO_BYTES : bytes.subarray(end + 1);
  }

  private begin(header: PayloadHeader): void {
    this.place = header.kind === "refusal" ? "rest" : "payload";
    if (header.kind === "length") this.left = header.bytes;
    if (header.kind === "mark") this.mark = Buffer.from(this.header.slice(5, 5 + MARK_BYTES), "latin1");
    this.handlers.onHeader(header);
  }

  /** Gives what is behind the dump. */
  private readPayload(bytes: Buffer): Buffer {
    return this.mark === null ? this.readLength(bytes) : this.readUntilMark(bytes, this.mark);
  }

  private readLength(bytes: Buffer): Buffer {
    const taken = Math.min(this.left, bytes.length);
    this.left -= taken;
    this.pass(bytes.subarray(0, taken));
    if (this.left === 0) this.end();
    return bytes.subarray(taken);
  }

  private readUntilMark(bytes: Buffer, mark: Buffer): Buffer {
    const all = this.heldBack.length === 0 ? bytes : Buffer.concat([this.heldBack, bytes]);
    const at = all.indexOf(mark);
    const end = at < 0 ? Math.max(0, all.length - MARK_BYTES + 1) : at;
    this.pass(all.subarray(0, end));
    this.heldBack = at < 0 ? Buffer.from(all.subarray(end)) : NO_BYTES;
    if (at < 0) return NO_BYTES;
    this.end();
    return all.subarray(at + MARK_BYTES);
  }

  private pass(bytes: Buffer): void {
    this.payloadBytes += bytes.length;
    if (bytes.length > 0) this.handlers.onPayload(bytes);
  }

  private end(): void {
    this.place = "rest";
    this.handlers.onEnd();
  }
}

function headerOf(line: string): PayloadHeader {
  if (line.startsWith("$EOF:") && line.length >= 5 + MARK_BYTES) return { kind: "mark" };
  const [, digits] = /^\$(\d{1,15})\r?$/.exec(line) ?? [];
  return digits === undefined ? { kind: "refusal", line } : { kind: "length", bytes: Number(digits) };
}
