/**
 * Finds the requests in a stream of bytes that arrives in chunks cut anywhere.
 *
 *     chunk   [ headroom | *3 $3 SET ... | *2 $3 GET ... | *3 $3 SE ]
 *                        ^ start           batches of offsets  ^ tail: kept, and put into the headroom of the next chunk
 *
 * Complete requests are described where they lie; nothing is copied but the tail of a chunk. A request that is longer than the
 * headroom of the chunk that continues it is gathered in memory of its own (`PartialRequest`), which is given back when it is complete. An idle
 * parser holds a few small fields.
 *
 * A client that has not authenticated is given one command at a time, since that command may be the AUTH after which other limits
 * hold.
 */
import { splitInline } from "./inline-request.ts";
import { copyBytes, PartialRequest } from "./partial-request.ts";
import { encodeBatch } from "./encode-batch.ts";
import { PROTOCOL_BYTES } from "./protocol-bytes.ts";
import { NO_BYTES, type RequestBatch } from "./request-batch.ts";
import {
  BULK_LINE_TOO_LONG,
  COUNT_LINE_TOO_LONG,
  findLineEnd,
  findNewline,
  inlineTextEnd,
  NEED_MORE,
  problemText,
  readBulkLength,
  readCount,
} from "./request-header.ts";
import type { RequestLimits } from "./request-limits.ts";

const { CR, DOLLAR, STAR, ZERO } = PROTOCOL_BYTES;
/** The shortest argument: `$0\r\n\r\n`. */
const SMALLEST_ARGUMENT_BYTES = 6;
/** A kept tail is read again together with the next chunk only while it is at most this many times as long: that keeps the time linear. */
const REREAD_FACTOR = 4;
const REREAD_BYTES = 64;

/** One client's side of the input: `feed` a chunk, then `next` until it gives 0. O(bytes) however they are cut; never throws, see `error`. */
export class RequestParser {
  /** "Protocol error: ..." once the stream is broken, then nothing more is delivered; Latin-1. */
  error: string | null = null;
  /** Shared by the sessions of a server. */
  limits: RequestLimits;
  /** Whether the limits for unauthenticated clients are off. */
  authenticated: boolean;
  private input: Uint8Array = NO_BYTES;
  private position = 0;
  private end = 0;
  private partial: PartialRequest | null = null;
  /** The partial request that the last batch shows: its memory is free once the batch is. */
  private shown: PartialRequest | null = null;
  /** The partial request takes input over; otherwise its memory is only a place to keep a tail. */
  private gathering = false;
  /** The next request was taken back: it has been let through once, and not in this form if it was inline. */
  private isUnread = false;
  private problem: string | null = null;

  constructor(limits: RequestLimits, authenticated = true) {
    this.limits = limits;
    this.authenticated = authenticated;
  }

  /** Nothing is left of what was fed: `next` would give 0, and has nothing to say either. */
  get isEmpty(): boolean {
    return this.position >= this.end && this.problem === null && this.shown === null;
  }

  /** Memory held for an incomplete request, in bytes. */
  get pendingBytes(): number {
    return this.partial === null ? 0 : this.partial.memoryBytes;
  }

  /** Bytes that the incomplete request is known to need beyond the memory that is held for it: an argument was announced. */
  get announcedBytes(): number {
    return this.partial === null ? 0 : Math.max(0, this.partial.neededLength - this.partial.bytes.length);
  }

  /** Memory held for all that has not been delivered, in bytes. */
  get memoryBytes(): number {
    return this.pendingBytes + this.end - this.position;
  }

  /** Bytes that have come and have not been understood: the argument that is incomplete, and what follows. */
  get queryBytes(): number {
    const waiting = this.end - this.position;
    return this.partial === null ? waiting : waiting + this.partial.length - this.partial.position;
  }

  /** Bytes that the memory of the incomplete request has room for. */
  get queryFreeBytes(): number {
    return this.partial === null ? 0 : this.partial.bytes.length - this.partial.length;
  }

  /** Memory of the arguments of the incomplete request that are there, in bytes. */
  get argumentBytes(): number {
    return this.partial === null
      ? 0
      : this.pendingBytes - this.queryFreeBytes - this.partial.length + this.partial.position;
  }

