/**
 * The bytes of a listpack: a list of short texts and integers in one run of bytes, in Redis's own format.
 *
 *   | total bytes: u32 | count: u16 | entry | entry | ... | 0xff |          all numbers little endian; count 65535: not known
 *
 *   entry = | head | data | back length |
 *
 *   head       data
 *   0xxxxxxx   none: the integers 0 to 127
 *   10xxxxxx   a text of x bytes
 *   110xxxxx   1 byte: an integer of 13 bits
 *   1110xxxx   1 byte of length, then a text of up to 4095 bytes
 *   0xf0       u32 of length, then a text
 *   0xf1 - f4  an integer of 16, 24, 32 or 64 bits
 *
 * The back length is the size of head and data, in groups of 7 bits, read from its last byte backwards: a byte with its top bit set has
 * another one before it. It is what makes a listpack readable from its end.
 *
 * `bytes` is a window of a heap or any plain array, `start` the offset of a listpack's first byte in it, `position` that of an entry.
 */

export const COUNT_BYTE = 4;
export const HEADER_BYTES = 6;
/** Header and terminator: what an empty listpack takes. */
export const EMPTY_BYTES = HEADER_BYTES + 1;
/** A listpack does not grow beyond this, as in Redis. */
export const MAXIMUM_BYTES = 2 ** 30;
export const TERMINATOR = 0xff;
/** The count that stands for: more than 65534, or unknown. */
export const UNKNOWN_COUNT = 0xffff;

/** Where there is no entry: after the last, before the first, or not found. */
export const END = -1;

export const SHORT_TEXT = 0x80;
export const INT13 = 0xc0;
export const MIDDLE_TEXT = 0xe0;
export const LONG_TEXT = 0xf0;
export const INT16 = 0xf1;
export const INT24 = 0xf2;
export const INT32 = 0xf3;
/** The largest head that there is. */
export const INT64 = 0xf4;

/** An unsigned number of 4 bytes, as an int32: negative from 2^31 on. */
export function readWord(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

export function writeWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >> 8;
  bytes[at + 2] = value >> 16;
  bytes[at + 3] = value >> 24;
}

/** The size of the listpack with its header and terminator. O(1). */
export function listpackBytes(bytes: Uint8Array, start: number): number {
  return readWord(bytes, start);
}

/** The count as it stands in the header. */
export function storedCount(bytes: Uint8Array, start: number): number {
  return bytes[start + COUNT_BYTE] | (bytes[start + COUNT_BYTE + 1] << 8);
}

export function storeCount(bytes: Uint8Array, start: number, count: number): void {
  const stored = count < UNKNOWN_COUNT ? count : UNKNOWN_COUNT;
  bytes[start + COUNT_BYTE] = stored;
  bytes[start + COUNT_BYTE + 1] = stored >> 8;
}

/** An empty listpack from `at` on; it takes EMPTY_BYTES. */
export function writeEmptyListpack(target: Uint8Array, at: number): void {
  writeWord(target, at, EMPTY_BYTES);
  storeCount(target, at, 0);
  target[at + HEADER_BYTES] = TERMINATOR;
}

/** Size of head and data of the entry at position: what its back length says. 0 for a head that does not exist. O(1). */
export function contentBytes(bytes: Uint8Array, position: number): number {
  const head = bytes[position];
  if (head < SHORT_TEXT) return 1;
  if (head < INT13) return 1 + (head & 0x3f);
  if (head < MIDDLE_TEXT) return 2;
  if (head < LONG_TEXT) return middleTextBytes(head, bytes[position + 1]);
  if (head === LONG_TEXT) return (5 + readWord(bytes, position + 1)) | 0;
  if (head < INT64) return head - INT16 + 3;
  return head === INT64 ? 9 : 0;
}

/** Size of head and data of a text of 64 to 4095 bytes, by its first two bytes. */
export function middleTextBytes(head: number, next: number): number {
  return 2 + (((head & 0x0f) << 8) | next);
}

/** Bytes that the back length of such a content takes. */
export function backLengthBytes(content: number): number {
  if (content < 128) return 1;
  if (content < 16383) return 2;
  if (content < 2097151) return 3;
  return content < 268435455 ? 4 : 5;
}

/** Size of a whole entry by its head; 0 where that does not tell it (texts from 64 bytes on), and of heads that do not exist. */
export const sizeByHead = Uint8Array.from({ length: 256 }, (_, head) => {
  const content = head < MIDDLE_TEXT || head > LONG_TEXT ? contentBytes(Uint8Array.of(head), 0) : 0;
  return content === 0 ? 0 : content + backLengthBytes(content);
});

/** The back length whose last byte is at end - 1. */
export function readBackLength(bytes: Uint8Array, end: number): number {
  let at = end - 1;
  let byte = bytes[at];
  let content = byte & 0x7f;
  for (let shift = 7; byte >= 0x80 && shift < 35; shift += 7) {
    at--;
    byte = bytes[at];
    content |= (byte & 0x7f) << shift;
  }
  return content;
}

/** Writes the back length of such a content and returns the bytes that it takes. */
export function writeBackLength(target: Uint8Array, at: number, content: number): number {
  if (content < 128) {
    target[at] = content;
    return 1;
  }
  const count = backLengthBytes(content);
  let rest = content;
  for (let index = count - 1; index > 0; index--) {
    target[at + index] = (rest & 0x7f) | 0x80;
    rest >>= 7;
  }
  target[at] = rest;
  return count;
}
