/**
 * Gathers output and writes it in large pieces, so that neither a reply of a million elements nor one of 512 MB is ever one string.
 * Text is "binary": one character per byte (Latin-1), since values are bytes and must come out as they are.
 */
import { Buffer } from "node:buffer";

const PIECE_BYTES = 64 * 1024;
const SHORT_BYTES = 64;

/** A byte that is not UTF-8 in ordinary text: half of a surrogate pair, alone. See `raw-arguments.ts`. */
const ESCAPED_BYTE = /((?<![\ud800-\udbff])[\udc80-\udcff])/;

/** The binary form of ordinary text: its UTF-8 bytes as characters. */
export function binaryOf(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 127) return binaryOfUnicode(text);
  }
  return text;
}

function binaryOfUnicode(text: string): string {
  if (!ESCAPED_BYTE.test(text)) return Buffer.from(text, "utf8").toString("latin1");
  const parts = text.split(ESCAPED_BYTE);
  const bytes = parts.map((part, index) =>
    index % 2 === 1 ? Buffer.of(part.charCodeAt(0) & 0xff) : Buffer.from(part, "utf8"),
  );
  return Buffer.concat(bytes).toString("latin1");
}

export class Printer {
  private text = "";
  private write: (bytes: Uint8Array) => void;

  constructor(write: (bytes: Uint8Array) => void) {
    this.write = write;
  }

  /** Writes elsewhere from now on. Returns what ends that. */
  divert(write: (bytes: Uint8Array) => void): () => void {
    const before = this.write;
    this.flush();
    this.write = write;
    return () => {
      this.flush();
      this.write = before;
    };
  }

  /** Adds binary text. */
  add(binary: string): void {
    this.text += binary;
    if (this.text.length >= PIECE_BYTES) this.flush();
  }

  /** Adds ordinary text as UTF-8. */
  addText(text: string): void {
    this.add(binaryOf(text));
  }

  /** Adds bytes as they are. */
  addBytes(bytes: Uint8Array): void {
    if (bytes.length < PIECE_BYTES) return this.add(latin1(bytes, 0, bytes.length));
    this.flush();
    this.write(bytes);
  }

  /** Adds bytes piece by piece as what `convert` makes of each. */
  addConverted(bytes: Uint8Array, convert: (binary: string) => string): void {
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      this.add(convert(latin1(bytes, start, Math.min(bytes.length, start + PIECE_BYTES))));
    }
  }

  flush(): void {
    if (this.text === "") return;
    const bytes = Buffer.from(this.text, "latin1");
    this.text = "";
    this.write(bytes);
  }
}

/** Short bytes are read one by one: V8 has them inside the array, and a buffer around them would have to be made first. */
function latin1(bytes: Uint8Array, start: number, end: number): string {
  if (bytes.length <= SHORT_BYTES) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}
