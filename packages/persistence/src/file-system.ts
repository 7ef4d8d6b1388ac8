/**
 * The few file operations that dumps need, as an interface so that tests can make each of them fail. All are synchronous:
 * SAVE and the load at start block by definition.
 */

import { closeSync, fsyncSync, openSync, readSync, renameSync, unlinkSync, writeSync } from "node:fs";

/** Each operation throws an Error with a `code` such as ENOSPC when it fails. */
export interface FileSystem {
  /** `r`: read (also a directory, to fsync it); `w`: create or truncate, and write. Returns a descriptor. */
  open(path: string, mode: "r" | "w"): number;
  /** Returns how many bytes were read; 0 at the end. */
  read(descriptor: number, target: Uint8Array, offset: number, length: number): number;
  /** Returns how many bytes were written; may be fewer than asked for. */
  write(descriptor: number, bytes: Uint8Array, offset: number, length: number): number;
  fsync(descriptor: number): void;
  close(descriptor: number): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
}

/** The file system of the machine. */
export const nodeFileSystem: FileSystem = {
  open: (path, mode) => openSync(path, mode),
  read: (descriptor, target, offset, length) => readSync(descriptor, target, offset, length, null),
  write: (descriptor, bytes, offset, length) => writeSync(descriptor, bytes, offset, length),
  fsync: fsyncSync,
  close: closeSync,
  rename: renameSync,
  unlink: unlinkSync,
};

/** A file operation that failed: which one, on which path, and why (`code`, such as ENOSPC). */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly operation: string;
  readonly path: string;
  readonly code: string;

  constructor(operation: string, path: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`cannot ${operation} ${path}: ${reason}`, { cause });
    this.operation = operation;
    this.path = path;
    this.code = errorCode(cause);
  }
}

/** The system's code of an error, or "". */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
