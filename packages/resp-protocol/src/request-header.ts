/**
 * The lines that frame a request: `*<argument count>\r\n`, `$<bytes>\r\n` and inline lines that end in `\n` or `\r\n`.
 *
 * Every function takes bytes and offsets and gives a number: a position or a value when it is not negative, otherwise one of the
 * codes below. What is accepted and which error is given follow Redis 7.2 (`networking.c`): the end of a header is the first `\r`,
 * whatever the byte after it is; integers are strict (no `+`, no leading zero, at most 20 characters); a negative or zero argument
 * count is an empty request.
 */
import { PROTOCOL_BYTES } from "./protocol-bytes.ts";
import type { RequestLimits } from "./request-limits.ts";

export const NEED_MORE = -1;
export const COUNT_LINE_TOO_LONG = -2;
export const INVALID_COUNT = -3;
export const UNAUTHENTICATED_COUNT = -4;
export const BULK_LINE_TOO_LONG = -5;
export const NOT_A_BULK = -6;
export const INVALID_BULK_LENGTH = -7;
export const UNAUTHENTICATED_BULK_LENGTH = -8;
export const INLINE_TOO_LONG = -9;
export const UNBALANCED_QUOTES = -10;
export const REQUEST_TOO_BIG = -11;

/** A header or an inline line of which this many bytes are there without its end is too long. */
export const MAX_LINE_BYTES = 64 * 1024;

const { CR, DOLLAR, LF, MINUS, ZERO } = PROTOCOL_BYTES;
const MAX_INTEGER_BYTES = 20;
const MAX_NEGATIVE_DIGITS = "9223372036854775808";

/** The text that follows `-ERR ` for an error code. `byte` is what stood in the place of a `$`. */
export function problemText(code: number, byte: number): string {
  return "Protocol error: " + (code === NOT_A_BULK ? `expected '$', got '${printable(byte)}'` : PROBLEMS[-code]);
}

const PROBLEMS = [
  "",
  "",
  "too big mbulk count string",
  "invalid multibulk length",
  "unauthenticated multibulk length",
  "too big bulk count string",
  "",
  "invalid bulk length",
  "unauthenticated bulk length",
  "too big inline request",
  "unbalanced quotes in request",
  "too big request",
] as const;

/** One byte as Latin-1; line ends cannot stand in an error line. */
function printable(byte: number): string {
  return byte === LF || byte === CR ? " " : String.fromCharCode(byte);
}

/**
 * Position of the `\r` that ends the line at `lineStart`, once a byte follows it, looking from `from` on.
 * `tooLong` is given when more than MAX_LINE_BYTES stand before it.
 */
export function findLineEnd(bytes: Uint8Array, lineStart: number, from: number, end: number, tooLong: number): number {
  const stop = Math.min(end, lineStart + MAX_LINE_BYTES + 1);
  let at = from;
  while (at < stop && bytes[at] !== CR) at++;
  if (at === stop) return end - lineStart > MAX_LINE_BYTES ? tooLong : NEED_MORE;
  return at + 1 < end ? at : NEED_MORE;
}

/** Position of the `\n` that ends the inline line at `lineStart`, looking from `from` on. */
export function findNewline(bytes: Uint8Array, lineStart: number, from: number, end: number): number {
  const stop = Math.min(end, lineStart + MAX_LINE_BYTES + 1);
  let at = from;
  while (at < stop && bytes[at] !== LF) at++;
  if (at < stop) return at;
  return end - lineStart > MAX_LINE_BYTES ? INLINE_TOO_LONG : NEED_MORE;
}

/** End of the text of an inline line: without the `\r` before its `\n`. */
export function inlineTextEnd(bytes: Uint8Array, lineStart: number, newline: number): number {
  return newline > lineStart && bytes[newline - 1] === CR ? newline - 1 : newline;
}

/** Argument count of the line `*...` that ends at `lineEnd`; 0 for an empty request. */
export function readCount(
  bytes: Uint8Array,
  lineStart: number,
  lineEnd: number,
  limits: RequestLimits,
  authenticated: boolean,
): number {
  const count = readInteger(bytes, lineStart + 1, lineEnd);
  if (!(count <= limits.maxArguments)) return INVALID_COUNT;
  if (count > limits.unauthenticatedMaxArguments && !authenticated) return UNAUTHENTICATED_COUNT;
  return count <= 0 ? 0 : count;
}

/** Byte length of the line `$...` that ends at `lineEnd`. */
export function readBulkLength(
  bytes: Uint8Array,
  lineStart: number,
  lineEnd: number,
  limits: RequestLimits,
  authenticated: boolean,
): number {
  if (bytes[lineStart] !== DOLLAR) return NOT_A_BULK;
  const length = readInteger(bytes, lineStart + 1, lineEnd);
  if (!(length >= 0 && length <= limits.maxBulkBytes)) return INVALID_BULK_LENGTH;
  if (length > limits.unauthenticatedMaxBulkBytes && !authenticated) return UNAUTHENTICATED_BULK_LENGTH;
  return length;
}

/** A strict decimal int64 in bytes[at..end); NaN when it is none. Exact as far as a double is, which suffices for the limits. */
function readInteger(bytes: Uint8Array, at: number, end: number): number {
  const negative = bytes[at] === MINUS && at < end;
  const first = negative ? at + 1 : at;
  const digits = end - first;
  if (digits <= 0 || end - at > MAX_INTEGER_BYTES) return NaN;
  if (bytes[first] === ZERO) return digits === 1 && !negative ? 0 : NaN;
  let value = 0;
  for (let index = first; index < end; index++) {
    const digit = bytes[index] - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  if (negative && digits === 19 && String.fromCharCode(...bytes.subarray(first, end)) > MAX_NEGATIVE_DIGITS) return NaN;
  return negative ? -value : value;
}
