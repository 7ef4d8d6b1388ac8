/**
 * Decodes the replies of a server, RESP2 and RESP3, from chunks cut anywhere.
 *
 *     chunk   [ +OK | :1 | *2 $3 foo $3 bar | *3 :1 $5 he ]
 *                           reply           ^ open frame  ^ piece of a bulk
 *
 * What is incomplete at the end of a chunk is kept as state: open aggregates as a stack of frames, a bulk string as the bytes that
 * have arrived, a line as its bytes. So each byte is looked at once and time is linear. Memory follows what arrives, not what is
 * announced. Garbage sets `error` and ends the parsing; it never throws. Streamed types (`$?`, `*?`) are an error: no server
 * sends them.
 */
import { ChunkText } from "./chunk-text.ts";
import { PROTOCOL_BYTES } from "./protocol-bytes.ts";
import { mapOf, NumberText, ReplyError, setOf, VerbatimString, type Reply, type ReplyOptions } from "./reply-values.ts";
import { binaryText, utf8Decoder } from "./text-codec.ts";

/** Receives what is decoded. A function must neither throw nor feed the parser. */
export interface ReplyHandlers {
  onReply(reply: Reply): void;
  /** An out-of-band message; dropped when there is no such function. */
  onPush?(message: Reply[]): void;
  /** What annotates the reply that follows, or a part of it. */
  onAttributes?(attributes: Reply): void;
}

const { BANG, BAR, COLON, COMMA, DOLLAR, EQUALS, GREATER, HASH } = PROTOCOL_BYTES;
const { MINUS, OPENING, PERCENT, PLUS, STAR, TILDE, UNDERSCORE } = PROTOCOL_BYTES;
const { CR, LF, NINE, QUESTION, ZERO } = PROTOCOL_BYTES;

/** So many digits are always a safe integer. */
const SAFE_DIGITS = 15;
const INTEGER = /^[+-]?\d{1,19}$/;
const BIG_NUMBER = /^[+-]?\d+$/;
const DOUBLE = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DOUBLE_NAMES: ReadonlyMap<string, number> = new Map([
  ["inf", Infinity],
  ["+inf", Infinity],
  ["-inf", -Infinity],
  ["nan", NaN],
  ["-nan", NaN],
]);
/** Type byte, sign, eight digits, line end, and a byte more. */
const SHORT_INTEGER_BYTES = 13;
const FIRST_BULK_BYTES = 1024;
/** Of a bulk string of which so much has come the rest will come too: it gets its room at once, and is copied no more. */
const CREDIBLE_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 4096;
const FORMAT_BYTES = 4;
const INCOMPLETE = -1;

const NO_BYTES = new Uint8Array(0);
const NO_VALUES: Reply[] = [];

/** An aggregate whose elements are still arriving. */
class Frame {
  type = 0;
  values: Reply[] = [];
  index = 0;
  count = 0;
}

/** Decodes the replies of one connection: `feed` it chunks. O(bytes) however they are cut; never throws, see `error`. */
export class ReplyParser {
  /** "Protocol error: ..." once the stream is broken; all further input is ignored. */
  error: string | null = null;
  private readonly handlers: ReplyHandlers;
  private readonly options: Required<ReplyOptions>;
  private readonly bytesWanted: boolean;
  private readonly binaryWanted: boolean;
  private readonly maxBulkBytes: number;
  private readonly chunkText = new ChunkText();
  private readonly frames: Frame[] = [];
  private depth = 0;
  /** The innermost open aggregate. */
  private frame: Frame | null = null;
  private line = NO_BYTES as Uint8Array;
  private lineLength = 0;
  private bulk = NO_BYTES as Uint8Array;
  /** Of a text that is decoded in pieces: what has been. The other fields are about the rest. */
  private bulkText = "";
  private bulkType = 0;
  private bulkLength = 0;
  private bulkUsed = 0;

