/** Small files that are read, and replaced, as a whole. */

import { dirname } from "node:path";
import { attempt, closeQuietly, removeQuietly, syncDirectory, writeAll } from "./file-steps.ts";
import type { FileSystem } from "./file-system.ts";

/** All bytes of a file. @throws what the system throws, and an Error when there are more than `maximumBytes` */
export function readWholeFile(fileSystem: FileSystem, path: string, maximumBytes: number): Uint8Array {
  const descriptor = fileSystem.open(path, "r");
  try {
    const byteLength = fileSystem.size(descriptor);
    if (byteLength > maximumBytes) throw new Error("it is too large");
    const bytes = new Uint8Array(byteLength);
    let at = 0;
    while (at < byteLength) {
      const count = fileSystem.read(descriptor, bytes, at, byteLength - at);
      if (count === 0) break;
      at += count;
    }
    return bytes.subarray(0, at);
  } finally {
    closeQuietly(fileSystem, descriptor);
  }
}

/**
 * Puts a file with these bytes in the place of the one there is: whatever fails, one of the two is there, and whole. `temporaryPath` is in
 * the same directory.
 * @throws FileError
 */
export function replaceWholeFile(fileSystem: FileSystem, path: string, temporaryPath: string, bytes: Uint8Array): void {
  let descriptor = attempt("open", temporaryPath, () => fileSystem.open(temporaryPath, "w"));
  try {
    attempt("write", temporaryPath, () => {
      writeAll(fileSystem, descriptor, bytes, 0, bytes.length);
    });
    attempt("sync", temporaryPath, () => {
      fileSystem.fsync(descriptor);
    });
    fileSystem.close(descriptor);
    descriptor = -1;
    attempt("rename", temporaryPath, () => {
      fileSystem.rename(temporaryPath, path);
    });
  } catch (error) {
    if (descriptor >= 0) closeQuietly(fileSystem, descriptor);
    removeQuietly(fileSystem, temporaryPath);
    throw error;
  }
  syncDirectory(fileSystem, dirname(path));
}
