/** What writing a file durably is made of: all bytes, the directory's own sync, and cleaning up where something else has failed. */

import { errorCode, FileError, type FileSystem } from "./file-system.ts";

/** Writes bytes[start..end): where the system takes fewer than it was given, the rest again. @throws what the system throws */
export function writeAll(
  fileSystem: FileSystem,
  descriptor: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  let at = start;
  while (at < end) {
    const count = fileSystem.write(descriptor, bytes, at, end - at);
    if (count <= 0) throw new Error("the system took no bytes");
    at += count;
  }
}

/**
 * Makes the names in a directory durable. Some systems do not let a directory be opened or synced; their renames need no sync.
 * @throws FileError
 */
export function syncDirectory(fileSystem: FileSystem, path: string): void {
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

/** Does it, and names the operation and the path in the error. @throws FileError */
export function attempt<Result>(operation: string, path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw new FileError(operation, path, error);
  }
}

export function closeQuietly(fileSystem: FileSystem, descriptor: number): void {
  try {
    fileSystem.close(descriptor);
  } catch {
    // The error that led here is the one to tell.
  }
}

export function removeQuietly(fileSystem: FileSystem, path: string): void {
  try {
    fileSystem.unlink(path);
  } catch {
    // Likewise; and when the rename had been done there is nothing to remove.
  }
}