  constructor(handlers: ReplyHandlers, options: ReplyOptions = {}) {
    this.handlers = handlers;
    this.options = {
      bulks: "string",
      texts: "utf8",
      numbers: "value",
      maps: "map",
      sets: "set",
      verbatims: "text",
      maxBulkBytes: 512 * 1024 * 1024,
      maxElements: 0x7fffffff,
      maxLineBytes: 64 * 1024,
      maxDepth: 128,
      ...options,
    };
    this.bytesWanted = this.options.bulks === "bytes";
    this.binaryWanted = this.options.texts === "binary";
    this.maxBulkBytes = this.options.maxBulkBytes;
  }

  /** Decodes bytes[start..end), which the parser neither keeps nor changes. Replies are delivered before the call returns. */
  feed(bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    if (this.error !== null || start === end) return;
    let at = start;
    if (this.lineLength > 0) at = this.finishLine(bytes, at, end);
    if (this.bulkType !== 0) at = this.fillBulk(bytes, at, end);
    this.parse(bytes, at, end);
    this.chunkText.reset();
  }

  /** Whether a reply has begun and is not complete. */
  get isInsideReply(): boolean {
    return this.depth > 0 || this.bulkType !== 0 || this.lineLength > 0;
  }

  /** The one loop that reads typical replies; what is unusual in it is left to functions. */
  private parse(bytes: Uint8Array, at: number, end: number): void {
    while (at < end) {
      const type = bytes[at];
      if (type === COLON) {
        const next = this.readIntegers(bytes, at, end);
        if (next !== at) {
          at = next;
          continue;
        }
      }
      if (type !== DOLLAR && type !== COLON && type !== STAR && !hasNumberHead(type)) {
        at = this.readLine(bytes, at, end, type);
        if (at === INCOMPLETE) return;
        continue;
      }
      let next = at + 1;
      const negative = next < end && bytes[next] === MINUS;
      if (negative) next++;
      const digitsAt = next;
      let value = 0;
      while (next < end) {
        const digit = bytes[next] - ZERO;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
        next++;
      }
      if (next + 1 >= end) {
        this.findLineEnd(bytes, at, end);
        return;
      }
      if (bytes[next] !== CR || bytes[next + 1] !== LF || next === digitsAt || next - digitsAt > SAFE_DIGITS) {
        at = this.readUnusualNumber(bytes, at, end, type);
        if (at === INCOMPLETE) return;
        continue;
      }
      next += 2;
      if (type === COLON) {
        at = next;
        this.deliver(negative ? 0 - value : value);
      } else if (negative) {
        at = next;
        if (!this.deliverNull(type, value)) return;
      } else if (type === DOLLAR) {
        const dataEnd = next + value;
        if (dataEnd + 2 > end || value > this.maxBulkBytes) {
          this.beginBulk(type, value, bytes, next, end);
          return;
        }
        if (bytes[dataEnd] !== CR || bytes[dataEnd + 1] !== LF) return this.fail("bulk string without line end");
        at = dataEnd + 2;
        this.deliver(this.bytesWanted ? bytes.slice(next, dataEnd) : this.chunkText.text(bytes, next, dataEnd, end));
      } else if (type === EQUALS || type === BANG) {
        at = this.beginBulk(type, value, bytes, next, end);
      } else {
        at = next;
        if (!this.open(type, value, end - next)) return;
      }
    }
  }

  /** Reads integers of up to eight digits that follow each other, at top level or in one aggregate. Gives the position behind. */
  private readIntegers(bytes: Uint8Array, start: number, end: number): number {
    const frame = this.frame;
    const handlers = this.handlers;
    const values = frame === null ? NO_VALUES : frame.values;
    const last = frame === null ? -1 : frame.count - 1;
    let index = frame === null ? 0 : frame.index;
    let at = start;
    while (end - at >= SHORT_INTEGER_BYTES && bytes[at] === COLON && index !== last) {
      let next = at + 1;
      let byte = bytes[next];
      const negative = byte === MINUS;
      if (negative) byte = bytes[++next];
      if (byte < ZERO || byte > NINE) break;
      let value = byte - ZERO;
      const stop = next + 8;
      byte = bytes[++next];
      while (byte >= ZERO && byte <= NINE && next < stop) {
        value = (Math.imul(value, 10) + byte - ZERO) | 0;
        byte = bytes[++next];
      }
      if (byte !== CR || bytes[next + 1] !== LF) break;
      if (negative) value = 0 - value;
      if (frame === null) handlers.onReply(value);
      else values[index++] = value;
      at = next + 2;
    }
    if (frame !== null) frame.index = index;
    return at;
  }

