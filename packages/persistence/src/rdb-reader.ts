/**
 * Reads an RDB dump of any size in memory bounded by its largest string, and tells a handler what is in it. Bytes are pushed
 * (`feed`, then `end`) or pulled: all at once (`readFrom`), or in steps with pauses between them (`begin`, then `step`).
 * Versions 1 to 11. What follows a dump in the same file (an AOF with a preamble) is left to the caller: `unread`.
 *
 *     header -> { opcode -> ... } -> checksum -> done
 *                 `-> module -> module ... '            (data of a Redis module: skipped part by part)
 */

import {
  DEFAULT_MAX_STRING_BYTES,
  OPCODE_AUX,
  OPCODE_EOF,
  OPCODE_EXPIRE_AT_MS,
  OPCODE_EXPIRE_AT_SECONDS,
  OPCODE_FREQUENCY,
  OPCODE_FUNCTION2,
  OPCODE_FUNCTION_PRE_RELEASE,
  OPCODE_IDLE,
  OPCODE_MODULE_AUX,
  OPCODE_RESIZE_DATABASE,
  OPCODE_SELECT_DATABASE,
  RDB_TYPE_MODULE_1,
  RDB_TYPE_MODULE_2,
  RDB_TYPE_STRING,
  RDB_VERSION,
  rdbTypeName,
} from "./rdb-format.ts";
import { ModuleData, MODULE_UNSIGNED, moduleName } from "./module-data.ts";
import type { RdbHandler, ValueParts } from "./rdb-handler.ts";
import { RdbInput, RdbString } from "./rdb-input.ts";
import { canReadPrepared, canReadValue } from "./values/value-reader.ts";

/** Reads up to `length` bytes to target[offset..) and returns how many; 0 at the end. Throws when it cannot. */
export type ByteSource = (target: Uint8Array, offset: number, length: number) => number;

/** What comes next of a dump that another thread has prepared. */
export type PreparedPart =
  /** bytes[0 .. length): whole steps, see `ahead/plain-dump.ts`. */
  | { readonly kind: "piece"; readonly bytes: Uint8Array; readonly length: number }
  /** The rest comes from the source, from this offset of the dump on. The sum of all before it has these halves. */
  | { readonly kind: "rest"; readonly offset: number; readonly crcLow: number; readonly crcHigh: number };

export interface RdbReaderOptions {
  /** Whether to check the CRC64 (Redis: rdbchecksum). Default true. */
  readonly checksum?: boolean;
  /** A longer string is an error. Default 512 MiB, Redis's own limit unless proto-max-bulk-len was raised. */
  readonly maxStringBytes?: number;
  /** Size of the pieces that are read. Default 64 KiB. */
  readonly chunkBytes?: number;
}

/** What is known of the checksum after the end: right; not in the dump (old version, or 0); or not looked at. */
export type RdbChecksumState = "verified" | "absent" | "not checked";

/** Where a reader is: in the header, at an opcode, in a value, in data of a module, at the checksum, or done. */
export type RdbReaderState = "header" | "opcode" | "value" | "module" | "checksum" | "done";

const NONE = -1;
const MAGIC = "REDIS";
const HEADER_BYTES = 9;
const FIRST_VERSION_WITH_CHECKSUM = 5;
const MAX_DATABASES = 2 ** 31 - 1;

/** The source of a reader that is fed. */
const nothing: ByteSource = () => 0;

/** Bytes in, calls of a handler in the order of the dump. Throws `RdbError` where it is damaged. */
export class RdbReader {
  /** The version of the dump, 0 before the header was read. */
  version = 0;
  checksumState: RdbChecksumState = "not checked";
  /** Entries delivered so far. */
  entryCount = 0;
  /** The opcode or type byte that was read last, -1 before the first: what a dump that is broken was about. */
  opcode = NONE;

  readonly #handler: RdbHandler;
  readonly #input: RdbInput;
  readonly #checksum: boolean;
  readonly #key = new RdbString();
  readonly #value = new RdbString();
  #parts: ValueParts | null = null;
  #module = new ModuleData();
  #source: ByteSource = nothing;
  #prepared: (() => PreparedPart | null) | null = null;
  #state: RdbReaderState = "header";
  #expireAtMs = NONE;
  #idleSeconds = NONE;
  #frequency = NONE;

  constructor(handler: RdbHandler, options: RdbReaderOptions = {}) {
    this.#handler = handler;
    this.#checksum = options.checksum ?? true;
    const chunkBytes = options.chunkBytes ?? 64 * 1024;
    this.#input = new RdbInput(chunkBytes, this.#checksum, options.maxStringBytes ?? DEFAULT_MAX_STRING_BYTES);
  }

