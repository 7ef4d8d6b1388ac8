/**
 * Loads the files of a manifest in their order: the base (a dump, commands, or both), then the increments. In steps, so
 * that a server answers in between.
 *
 * Where the last file ends in the middle of a command or of a transaction, or in zeros, it is cut back to the last place that is whole
 * (aof-load-truncated). Damage anywhere else refuses the load. Log lines and decisions are those of Redis's aof.c; in addition it is said
 * how many bytes were dropped, and where the damage is.
 */

import { closeQuietly } from "../file-steps.ts";
import { errorReason, type FileSystem } from "../file-system.ts";
import { RdbError } from "../rdb-format.ts";
import type { RdbHandler } from "../rdb-handler.ts";
import { RdbReader, type RdbReaderOptions } from "../rdb-reader.ts";
import type { AofFiles } from "./aof-files.ts";
import { AofError, type AofLogger, refuse } from "./aof-format.ts";
import { type AofItem, AofReader } from "./aof-reader.ts";
import { type AofFileInfo, filesToLoad } from "./manifest.ts";
import { findCommand } from "./resync.ts";

/** What is in the files, in their order. Byte ranges are valid only during the call. An exception ends the load. */
export interface AofHandler {
  /** A file begins: database 0 is selected, and no transaction is open. */
  beginFile(name: string): void;
  /** The file begins with a dump: who is to get it. @param byteLength of the file */
  beginDump(byteLength: number): RdbHandler;
  /**
   * A command, bytes[start..end) as it was sent.
   * @param words where each argument begins in `bytes` and how long it is, in pairs
   * @returns whether everything up to here is whole: false inside a transaction
   */
  command(bytes: Uint8Array, start: number, end: number, words: Int32Array, wordCount: number): boolean;
}

export interface AofLoaderOptions {
  /** aof-load-truncated; default true. */
  readonly loadTruncated?: boolean;
  /** For log lines only. */
  readonly nowMs: () => number;
  /** How dumps are read. */
  readonly rdb?: RdbReaderOptions;
}

/** `none`: the manifest names no file; `empty`: all files are empty. */
export type AofLoadOutcome = "loaded" | "none" | "empty";

const SIGNATURE = [82, 69, 68, 73, 83]; // REDIS
const DUMP_PIECE_BYTES = 256 * 1024;
const COMMANDS_A_STEP = 1024;
const NONE = -1;

/** Loads an append only file in steps. Throws `AofError`, which has been logged. */
export class AofLoader {
  /** Once `step` has returned true. */
  readonly outcome: AofLoadOutcome;
  /** Bytes of all files, and of the base alone. */
  readonly totalBytes: number;
  readonly baseBytes: number = 0;
  /** Bytes that were cut off. */
  droppedBytes = 0;
  /** Commands so far, those of a dump not counted. */
  commandCount = 0;

  readonly #files: AofFiles;
  readonly #fileSystem: FileSystem;
  readonly #logger: AofLogger;
  readonly #handler: AofHandler;
  readonly #options: AofLoaderOptions;
  readonly #pending: AofFileInfo[];
  #file: AofFileInfo | null = null;
  #descriptor = NONE;
  #fileStartedMs = 0;
  #dump: RdbReader | null = null;
  #dumpPiece = new Uint8Array(0);
  #reader: AofReader | null = null;
  #wholeUpTo = 0;
  #isWhole = true;
  /** Bytes of the files that are done. */
  #doneBytes = 0;

  /** @throws AofError, which has been logged, where a file is missing */
  constructor(files: AofFiles, handler: AofHandler, options: AofLoaderOptions) {
    this.#files = files;
    this.#fileSystem = files.fileSystem;
    this.#logger = files.logger;
    this.#handler = handler;
    this.#options = options;
    this.#pending = filesToLoad(files.manifest);
    this.totalBytes = files.totalBytes();
    const { base } = files.manifest;
    if (base !== null) this.baseBytes = files.byteLength(base.name);
    this.outcome = this.#pending.length === 0 ? "none" : this.totalBytes === 0 ? "empty" : "loaded";
    if (this.outcome !== "loaded") this.#pending.length = 0;
  }

  /** How far the load is, of `totalBytes`. */
  get loadedBytes(): number {
    return this.#doneBytes + (this.#reader?.endOffset ?? this.#dump?.consumedBytes ?? 0);
  }

  /** The file that is read, or "". */
  get fileName(): string {
    return this.#file?.name ?? "";
  }

