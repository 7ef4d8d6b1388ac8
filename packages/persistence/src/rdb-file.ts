/**
 * RDB files. A file is replaced as a whole or not at all: the dump goes to `temp-<pid>.rdb` in the same directory, is synced,
 * takes the name over, and the directory is synced, so that after a power cut the name means the old or the new dump.
 */

import { dirname, join } from "node:path";
import { isWorthAThread, RdbAhead } from "./ahead/rdb-ahead.ts";
import { attempt, closeQuietly, removeQuietly, syncDirectory, writeAll } from "./file-steps.ts";
import { FileError, type FileSystem, errorCode, nodeFileSystem } from "./file-system.ts";
import { DEFAULT_MAX_STRING_BYTES, RdbError } from "./rdb-format.ts";
import type { RdbHandler } from "./rdb-handler.ts";
import { type ByteSource, type RdbChecksumState, RdbReader, type RdbReaderOptions } from "./rdb-reader.ts";
import { RdbWriter, type RdbWriterOptions } from "./rdb-writer.ts";

const LOAD_CHUNK_BYTES = 1024 * 1024;
const STEPS_AT_ONCE = 4096;

export interface SaveRdbFileOptions extends RdbWriterOptions {
  /** Where the dump is written until it is complete. Default: `temp-<pid>.rdb` in its directory. */
  readonly temporaryPath?: string;
  /** Default: that of the machine. */
  readonly fileSystem?: FileSystem;
}

export interface LoadRdbFileOptions extends RdbReaderOptions {
  /**
   * Of `openRdbFile`: whether another thread may read ahead and prepare what is to be loaded, where that makes a load faster. Then a step
   * may do nothing but wait some milliseconds, and turns of the event loop must come between steps. Default false.
   */
  readonly ahead?: boolean;
  /** Default: that of the machine. */
  readonly fileSystem?: FileSystem;
}

/** What was loaded. */
export interface RdbLoadReport {
  readonly version: number;
  readonly entryCount: number;
  /** Length of the dump; the file may go on behind it. */
  readonly byteLength: number;
  readonly checksumState: RdbChecksumState;
}

/**
 * Writes a dump to `path`, atomically and durably.
 * @param write makes the calls on the writer, from header() to the last entry; finish() is called for it
 * @returns the length of the file in bytes
 * @throws FileError, and what `write` throws. The old file is then still there (unless only the sync of the directory
 * failed, after the new one had taken its place), and the temporary file is removed.
 */
export function saveRdbFile(
  path: string,
  write: (writer: RdbWriter) => void,
  options: SaveRdbFileOptions = {},
): number {
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const temporaryPath = options.temporaryPath ?? join(dirname(path), `temp-${String(process.pid)}.rdb`);
  const descriptor = attempt("create", temporaryPath, () => fileSystem.open(temporaryPath, "w"));
  let byteLength: number;
  try {
    byteLength = writeAndClose(fileSystem, descriptor, temporaryPath, write, options);
    attempt("rename to its final name", temporaryPath, () => {
      fileSystem.rename(temporaryPath, path);
    });
  } catch (error) {
    removeQuietly(fileSystem, temporaryPath);
    throw error;
  }
  syncDirectory(fileSystem, dirname(path));
  return byteLength;
}

/**
 * Reads the dump at `path` into a handler, in pieces of 1 MiB. The file is never changed.
 * @returns what was loaded, or null when there is no such file
 * @throws RdbError when the file is broken, FileError when it cannot be read, and what the handler throws; what was read
 * until then was delivered
 */
export function loadRdbFile(path: string, handler: RdbHandler, options: LoadRdbFileOptions = {}): RdbLoadReport | null {
  const load = openRdbFile(path, handler, options);
  if (load === null) return null;
  try {
    while (load.steps(STEPS_AT_ONCE));
    return load.report();
  } finally {
    load.close();
  }
}

/**
 * Opens the dump at `path` to be loaded in steps, by a server that answers its clients meanwhile. Nothing is read yet.
 * @returns null when there is no such file
 * @throws FileError
 */
export function openRdbFile(path: string, handler: RdbHandler, options: LoadRdbFileOptions = {}): RdbFileLoad | null {
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const descriptor = openForReading(fileSystem, path);
  return descriptor === null ? null : new RdbFileLoad(fileSystem, descriptor, path, handler, options);
}