  /** Puts a complete value where it belongs: into the open aggregate, which may complete that one too, or to the handler. */
  private deliver(value: Reply): void {
    const frame = this.frame;
    if (frame === null) this.handlers.onReply(value);
    else {
      frame.values[frame.index++] = value;
      if (frame.index === frame.count) this.completeFrame(frame);
    }
  }

  private completeFrame(frame: Frame): void {
    const values = frame.values;
    frame.values = [];
    this.depth--;
    this.frame = this.depth === 0 ? null : this.frames[this.depth - 1];
    const aggregate = frame.type === STAR ? values : this.close(frame.type, values);
    if (aggregate !== undefined) this.deliver(aggregate);
  }

  /** The value of a complete aggregate; undefined when it is no part of a reply and has been handed over. */
  private close(type: number, values: Reply[]): Reply | undefined {
    if (type === PERCENT) return mapOf(values, this.options.maps);
    if (type === TILDE) return setOf(values, this.options.sets);
    if (type === GREATER) {
      this.handlers.onPush?.(values);
      return undefined;
    }
    if (type === BAR) {
      this.handlers.onAttributes?.(mapOf(values, this.options.maps));
      return undefined;
    }
    return values;
  }

  /** Begins an aggregate; false if it is refused. Its array is made in full only if so many elements can be in the bytes at hand. */
  private open(type: number, count: number, availableBytes: number): boolean {
    const values = count < availableBytes ? new Array<Reply>(count) : [];
    if (count > this.options.maxElements) this.fail("too many elements");
    else if (type === GREATER && this.depth > 0) this.fail("push inside a reply");
    else if (count === 0) this.deliverEmpty(type);
    else if (this.depth === this.options.maxDepth) this.fail("nested too deeply");
    else {
      const frame = (this.frames[this.depth++] ??= new Frame());
      frame.type = type;
      frame.values = values;
      frame.index = 0;
      frame.count = type === PERCENT || type === BAR ? count * 2 : count;
      this.frame = frame;
    }
    return this.error === null;
  }

  private deliverEmpty(type: number): void {
    const value = this.close(type, []);
    if (value !== undefined) this.deliver(value);
  }

  private deliverNull(type: number, value: number): boolean {
    if (value === 1 && (type === DOLLAR || type === STAR)) this.deliver(null);
    else this.fail("negative length");
    return this.error === null;
  }

  /** Reads a number that is not a few digits: a long or signed integer, a streamed type, or garbage. */
  private readUnusualNumber(bytes: Uint8Array, at: number, end: number, type: number): number {
    const lineEnd = this.findLineEnd(bytes, at, end);
    if (lineEnd < 0) return INCOMPLETE;
    const text = this.chunkText.text(bytes, at + 1, lineEnd, end);
    if (bytes[at + 1] === QUESTION) this.fail("streamed replies are not supported");
    else if (type !== COLON || !INTEGER.test(text)) this.fail("invalid number");
    else this.deliver(integerOf(text));
    return this.error === null ? lineEnd + 2 : INCOMPLETE;
  }

  /** Reads a reply that is one line. Gives the position behind it, or INCOMPLETE. */
  private readLine(bytes: Uint8Array, at: number, end: number, type: number): number {
    if (!isLineType(type)) {
      this.fail("unknown type");
      return INCOMPLETE;
    }
    const lineEnd = this.findLineEnd(bytes, at, end);
    if (lineEnd < 0) return INCOMPLETE;
    if (type === PLUS && lineEnd === at + 3 && bytes[at + 1] === 79 && bytes[at + 2] === 75) this.deliver("OK");
    else if (this.binaryWanted) this.deliverLine(type, binaryText(bytes, at + 1, lineEnd));
    else this.deliverLine(type, this.chunkText.text(bytes, at + 1, lineEnd, end));
    return this.error === null ? lineEnd + 2 : INCOMPLETE;
  }