  /**
   * Loads a thousand commands, or some hundred kilobytes of a dump.
   * @returns whether all is loaded
   * @throws AofError, which has been logged, and what the handler throws
   */
  step(): boolean {
    try {
      if (this.#file === null && !this.#nextFile()) return true;
      if (this.#dump !== null) this.#stepDump(this.#dump);
      else if (this.#reader !== null) this.#stepCommands(this.#reader);
      return false;
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Loads all at once. Throws as `step` does. */
  run(): AofLoadOutcome {
    while (!this.step());
    return this.outcome;
  }

  /** Closes what is open and frees what is half read; the load cannot go on. */
  abandon(): void {
    if (this.#descriptor !== NONE) closeQuietly(this.#fileSystem, this.#descriptor);
    this.#descriptor = NONE;
    this.#pending.length = 0;
    this.#dump?.abandon();
    this.#dump = null;
  }

  #nextFile(): boolean {
    const file = this.#pending.shift();
    if (file === undefined) return false;
    this.#file = file;
    this.#fileStartedMs = this.#options.nowMs();
    this.#wholeUpTo = 0;
    this.#isWhole = true;
    this.#descriptor = this.#open(file.name);
    this.#handler.beginFile(file.name);
    if (this.#beginsWithDump()) this.#beginDump(file.name);
    else this.#beginCommands(0);
    return true;
  }

  #open(name: string): number {
    try {
      return this.#fileSystem.open(this.#files.pathOf(name), "r");
    } catch (error) {
      const line = `Fatal error: can't open the append log file ${name} for reading: ${errorReason(error)}`;
      return refuse(this.#logger, "io", line, error);
    }
  }

  #beginsWithDump(): boolean {
    const head = new Uint8Array(SIGNATURE.length);
    const count = this.#read(() => this.#fileSystem.read(this.#descriptor, head, 0, head.length, 0));
    return count === head.length && SIGNATURE.every((byte, at) => head[at] === byte);
  }

  #beginDump(name: string): void {
    const oldStyle = this.#files.isOldStyle(name);
    this.#logger.notice(oldStyle ? "Reading RDB preamble from AOF file..." : "Reading RDB base file on AOF loading...");
    const handler = this.#handler.beginDump(this.#fileSystem.size(this.#descriptor));
    this.#dump = new RdbReader(handler, { chunkBytes: DUMP_PIECE_BYTES, ...this.#options.rdb });
    this.#dumpPiece = new Uint8Array(DUMP_PIECE_BYTES);
  }

  #stepDump(dump: RdbReader): void {
    const piece = this.#dumpPiece;
    const count = this.#read(() => this.#fileSystem.read(this.#descriptor, piece, 0, piece.length));
    try {
      if (count === 0) dump.end();
      else dump.feed(piece, 0, count);
    } catch (error) {
      if (!(error instanceof RdbError)) throw error;
      this.#refuseDump(error);
    }
    if (!dump.done) return;
    this.#dump = null;
    this.#wholeUpTo = dump.consumedBytes;
    if (this.#files.isOldStyle(this.fileName)) this.#logger.notice("Reading the remaining AOF tail...");
    this.#beginCommands(dump.consumedBytes);
  }

  #refuseDump(error: RdbError): never {
    const name = this.fileName;
    const what = this.#files.isOldStyle(name) ? "preamble of the AOF file" : "base file";
    this.#logger.warning(`Error reading the RDB ${what} ${name}, AOF loading aborted`);
    const line = `Unrecoverable error reading the append only file ${name}: ${error.message}`;
    return refuse(this.#logger, "damaged", line, error);
  }

  #beginCommands(offset: number): void {
    this.#reader = new AofReader(this.#fileSystem, this.#descriptor, { offset });
    this.#wholeUpTo = offset;
  }

  #stepCommands(reader: AofReader): void {
    const next = (): AofItem => reader.next();
    for (let count = 0; count < COMMANDS_A_STEP; count++) {
      const item = this.#read(next);
      if (item === "command") {
        this.commandCount++;
        this.#isWhole = this.#handler.command(reader.bytes, reader.start, reader.end, reader.words, reader.wordCount);
        if (this.#isWhole) this.#wholeUpTo = reader.endOffset;
      } else if (item === "annotation") {
        if (this.#isWhole) this.#wholeUpTo = reader.endOffset;
      } else {
        if (item === "damaged") this.#refuseDamage(reader);
        if (item === "torn") this.#heal(reader, this.#describeTear(reader));
        else if (!this.#isWhole) this.#revertTransaction(reader);
        this.#endFile(reader);
        return;
      }
    }
  }

  #revertTransaction(reader: AofReader): void {
    this.#logger.warning(`Revert incomplete MULTI/EXEC transaction in AOF file ${this.fileName}`);
    this.#heal(reader, "a transaction without its EXEC");
  }

  #describeTear(reader: AofReader): string {
    const zeros = reader.endsInZeros ? ", then zeros" : "";
    return (this.#isWhole ? "a command that is not complete" : "a transaction that is not complete") + zeros;
  }

  #refuseDamage(reader: AofReader): never {
    const name = this.fileName;
    this.#logger.warning(
      `The append only file ${name} is damaged at offset ${String(reader.problemOffset)}: ${reader.problem}. ` +
        `All before offset ${String(this.#wholeUpTo)} of ${String(reader.byteLength)} is sound.`,
    );
    return refuse(
      this.#logger,
      "damaged",
      `Bad file format reading the append only file ${name}: ` +
        "make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>",
    );
  }

  /** The file ends too early: cuts it back, or refuses. */
  #heal(reader: AofReader, what: string): void {
    const name = this.fileName;
    if (reader.startOffset < reader.byteLength && !reader.endsInZeros) this.#refuseHiddenCommands(reader);
    if (this.#options.loadTruncated === false) this.#refuseTruncated();
    const offset = this.#wholeUpTo;
    this.#logger.warning(`!!! Warning: short read while loading the AOF file ${name}!!!`);
    // Redis cuts first and refuses then; nothing is to be cut where it does not help.
    if (!this.#isLastWithData()) {
      refuse(this.#logger, "truncated", "Fatal error: the truncated file is not the last file");
    }
    this.#logger.warning(`!!! Truncating the AOF ${name} at offset ${String(offset)} !!!`);
    this.droppedBytes = reader.byteLength - offset;
    this.#logger.warning(`Dropping the last ${String(this.droppedBytes)} bytes of the AOF ${name}: ${what}.`);
    this.#truncate(name, offset);
    this.#logger.warning(`AOF ${name} loaded anyway because aof-load-truncated is enabled`);
  }

  /** A length that is wrong, and not an end that comes early: the commands go on behind it. */
  #refuseHiddenCommands(reader: AofReader): void {
    const from = reader.startOffset + 1;
    const found = this.#read(() => findCommand(this.#fileSystem, this.#descriptor, from));
    if (found === -1) return;
    reader.problem = `a length that is wrong, since a command follows at offset ${String(found)}`;
    this.#refuseDamage(reader);
  }

  /** Redis asks for the last file. Empty ones behind it, which a rewrite leaves that did not come to begin, take nothing away. */
  #isLastWithData(): boolean {
    return this.#pending.every(({ name }) => this.#files.byteLength(name) === 0);
  }

  #truncate(name: string, byteLength: number): void {
    let descriptor = NONE;
    try {
      descriptor = this.#fileSystem.open(this.#files.pathOf(name), "a");
      this.#fileSystem.truncate(descriptor, byteLength);
      this.#fileSystem.fsync(descriptor);
    } catch (error) {
      this.#logger.warning(`Error truncating the AOF file ${name}: ${errorReason(error)}`);
      this.#refuseTruncated();
    } finally {
      if (descriptor !== NONE) closeQuietly(this.#fileSystem, descriptor);
    }
  }

  #refuseTruncated(): never {
    return refuse(
      this.#logger,
      "truncated",
      `Unexpected end of file reading the append only file ${this.fileName}. You can: ` +
        "1) Make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>. " +
        "2) Alternatively you can set the 'aof-load-truncated' configuration option to yes and restart the server.",
    );
  }

  #endFile(reader: AofReader): void {
    const seconds = (this.#options.nowMs() - this.#fileStartedMs) / 1000;
    const kind = this.#file?.type === "b" ? "base" : "incr";
    if (reader.byteLength > 0) {
      this.#logger.notice(`DB loaded from ${kind} file ${this.fileName}: ${seconds.toFixed(3)} seconds`);
    }
    closeQuietly(this.#fileSystem, this.#descriptor);
    this.#doneBytes += reader.byteLength;
    this.#descriptor = NONE;
    this.#reader = null;
    this.#file = null;
  }

  #read<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      if (error instanceof AofError) throw error;
      const reason = errorReason(error);
      const line = `Unrecoverable error reading the append only file ${this.fileName}: ${reason}`;
      return refuse(this.#logger, "io", line, error);
    }
  }
}