/** A load that goes on step by step. `close` must be called, whether it came to its end or not. */
export class RdbFileLoad {
  readonly #fileSystem: FileSystem;
  readonly #descriptor: number;
  readonly #reader: RdbReader;
  readonly #ahead: RdbAhead | null;

  constructor(
    fileSystem: FileSystem,
    descriptor: number,
    path: string,
    handler: RdbHandler,
    options: LoadRdbFileOptions,
  ) {
    this.#fileSystem = fileSystem;
    this.#descriptor = descriptor;
    const reader = new RdbReader(handler, { chunkBytes: LOAD_CHUNK_BYTES, ...options });
    this.#reader = reader;
    const source: ByteSource = (target, offset, length) =>
      attempt("read", path, () => fileSystem.read(descriptor, target, offset, length, reader.arrivedBytes));
    const isAhead = options.ahead === true && fileSystem === nodeFileSystem;
    this.#ahead = isAhead && isWorthAThread(fileSystem.size(descriptor)) ? startAhead(descriptor, options) : null;
    if (this.#ahead === null) reader.begin(source);
    else reader.beginPrepared(() => this.#ahead?.next() ?? null, source);
  }

  /** How much of the file was read into the handler: for progress. */
  get consumedBytes(): number {
    return this.#isPrepared ? (this.#ahead?.consumedBytes ?? 0) : this.#reader.consumedBytes;
  }

  get #isPrepared(): boolean {
    return this.#ahead !== null && this.#reader.isPrepared;
  }

  /** One step of the reader, see RdbReader.step. True while the dump goes on. @throws RdbError, FileError, and what the handler throws */
  step(): boolean {
    return this.steps(1);
  }

  /** Up to `count` steps: so many between two looks at the clock. True while the dump goes on. */
  steps(count: number): boolean {
    const reader = this.#reader;
    try {
      for (let left = count; left > 0; left--) if (!reader.step()) return false;
    } catch (error) {
      throw error instanceof RdbError && this.#isPrepared ? (this.#ahead?.placed(error) ?? error) : error;
    }
    return true;
  }

  /** What was loaded so far. */
  report(): RdbLoadReport {
    const reader = this.#reader;
    return {
      version: reader.version,
      entryCount: reader.entryCount,
      byteLength: reader.consumedBytes,
      checksumState: reader.checksumState,
    };
  }

  /** Closes the file, and frees a value of which only the beginning was read. */
  close(): void {
    this.#reader.abandon();
    const ahead = this.#ahead;
    if (ahead === null || ahead.isOver) closeQuietly(this.#fileSystem, this.#descriptor);
    // the number may be another file's as soon as it is closed, and the thread reads by it
    else void ahead.stop().then(() => closeQuietly(this.#fileSystem, this.#descriptor));
  }
}

function startAhead(descriptor: number, options: RdbReaderOptions): RdbAhead {
  return new RdbAhead({
    descriptor,
    checksum: options.checksum ?? true,
    maxStringBytes: options.maxStringBytes ?? DEFAULT_MAX_STRING_BYTES,
    chunkBytes: LOAD_CHUNK_BYTES,
  });
}

function writeAndClose(
  fileSystem: FileSystem,
  descriptor: number,
  path: string,
  write: (writer: RdbWriter) => void,
  options: RdbWriterOptions,
): number {
  try {
    const writer = new RdbWriter((bytes, start, end) => {
      attempt("write", path, () => {
        writeAll(fileSystem, descriptor, bytes, start, end);
      });
    }, options);
    write(writer);
    writer.finish();
    attempt("sync", path, () => {
      fileSystem.fsync(descriptor);
    });
    attempt("close", path, () => {
      fileSystem.close(descriptor);
    });
    return writer.bytesWritten;
  } catch (error) {
    if (!(error instanceof FileError && error.operation === "close")) closeQuietly(fileSystem, descriptor);
    throw error;
  }
}

function openForReading(fileSystem: FileSystem, path: string): number | null {
  try {
    return fileSystem.open(path, "r");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw new FileError("open", path, error);
  }
}
