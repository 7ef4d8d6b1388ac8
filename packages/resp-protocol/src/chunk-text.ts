/**
 * Text of short ranges of a chunk, for many ranges of one chunk one after the other.
 *
 *     chunk    $3 foo $3 bar $16 0123456789abcdef ...
 *     window  [foo $3 bar $16 0123456789abcdef ...]     decoded at once; foo, bar are slices of its text
 *
 * A call of TextDecoder costs as much as decoding hundreds of bytes. So a window of the chunk is decoded at once and ranges are slices
 * of its text. While each byte is one character, offsets into the bytes are offsets into the text. Otherwise, if the window is valid
 * UTF-8, characters are counted along the way. Otherwise ranges are decoded one by one.
 * V8 may keep a window's text alive as long as a slice of it, so windows are small: 2 KiB, or sixteen times the range.
 */
import { utf8Decoder } from "./text-codec.ts";

const SMALLEST_WINDOW_BYTES = 2048;
const RANGES_PER_WINDOW = 16;
/** Longer ranges are decoded alone. */
const LONGEST_SLICE_BYTES = 2048;
/** Not as a text: a bundler would write the character itself, and V8 keep two bytes for each character of all of the bundle. */
const REPLACEMENT = String.fromCharCode(0xfffd);

const SLICED = 0;
const COUNTED = 1;
const ALONE = 2;

export class ChunkText {
  private window = "";
  private windowStart = 0;
  private windowEnd = 0;
  private mode = SLICED;
  /** In a counted window: a byte position, and the index of its character in the text. */
  private countedBytes = 0;
  private countedUnits = 0;

  /** Forgets the window: another chunk follows. */
  reset(): void {
    this.window = "";
    this.windowStart = this.windowEnd = 0;
  }

  /** The text of bytes[start..end) of the current chunk, which ends at `chunkEnd`. Ranges must be asked for in ascending order. */
  text(bytes: Uint8Array, start: number, end: number, chunkEnd: number): string {
    if (end - start > LONGEST_SLICE_BYTES) return utf8Decoder.decode(bytes.subarray(start, end));
    if (end > this.windowEnd) this.moveWindow(bytes, start, end, chunkEnd);
    if (this.mode === SLICED) return this.window.slice(start - this.windowStart, end - this.windowStart);
    if (this.mode === ALONE) return utf8Decoder.decode(bytes.subarray(start, end));
    const firstUnit = this.countTo(bytes, start);
    return this.window.slice(firstUnit, this.countTo(bytes, end));
  }

  private moveWindow(bytes: Uint8Array, start: number, end: number, chunkEnd: number): void {
    const size = Math.max(SMALLEST_WINDOW_BYTES, (end - start) * RANGES_PER_WINDOW);
    let windowEnd = Math.min(start + size, chunkEnd);
    if (windowEnd < chunkEnd) while (windowEnd > end && isContinuation(bytes[windowEnd])) windowEnd--;
    const text = utf8Decoder.decode(bytes.subarray(start, windowEnd));
    if (text.length === windowEnd - start) this.mode = SLICED;
    else this.mode = text.includes(REPLACEMENT) ? ALONE : COUNTED;
    this.window = text;
    this.windowStart = this.countedBytes = start;
    this.windowEnd = windowEnd;
    this.countedUnits = 0;
  }

  /** Index in the text of the character at a byte position: UTF-16 has one unit for each UTF-8 lead byte, two for one of four bytes. */
  private countTo(bytes: Uint8Array, position: number): number {
    let units = this.countedUnits;
    for (let at = this.countedBytes; at < position; at++) {
      const byte = bytes[at];
      if (byte < 0x80) units++;
      else if (!isContinuation(byte)) units += byte < 0xf0 ? 1 : 2;
    }
    this.countedBytes = position;
    this.countedUnits = units;
    return units;
  }
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
