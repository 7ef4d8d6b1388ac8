/**
 * A request that arrives in pieces, in memory of its own.
 *
 *     bytes   [ *3 $3 SET $3 key $536870912 xxxxxxxxxx              ]
 *                                           ^position  ^length      ^capacity
 *
 * It is first only kept bytes. When the parser cannot join them with the next input, `advance` takes that over piece by piece and
 * parses on where it stopped, so that the time is linear in the bytes however they are cut. Capacity at most doubles what has
 * arrived, and ends at what was announced: announcing much costs nothing.
 */
import { giveBuffer, takeBuffer } from "./buffer-pool.ts";
import { PROTOCOL_BYTES } from "./protocol-bytes.ts";
import { lengthened, NO_BYTES, type RequestBatch } from "./request-batch.ts";
import {
  BULK_LINE_TOO_LONG,
  COUNT_LINE_TOO_LONG,
  findLineEnd,
  findNewline,
  inlineTextEnd,
  NEED_MORE,
  readBulkLength,
  readCount,
  REQUEST_TOO_BIG,
} from "./request-header.ts";
import { splitInline } from "./inline-request.ts";
import type { RequestLimits } from "./request-limits.ts";

const { STAR } = PROTOCOL_BYTES;
const FIRST_STEP_BYTES = 64;
const SMALLEST_CAPACITY = 64;
const HEADER_SLACK_BYTES = 4096;
const NO_NUMBERS: Int32Array = new Int32Array(0);

export class PartialRequest {
  bytes: Uint8Array = NO_BYTES;
  length = 0;
  /** Nothing can be read before this many bytes are there. */
  neededLength = 0;
  /** How far the request has been parsed. */
  position = 0;
  private scanned = 0;
  private argumentsLeft = 0;
  private argumentCount = 0;
  private bulkLength = -1;
  private offsets: Int32Array = NO_NUMBERS;
  private lengths: Int32Array = NO_NUMBERS;

  /** Gives the memory back; the request must not be used any more, nor a batch that shows it. */
  release(): void {
    giveBuffer(this.bytes);
    this.bytes = NO_BYTES;
    this.length = 0;
  }

  /** Memory held, in bytes. */
  get memoryBytes(): number {
    return this.bytes.length + 8 * this.offsets.length;
  }

  /** Keeps the beginning of a request of which at least `neededLength` bytes are needed. */
  keep(input: Uint8Array, start: number, end: number, neededLength: number): void {
    const length = end - start;
    if (length > this.bytes.length) {
      giveBuffer(this.bytes);
      this.bytes = takeBuffer(Math.max(SMALLEST_CAPACITY, length, Math.min(neededLength, 2 * length)));
    }
    copyBytes(input, start, end, this.bytes, 0);
    this.length = length;
    this.neededLength = neededLength;
  }

  /**
   * Takes over as much of input[at..end) as the request may need and parses on. Gives the count of commands that it makes (0 for an
   * empty request), NEED_MORE when all input has been taken, or the code of an error. The input that was taken too
   * much is the last `length - position` bytes; the position in the input behind the last byte taken is at + `taken`.
   */
  advance(
    input: Uint8Array,
    at: number,
    end: number,
    limits: RequestLimits,
    authenticated: boolean,
    batch: RequestBatch,
  ): number {
    let step = FIRST_STEP_BYTES;
    this.taken = 0;
    for (;;) {
      if (this.length > limits.maxRequestBytes) return REQUEST_TOO_BIG;
      const result = this.parse(limits, authenticated, batch);
      if (result !== NEED_MORE) return result;
      const from = at + this.taken;
      if (from === end) return NEED_MORE;
      const count = Math.min(end - from, Math.max(step, this.neededLength - this.length));
      this.append(input, from, from + count);
      this.taken += count;
      step *= 2;
    }
  }

  /** Bytes of the input that the last call of `advance` took over. */
  taken = 0;