  private deliverLine(type: number, text: string): void {
    if (type === PLUS) this.deliver(text);
    else if (type === MINUS) this.deliver(new ReplyError(text));
    else if (type === COMMA) this.deliverDouble(text);
    else if (type === UNDERSCORE && text === "") this.deliver(null);
    else if (type === HASH && (text === "t" || text === "f")) this.deliver(text === "t");
    else if (type === OPENING && BIG_NUMBER.test(text)) this.deliverBigNumber(text);
    else this.fail("invalid value");
  }

  private deliverBigNumber(text: string): void {
    if (this.options.numbers === "text") this.deliver(new NumberText("big number", text));
    else this.deliver(BigInt(text.startsWith("+") ? text.slice(1) : text));
  }

  private deliverDouble(text: string): void {
    const value = DOUBLE.test(text) ? Number(text) : DOUBLE_NAMES.get(text);
    if (value === undefined) this.fail("invalid double");
    else this.deliver(this.options.numbers === "text" ? new NumberText("double", text) : value);
  }

  /** Position of the line's `\r`; INCOMPLETE when the line was kept or is broken. */
  private findLineEnd(bytes: Uint8Array, at: number, end: number): number {
    let next = at + 1;
    while (next < end && bytes[next] !== CR && bytes[next] !== LF) next++;
    if (next - at - 1 > this.options.maxLineBytes) this.fail("too long a line");
    else if (next + 1 < end && bytes[next] === CR && bytes[next + 1] === LF) return next;
    else if (next + 1 < end || (next < end && bytes[next] === LF)) this.fail("line end expected");
    else this.keepLine(bytes, at, end);
    return INCOMPLETE;
  }

  private keepLine(bytes: Uint8Array, start: number, end: number): void {
    const length = this.lineLength + end - start;
    if (length > this.options.maxLineBytes + 3) return this.fail("too long a line");
    this.line = withRoom(this.line, this.lineLength, length, Math.max(32, length * 2));
    this.line.set(bytes.subarray(start, end), this.lineLength);
    this.lineLength = length;
  }

  /** Adds input to a kept line and decodes that once it ends. Gives the position behind what was used. */
  private finishLine(bytes: Uint8Array, start: number, end: number): number {
    const lineEnd = this.keptLineEnd(bytes, start, end);
    this.keepLine(bytes, start, lineEnd === INCOMPLETE ? end : lineEnd);
    if (lineEnd === INCOMPLETE || this.error !== null) return end;
    const line = this.line;
    const length = this.lineLength;
    this.line = NO_BYTES;
    this.lineLength = 0;
    this.parse(line, 0, length);
    this.chunkText.reset();
    if (this.lineLength > 0) this.fail("line end expected");
    return this.error === null ? lineEnd : end;
  }

  /** Position behind the `\r` and the byte after it, or behind a bare `\n`, that ends the kept line. */
  private keptLineEnd(bytes: Uint8Array, start: number, end: number): number {
    if (this.line[this.lineLength - 1] === CR) return start + 1;
    let at = start;
    while (at < end && bytes[at] !== CR && bytes[at] !== LF) at++;
    const behind = bytes[at] === CR ? at + 2 : at + 1;
    return behind <= end ? behind : INCOMPLETE;
  }

  /** Begins a bulk of which bytes[at..end) may be a part. Gives the position behind what was used. */
  private beginBulk(type: number, length: number, bytes: Uint8Array, at: number, end: number): number {
    if (length > this.maxBulkBytes) {
      this.fail("too long a bulk string");
      return end;
    }
    this.bulkType = type;
    this.bulkLength = length;
    this.bulkUsed = 0;
    this.bulk = NO_BYTES;
    return this.fillBulk(bytes, at, end);
  }

  private fillBulk(bytes: Uint8Array, start: number, end: number): number {
    const isText = this.bulkType === DOLLAR && !this.bytesWanted;
    const at =
      isText && this.bulkUsed === 0 && end - start >= PIECE_BYTES ? this.decodePiece(bytes, start, end) : start;
    const total = this.bulkLength + 2;
    const taken = Math.min(total - this.bulkUsed, end - at);
    const used = this.bulkUsed + taken;
    const capacity = used > CREDIBLE_BYTES ? total : Math.min(total, Math.max(FIRST_BULK_BYTES, used * 2));
    this.bulk = withRoom(this.bulk, this.bulkUsed, used, capacity);
    this.bulk.set(bytes.subarray(at, at + taken), this.bulkUsed);
    this.bulkUsed = used;
    if (used === total) this.finishBulk();
    return this.error === null ? at + taken : end;
  }