  /**
   * Hands over input: bytes[start..end). It must stay as it is until `next` has given 0. The parser may write to it: words with quotes are
   * unescaped in place, and bytes[start - headroom..start) may receive a kept partial request.
   * Input that was not used up is put before the new one, which copies both.
   */
  feed(bytes: Uint8Array, start: number, end: number, headroom: number): void {
    if (start === end || this.problem !== null || this.error !== null) return;
    if (this.position < this.end) {
      this.join(bytes, start, end);
      return;
    }
    const partial = this.partial;
    if (partial !== null && !this.gathering) {
      const kept = partial.length;
      const fed = end - start;
      if (kept <= headroom && kept <= REREAD_FACTOR * fed + REREAD_BYTES && partial.neededLength - kept <= fed) {
        start -= kept;
        copyBytes(partial.bytes, 0, kept, bytes, start);
        partial.length = 0;
      } else {
        this.gathering = true;
      }
    }
    this.input = bytes;
    this.position = start;
    this.end = end;
  }

  /** Copies input that was not used up, so that the fed bytes are free although `next` has not given 0. */
  park(): void {
    if (this.position === this.end) return;
    this.input = this.input.slice(this.position, this.end);
    this.end -= this.position;
    this.position = 0;
  }

  /**
   * Takes back the commands from `command` on of the batch that the last `next` gave: `next` will give them again. Copies them and the
   * rest of the input, so that the fed bytes are free. For a session that must wait in the middle of a batch. O(bytes).
   */
  unread(batch: RequestBatch, command: number): void {
    const requests = encodeBatch(batch, command);
    const tail =
      this.partial !== null && !this.gathering ? this.partial.bytes.subarray(0, this.partial.length) : NO_BYTES;
    const restLength = this.end - this.position;
    const joined = new Uint8Array(requests.length + restLength + tail.length);
    joined.set(requests);
    joined.set(this.input.subarray(this.position, this.end), requests.length);
    joined.set(tail, requests.length + restLength);
    if (tail.length > 0) this.dropPartial();
    this.input = joined;
    this.position = 0;
    this.end = joined.length;
    this.isUnread = requests.length > 0;
  }

  /**
   * Fills the batch with up to `maxCommands` complete requests and gives their count. 0 means that nothing complete is left: the fed
   * bytes are free, and `error` tells whether the stream is broken. The batch is valid until the next call of `next` or `feed`.
   */
  next(batch: RequestBatch, maxCommands: number): number {
    batch.clear();
    if (this.shown !== null) {
      this.shown.release();
      this.shown = null;
    }
    if (this.gathering && this.position < this.end) {
      const count = this.nextGathered(batch);
      if (count > 0) return count;
    }
    if (this.problem !== null && this.position >= this.end) {
      this.error = this.problem;
      this.release();
      return 0;
    }
    const count = this.position < this.end ? this.scan(batch, maxCommands) : 0;
    if (count > 0) return count;
    batch.clear();
    this.input = NO_BYTES;
    this.position = this.end = 0;
    this.error = this.problem;
    return 0;
  }

