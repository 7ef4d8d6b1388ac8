/**
 * The file of a snapshot: written under a temporary name, synced, and given its own name at the end, durably.
 *
 * While something is locked that others wait for, bytes are only collected: the disk may be slow.
 */
import { dirname } from "node:path";
import { attempt, closeQuietly, removeQuietly, syncDirectory, writeAll } from "../file-steps.ts";
import type { FileSystem } from "../file-system.ts";
import type { SnapshotRequest } from "./snapshot-request.ts";

const NOT_OPEN = -1;

export class SnapshotFile {
  /** Called after bytes were written. */
  onWritten: () => void = () => undefined;
  /** Bytes written to the file. */
  byteLength = 0;
  /** Set while the disk must not be waited for. */
  isLocked = false;
  private readonly fileSystem: FileSystem;
  private readonly request: SnapshotRequest;
  private descriptor = NOT_OPEN;
  private collected = new Uint8Array(0);
  private collectedLength = 0;
  private unsyncedBytes = 0;

  constructor(fileSystem: FileSystem, request: SnapshotRequest) {
    this.fileSystem = fileSystem;
    this.request = request;
  }

  /** Creates the temporary file. @throws FileError, as all that follow */
  open(): void {
    const path = this.request.temporaryPath;
    this.descriptor = attempt("create", path, () => this.fileSystem.open(path, "w"));
  }

  /** Takes bytes[start..end); writes them unless it is locked. */
  append(bytes: Uint8Array, start: number, end: number): void {
    if (this.isLocked) {
      this.collect(bytes, start, end);
      return;
    }
    this.writeCollected();
    this.write(bytes, start, end);
  }

  /** Writes what was collected. */
  writeCollected(): void {
    if (this.collectedLength === 0) return;
    this.write(this.collected, 0, this.collectedLength);
    this.collectedLength = 0;
  }

  /** All bytes are durable under the temporary name. */
  close(): void {
    this.writeCollected();
    const { fileSystem, descriptor } = this;
    const path = this.request.temporaryPath;
    attempt("sync", path, () => {
      fileSystem.fsync(descriptor);
    });
    this.descriptor = NOT_OPEN;
    attempt("close", path, () => {
      fileSystem.close(descriptor);
    });
  }

  /** Puts the file that was closed in its place. */
  commit(): void {
    const { fileSystem, request } = this;
    attempt("rename to its final name", request.temporaryPath, () => {
      fileSystem.rename(request.temporaryPath, request.path);
    });
    syncDirectory(fileSystem, dirname(request.path));
  }

  /** Removes what there is of it. */
  discard(): void {
    if (this.descriptor !== NOT_OPEN) closeQuietly(this.fileSystem, this.descriptor);
    this.descriptor = NOT_OPEN;
    removeQuietly(this.fileSystem, this.request.temporaryPath);
  }

  private collect(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.collectedLength + end - start;
    if (needed > this.collected.length) {
      const larger = new Uint8Array(needed * 2);
      larger.set(this.collected.subarray(0, this.collectedLength));
      this.collected = larger;
    }
    this.collected.set(bytes.subarray(start, end), this.collectedLength);
    this.collectedLength = needed;
  }

  private write(bytes: Uint8Array, start: number, end: number): void {
    const { fileSystem, descriptor } = this;
    const path = this.request.temporaryPath;
    attempt("write", path, () => {
      writeAll(fileSystem, descriptor, bytes, start, end);
    });
    this.byteLength += end - start;
    this.unsyncedBytes += end - start;
    const limit = this.request.syncEveryBytes ?? 0;
    if (limit > 0 && this.unsyncedBytes >= limit) {
      this.unsyncedBytes = 0;
      attempt("sync", path, () => {
        fileSystem.syncData(descriptor);
      });
    }
    this.onWritten();
  }
}