  private parse(limits: RequestLimits, authenticated: boolean, batch: RequestBatch): number {
    if (this.length === 0) return this.needMore();
    if (this.bytes[0] !== STAR) return this.parseInline(batch);
    if (this.argumentsLeft === 0) {
      const lineEnd = findLineEnd(this.bytes, 0, this.scanned, this.length, COUNT_LINE_TOO_LONG);
      if (lineEnd === NEED_MORE) return this.needMore();
      const count = lineEnd < 0 ? lineEnd : readCount(this.bytes, 0, lineEnd, limits, authenticated);
      if (count < 0) return count;
      this.position = this.scanned = lineEnd + 2;
      if (count === 0) return 0;
      this.argumentsLeft = count;
    }
    while (this.argumentsLeft > 0) {
      const result = this.parseArgument(limits, authenticated);
      if (result < 0) return result;
    }
    batch.setSingle(this.bytes, this.offsets, this.lengths, this.argumentCount);
    return 1;
  }

  private parseArgument(limits: RequestLimits, authenticated: boolean): number {
    if (this.bulkLength < 0) {
      const lineEnd = findLineEnd(this.bytes, this.position, this.scanned, this.length, BULK_LINE_TOO_LONG);
      if (lineEnd === NEED_MORE) return this.needMore();
      if (lineEnd < 0) return lineEnd;
      const length = readBulkLength(this.bytes, this.position, lineEnd, limits, authenticated);
      if (length < 0) return length;
      this.bulkLength = length;
      this.position = lineEnd + 2;
    }
    const next = this.position + this.bulkLength + 2;
    this.neededLength = next;
    if (next > this.length) return NEED_MORE;
    this.pushArgument(this.position, this.bulkLength);
    this.position = this.scanned = next;
    this.bulkLength = -1;
    return 0;
  }

  private parseInline(batch: RequestBatch): number {
    const newline = findNewline(this.bytes, 0, this.scanned, this.length);
    if (newline === NEED_MORE) return this.needMore();
    if (newline < 0) return newline;
    this.position = newline + 1;
    const count = splitInline(this.bytes, 0, inlineTextEnd(this.bytes, 0, newline), batch, 0);
    if (count <= 0) return count;
    batch.setSingle(this.bytes, batch.argumentOffsets, batch.argumentLengths, count);
    return 1;
  }

  /** The line that is being looked for has not ended: the last byte may be its `\r`. */
  private needMore(): number {
    this.scanned = Math.max(this.scanned, this.length - 1);
    this.neededLength = this.length + 1;
    return NEED_MORE;
  }

  private pushArgument(offset: number, length: number): void {
    const count = this.argumentCount++;
    this.argumentsLeft--;
    if (count === this.offsets.length) {
      const capacity = Math.max(8, count * 2);
      this.offsets = lengthened(this.offsets, capacity, count);
      this.lengths = lengthened(this.lengths, capacity, count);
    }
    this.offsets[count] = offset;
    this.lengths[count] = length;
  }

  private append(input: Uint8Array, start: number, end: number): void {
    const length = this.length + end - start;
    if (length > this.bytes.length) {
      const larger = takeBuffer(this.capacityFor(length));
      larger.set(this.bytes.subarray(0, this.length));
      giveBuffer(this.bytes);
      this.bytes = larger;
    }
    copyBytes(input, start, end, this.bytes, this.length);
    this.length = length;
  }

  private capacityFor(length: number): number {
    if (this.bulkLength < 0) return length < 1 << 20 ? length * 2 : Math.floor(length * 1.5);
    const announced = this.position + this.bulkLength + 2 + (this.argumentsLeft > 1 ? HEADER_SLACK_BYTES : 0);
    return Math.max(length, Math.min(announced, length * 2));
  }
}

/** Copies short ranges byte by byte, since a call of `set` needs a view. */
export function copyBytes(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  if (end - start > 96) {
    target.set(source.subarray(start, end), at);
    return;
  }
  for (let from = start; from < end; from++) target[at++] = source[from];
}
