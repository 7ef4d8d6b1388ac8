/** What a reader of RDB dumps tells of a dump, and what reads the values in it. */
import type { RdbInput } from "./rdb-input.ts";

/** What a dump contains, in the order of the dump. Byte ranges are valid only during the call. An exception ends the reading. */
export interface RdbHandler {
  /** A fact about the writer: redis-ver, ctime, used-mem, ... Unknown names are to be ignored. */
  onAux(name: string, value: string): void;
  /** The entries that follow belong to this database. Without a call they belong to database 0. */
  onSelectDatabase(index: number): void;
  /** A hint, not to be trusted: how many entries follow for this database, and how many of them expire. */
  onResizeDatabase(keyCount: number, expireCount: number): void;
  /**
   * A key with a string value.
   * @param expireAtMs Unix time in milliseconds, may be past, or -1
   * @param idleSeconds time since the last access, or -1
   * @param frequency LFU counter 0 to 255, or -1
   */
  onString(
    keyBytes: Uint8Array,
    keyOffset: number,
    keyLength: number,
    valueBytes: Uint8Array,
    valueOffset: number,
    valueLength: number,
    expireAtMs: number,
    idleSeconds: number,
    frequency: number,
  ): void;
  /**
   * A key with a value of another type: who reads it, part by part. Without such a handler, or where it answers null, the value is
   * refused as unsupported. The key's bytes are valid only during the call.
   */
  onValue?(
    type: number,
    keyBytes: Uint8Array,
    keyOffset: number,
    keyLength: number,
    expireAtMs: number,
    idleSeconds: number,
    frequency: number,
  ): ValueParts | null;
  /** The value of the last onValue is complete. */
  onValueEnd?(): void;
  /** All entries have been delivered; the checksum, if there is one, has not been looked at. */
  onEnd?(): void;
  /** The reading is given up: nothing more will come, and what the handler holds back is to be freed. */
  onAbandon?(): void;
  /**
   * A function library: its code, with the line that names engine and library first, as FUNCTION LOAD takes it. The bytes are valid only
   * during the call. Without such a handler libraries are skipped and reported.
   */
  onFunction?(bytes: Uint8Array, offset: number, length: number): void;
  /** Something sound that is not supported was left out; what it was, and where in the dump it began. */
  onSkipped(what: string, offset: number): void;
}

/** Reads a value from an input that may not hold it all yet. */
export interface ValueParts {
  readonly isComplete: boolean;
  /** Reads the next part; false, and nothing has changed, when the input does not hold it. Throws when it is wrong, and has then freed all. */
  step(input: RdbInput): boolean;
  /** Frees what there is; for a dump that ends early. */
  abandon(): void;
}
