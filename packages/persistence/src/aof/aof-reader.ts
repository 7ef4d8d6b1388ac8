/**
 * Reads one append only file command by command, with bounded memory: a window of the file that grows only for a command
 * that is larger. No garbage per command.
 *
 *     *2\r\n$4\r\nPING\r\n$2\r\nhi\r\n       a command: an array of bulk strings, all lengths in decimal, all line ends exact
 *     #TS:1700000000\r\n                     an annotation: a line
 *
 * A file may end anywhere, and where a power cut has hit, in zeros: both are `torn`. Anything else is `damaged`.
 */

import type { FileSystem } from "../file-system.ts";
import { MAX_ANNOTATION_BYTES } from "./aof-format.ts";

/** What `next` has found. */
export type AofItem = "command" | "annotation" | "end" | "torn" | "damaged";

export interface AofReaderOptions {
  /** Where to begin; default 0. */
  readonly offset?: number;
  /** Of the window at the beginning; default 256 KiB. */
  readonly windowBytes?: number;
}

/** What became of an attempt to read an item from the window. */
const COMPLETE = 0;
const INCOMPLETE = 1;
const WRONG = 2;

const ARRAY = 42; // *
const BULK = 36; // $
const ANNOTATION = 35; // #
const CR = 13;
const LF = 10;
const ZERO = 48;
const NONE = -1;
const MAX_NUMBER = 2 ** 31 - 1;
const DEFAULT_WINDOW_BYTES = 256 * 1024;
const MAX_WINDOW_BYTES = 2 ** 31 - 1;

/** Commands of one file, one after the other. */
export class AofReader {
  /** The window that holds the item; valid, as the positions in it, until the next call. */
  bytes: Uint8Array;
  /** The item is bytes[start..end). */
  start = 0;
  end = 0;
  /** Of a command: where each argument begins and how long it is, in pairs. */
  words = new Int32Array(64);
  wordCount = 0;
  /** After `torn` and `damaged`: what is wrong, in the words of redis-check-aof, "" for a file that just ends. */
  problem = "";
  /** Where in the file the part begins that is wrong. */
  problemOffset = 0;
  /** After an item and after `torn` and `damaged`: how many lines of it were read. */
  lineCount = 0;
  /** After `torn`: whether it ends in zeros that nobody wrote. */
  endsInZeros = false;

  readonly #fileSystem: FileSystem;
  readonly #descriptor: number;
  readonly #byteLength: number;
  /** bytes[0..limit) are those of the file from `base` on. */
  #base: number;
  #limit = 0;
  /** How far the last attempt came, and the number that it read last. */
  #at = 0;
  #number = 0;
  /** Where a line begins whose end is not in the window. */
  #cutLine = NONE;
  /** So many bytes from `start` on are needed for sure. */
  #needed = 0;

  /** @param descriptor open for reading; stays open */
  constructor(fileSystem: FileSystem, descriptor: number, options: AofReaderOptions = {}) {
    this.#fileSystem = fileSystem;
    this.#descriptor = descriptor;
    this.#byteLength = fileSystem.size(descriptor);
    this.#base = options.offset ?? 0;
    this.bytes = new Uint8Array(options.windowBytes ?? DEFAULT_WINDOW_BYTES);
  }

  /** Where in the file the item begins. */
  get startOffset(): number {
    return this.#base + this.start;
  }

  /** Where in the file the item ends; before the first call, where reading begins. */
  get endOffset(): number {
    return this.#base + this.end;
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  /** Reads the next item. O(its bytes). @throws what the file system throws */
  next(): AofItem {
    this.start = this.end;
    this.#needed = 0;
    this.lineCount = 0;
    for (;;) {
      const outcome = this.#attempt();
      if (outcome === COMPLETE) {
        this.end = this.#at;
        return this.bytes[this.start] === ANNOTATION ? "annotation" : "command";
      }
      if (outcome === WRONG) return this.#onlyZerosFollow(this.#base + this.#at) ? "torn" : "damaged";
      if (!this.#readMore()) return this.#ended();
    }
  }

  #attempt(): number {
    if (this.start === this.#limit) return INCOMPLETE;
    this.#at = this.start;
    this.lineCount = 0;
    this.#cutLine = NONE;
    switch (this.bytes[this.start]) {
      case ARRAY:
        return this.#attemptCommand();
      case ANNOTATION:
        return this.#attemptAnnotation();
      default:
        return this.#wrong(this.start, "format error");
    }
  }

  #attemptCommand(): number {
    const header = this.#readNumber(this.start);
    if (header !== COMPLETE) return header;
    const count = this.#number;
    if (count < 1) return this.#wrong(this.start, "a command of no words");
    this.wordCount = count;
    this.lineCount = 1;
    for (let word = 0; word < count; word++) {
      const outcome = this.#readWord(word);
      if (outcome === COMPLETE) continue;
      this.lineCount += word * 2;
      return outcome;
    }
    this.lineCount = 1 + count * 2;
    return COMPLETE;
  }

  #readWord(word: number): number {
    const from = this.#at;
    if (from >= this.#limit) return INCOMPLETE;
    if (this.bytes[from] !== BULK) {
      return this.#wrong(from, `Expected prefix '$', got: '${String.fromCharCode(this.bytes[from])}'`);
    }
    const header = this.#readNumber(from);
    if (header !== COMPLETE) return header;
    const at = this.#at;
    const length = this.#number;
    const end = at + length + 2;
    if (end > this.#limit) {
      this.lineCount++;
      this.problemOffset = this.#base + at;
      this.#needed = end - this.start;
      return INCOMPLETE;
    }
    if (this.bytes[end - 2] !== CR || this.bytes[end - 1] !== LF) {
      this.lineCount++;
      return this.#notNewline(at, this.bytes[end - 2] === CR ? end - 1 : end - 2, end - 2);
    }
    if (word * 2 === this.words.length) this.#growWords();
    this.words[word * 2] = at;
    this.words[word * 2 + 1] = length;
    this.#at = end;
    return COMPLETE;
  }

  /** As words are found, and not as they are announced. */
  #growWords(): void {
    const larger = new Int32Array(this.words.length * 2);
    larger.set(this.words);
    this.words = larger;
  }

