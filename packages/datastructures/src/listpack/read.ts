/**
 * Walking a listpack and reading its entries. Nothing here checks bounds: bytes from outside go through validateListpack first.
 */
import { INT64_MAX_TEXT_LENGTH, writeInt64 } from "../int64/index.ts";
import {
  backLengthBytes,
  contentBytes,
  END,
  HEADER_BYTES,
  INT13,
  INT16,
  INT24,
  INT32,
  listpackBytes,
  LONG_TEXT,
  MIDDLE_TEXT,
  middleTextBytes,
  readBackLength,
  readWord,
  SHORT_TEXT,
  sizeByHead,
  storedCount,
  TERMINATOR,
  UNKNOWN_COUNT,
} from "./layout.ts";

/** An entry as it is stored: an integer as int32 halves, or where a text lies. */
export class ListpackValue {
  isInteger = false;
  high = 0;
  low = 0;
  bytes: Uint8Array = new Uint8Array(0);
  offset = 0;
  length = 0;
}

/** Where readText puts an entry: one object for one thing after the other, with room of its own for the digits of an integer. */
export interface TextTarget {
  bytes: Uint8Array;
  offset: number;
  length: number;
  readonly digits: Uint8Array;
}

/** An entry as text; that of an integer is in `digits` until the next read into the same object. */
export class ListpackText implements TextTarget {
  bytes: Uint8Array = new Uint8Array(0);
  offset = 0;
  length = 0;
  readonly digits = new Uint8Array(INT64_MAX_TEXT_LENGTH);
}

/** How many entries there are. O(1); O(entries) of a listpack that ever had 65535. */
export function listpackCount(bytes: Uint8Array, start: number): number {
  const stored = storedCount(bytes, start);
  if (stored !== UNKNOWN_COUNT) return stored;
  let count = 0;
  for (let position = firstEntry(bytes, start); position !== END; position = nextEntry(bytes, position)) count++;
  return count;
}

/** Number of entries from one on up to another position, which may be the terminator's. O(entries). */
export function entriesBetween(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at !== to; at = (at + entryBytes(bytes, at)) | 0) count++;
  return count;
}

/** The first entry, END of an empty listpack. O(1). */
export function firstEntry(bytes: Uint8Array, start: number): number {
  const position = (start + HEADER_BYTES) | 0;
  return bytes[position] === TERMINATOR ? END : position;
}

/** The last entry, END of an empty listpack. O(1). */
export function lastEntry(bytes: Uint8Array, start: number): number {
  return previousEntry(bytes, start, (start + listpackBytes(bytes, start) - 1) | 0);
}

/** The entry after, END after the last. O(1). */
export function nextEntry(bytes: Uint8Array, position: number): number {
  const next = (position + entryBytes(bytes, position)) | 0;
  return bytes[next] === TERMINATOR ? END : next;
}

/** The entry before, END before the first; position may be that of the terminator too. O(1). */
export function previousEntry(bytes: Uint8Array, start: number, position: number): number {
  if (position === start + HEADER_BYTES) return END;
  const content = readBackLength(bytes, position);
  return (position - content - backLengthBytes(content)) | 0;
}

/** The position itself, END if the terminator is there: what a deletion leaves behind. O(1). */
export function entryOrEnd(bytes: Uint8Array, position: number): number {
  return bytes[position] === TERMINATOR ? END : position;
}

/** Size of the whole entry, back length included. O(1). */
export function entryBytes(bytes: Uint8Array, position: number): number {
  const head = bytes[position];
  const size = sizeByHead[head];
  if (size !== 0) return size;
  const content = head < LONG_TEXT ? middleTextBytes(head, bytes[position + 1]) : contentBytes(bytes, position);
  return content < 128 ? (content + 1) | 0 : (content + backLengthBytes(content)) | 0;
}

/** Whether an entry with this head is a text; a head, not a position. */
export function isTextHead(head: number): boolean {
  return head >= SHORT_TEXT && head <= LONG_TEXT && (head < INT13 || head >= MIDDLE_TEXT);
}

/** Bytes before a short text in its entry, and bytes that the entry takes beside it. */
export const SHORT_TEXT_HEAD_BYTES = 1;
export const SHORT_TEXT_FRAME_BYTES = 2;

/** Length of the text of an entry that is a text below 64 bytes, -1 of any other, and of the terminator: for loops over many. O(1). */
export function shortTextLength(bytes: Uint8Array, position: number): number {
  const head = bytes[position];
  return head >= SHORT_TEXT && head < INT13 ? head & 0x3f : -1;
}

/** The entry as it is stored: a text by its place, an integer by its halves. O(1). */
export function readEntry(bytes: Uint8Array, position: number, out: ListpackValue): void {
  const head = bytes[position];
  if (isTextHead(head)) {
    const headBytes = head < INT13 ? 1 : head < LONG_TEXT ? 2 : 5;
    out.isInteger = false;
    out.bytes = bytes;
    out.offset = (position + headBytes) | 0;
    out.length = (contentBytes(bytes, position) - headBytes) | 0;
    return;
  }
  out.isInteger = true;
  out.low = integerLow(bytes, position);
  out.high = integerHigh(bytes, position, out.low);
}

/** The entry as text; an integer is printed. O(1). */
export function readText(bytes: Uint8Array, position: number, out: TextTarget): void {
  const head = bytes[position];
  if (isTextHead(head)) {
    const headBytes = head < INT13 ? 1 : head < LONG_TEXT ? 2 : 5;
    out.bytes = bytes;
    out.offset = (position + headBytes) | 0;
    out.length = (contentBytes(bytes, position) - headBytes) | 0;
    return;
  }
  const low = integerLow(bytes, position);
  out.bytes = out.digits;
  out.offset = 0;
  out.length = writeInt64(out.digits, 0, integerHigh(bytes, position, low), low);
}

/** Lower half of the integer entry at position. */
export function integerLow(bytes: Uint8Array, position: number): number {
  const head = bytes[position];
  if (head < SHORT_TEXT) return head;
  if (head < MIDDLE_TEXT) return (((head << 8) | bytes[position + 1]) << 19) >> 19;
  if (head === INT16) return ((bytes[position + 1] | (bytes[position + 2] << 8)) << 16) >> 16;
  if (head === INT24) {
    return ((bytes[position + 1] | (bytes[position + 2] << 8) | (bytes[position + 3] << 16)) << 8) >> 8;
  }
  return readWord(bytes, position + 1);
}

/** Upper half of the integer entry at position, whose lower half is known. */
export function integerHigh(bytes: Uint8Array, position: number, low: number): number {
  return bytes[position] <= INT32 ? low >> 31 : readWord(bytes, position + 5);
}