  /** True once the whole dump was read. Bytes behind it are not looked at. */
  get done(): boolean {
    return this.#state === "done";
  }

  /** Where in the order of a dump the reading is. */
  get state(): RdbReaderState {
    return this.#state;
  }

  /** How much of the dump was read; once done, its length. */
  get consumedBytes(): number {
    return this.#input.offset;
  }

  /** Offset in the dump just behind the last byte that came from the source. */
  get arrivedBytes(): number {
    return this.#input.arrivedBytes;
  }

  /** Whether what is read now has been prepared; offsets are then those of what was prepared. */
  get isPrepared(): boolean {
    return this.#prepared !== null;
  }

  /** Takes the next piece of the dump, bytes[start..end), which is free again afterwards. @throws RdbError */
  feed(bytes: Uint8Array, start: number, end: number): void {
    const input = this.#input;
    let at = start;
    while (at < end && !this.done) {
      input.makeRoom();
      const count = Math.min(end - at, input.bytes.length - input.limit);
      input.bytes.set(bytes.subarray(at, at + count), input.limit);
      input.limit += count;
      at += count;
      this.#parse();
    }
  }

  /** Reads a source until the dump is complete. @throws RdbError, and what the source throws */
  readFrom(source: ByteSource): void {
    this.begin(source);
    while (this.step());
  }

  /** Says where `step` gets its bytes from. Nothing is read yet. */
  begin(source: ByteSource): void {
    this.#source = source;
  }

  /** As `begin`, but first come parts that have been prepared; null: the next one is not there yet, and `step` has done nothing. */
  beginPrepared(next: () => PreparedPart | null, source: ByteSource): void {
    this.#prepared = next;
    this.#source = source;
  }

  /**
   * Reads one step from the source given to `begin`: an opcode with what belongs to it, an entry, or one part of a large value (an
   * element, a node), so that a caller can pause in the middle of a value too. Typically microseconds. True while the dump goes on.
   * @throws RdbError, what the source throws, and what the handler throws; `abandon` is then still to be called
   */
  step(): boolean {
    const input = this.#input;
    while (this.#state !== "done") {
      if (input.hasNeeded) {
        input.beginStep();
        if (this.#step()) return !this.done;
        input.repeatStep();
      }
      if (this.#prepared !== null) {
        if (!this.#takePrepared(this.#prepared)) return true;
        continue;
      }
      input.makeRoom();
      const count = this.#source(input.bytes, input.limit, input.bytes.length - input.limit);
      if (count === 0) this.end();
      input.limit += count;
    }
    return false;
  }

  #takePrepared(next: () => PreparedPart | null): boolean {
    const input = this.#input;
    if (input.position !== input.limit) throw new Error("a prepared piece of a dump ends inside a step");
    const part = next();
    if (part === null) return false;
    if (part.kind === "piece") input.useWindow(part.bytes, part.length);
    else {
      input.goOnAt(part.offset, part.crcLow, part.crcHigh);
      this.#prepared = null;
    }
    return true;
  }

  /** Gives up in the middle: what was built of the value that was being read is freed. Harmless at any time, and more than once. */
  abandon(): void {
    this.#parts?.abandon();
    this.#parts = null;
    if (!this.done) this.#handler.onAbandon?.();
  }

  /**
   * Once done: the bytes that were taken from the source and do not belong to the dump, as a view that the reader no longer needs. A file
   * that goes on behind its dump goes on with these, and then with what the source has next.
   */
  unread(): Uint8Array {
    return this.#input.bytes.subarray(this.#input.position, this.#input.limit);
  }

  /** No more bytes will come. @throws RdbError when the dump is not complete */
  end(): void {
    if (this.done) return;
    this.abandon();
    const input = this.#input;
    const where = `the dump ends inside its ${this.#state === "opcode" ? "entries" : this.#state}`;
    const missing = input.offset + input.needed - input.arrivedBytes;
    input.fail(
      "truncated",
      `${where}, at least ${String(Math.max(missing, 1))} more bytes must follow`,
      input.arrivedBytes,
    );
  }

  #parse(): void {
    const input = this.#input;
    if (!input.hasNeeded) return;
    while (this.#state !== "done") {
      input.beginStep();
      if (!this.#step()) {
        input.repeatStep();
        return;
      }
    }
  }

