/**
 * The few file operations that dumps and logs need, as an interface so that tests can make each of them fail, and lose power
 * between any two (`testing/simulated-disk.ts`). All are synchronous but the two that end in `Later`: what the disk may take
 * long for, in a thread of its own.
 */

import {
  close as closeLater,
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";

/** `r`: read (also a directory, to fsync it); `w`: create or empty, and write; `a`: create, and write at the end. */
export type OpenMode = "r" | "w" | "a";

/** What a path names; null: nothing. */
export type PathKind = "file" | "directory" | null;

/** Each operation throws an Error with a `code` such as ENOSPC when it fails. */
export interface FileSystem {
  /** Returns a descriptor. A new file's name is durable once its directory was synced. */
  open(path: string, mode: OpenMode): number;
  /** Returns how many bytes were read; 0 at the end. @param position where in the file; without it, behind the last read */
  read(descriptor: number, target: Uint8Array, offset: number, length: number, position?: number): number;
  /** Returns how many bytes were written; may be fewer than asked for. */
  write(descriptor: number, bytes: Uint8Array, offset: number, length: number): number;
  /** Cuts a file that is open for writing. */
  truncate(descriptor: number, byteLength: number): void;
  /** Length in bytes of a file that is open. */
  size(descriptor: number): number;
  fsync(descriptor: number): void;
  /** What fsync does, less times that no reader of the bytes needs (fdatasync). */
  syncData(descriptor: number): void;
  /**
   * `syncData` off this thread. The descriptor must stay open until then.
   * @param done called in a later turn of the event loop, with the error or null
   */
  syncDataLater(descriptor: number, done: (error: Error | null) => void): void;
  close(descriptor: number): void;
  /** `close` off this thread, for a file without a name whose bytes are then freed. Errors are nobody's concern. */
  closeLater(descriptor: number): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  kind(path: string): PathKind;
  /** Length in bytes of the file at a path. */
  sizeAt(path: string): number;
  /** The names in a directory, sorted. */
  list(path: string): string[];
  makeDirectory(path: string): void;
}

/** The file system of the machine. */
export const nodeFileSystem: FileSystem = {
  open: (path, mode) => openSync(path, mode),
  read: (descriptor, target, offset, length, position) =>
    readSync(descriptor, target, offset, length, position ?? null),
  write: (descriptor, bytes, offset, length) => writeSync(descriptor, bytes, offset, length),
  truncate: ftruncateSync,
  size: (descriptor) => fstatSync(descriptor).size,
  fsync: fsyncSync,
  syncData: fdatasyncSync,
  syncDataLater: fdatasync,
  close: closeSync,
  closeLater: (descriptor) => {
    closeLater(descriptor, () => undefined);
  },
  rename: renameSync,
  unlink: unlinkSync,
  kind: (path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return null;
    return found.isDirectory() ? "directory" : "file";
  },
  sizeAt: (path) => statSync(path).size,
  list: (path) => readdirSync(path).sort(),
  makeDirectory: (path) => {
    mkdirSync(path);
  },
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

/** The reason as the C library says it, such as "No space left on device": what log lines and replies of Redis show. */
export function errorReason(error: unknown): string {
  const code = errorCode(error);
  if (code in REASONS) return REASONS[code];
  return error instanceof Error ? error.message : String(error);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "Permission denied",
  EBADF: "Bad file descriptor",
  EDQUOT: "Disk quota exceeded",
  EEXIST: "File exists",
  EFBIG: "File too large",
  EINVAL: "Invalid argument",
  EIO: "Input/output error",
  EISDIR: "Is a directory",
  EMFILE: "Too many open files",
  ENFILE: "Too many open files in system",
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  EPERM: "Operation not permitted",
  EROFS: "Read-only file system",
};
