/**
 * Text of short ranges of a chunk, for many ranges of one chunk one after the other.
 *
 *     chunk    $3 foo $3 bar $16 0123456789abcdef ...
 *     window  [foo $3 bar $16 0123456789abcdef ...]     decoded at once; foo, bar are slices of it
 *
 * A call of TextDecoder costs as much as decoding a few hundred bytes. So a window of the chunk is decoded at once and ranges are slices
 * of its text. That needs one character for each byte: where a window holds any character of several bytes, its text is shorter than
 * its bytes, and its ranges are decoded one by one. V8 may keep a window's text alive as long as a slice of it, so windows are small.
 */
import { utf8Decoder } from "./text-codec.ts";

const WINDOW_BYTES = 2048;
/** Longer ranges are decoded alone, so that they do not share memory. */
const LONGEST_SLICE_BYTES = 256;
/** For fewer bytes a loop beats the decoder. */
const LOOP_BYTES = 12;

export class ChunkText {
  private window = "";
  private windowStart = 0;
  private windowEnd = 0;
  private sliceable = false;

  /** Forgets the window: another chunk follows. */
  reset(): void {
    this.window = "";
    this.windowStart = this.windowEnd = 0;
  }

  /** The text of bytes[start..end) of the current chunk, which ends at `chunkEnd`. Ranges must be asked for in ascending order. */
  text(bytes: Uint8Array, start: number, end: number, chunkEnd: number): string {
    if (end - start > LONGEST_SLICE_BYTES) return utf8Decoder.decode(bytes.subarray(start, end));
    if (end > this.windowEnd) this.moveWindow(bytes, start, chunkEnd);
    if (this.sliceable) return this.window.slice(start - this.windowStart, end - this.windowStart);
    return shortText(bytes, start, end);
  }

  private moveWindow(bytes: Uint8Array, start: number, chunkEnd: number): void {
    const end = Math.min(start + WINDOW_BYTES, chunkEnd);
    this.window = utf8Decoder.decode(bytes.subarray(start, end));
    this.sliceable = this.window.length === end - start;
    this.windowStart = start;
    this.windowEnd = end;
  }
}

function shortText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > LOOP_BYTES) return utf8Decoder.decode(bytes.subarray(start, end));
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > 127) return utf8Decoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}