  /** The number behind the prefix at `from`, and the line end behind it. */
  #readNumber(from: number): number {
    const bytes = this.bytes;
    const limit = this.#limit;
    let value = 0;
    let at = from + 1;
    for (; at < limit; at++) {
      const digit = bytes[at] - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      if (value > MAX_NUMBER) return this.#wrong(from, "a length beyond the limits", at);
    }
    if (at + 1 >= limit && (at >= limit || bytes[at] === CR)) {
      this.#cutLine = from;
      return INCOMPLETE;
    }
    if (at === from + 1 || bytes[at] !== CR) return this.#notNewline(from, at, at);
    if (bytes[at + 1] !== LF) return this.#notNewline(from, at + 1, at);
    this.#number = value;
    this.#at = at + 2;
    return COMPLETE;
  }

  #attemptAnnotation(): number {
    const end = Math.min(this.#limit, this.start + MAX_ANNOTATION_BYTES);
    let at = this.start;
    while (at < end && this.bytes[at] !== LF && this.bytes[at] !== 0) at++;
    if (at < end && this.bytes[at] === LF) {
      this.#at = at + 1;
      return COMPLETE;
    }
    return at === this.#limit ? INCOMPLETE : this.#wrong(this.start, "an annotation without an end", at);
  }

  /** @param from where the part begins @param at the byte that is wrong */
  #wrong(from: number, problem: string, at = from): number {
    this.problem = problem;
    this.problemOffset = this.#base + from;
    this.#at = at;
    return WRONG;
  }

  #notNewline(from: number, at: number, lineEnd: number): number {
    const hex = (byte: number): string => byte.toString(16).padStart(2, "0");
    const byteAt = (position: number): number => (position < this.#limit ? this.bytes[position] : 0);
    const got = hex(byteAt(lineEnd)) + hex(byteAt(lineEnd + 1));
    return this.#wrong(from, String.raw`Expected \r\n, got: ${got}`, at);
  }

  /** Gets more of the file into the window; false when what is needed is not there. */
  #readMore(): boolean {
    const rest = this.#byteLength - this.startOffset;
    const wanted = Math.max(this.#needed, this.#limit - this.start + 1);
    if (wanted > rest || wanted > MAX_WINDOW_BYTES) return false;
    this.#makeRoom();
    const position = this.#base + this.#limit;
    const room = Math.min(this.bytes.length - this.#limit, this.#byteLength - position);
    const count = this.#fileSystem.read(this.#descriptor, this.bytes, this.#limit, room, position);
    this.#limit += count;
    return count > 0;
  }

  /** Moves the item to the beginning of the window; doubles that when the item fills it, so that no length is believed. */
  #makeRoom(): void {
    const kept = this.#limit - this.start;
    if (kept === this.bytes.length) {
      const larger = new Uint8Array(Math.min(MAX_WINDOW_BYTES, Math.max(2 * kept, 16)));
      larger.set(this.bytes);
      this.bytes = larger;
      return;
    }
    this.bytes.copyWithin(0, this.start, this.#limit);
    this.#base += this.start;
    this.#limit = kept;
    this.start = 0;
    this.end = 0;
  }

  #ended(): AofItem {
    if (this.startOffset === this.#byteLength) return "end";
    const rest = this.#byteLength - this.startOffset;
    this.endsInZeros = false;
    this.problem = "";
    if (this.#needed > rest && this.problemOffset > this.startOffset) {
      const got = this.#byteLength - this.problemOffset;
      const wanted = this.#needed - (this.problemOffset - this.startOffset);
      this.problem = `Expected to read ${String(wanted)} bytes, got ${String(got)} bytes`;
    } else if (this.#cutLine !== NONE) {
      this.#notNewline(this.#cutLine, this.#limit, this.bytes[this.#limit - 1] === CR ? this.#limit - 1 : this.#limit);
    } else {
      this.problemOffset = this.startOffset;
    }
    return "torn";
  }

  /** Whether the file has nothing but zeros from an offset to its end. Uses the window up. */
  #onlyZerosFollow(offset: number): boolean {
    const itemOffset = this.startOffset;
    let at = offset;
    let zeros = true;
    while (zeros && at < this.#byteLength) {
      const count = this.#fileSystem.read(this.#descriptor, this.bytes, 0, this.bytes.length, at);
      if (count === 0) break;
      for (let i = 0; i < count && zeros; i++) zeros = this.bytes[i] === 0;
      at += count;
    }
    this.#base = itemOffset;
    this.start = 0;
    this.end = 0;
    this.#limit = 0;
    this.endsInZeros = zeros;
    return zeros;
  }
}
