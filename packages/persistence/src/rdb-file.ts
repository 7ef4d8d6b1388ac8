/**
 * RDB files. A file is replaced as a whole or not at all: the dump goes to `temp-<pid>.rdb` in the same directory, is synced,
 * takes the name over, and the directory is synced, so that after a power cut the name means the old or the new dump.
 */

import { dirname, join } from "node:path";
import { FileError, type FileSystem, errorCode, nodeFileSystem } from "./file-system.ts";
import { type RdbChecksumState, type RdbHandler, RdbReader, type RdbReaderOptions } from "./rdb-reader.ts";
import { RdbWriter, type RdbWriterOptions } from "./rdb-writer.ts";

const LOAD_CHUNK_BYTES = 1024 * 1024;

export interface SaveRdbFileOptions extends RdbWriterOptions {
  /** Default: that of the machine. */
  readonly fileSystem?: FileSystem;
}

export interface LoadRdbFileOptions extends RdbReaderOptions {
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
  const temporaryPath = join(dirname(path), `temp-${String(process.pid)}.rdb`);
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
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const descriptor = openForReading(fileSystem, path);
  if (descriptor === null) return null;
  const reader = new RdbReader(handler, { chunkBytes: LOAD_CHUNK_BYTES, ...options });
  try {
    reader.readFrom((target, offset, length) =>
      attempt("read", path, () => fileSystem.read(descriptor, target, offset, length)),
    );
  } finally {
    closeQuietly(fileSystem, descriptor);
  }
  return {
    version: reader.version,
    entryCount: reader.entryCount,
    byteLength: reader.consumedBytes,
    checksumState: reader.checksumState,
  };
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

/** The system may take fewer bytes than it was given: then the rest again. */
function writeAll(fileSystem: FileSystem, descriptor: number, bytes: Uint8Array, start: number, end: number): void {
  let at = start;
  while (at < end) {
    const count = fileSystem.write(descriptor, bytes, at, end - at);
    if (count <= 0) throw new Error("the system took no bytes");
    at += count;
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

/** Some systems do not let a directory be opened or synced; their renames need no sync. */
function syncDirectory(fileSystem: FileSystem, path: string): void {
  let descriptor: number | null = null;
  try {
    descriptor = fileSystem.open(path, "r");
    fileSystem.fsync(descriptor);
  } catch (error) {
    const harmless = descriptor === null ? ["EISDIR", "EPERM"] : ["EBADF", "EINVAL", "EPERM"];
    if (!harmless.includes(errorCode(error))) throw new FileError("sync directory", path, error);
  } finally {
    if (descriptor !== null) closeQuietly(fileSystem, descriptor);
  }
}

function attempt<Result>(operation: string, path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw new FileError(operation, path, error);
  }
}

function closeQuietly(fileSystem: FileSystem, descriptor: number): void {
  try {
    fileSystem.close(descriptor);
  } catch {
    // The error that led here is the one to tell.
  }
}

function removeQuietly(fileSystem: FileSystem, path: string): void {
  try {
    fileSystem.unlink(path);
  } catch {
    // Likewise; and when the rename had been done there is nothing to remove.
  }
}
