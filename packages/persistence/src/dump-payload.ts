/**
 * The payload of DUMP and RESTORE: one value as in an RDB dump, with a footer of ten bytes.
 *
 *     type(1) value(...) version(2, little endian) crc64 of all before(8, little endian)
 */

import { NIL } from "@sider/datastructures";
import type { Heap } from "@sider/datastructures";
import { Crc64 } from "./crc64.ts";
import { DEFAULT_MAX_STRING_BYTES, RDB_TYPE_STRING, RDB_VERSION, RdbError, rdbTypeName } from "./rdb-format.ts";
import { RdbInput, RdbString } from "./rdb-input.ts";
import { type ByteSink, RdbOutput } from "./rdb-output.ts";
import type { RdbWriteVersion } from "./rdb-writer.ts";
import { canReadValue, type ValueReader } from "./values/value-reader.ts";
import { typeOfValue, writeValue } from "./values/write-value.ts";

const FOOTER_BYTES = 10;

export interface DumpPayloadOptions {
  /** Default 11. A payload is accepted by servers that know its version: 10 for Redis 7.0. */
  readonly version?: RdbWriteVersion;
  /** Whether a string that shrinks is LZF-compressed (Redis: rdbcompression). Default true. */
  readonly compression?: boolean;
}

/** Why a payload was refused, in Redis's own words, for a reply after "ERR ". A module's value is bad data too: its module is not there. */
export type DumpPayloadError = "DUMP payload version or checksum are wrong" | "Bad data format";

/** A value out of a payload; bytes[offset..offset+length) may lie in the payload. */
export type DumpPayload =
  | { readonly error: DumpPayloadError }
  | {
      readonly error: null;
      /** RDB_TYPE_STRING, and the bytes are the string; else they are the value, for readDumpValue. */
      readonly type: number;
      readonly bytes: Uint8Array;
      readonly offset: number;
      readonly length: number;
    };

/** Makes the payload of a string value. A number that is kept as one is given as its text. O(length). */
export function dumpPayload(
  valueBytes: Uint8Array,
  valueOffset: number,
  valueLength: number,
  options: DumpPayloadOptions = {},
): Uint8Array {
  const pieces = new Pieces();
  const output = new RdbOutput(pieces.sink, true, options.compression ?? true, Math.min(valueLength + 64, 65536));
  output.byte(RDB_TYPE_STRING);
  output.string(valueBytes, valueOffset, valueLength);
  return finishPayload(output, pieces, options.version ?? RDB_VERSION);
}

/** Makes the payload of a value of any type but string: that of an entry in the heap. O(n). */
export function dumpValue(heap: Heap, entry: number, options: DumpPayloadOptions = {}): Uint8Array {
  const pieces = new Pieces();
  const output = new RdbOutput(pieces.sink, true, options.compression ?? true, 4096);
  const version = options.version ?? RDB_VERSION;
  output.byte(typeOfValue(heap, entry, version));
  writeValue(output, heap, entry, version);
  return finishPayload(output, pieces, version);
}

function finishPayload(output: RdbOutput, pieces: Pieces, version: number): Uint8Array {
  output.byte(version & 255);
  output.byte(version >> 8);
  output.checksum();
  output.flush();
  return pieces.join();
}

/**
 * Reads a payload, bytes[offset..offset+length), as RESTORE does: version and checksum first, then the value.
 * Never throws, whatever the bytes are. O(length).
 * @param maxStringBytes a longer value is refused as bad data
 * @param skipsChecksum takes a payload whose checksum is wrong, for tests
 */
export function parseDumpPayload(
  bytes: Uint8Array,
  offset: number,
  length: number,
  maxStringBytes: number = DEFAULT_MAX_STRING_BYTES,
  skipsChecksum = false,
): DumpPayload {
  if (!footerIsRight(bytes, offset, length, skipsChecksum))
    return { error: "DUMP payload version or checksum are wrong" };
  const type = bytes[offset];
  if (length === FOOTER_BYTES || rdbTypeName(type) === "") return { error: "Bad data format" };
  if (canReadValue(type)) return { error: null, type, bytes, offset: offset + 1, length: length - FOOTER_BYTES - 1 };
  if (type !== RDB_TYPE_STRING) return { error: "Bad data format" };
  return parseString(bytes.subarray(offset + 1, offset + length - FOOTER_BYTES), maxStringBytes);
}

/**
 * Builds the value of a payload that parseDumpPayload found to be no string, under no key. False when it is bad data, and nothing of it is
 * left; else it is in `reader.held`. @throws OutOfMemoryError
 */
export function readDumpValue(
  reader: ValueReader,
  type: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  maxStringBytes: number = DEFAULT_MAX_STRING_BYTES,
): boolean {
  const input = inputOver(bytes.subarray(offset, offset + length), maxStringBytes);
  reader.begin(type);
  try {
    while (!reader.isComplete) {
      input.beginStep();
      if (reader.step(input)) continue;
      reader.abandon();
      return false;
    }
  } catch (error) {
    if (error instanceof RdbError) return false;
    throw error;
  }
  return reader.held !== NIL;
}

function inputOver(bytes: Uint8Array, maxStringBytes: number): RdbInput {
  const input = new RdbInput(0, false, maxStringBytes);
  input.bytes = bytes;
  input.limit = bytes.length;
  return input;
}

function footerIsRight(bytes: Uint8Array, offset: number, length: number, skipsChecksum: boolean): boolean {
  if (length < FOOTER_BYTES) return false;
  const footer = offset + length - FOOTER_BYTES;
  const version = bytes[footer] | (bytes[footer + 1] << 8);
  if (version > RDB_VERSION) return false;
  if (skipsChecksum) return true;
  const crc = new Crc64();
  crc.update(bytes, offset, footer + 2);
  return crc.matches(bytes, footer + 2);
}

function parseString(value: Uint8Array, maxStringBytes: number): DumpPayload {
  const input = inputOver(value, maxStringBytes);
  const string = new RdbString();
  try {
    if (!input.readString(string)) return { error: "Bad data format" };
  } catch (error) {
    if (error instanceof RdbError) return { error: "Bad data format" };
    throw error;
  }
  return { error: null, type: RDB_TYPE_STRING, bytes: string.bytes, offset: string.offset, length: string.length };
}

/** Collects the output of a writer. */
class Pieces {
  readonly sink: ByteSink = (bytes, start, end) => {
    this.#pieces.push(bytes.slice(start, end));
    this.#length += end - start;
  };

  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  join(): Uint8Array {
    const joined = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }
}
