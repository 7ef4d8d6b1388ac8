/**
 * A line that is being typed, as words with their places: as `splitArguments` splits it, but a quote may still be open.
 *
 *     set "a key" 'unfini         0..3 set   4..11 a key   12..19 unfini, open
 */
import { binaryOf } from "../../format/printer.ts";

export interface Word {
  readonly start: number;
  readonly end: number;
  /** What the word stands for, binary text. */
  readonly value: string;
  /** The quote that it begins with, or "". */
  readonly quote: "" | '"' | "'";
  /** A quote is open at its end, or something follows a closing quote: the line cannot be run. */
  readonly isBroken: boolean;
}

const BLANKS = /[ \t\n\r\v\f]*/y;
const WORD = /(?:"(?:\\[\s\S]|[^"\\])*(?:"|\\?$)|'(?:\\'|[^'])*(?:'|$)|[^ \t\n\r"'])+/y;
const PIECES = /"((?:\\[\s\S]|[^"\\])*)("|\\?$)|'((?:\\'|[^'])*)('|$)|[^"']+/g;
const NAMED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\x07" };

/** The words of a line. Linear time. */
export function scanWords(line: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  for (;;) {
    BLANKS.lastIndex = at;
    at += BLANKS.exec(line)?.[0].length ?? 0;
    if (at >= line.length) return words;
    WORD.lastIndex = at;
    const length = WORD.exec(line)?.[0].length ?? line.length - at;
    words.push(wordAt(line, at, at + length));
    at += length;
  }
}

function wordAt(line: string, start: number, end: number): Word {
  let value = "";
  let isBroken = false;
  let isEnded = false;
  for (const piece of line.slice(start, end).matchAll(PIECES)) {
    const [all, double, doubleEnd, single, singleEnd] = piece;
    isBroken ||= isEnded || doubleEnd === "" || doubleEnd === "\\" || singleEnd === "";
    isEnded = double !== undefined || single !== undefined;
    if (double !== undefined) value += unescape(double);
    else value += binaryOf(single?.replaceAll("\\'", "'") ?? all);
  }
  const first = line.charAt(start);
  return { start, end, value, isBroken, quote: first === '"' || first === "'" ? first : "" };
}

function unescape(text: string): string {
  return binaryOf(text).replace(/\\(?:x([0-9a-f]{2})|([\s\S]))/gi, (_all, hex?: string, other = "") =>
    hex === undefined ? (NAMED[other as string] ?? (other as string)) : String.fromCharCode(parseInt(hex, 16)),
  );
}