  /** Decodes a long piece of a text at once, up to its last whole character: that saves gathering the bytes. */
  private decodePiece(bytes: Uint8Array, start: number, end: number): number {
    const stop = end - start < this.bulkLength ? characterEnd(bytes, start, end) : start + this.bulkLength;
    const text = this.decodeLong(this.bulkText, bytes.subarray(start, stop));
    this.bulkText = text ?? "";
    this.bulkLength -= stop - start;
    return text === null ? end : stop;
  }

  private finishBulk(): void {
    const { bulk, bulkLength, bulkText, bulkType } = this;
    this.bulk = NO_BYTES;
    this.bulkText = "";
    this.bulkType = 0;
    if (bulk[bulkLength] !== CR || bulk[bulkLength + 1] !== LF) return this.fail("bulk string without line end");
    if (bulkType === EQUALS) return this.deliverVerbatim(bulk.subarray(0, bulkLength));
    const content = bulk.subarray(0, bulkLength);
    if (this.bytesWanted && bulkType === DOLLAR) return this.deliver(content);
    const text = bulkType === BANG ? this.decodeText(content) : this.decodeLong(bulkText, content);
    if (text !== null) this.deliver(bulkType === BANG ? new ReplyError(text) : text);
  }

  private deliverVerbatim(content: Uint8Array): void {
    if (content.length < FORMAT_BYTES || content[FORMAT_BYTES - 1] !== COLON)
      return this.fail("invalid verbatim string");
    const body = content.subarray(FORMAT_BYTES);
    if (this.options.verbatims === "text" && this.bytesWanted) return this.deliver(body);
    const text = this.decodeText(body);
    if (text === null) return;
    const format = this.decodeText(content.subarray(0, FORMAT_BYTES - 1)) ?? "";
    this.deliver(this.options.verbatims === "text" ? text : new VerbatimString(format, text));
  }

  private decodeText(bytes: Uint8Array): string | null {
    return this.decodeLong("", bytes, this.binaryWanted);
  }

  /** A platform's longest string may be shorter than the longest bulk (on V8 by a few bytes): null then, and `error` is set. */
  private decodeLong(before: string, bytes: Uint8Array, isBinary = false): string | null {
    try {
      return before + (isBinary ? binaryText(bytes) : utf8Decoder.decode(bytes));
    } catch {
      this.fail("too long for a string");
      return null;
    }
  }

  private fail(problem: string): void {
    this.error = "Protocol error: " + problem;
    this.frames.length = this.depth = this.lineLength = this.bulkType = 0;
    this.frame = null;
    this.line = this.bulk = NO_BYTES;
    this.bulkText = "";
  }
}

function hasNumberHead(type: number): boolean {
  return type === PERCENT || type === TILDE || type === GREATER || type === BAR || type === EQUALS || type === BANG;
}

function isLineType(type: number): boolean {
  return type === PLUS || type === MINUS || type === COMMA || type === UNDERSCORE || type === HASH || type === OPENING;
}

/** `end`, or the start of a UTF-8 character that goes on behind it: text may be decoded in two parts there. */
function characterEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= start && at >= end - 3; at--) {
    const byte = bytes[at];
    if (byte < 0x80) return end;
    if (byte >= 0xc0) return at + (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > end ? at : end;
  }
  return end;
}

function integerOf(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text.startsWith("+") ? text.slice(1) : text);
}

/** The array itself if it holds `needed` bytes, otherwise a larger one with the first `used` bytes. */
function withRoom(bytes: Uint8Array, used: number, needed: number, capacity: number): Uint8Array {
  if (needed <= bytes.length) return bytes;
  const larger = new Uint8Array(capacity);
  larger.set(bytes.subarray(0, used));
  return larger;
}
