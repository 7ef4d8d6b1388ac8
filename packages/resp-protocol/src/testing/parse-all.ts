/** Runs a whole request stream through a parser, cut into chunks, and gives what came out as text. */
import { RequestBatch } from "../request-batch.ts";
import { createRequestLimits, type RequestLimits } from "../request-limits.ts";
import { RequestParser } from "../request-parser.ts";

export interface ParsedStream {
  commands: string[][];
  error: string | null;
}

export interface ParseOptions {
  headroom?: number;
  maxCommands?: number;
  authenticated?: boolean;
  limits?: RequestLimits;
  /** What stands in the receive buffer around a chunk. */
  filler?: number;
  /** Numbers in [0, 1): when given, some batches are taken back in part, and the receive buffer is overwritten at once. */
  unread?: () => number;
}

/** Latin-1 text to bytes. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Bytes to Latin-1 text. */
export function textOf(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

/** `cut` is the length of all chunks, or the positions at which the stream is cut, in ascending order. */
export function parseAll(input: string | Uint8Array, cut: number | number[], options: ParseOptions = {}): ParsedStream {
  const stream = typeof input === "string" ? bytesOf(input) : input;
  const parser = new RequestParser(options.limits ?? createRequestLimits(), options.authenticated ?? true);
  const batch = new RequestBatch(options.maxCommands ?? 16);
  const commands: string[][] = [];
  const cuts = positions(cut, stream.length);
  const headroom = options.headroom ?? 16;
  // One receive buffer, as a server has: what lies around the chunk must not matter.
  const buffer = new Uint8Array(headroom + longestChunk(cuts) + 32).fill(options.filler ?? 0x31);
  let from = 0;
  for (const to of cuts) {
    buffer.set(stream.subarray(from, to), headroom);
    parser.feed(buffer, headroom, headroom + to - from, headroom);
    while (parser.next(batch, options.maxCommands ?? 16) > 0) {
      if (options.unread === undefined || options.unread() < 0.7) {
        collect(batch, batch.commandCount, commands);
        continue;
      }
      const executed = Math.floor(options.unread() * (batch.commandCount + 1));
      collect(batch, executed, commands);
      parser.unread(batch, executed);
      buffer.fill(options.filler ?? 0x32);
      if (options.unread() < 0.5) break;
    }
    buffer.fill(options.filler ?? 0x32);
    from = to;
  }
  while (parser.next(batch, 16) > 0) collect(batch, batch.commandCount, commands);
  return { commands, error: parser.error };
}

/** Where chunks end: the end of the stream included. */
export function positions(cut: number | number[], length: number): number[] {
  if (typeof cut !== "number") return [...cut, length];
  const ends: number[] = [];
  for (let at = cut; at < length; at += cut) ends.push(at);
  ends.push(length);
  return ends;
}

export function longestChunk(ends: number[]): number {
  return ends.reduce((longest, end, index) => Math.max(longest, end - (ends[index - 1] ?? 0)), 0);
}

function collect(batch: RequestBatch, count: number, commands: string[][]): void {
  for (let command = 0; command < count; command++) {
    const texts: string[] = [];
    const end = batch.commandStarts[command + 1];
    for (let index = batch.commandStarts[command]; index < end; index++) {
      const offset = batch.argumentOffsets[index];
      texts.push(textOf(batch.bytes, offset, offset + batch.argumentLengths[index]));
    }
    commands.push(texts);
  }
}