  #step(): boolean {
    switch (this.#state) {
      case "opcode":
        return this.#readOpcode();
      case "header":
        return this.#readHeader();
      case "value":
        return this.#readValuePart();
      case "module":
        return this.#skipModulePart();
      default:
        return this.#readChecksum();
    }
  }

  #readHeader(): boolean {
    const input = this.#input;
    if (!input.has(HEADER_BYTES)) return false;
    const text = String.fromCharCode(...input.bytes.subarray(0, HEADER_BYTES));
    if (!text.startsWith(MAGIC)) input.fail("corrupt", "this is no RDB dump: it does not begin with REDIS", 0);
    const digits = text.slice(MAGIC.length);
    if (!/^\d{4}$/.test(digits)) input.fail("corrupt", "the version is not a number", MAGIC.length);
    this.version = Number(digits);
    if (this.version < 1 || this.version > RDB_VERSION) {
      const range = `versions 1 to ${String(RDB_VERSION)} can be read`;
      input.fail("unsupported", `version ${String(this.version)}, but ${range}`, MAGIC.length);
    }
    input.position += HEADER_BYTES;
    this.#state = "opcode";
    return true;
  }

  #readOpcode(): boolean {
    const input = this.#input;
    const from = input.offset;
    this.opcode = NONE;
    if (!input.readByte()) return false;
    this.opcode = input.byte;
    switch (this.opcode) {
      case RDB_TYPE_STRING:
        return this.#readStringEntry();
      case OPCODE_EXPIRE_AT_MS:
        if (!input.readInt64()) return false;
        this.#expireAtMs = input.int64;
        return true;
      case OPCODE_EXPIRE_AT_SECONDS:
        if (!input.readInt32()) return false;
        this.#expireAtMs = input.int64 * 1000;
        return true;
      case OPCODE_IDLE:
        if (!input.readLength()) return false;
        this.#idleSeconds = input.length;
        return true;
      case OPCODE_FREQUENCY:
        if (!input.readByte()) return false;
        this.#frequency = input.byte;
        return true;
      default:
        return this.#readSection(this.opcode, from);
    }
  }

  #readStringEntry(): boolean {
    const key = this.#key;
    const value = this.#value;
    if (!this.#input.readString(key) || !this.#input.readString(value)) return false;
    this.entryCount++;
    this.#handler.onString(
      key.bytes,
      key.offset,
      key.length,
      value.bytes,
      value.offset,
      value.length,
      this.#expireAtMs,
      this.#idleSeconds,
      this.#frequency,
    );
    this.#expireAtMs = this.#idleSeconds = this.#frequency = NONE;
    return true;
  }

  /** A value that is no string: its key, then parts. */
  #beginValue(type: number, from: number): boolean {
    const key = this.#key;
    const isKnown = canReadValue(type) || (this.#prepared !== null && canReadPrepared(type));
    if (!isKnown || this.#handler.onValue === undefined) return this.#failOnType(type, from);
    if (!this.#input.readString(key)) return false;
    this.#parts = this.#handler.onValue(
      type,
      key.bytes,
      key.offset,
      key.length,
      this.#expireAtMs,
      this.#idleSeconds,
      this.#frequency,
    );
    if (this.#parts === null) return this.#failOnType(type, from);
    this.#expireAtMs = this.#idleSeconds = this.#frequency = NONE;
    this.#state = "value";
    return true;
  }

  #readValuePart(): boolean {
    const parts = this.#parts;
    if (parts?.step(this.#input) !== true) return false;
    if (!parts.isComplete) return true;
    this.#parts = null;
    this.#state = "opcode";
    this.entryCount++;
    this.#handler.onValueEnd?.();
    return true;
  }

  /** The opcodes that stand between entries. */
  #readSection(opcode: number, from: number): boolean {
    switch (opcode) {
      case OPCODE_AUX:
        return this.#readAux();
      case OPCODE_SELECT_DATABASE:
        return this.#readSelectDatabase(from);
      case OPCODE_RESIZE_DATABASE:
        return this.#readResizeDatabase();
      case OPCODE_FUNCTION2:
        return this.#readFunction(from);
      case OPCODE_FUNCTION_PRE_RELEASE:
        return this.#readFunctionParts(from);
      case OPCODE_MODULE_AUX:
        return this.#beginModule(from);
      case OPCODE_EOF:
        return this.#beginChecksum();
      case RDB_TYPE_MODULE_2:
        return this.#beginModuleValue(from);
      default:
        return this.#beginValue(opcode, from);
    }
  }

  #readAux(): boolean {
    if (!this.#input.readString(this.#key) || !this.#input.readString(this.#value)) return false;
    this.#handler.onAux(this.#key.text(), this.#value.text());
    return true;
  }

  #readSelectDatabase(from: number): boolean {
    const input = this.#input;
    if (!input.readLength()) return false;
    if (input.length >= MAX_DATABASES) input.fail("corrupt", `there is no database ${String(input.length)}`, from);
    this.#handler.onSelectDatabase(input.length);
    return true;
  }

  #readResizeDatabase(): boolean {
    const input = this.#input;
    if (!input.readLength()) return false;
    const keyCount = input.length;
    if (!input.readLength()) return false;
    this.#handler.onResizeDatabase(keyCount, input.length);
    return true;
  }

  #readFunction(from: number): boolean {
    const code = this.#value;
    if (!this.#input.readString(code)) return false;
    this.#deliverFunction(code.bytes, code.offset, code.length, from);
    return true;
  }

  /** Before Redis 7.0 was released the name and the engine were apart from the code, and there was a description. */
  #readFunctionParts(from: number): boolean {
    const input = this.#input;
    const part = this.#value;
    if (!input.readString(this.#key) || !input.readString(part)) return false;
    const firstLine = textEncoder.encode(`#!${part.text()} name=${this.#key.text()}\n`);
    if (!input.readLength()) return false;
    if (input.length !== 0 && !input.readString(part)) return false;
    if (!input.readString(part)) return false;
    const code = new Uint8Array(firstLine.length + part.length);
    code.set(firstLine);
    code.set(part.bytes.subarray(part.offset, part.offset + part.length), firstLine.length);
    this.#deliverFunction(code, 0, code.length, from);
    return true;
  }

  #deliverFunction(bytes: Uint8Array, offset: number, length: number, from: number): void {
    if (this.#handler.onFunction === undefined) this.#handler.onSkipped("a function library", from);
    else this.#handler.onFunction(bytes, offset, length);
  }

  /** Data of a module beside the keys: its id, when they are to be loaded, then parts. */
  #beginModule(from: number): boolean {
    const input = this.#input;
    if (!input.readLength()) return false;
    const name = moduleName(input.lengthHigh, input.lengthLow);
    if (!input.readLength()) return false;
    if (input.length !== MODULE_UNSIGNED) input.fail("corrupt", "module data do not begin with their moment", from);
    if (!input.readLength()) return false;
    this.#handler.onSkipped(`data of the module ${name}, which is not loaded`, from);
    this.#module = new ModuleData();
    this.#state = "module";
    return true;
  }

  /** A key whose value is a module's: the id of the module's type, then parts. */
  #beginModuleValue(from: number): boolean {
    if (!this.#input.readString(this.#key) || !this.#input.readLength()) return false;
    const name = moduleName(this.#input.lengthHigh, this.#input.lengthLow);
    this.#handler.onSkipped(
      `the key '${this.#key.text()}', a value of the module type ${name}, which is not loaded`,
      from,
    );
    this.#expireAtMs = this.#idleSeconds = this.#frequency = NONE;
    this.#module = new ModuleData();
    this.#state = "module";
    return true;
  }

  #skipModulePart(): boolean {
    const data = this.#module;
    if (!data.step(this.#input)) return false;
    if (data.isComplete) this.#state = "opcode";
    return true;
  }

  #beginChecksum(): boolean {
    this.#handler.onEnd?.();
    this.#state = this.version < FIRST_VERSION_WITH_CHECKSUM ? "done" : "checksum";
    if (this.#state === "done") this.checksumState = "absent";
    return true;
  }

  #readChecksum(): boolean {
    const input = this.#input;
    input.countChecksum();
    if (!input.has(8)) return false;
    const absent = input.bytes.subarray(input.position, input.position + 8).every((byte) => byte === 0);
    if (absent) this.checksumState = "absent";
    else if (this.#checksum) {
      if (!input.crc.matches(input.bytes, input.position)) {
        input.fail("checksum", `the bytes give ${input.crc.toString()}, which is not what was written`, input.offset);
      }
      this.checksumState = "verified";
    }
    input.position += 8;
    this.#state = "done";
    return true;
  }

  #failOnType(type: number, from: number): never {
    const name = rdbTypeName(type);
    if (name === "") this.#input.fail("corrupt", `${String(type)} is neither an opcode nor the type of a value`, from);
    if (type === RDB_TYPE_MODULE_1) {
      this.#input.fail(
        "unsupported",
        "a module value of Redis 4.0's release candidates: only its module knows its length",
        from,
      );
    }
    this.#input.fail("unsupported", `a value of type ${String(type)}, ${name}, is not supported yet`, from);
  }
}

const textEncoder = new TextEncoder();
