/**
 * Writes an RDB dump: header(), then for each database selectDatabase(), resizeDatabase() and its entries, then finish().
 * The bytes go to a sink in pieces of up to 64 KiB; the writer knows neither files nor the keyspace.
 */

import {
  OPCODE_AUX,
  OPCODE_EOF,
  OPCODE_EXPIRE_AT_MS,
  OPCODE_FREQUENCY,
  OPCODE_FUNCTION2,
  OPCODE_IDLE,
  OPCODE_RESIZE_DATABASE,
  OPCODE_SELECT_DATABASE,
  RDB_TYPE_STRING,
  RDB_VERSION,
} from "./rdb-format.ts";
import type { Heap } from "@sider/datastructures";
import { type ByteSink, RdbOutput } from "./rdb-output.ts";
import { typeOfValue, writeValue } from "./values/write-value.ts";

/** The versions that can be written: 11 as Redis 7.2 does, 10 for Redis 7.0. */
export type RdbWriteVersion = 10 | 11;

export interface RdbWriterOptions {
  /** Default 11. */
  readonly version?: RdbWriteVersion;
  /** Whether a CRC64 ends the dump (Redis: rdbchecksum). Default true. */
  readonly checksum?: boolean;
  /** Whether strings that shrink are LZF-compressed (Redis: rdbcompression). Default true. */
  readonly compression?: boolean;
}

/** No expiry, no idle time, no frequency. */
export const NONE = -1;

const textEncoder = new TextEncoder();

/** Calls in the order of a dump, bytes out. No garbage per entry. */
export class RdbWriter {
  readonly #output: RdbOutput;
  readonly #version: RdbWriteVersion;

  constructor(sink: ByteSink, options: RdbWriterOptions = {}) {
    this.#version = options.version ?? RDB_VERSION;
    this.#output = new RdbOutput(sink, options.checksum ?? true, options.compression ?? true);
  }

  /** Length of the dump so far. */
  get bytesWritten(): number {
    return this.#output.bytesWritten;
  }

  /**
   * The magic, the version and the facts about the writer.
   * @param auxFields name to value, in the order given; Redis writes redis-ver, redis-bits, ctime (Unix seconds), used-mem, aof-base
   */
  header(auxFields: Readonly<Record<string, string | number>> = {}): void {
    const magic = textEncoder.encode("REDIS" + String(this.#version).padStart(4, "0"));
    this.#output.raw(magic, 0, magic.length);
    for (const [name, value] of Object.entries(auxFields)) this.auxField(name, String(value));
  }

  /** One more fact about the dump. */
  auxField(name: string, value: string): void {
    this.#output.byte(OPCODE_AUX);
    this.#text(name);
    this.#text(value);
  }

  /** A function library: its code as FUNCTION LOAD takes it. Redis writes them before the first database. */
  functionLibrary(bytes: Uint8Array, offset: number, length: number): void {
    this.#output.byte(OPCODE_FUNCTION2);
    this.#output.string(bytes, offset, length);
  }

  /** The entries that follow belong to this database. */
  selectDatabase(index: number): void {
    this.#output.byte(OPCODE_SELECT_DATABASE);
    this.#output.length(index);
  }

  /** How many entries follow for this database, and how many of them expire: a reader sizes its tables by it. */
  resizeDatabase(keyCount: number, expireCount: number): void {
    this.#output.byte(OPCODE_RESIZE_DATABASE);
    this.#output.length(keyCount);
    this.#output.length(expireCount);
  }

  /**
   * A key with a string value. No garbage for values up to about a hundred bytes.
   * @param expireAtMs Unix time in milliseconds, or -1
   * @param idleSeconds time since the last access (written under an LRU policy), or -1
   * @param frequency the LFU counter, 0 to 255 (written under an LFU policy), or -1
   */
  entry(
    keyBytes: Uint8Array,
    keyOffset: number,
    keyLength: number,
    valueBytes: Uint8Array,
    valueOffset: number,
    valueLength: number,
    expireAtMs: number,
    idleSeconds: number = NONE,
    frequency: number = NONE,
  ): void {
    this.#beginEntry(RDB_TYPE_STRING, keyBytes, keyOffset, keyLength, expireAtMs, idleSeconds, frequency);
    this.#output.string(valueBytes, valueOffset, valueLength);
  }

  /**
   * A key whose string value is kept as a number.
   * @param value a safe integer; greater ones are given as text to `entry`
   */
  integerEntry(
    keyBytes: Uint8Array,
    keyOffset: number,
    keyLength: number,
    value: number,
    expireAtMs: number,
    idleSeconds: number = NONE,
    frequency: number = NONE,
  ): void {
    this.#beginEntry(RDB_TYPE_STRING, keyBytes, keyOffset, keyLength, expireAtMs, idleSeconds, frequency);
    if (value === (value | 0)) this.#output.int32String(value);
    else this.#text(String(value));
  }

  /**
   * A key with its value of any type but string, out of a keyspace.
   * @param entry where the value is in the heap
   */
  valueEntry(
    heap: Heap,
    entry: number,
    keyBytes: Uint8Array,
    keyOffset: number,
    keyLength: number,
    expireAtMs: number,
    idleSeconds: number = NONE,
    frequency: number = NONE,
  ): void {
    const type = typeOfValue(heap, entry, this.#version);
    this.#beginEntry(type, keyBytes, keyOffset, keyLength, expireAtMs, idleSeconds, frequency);
    writeValue(this.#output, heap, entry, this.#version);
  }

  /** A key with a value of this type byte, which `writeTypedValue` writes. */
  typedEntry(
    type: number,
    keyBytes: Uint8Array,
    keyOffset: number,
    keyLength: number,
    expireAtMs: number,
    idleSeconds: number,
    frequency: number,
    writeTypedValue: (output: RdbOutput) => void,
  ): void {
    this.#beginEntry(type, keyBytes, keyOffset, keyLength, expireAtMs, idleSeconds, frequency);
    writeTypedValue(this.#output);
  }

  /** The end mark and the checksum; afterwards the sink has everything. */
  finish(): void {
    this.#output.byte(OPCODE_EOF);
    this.#output.checksum();
    this.#output.flush();
  }

  #beginEntry(
    type: number,
    keyBytes: Uint8Array,
    keyOffset: number,
    keyLength: number,
    expireAtMs: number,
    idleSeconds: number,
    frequency: number,
  ): void {
    const output = this.#output;
    if (expireAtMs !== NONE) {
      output.byte(OPCODE_EXPIRE_AT_MS);
      output.int64(expireAtMs);
    }
    if (idleSeconds !== NONE) {
      output.byte(OPCODE_IDLE);
      output.length(idleSeconds);
    }
    if (frequency !== NONE) {
      output.byte(OPCODE_FREQUENCY);
      output.byte(frequency);
    }
    output.byte(type);
    output.string(keyBytes, keyOffset, keyLength);
  }

  #text(text: string): void {
    const bytes = textEncoder.encode(text);
    this.#output.string(bytes, 0, bytes.length);
  }
}
