/** Comparing entries with a text, and searching. A text is compared as it would be stored: digits also match integers. */
import { createInt64Scratch, parseInt64 } from "../int64/index.ts";
import { contentBytes, END, INT13, LONG_TEXT, MIDDLE_TEXT, SHORT_TEXT, TERMINATOR } from "./layout.ts";
import { entryBytes, integerHigh, integerLow, isTextHead } from "./read.ts";

/** A head of one byte has the lengths up to this. */
const SHORT_TEXT_MAXIMUM = 63;

/** The integer that the needle is, where it is one. */
const parsed = createInt64Scratch();

/** Whether the entry is this text. O(length). */
export function entryEquals(
  bytes: Uint8Array,
  position: number,
  needle: Uint8Array,
  offset: number,
  length: number,
): boolean {
  if (isTextHead(bytes[position])) return textEquals(bytes, position, needle, offset, length);
  return parseInt64(needle, offset, length, parsed) && integerEquals(bytes, position);
}

/**
 * The first entry from position on that is this text, looking at one entry and passing over `skip`: with 1, at the fields of pairs.
 * END when there is none; position may be END. O(bytes to it).
 */
export function findEntry(
  bytes: Uint8Array,
  position: number,
  needle: Uint8Array,
  offset: number,
  length: number,
  skip: number,
): number {
  if (position === END) return END;
  const isInteger = parseInt64(needle, offset, length, parsed);
  const isShort = length > 0 && length <= SHORT_TEXT_MAXIMUM && !isInteger;
  if (isShort) return findShortText(bytes, position, needle, offset, length, skip);
  let at = position;
  while (bytes[at] !== TERMINATOR) {
    if (matches(bytes, at, needle, offset, length, isInteger)) return at;
    at = (at + entryBytes(bytes, at)) | 0;
    for (let left = skip; left > 0 && bytes[at] !== TERMINATOR; left--) at = (at + entryBytes(bytes, at)) | 0;
  }
  return END;
}

/**
 * `findEntry` for what is stored as a short text, in one loop. Texts that are like each other differ at their ends as a rule, so the last
 * byte is looked at first.
 */
function findShortText(
  bytes: Uint8Array,
  position: number,
  needle: Uint8Array,
  offset: number,
  length: number,
  skip: number,
): number {
  const wanted = SHORT_TEXT | length;
  const last = needle[offset + length - 1];
  let at = position;
  for (let head = bytes[at]; head !== TERMINATOR; head = bytes[at]) {
    if (head === wanted) {
      if (bytes[at + length] === last && textEquals(bytes, at, needle, offset, length)) return at;
    } else if (head >= MIDDLE_TEXT && matches(bytes, at, needle, offset, length, false)) return at;
    at = placeAfter(bytes, at, head);
    for (let left = skip; left > 0; left--) {
      const skipped = bytes[at];
      if (skipped === TERMINATOR) return END;
      at = placeAfter(bytes, at, skipped);
    }
  }
  return END;
}

/** Where the entry with this head ends. */
function placeAfter(bytes: Uint8Array, at: number, head: number): number {
  if (head < SHORT_TEXT) return (at + 2) | 0;
  return head < INT13 ? (at + (head & 0x3f) + 2) | 0 : (at + entryBytes(bytes, at)) | 0;
}

function matches(
  bytes: Uint8Array,
  at: number,
  needle: Uint8Array,
  offset: number,
  length: number,
  isInteger: boolean,
): boolean {
  const head = bytes[at];
  if (head < SHORT_TEXT) return isInteger && parsed.low === head && parsed.high === 0;
  if (head < INT13 && (head & 0x3f) !== length) return false;
  return isTextHead(head) ? textEquals(bytes, at, needle, offset, length) : isInteger && integerEquals(bytes, at);
}

/** Whether the integer entry is the one that was parsed last. */
function integerEquals(bytes: Uint8Array, position: number): boolean {
  const low = integerLow(bytes, position);
  return low === parsed.low && integerHigh(bytes, position, low) === parsed.high;
}

function textEquals(bytes: Uint8Array, position: number, needle: Uint8Array, offset: number, length: number): boolean {
  const head = bytes[position];
  const headBytes = head < INT13 ? 1 : head < LONG_TEXT ? 2 : 5;
  if (contentBytes(bytes, position) - headBytes !== length) return false;
  const from = (position + headBytes) | 0;
  for (let index = 0; index < length; index++) {
    if (bytes[from + index] !== needle[offset + index]) return false;
  }
  return true;
}
