/**
 * Inline requests: a line of words, as typed into telnet. The quoting rules are those of Redis (`sdssplitargs`):
 *
 *     set key "a \x41\n\"b\""     double quotes: \xHH, \n \r \t \b \a; any other character after a backslash is itself
 *     set key 'it''s' 'it\'s'     single quotes: only \' is an escape (the first word is an error: a closing quote ends a word)
 *
 * A word is unescaped in place, since that never makes it longer: a word becomes an offset and a length as any other argument.
 * A NUL byte is an ordinary character here.
 */
import type { RequestBatch } from "./request-batch.ts";
import { UNBALANCED_QUOTES } from "./request-header.ts";

const BACKSLASH = 92;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const SPACE = 32;
const LOWER_X = 120;

/** Where the word being read goes on, and where its next unescaped byte goes to; one word is split at a time. */
let readAt = 0;
let writeAt = 0;

/**
 * Splits the line bytes[at..end), which has no line end, into arguments `used`, `used + 1`, ... of the batch.
 * Gives their count or UNBALANCED_QUOTES. Linear time; rewrites words that hold quotes.
 */
export function splitInline(bytes: Uint8Array, at: number, end: number, batch: RequestBatch, used: number): number {
  let count = 0;
  for (;;) {
    while (at < end && isSpace(bytes[at])) at++;
    if (at === end) return count;
    readAt = writeAt = at;
    if (!readWord(bytes, end)) return UNBALANCED_QUOTES;
    batch.reserveArguments(used + count + 1, used + count);
    batch.argumentOffsets[used + count] = at;
    batch.argumentLengths[used + count] = writeAt - at;
    count++;
    at = readAt;
  }
}

/** Reads a word up to the blank behind it; false when a quote is not closed, or closed before the end of the word. */
function readWord(bytes: Uint8Array, end: number): boolean {
  while (readAt < end) {
    const byte = bytes[readAt];
    if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) {
      readAt++;
      const closed = byte === DOUBLE_QUOTE ? readDoubleQuoted(bytes, end) : readSingleQuoted(bytes, end);
      return closed && (readAt === end || isSpace(bytes[readAt]));
    }
    if (endsWord(byte)) return true;
    bytes[writeAt++] = byte;
    readAt++;
  }
  return true;
}

/** Reads up to and with the closing double quote. */
function readDoubleQuoted(bytes: Uint8Array, end: number): boolean {
  while (readAt < end) {
    const byte = bytes[readAt++];
    if (byte === DOUBLE_QUOTE) return true;
    bytes[writeAt++] = byte === BACKSLASH && readAt < end ? readEscape(bytes, end) : byte;
  }
  return false;
}

/** The byte that the characters behind a backslash stand for. */
function readEscape(bytes: Uint8Array, end: number): number {
  const byte = bytes[readAt++];
  if (byte === LOWER_X && readAt + 2 <= end) {
    const high = hexDigit(bytes[readAt]);
    const low = hexDigit(bytes[readAt + 1]);
    if (high >= 0 && low >= 0) {
      readAt += 2;
      return high * 16 + low;
    }
  }
  return escaped(byte);
}

/** Reads up to and with the closing single quote. */
function readSingleQuoted(bytes: Uint8Array, end: number): boolean {
  while (readAt < end) {
    let byte = bytes[readAt++];
    if (byte === SINGLE_QUOTE) return true;
    if (byte === BACKSLASH && readAt < end && bytes[readAt] === SINGLE_QUOTE) byte = bytes[readAt++];
    bytes[writeAt++] = byte;
  }
  return false;
}

function escaped(byte: number): number {
  if (byte === 110) return 10; // n
  if (byte === 114) return 13; // r
  if (byte === 116) return 9; // t
  if (byte === 98) return 8; // b
  if (byte === 97) return 7; // a
  return byte;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 9 && byte <= 13);
}

/** Vertical tab and form feed separate words but do not end one. */
function endsWord(byte: number): boolean {
  return byte === SPACE || byte === 9 || byte === 10 || byte === 13;
}
