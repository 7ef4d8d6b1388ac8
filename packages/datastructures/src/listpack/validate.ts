/** Bytes from outside: whether they are a listpack that the rest of this folder can read without leaving it. */
import {
  backLengthBytes,
  contentBytes,
  EMPTY_BYTES,
  HEADER_BYTES,
  INT13,
  INT64,
  listpackBytes,
  LONG_TEXT,
  MIDDLE_TEXT,
  readBackLength,
  SHORT_TEXT,
  storedCount,
  TERMINATOR,
  UNKNOWN_COUNT,
} from "./layout.ts";

/**
 * Whether bytes[start, + length) are one listpack. Shallow: its size and terminator, O(1). Deep: every entry and the count, O(length); only
 * then it is safe to walk.
 */
export function validateListpack(bytes: Uint8Array, start: number, length: number, deep: boolean): boolean {
  if (length < EMPTY_BYTES || listpackBytes(bytes, start) !== length) return false;
  if (bytes[start + length - 1] !== TERMINATOR) return false;
  return !deep || validateEntries(bytes, start, start + length - 1);
}

function validateEntries(bytes: Uint8Array, start: number, end: number): boolean {
  let count = 0;
  let position = start + HEADER_BYTES;
  while (position < end) {
    const size = validEntryBytes(bytes, position, end);
    if (size === 0) return false;
    position += size;
    count++;
  }
  const stored = storedCount(bytes, start);
  return position === end && (stored === UNKNOWN_COUNT || stored === count);
}

/** Size of the entry if it is sound and ends at or before `end`, else 0. */
function validEntryBytes(bytes: Uint8Array, position: number, end: number): number {
  const head = bytes[position];
  if (head < INT13) {
    // Nearly all entries are short texts and small integers: their back length is one byte.
    const size = head < SHORT_TEXT ? 2 : (head & 0x3f) + 2;
    return size <= end - position && bytes[position + size - 1] === size - 1 ? size : 0;
  }
  if (head > INT64 || position + headBytesOf(head) > end) return 0;
  const content = contentBytes(bytes, position);
  if (content <= 0 || content > end - position) return 0;
  const size = content + backLengthBytes(content);
  if (size > end - position) return 0;
  return readBackLength(bytes, position + size) === content ? size : 0;
}

/** Bytes that tell the size of the content. */
function headBytesOf(head: number): number {
  if (head < MIDDLE_TEXT || head > LONG_TEXT) return 2;
  return head < LONG_TEXT ? 2 : 5;
}
