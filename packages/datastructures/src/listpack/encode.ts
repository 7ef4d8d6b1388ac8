/** Entries made from texts and integers, written wherever the caller has room. */
import { copyBytes } from "../memory/copy-bytes.ts";
import { createInt64Scratch, parseInt64 } from "../int64/index.ts";
import {
  backLengthBytes,
  INT13,
  INT16,
  INT24,
  INT32,
  INT64,
  LONG_TEXT,
  MIDDLE_TEXT,
  SHORT_TEXT,
  writeBackLength,
  writeWord,
} from "./layout.ts";

const SHORT_TEXT_BYTES = 64;
/** What a short text takes beside its bytes: a head, and a back length. */
export const SHORT_TEXT_OVERHEAD_BYTES = 2;
/** No integer begins with a byte above. */
const ASCII_9 = 57;
const MIDDLE_TEXT_BYTES = 4096;

/** The integer that a text is. */
const parsed = createInt64Scratch();

/** Bytes that the entry of a text takes; the text of an integer is stored as one. O(1). */
export function encodedBytes(bytes: Uint8Array, offset: number, length: number): number {
  return parseInt64(bytes, offset, length, parsed)
    ? encodedIntegerBytes(parsed.high, parsed.low)
    : encodedTextBytes(length);
}

/** Bytes that the entry of a text of such a length takes when it is no integer. O(1). */
export function encodedTextBytes(length: number): number {
  const content = (length + textHeadBytes(length)) | 0;
  return (content + backLengthBytes(content)) | 0;
}

/** Bytes that the entry of an integer takes: 2 to 10. O(1). */
export function encodedIntegerBytes(high: number, low: number): number {
  return integerContentBytes(high, low) + 1;
}

/** Writes the entry of a text to target[at, ...) and returns its bytes. O(length). */
export function writeEntry(target: Uint8Array, at: number, bytes: Uint8Array, offset: number, length: number): number {
  return parseInt64(bytes, offset, length, parsed)
    ? writeIntegerEntry(target, at, parsed.high, parsed.low)
    : writeTextEntry(target, at, bytes, offset, length);
}

/** The same for a text that is known to be no integer. */
export function writeTextEntry(
  target: Uint8Array,
  at: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): number {
  const headBytes = textHeadBytes(length);
  if (headBytes === 1) target[at] = SHORT_TEXT | length;
  else if (headBytes === 2) {
    target[at] = MIDDLE_TEXT | (length >> 8);
    target[at + 1] = length;
  } else {
    target[at] = LONG_TEXT;
    writeWord(target, at + 1, length);
  }
  copyBytes(target, (at + headBytes) | 0, bytes, offset, length);
  const content = (headBytes + length) | 0;
  return (content + writeBackLength(target, (at + content) | 0, content)) | 0;
}

/** Writes the entry of an integer to target[at, ...), in the fewest bytes, and returns these. O(1). */
export function writeIntegerEntry(target: Uint8Array, at: number, high: number, low: number): number {
  const content = integerContentBytes(high, low);
  if (content === 1) target[at] = low;
  else if (content === 2) {
    target[at] = INT13 | ((low >> 8) & 0x1f);
    target[at + 1] = low;
  } else writeWideInteger(target, at, content, high, low);
  target[at + content] = content;
  return content + 1;
}

/** Whether length and first byte tell that a text is stored in the shortest form: it is short and does not begin as integers do. O(1). */
export function isShortText(bytes: Uint8Array, offset: number, length: number): boolean {
  return length < SHORT_TEXT_BYTES && bytes[offset] > ASCII_9;
}

/** Writes head and data of such a text to target[at, ...); returns the position behind, where a back length of `length + 1` belongs. */
export function writeShortText(
  target: Uint8Array,
  at: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): number {
  target[at] = SHORT_TEXT | length;
  const from = (at + 1) | 0;
  for (let index = 0; index < length; index++) target[from + index] = bytes[offset + index];
  return (from + length) | 0;
}

function writeWideInteger(target: Uint8Array, at: number, content: number, high: number, low: number): void {
  target[at] = content === 3 ? INT16 : content === 4 ? INT24 : content === 5 ? INT32 : INT64;
  target[at + 1] = low;
  target[at + 2] = low >> 8;
  if (content > 3) target[at + 3] = low >> 16;
  if (content > 4) target[at + 4] = low >> 24;
  if (content === 9) writeWord(target, at + 5, high);
}

function textHeadBytes(length: number): number {
  return length < SHORT_TEXT_BYTES ? 1 : length < MIDDLE_TEXT_BYTES ? 2 : 5;
}

function integerContentBytes(high: number, low: number): number {
  if (high !== low >> 31) return 9;
  if (low >= 0 && low <= 127) return 1;
  if (low >= -4096 && low <= 4095) return 2;
  if (low >= -32768 && low <= 32767) return 3;
  return low >= -8388608 && low <= 8388607 ? 4 : 5;
}