  /**
   * The one loop that reads typical requests. All that is unusual in it (a length of many digits, an inline line, an error, the end of
   * the input) is left to functions; all else is done here on local variables.
   */
  private scan(batch: RequestBatch, maxCommands: number): number {
    const bytes = this.input;
    const end = this.end;
    const limits = this.limits;
    const authenticated = this.authenticated || this.isUnread;
    this.isUnread = false;
    const maxCount = authenticated ? limits.maxArguments : limits.unauthenticatedMaxArguments;
    const maxBulk = authenticated ? limits.maxBulkBytes : limits.unauthenticatedMaxBulkBytes;
    const maxBatch = this.authenticated
      ? Math.min(maxCommands, batch.commandStarts.length - 1)
      : Math.min(maxCommands, 1);
    const starts = batch.commandStarts;
    let offsets = batch.argumentOffsets;
    let lengths = batch.argumentLengths;
    let at = this.position;
    let used = 0;
    let commands = 0;
    let requestStart = at;
    let needed = 1;
    let code = 0;
    starts[0] = 0;
    batch.bytes = bytes;

    scanning: while (commands < maxBatch && at < end) {
      requestStart = at;
      let count = -1;
      if (end - at >= 4 && bytes[at] === STAR && bytes[at + 2] === CR) count = bytes[at + 1] - ZERO;
      if (count >= 0 && count <= 9 && count <= maxCount) {
        at += 4;
      } else if (bytes[at] === STAR) {
        const lineEnd = findLineEnd(bytes, at, at, end, COUNT_LINE_TOO_LONG);
        count = lineEnd < 0 ? lineEnd : readCount(bytes, at, lineEnd, limits, authenticated);
        if (count < 0) {
          code = count;
          break;
        }
        at = lineEnd + 2;
      } else {
        const newline = findNewline(bytes, at, at, end);
        count = newline < 0 ? newline : splitInline(bytes, at, inlineTextEnd(bytes, at, newline), batch, used);
        if (count < 0) {
          code = count;
          break;
        }
        offsets = batch.argumentOffsets;
        lengths = batch.argumentLengths;
        at = newline + 1;
        if (count > 0) starts[++commands] = used += count;
        continue;
      }
      if (count === 0) continue;

      let argument = used;
      if (argument + count > offsets.length) {
        const possible = Math.floor((end - at) / SMALLEST_ARGUMENT_BYTES) + 1;
        batch.reserveArguments(argument + Math.min(count, possible), used);
        offsets = batch.argumentOffsets;
        lengths = batch.argumentLengths;
      }
      for (; count > 0; count--) {
        let length = -1;
        let dataAt = at;
        if (end - at >= SMALLEST_ARGUMENT_BYTES && bytes[at] === DOLLAR) {
          const first = bytes[at + 1] - ZERO;
          const second = bytes[at + 2];
          if (second === CR) {
            if (first >= 0 && first <= 9) length = first;
            dataAt = at + 4;
          } else if (bytes[at + 3] === CR && second >= ZERO && second <= ZERO + 9 && first > 0 && first <= 9) {
            length = first * 10 + second - ZERO;
            dataAt = at + 5;
          }
        }
        if (length < 0 || length > maxBulk) {
          const lineEnd = findLineEnd(bytes, at, at, end, BULK_LINE_TOO_LONG);
          length = lineEnd < 0 ? lineEnd : readBulkLength(bytes, at, lineEnd, limits, authenticated);
          if (length < 0) {
            code = length;
            needed = end - requestStart + 1;
            break scanning;
          }
          dataAt = lineEnd + 2;
        }
        const next = dataAt + length + 2;
        if (next > end) {
          code = NEED_MORE;
          needed = next - requestStart;
          break scanning;
        }
        offsets[argument] = dataAt;
        lengths[argument] = length;
        argument++;
        at = next;
      }
      used = argument;
      starts[++commands] = used;
    }

    batch.commandCount = commands;
    if (code === 0) {
      this.position = at;
      if (at === end) this.release();
    } else if (code === NEED_MORE) {
      this.keepTail(requestStart, needed);
    } else {
      this.problem = problemText(code, bytes[at]);
      this.release();
    }
    return commands;
  }

  private nextGathered(batch: RequestBatch): number {
    const partial = this.partial as PartialRequest;
    const result = partial.advance(this.input, this.position, this.end, this.limits, this.authenticated, batch);
    if (result === NEED_MORE) {
      this.position = this.end;
      return 0;
    }
    this.position += partial.taken - (partial.length - partial.position);
    this.gathering = false;
    this.partial = null;
    this.shown = partial;
    if (result < 0) {
      this.problem = problemText(result, partial.bytes[partial.position]);
      this.position = this.end;
    }
    return result;
  }

  private keepTail(start: number, needed: number): void {
    this.partial ??= new PartialRequest();
    this.partial.keep(this.input, start, this.end, needed);
    this.input = NO_BYTES;
    this.position = this.end;
  }

  /** Nothing is pending: gives all memory back. */
  private release(): void {
    this.input = NO_BYTES;
    this.position = this.end = 0;
    this.dropPartial();
    this.gathering = false;
  }

  private dropPartial(): void {
    if (this.partial === null) return;
    this.partial.release();
    this.partial = null;
  }

  private join(bytes: Uint8Array, start: number, end: number): void {
    const rest = this.end - this.position;
    const joined = new Uint8Array(rest + end - start);
    joined.set(this.input.subarray(this.position, this.end));
    joined.set(bytes.subarray(start, end), rest);
    this.input = joined;
    this.position = 0;
    this.end = joined.length;
  }
}
