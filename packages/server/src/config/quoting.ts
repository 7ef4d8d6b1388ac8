/**
 * The quoting rules of configuration lines and of command line options.
 *
 * Arguments are separated by white space. "double quotes" understand \n \r \t \b \a \\ \" and \xNN (a raw byte);
 * 'single quotes' understand only \'. A closing quote must be followed by white space or the end of the line.
 * Work is done on UTF-8 bytes, so that \xNN sequences can spell any character.
 */
import { bytesOfText, latin1OfUtf8, textOfBytes } from "../dispatch/utf8.ts";
import { quotedText } from "../quoted-text.ts";

const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const BACKSLASH = 92;
const LETTER_X = 120;
/** What the letter after a backslash stands for; any other letter stands for itself. */
const ESCAPES = new Map<number, number>([
  [110, 10], // n
  [114, 13], // r
  [116, 9], // t
  [98, 8], // b
  [97, 7], // a
]);

/** Splits a line into its arguments; null when quotes are unbalanced or a closing quote touches the next word. O(length). */
export function splitArguments(line: string): string[] | null {
  const bytes = bytesOfText(line);
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (at < bytes.length && isBlank(bytes[at])) at++;
    if (at >= bytes.length) return words;
    const word: number[] = [];
    at = readWord(bytes, at, word);
    if (at < 0) return null;
    words.push(textOfBytes(Uint8Array.from(word)));
  }
}

/** Reads one word into `word`; returns the position after it, or -1 when its quotes are not right. */
function readWord(bytes: Uint8Array, start: number, word: number[]): number {
  let at = start;
  while (at < bytes.length && !endsWord(bytes[at])) {
    const byte = bytes[at];
    if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) {
      at = byte === DOUBLE_QUOTE ? readDoubleQuoted(bytes, at + 1, word) : readSingleQuoted(bytes, at + 1, word);
      return at >= 0 && (at >= bytes.length || isBlank(bytes[at])) ? at : -1;
    }
    word.push(byte);
    at++;
  }
  return at;
}

function readDoubleQuoted(bytes: Uint8Array, start: number, word: number[]): number {
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === DOUBLE_QUOTE) return at + 1;
    if (byte !== BACKSLASH || at + 1 >= bytes.length) {
      word.push(byte);
      at++;
      continue;
    }
    const letter = bytes[at + 1];
    const high = hexDigit(bytes[at + 2]);
    const low = hexDigit(bytes[at + 3]);
    if (letter === LETTER_X && high >= 0 && low >= 0) {
      word.push(high * 16 + low);
      at += 4;
    } else {
      word.push(ESCAPES.get(letter) ?? letter);
      at += 2;
    }
  }
  return -1;
}

function readSingleQuoted(bytes: Uint8Array, start: number, word: number[]): number {
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === SINGLE_QUOTE) return at + 1;
    if (byte === BACKSLASH && bytes[at + 1] === SINGLE_QUOTE) at++;
    word.push(bytes[at]);
    at++;
  }
  return -1;
}

/** One argument in double quotes, such that `splitArguments` gives it back: all that is not printable ASCII is written as \xNN. O(length). */
export function quoteArgument(argument: string): string {
  return quotedText(latin1OfUtf8(argument));
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13);
}

/** Vertical tab and form feed separate words but do not end one that has begun; a NUL ends it. */
function endsWord(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === 0;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
