/**
 * The payload of DUMP and RESTORE: one value as in an RDB dump, with a footer of ten bytes.
 *
 *     type(1) value(...) version(2, little endian) crc64 of all before(8, little endian)
 */

import { Crc64 } from "./crc64.ts";
import { DEFAULT_MAX_STRING_BYTES, RDB_TYPE_STRING, RDB_VERSION, RdbError, rdbTypeName } from "./rdb-format.ts";
import { RdbInput, RdbString } from "./rdb-input.ts";
import { type ByteSink, RdbOutput } from "./rdb-output.ts";
import type { RdbWriteVersion } from "./rdb-writer.ts";

const FOOTER_BYTES = 10;

export interface DumpPayloadOptions {
  /** Default 11. A payload is accepted by servers that know its version: 10 for Redis 7.0. */
  readonly version?: RdbWriteVersion;
  /** Whether a string that shrinks is LZF-compressed (Redis: rdbcompression). Default true. */
  readonly compression?: boolean;
}

/** Why a payload was refused. The first two are Redis's own words, for a reply after "ERR ". */
export type DumpPayloadError =
  | "DUMP payload version or checksum are wrong"
  | "Bad data format"
  /** Sound, but a value of a type that is not supported yet. */
  | "Unsupported value type";

/** A value out of a payload; bytes[offset..offset+length) may lie in the payload. */
export type DumpPayload =
  | { readonly error: DumpPayloadError }
  | {
      readonly error: null;
      readonly type: typeof RDB_TYPE_STRING;
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
  const version = options.version ?? RDB_VERSION;
  output.byte(RDB_TYPE_STRING);
  output.string(valueBytes, valueOffset, valueLength);
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
 */
export function parseDumpPayload(
  bytes: Uint8Array,
  offset: number,
  length: number,
  maxStringBytes: number = DEFAULT_MAX_STRING_BYTES,
): DumpPayload {
  if (!footerIsRight(bytes, offset, length)) return { error: "DUMP payload version or checksum are wrong" };
  const type = bytes[offset];
  if (length === FOOTER_BYTES || rdbTypeName(type) === "") return { error: "Bad data format" };
  if (type !== RDB_TYPE_STRING) return { error: "Unsupported value type" };
  return parseString(bytes.subarray(offset + 1, offset + length - FOOTER_BYTES), maxStringBytes);
}

function footerIsRight(bytes: Uint8Array, offset: number, length: number): boolean {
  if (length < FOOTER_BYTES) return false;
  const footer = offset + length - FOOTER_BYTES;
  const version = bytes[footer] | (bytes[footer + 1] << 8);
  if (version > RDB_VERSION) return false;
  const crc = new Crc64();
  crc.update(bytes, offset, footer + 2);
  return crc.matches(bytes, footer + 2);
}

function parseString(value: Uint8Array, maxStringBytes: number): DumpPayload {
  const input = new RdbInput(0, false, maxStringBytes);
  input.bytes = value;
  input.limit = value.length;
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
