/**
 * The end of an append only file: commands are collected in a buffer, which a flush writes and, by the policy, syncs.
 *
 *     append -> [buffer] -- flush --> file -- sync --> disk
 *                                     |<--- fileBytes --->|
 *                                     |<- syncedBytes ->|
 *
 * `always`: each flush syncs before it returns; any failure is fatal, since nothing else could keep what is about to be acknowledged.
 * The log is lost then: nothing is written or synced any more, since a second sync may well succeed without the pages of the first.
 * `everysec`: a sync off the thread once a second. While one runs, writes wait (a write to a file that is being synced may block),
 * but for two seconds at most. `no`: the system syncs when it likes.
 *
 * A write that fails in the middle is cut back to the last whole command; the buffer keeps everything, and each flush tries again. What
 * flush decides and when, and the texts, are those of Redis's flushAppendOnlyFile.
 */

import type { Clock } from "@sider/keyspace-engine";
import { closeQuietly } from "../file-steps.ts";
import { errorCode, errorReason, type FileSystem } from "../file-system.ts";
import { type AofLogger, timestampAnnotation } from "./aof-format.ts";
import type { AofWatch } from "./aof-watch.ts";

export type SyncPolicy = "always" | "everysec" | "no";

export interface AppendLogOptions {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly logger: AofLogger;
  /** Ends the process: what is appended can no longer be kept. Told once, with the line that was logged. Where it returns, the log is lost. */
  readonly fatal: (line: string) => void;
}

const NONE = -1;
const SYNC_EVERY_MS = 1000;
const LONGEST_POSTPONEMENT_MS = 2000;
const WRITE_ERROR_LOG_EVERY_MS = 30_000;
const SMALLEST_BUFFER_BYTES = 64 * 1024;
/** A larger buffer is given back once this many flushes in turn have found it nearly empty: who fills it once fills it again. */
const KEPT_BUFFER_BYTES = 1024 * 1024;
const FLUSHES_TO_GIVE_BACK = 100;

/** Collects commands and brings them to the file. */
export class AppendLog {
  /** May change at any time. */
  policy: SyncPolicy = "everysec";
  /** Whether a second that is not the last annotated one is annotated before a command (aof-timestamp-enabled). */
  timestamps = false;
  /** No syncs for now: no-appendfsync-on-rewrite while a rewrite runs. */
  syncsSuspended = false;
  /** Null while nobody wants to know. */
  watch: AofWatch | null = null;
  /** Writes that did not wait for a sync any longer (INFO: aof_delayed_fsync). */
  delayedSyncs = 0;
  /** Bytes of the file that is written to. */
  fileBytes = 0;
  /** As far as the file is durable. */
  syncedBytes = 0;

  readonly #fileSystem: FileSystem;
  readonly #clock: Clock;
  readonly #logger: AofLogger;
  readonly #fatal: (line: string) => void;
  #descriptor = NONE;
  #buffer = new Uint8Array(SMALLEST_BUFFER_BYTES);
  #length = 0;
  /** Bytes that the buffer has given to files so far. */
  #passedBytes = 0;
  /** Flushes since the buffer was as large as it has to be. */
  #spareFlushes = 0;
  #syncing = NONE;
  #lastSyncMs = 0;
  #postponedSinceMs = NONE;
  #lastErrorLogMs = Number.NEGATIVE_INFINITY;
  #writeError: unknown = null;
  #syncError: unknown = null;
  #annotatedSeconds = 0;
  #lost = false;

  constructor(options: AppendLogOptions) {
    this.#fileSystem = options.fileSystem;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#fatal = options.fatal;
  }

  get isOpen(): boolean {
    return this.#descriptor !== NONE;
  }

  /** Bytes that are not in the file yet (INFO: aof_buffer_length). */
  get bufferedBytes(): number {
    return this.#length;
  }

  /** Syncs that run off the thread (INFO: aof_pending_bio_fsync). */
  get pendingSyncs(): number {
    return this.#syncing === NONE ? 0 : 1;
  }

  /** Whether the last write and the last sync were well (INFO: aof_last_write_status). While not, writes are to be denied. */
  get isOk(): boolean {
    return this.#writeError === null && this.#syncError === null;
  }

  /** Why not, in the words of the MISCONF reply; "" when all is well. */
  get failure(): string {
    if (this.isOk) return "";
    return errorReason(this.#writeError ?? this.#syncError);
  }

  /** Whether a failure was fatal: what was appended must not be acknowledged, ever. */
  get isLost(): boolean {
    return this.#lost;
  }

  /** All that was ever appended, in bytes: how far `durableBytes` has to come. Never goes back, whichever file is written to. */
  get appendedBytes(): number {
    return this.#passedBytes + this.#length;
  }

  /** How much of it, from the first byte on, is durable or of no concern any more. */
  get durableBytes(): number {
    return this.#passedBytes - (this.fileBytes - this.syncedBytes);
  }

  /** Whether all that was appended is durable. */
  get isSettled(): boolean {
    return this.#length === 0 && this.syncedBytes === this.fileBytes;
  }

  /**
   * Writes to this file from now on; the one before is closed, with what the buffer holds still to come in the new one.
   * @param descriptor open to append; this object closes it
   * @param byteLength how long the file is, all of it durable or of no concern
   */
  open(descriptor: number, byteLength: number): void {
    this.#closeFile();
    this.#descriptor = descriptor;
    this.fileBytes = byteLength;
    this.syncedBytes = byteLength;
    this.#lastSyncMs = this.#clock.nowMs();
  }

  /** Closes the file as it is; the buffer is forgotten, and with it the errors. See `settle`. */
  close(): void {
    this.#closeFile();
    this.#forget(this.#length);
    this.fileBytes = 0;
    this.syncedBytes = 0;
    this.#postponedSinceMs = NONE;
    this.#writeError = null;
    this.#syncError = null;
  }

  /** Takes a whole command, bytes[start..end). Nothing is written before `flush`. O(bytes). */
  append(bytes: Uint8Array, start: number, end: number): void {
    if (this.timestamps) this.#annotate();
    this.#put(bytes, start, end);
  }

  /**
   * Writes what was appended, and syncs as the policy says. To be called before the replies of a batch leave, and by a timer
   * some times a second even when nothing was appended. @param force do not wait for a sync that runs
   */
  flush(force = false): void {
    if (this.#descriptor === NONE || this.#lost) return;
    if (this.#buffer.length > KEPT_BUFFER_BYTES) this.#noteUse();
    if (this.#length > 0) {
      if (!force && this.#postpones()) return;
      if (!this.#write()) return;
    }
    if (this.fileBytes !== this.syncedBytes && !this.syncsSuspended) this.#syncByPolicy();
  }

  /** Writes and syncs everything at once, whatever the policy. @returns whether all is durable now; if not, why was logged */
  settle(): boolean {
    if (this.#lost) return false;
    if (this.#descriptor === NONE) return true;
    if (this.#length > 0 && !this.#write()) return false;
    if (this.syncedBytes === this.fileBytes) return true;
    if (this.policy === "always") return this.#syncNow();
    try {
      this.#fileSystem.syncData(this.#descriptor);
    } catch (error) {
      this.#logger.warning(`Fail to fsync the AOF file: ${errorReason(error)}`);
      this.#syncError = error;
      return false;
    }
    this.#synced(this.fileBytes);
    return true;
  }

  #annotate(): void {
    const seconds = Math.floor(this.#clock.nowMs() / 1000);
    if (seconds <= this.#annotatedSeconds) return;
    this.#annotatedSeconds = seconds;
    const line = timestampAnnotation(seconds);
    this.#put(line, 0, line.length);
  }

  #put(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#length + (end - start);
    if (length > this.#buffer.length) this.#grow(length);
    const buffer = this.#buffer;
    if (end - start < 64) for (let from = start, to = this.#length; from < end; from++, to++) buffer[to] = bytes[from];
    else buffer.set(bytes.subarray(start, end), this.#length);
    this.#length = length;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }

  /** Whether a write waits for the sync that runs. */
  #postpones(): boolean {
    if (this.policy !== "everysec" || this.#syncing === NONE) return false;
    const nowMs = this.#clock.nowMs();
    if (this.#postponedSinceMs === NONE) this.#postponedSinceMs = nowMs;
    if (nowMs - this.#postponedSinceMs < LONGEST_POSTPONEMENT_MS) return true;
    this.delayedSyncs++;
    this.#logger.notice(
      "Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without waiting for fsync to complete, this may slow down Redis.",
    );
    return false;
  }

  /** Writes the buffer; false after an error, with the file ending in a whole command if the disk lets it. */
  #write(): boolean {
    const length = this.#length;
    let written = 0;
    this.#postponedSinceMs = NONE;
    const { watch } = this;
    const startedMs = watch === null ? 0 : watch.steadyMs();
    let failure: unknown = null;
    try {
      while (written < length) {
        const count = this.#fileSystem.write(this.#descriptor, this.#buffer, written, length - written);
        if (count <= 0) throw new Error("the system took no bytes");
        written += count;
      }
    } catch (error) {
      failure = error;
    }
    if (watch !== null) watch.wrote(watch.steadyMs() - startedMs, this.#syncing !== NONE);
    if (failure !== null) {
      this.#writeFailed(failure, written);
      return false;
    }
    this.fileBytes += length;
    this.#forget(length);
    if (this.#writeError !== null) {
      this.#logger.warning("AOF write error looks solved, Redis can write again.");
      this.#writeError = null;
    }
    return true;
  }

  #writeFailed(error: unknown, written: number): void {
    const nowMs = this.#clock.nowMs();
    const logs = nowMs - this.#lastErrorLogMs > WRITE_ERROR_LOG_EVERY_MS;
    if (logs) this.#lastErrorLogMs = nowMs;
    this.#writeError = error;
    if (written === 0) {
      if (logs) this.#logger.warning(`Error writing to the AOF file: ${errorReason(error)}`);
    } else {
      this.#cutBack(written, logs);
    }
    if (this.policy === "always") {
      this.#stop("Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...");
    }
  }

  /** Removes the part of the buffer that was written; where that fails, it is the rest that is still to be written. */
  #cutBack(written: number, logs: boolean): void {
    if (logs) {
      const sizes = `(nwritten=${String(written)}, expected=${String(this.#length)})`;
      this.#logger.warning(`Short write while writing to the AOF file: ${sizes}`);
    }
    try {
      this.#fileSystem.truncate(this.#descriptor, this.fileBytes);
    } catch (error) {
      if (logs) {
        this.#logger.warning(
          `Could not remove short write from the append-only file.  Redis may refuse to load the AOF the next time it starts.  ftruncate: ${errorReason(error)}`,
        );
      }
      this.fileBytes += written;
      this.#forget(written);
    }
  }

  /** The first bytes of the buffer are in the file. */
  #forget(count: number): void {
    const rest = this.#length - count;
    this.#passedBytes += count;
    if (rest > 0) this.#buffer.copyWithin(0, count, this.#length);
    this.#length = rest;
  }

  /** Buffers of megabytes that come and go make the engine collect garbage several times a second. */
  #noteUse(): void {
    if (this.#length * 4 > this.#buffer.length) this.#spareFlushes = 0;
    else if (++this.#spareFlushes > FLUSHES_TO_GIVE_BACK && this.#length === 0) {
      this.#buffer = new Uint8Array(SMALLEST_BUFFER_BYTES);
      this.#spareFlushes = 0;
    }
  }

  #syncByPolicy(): void {
    if (this.policy === "always") this.#syncNow();
    else if (this.policy === "everysec" && this.#syncing === NONE) this.#syncInBackground();
  }

  #syncNow(): boolean {
    const { watch } = this;
    const startedMs = watch === null ? 0 : watch.steadyMs();
    try {
      this.#fileSystem.syncData(this.#descriptor);
    } catch (error) {
      this.#syncError = error;
      this.#stop(
        `Can't persist AOF for fsync error when the AOF fsync policy is 'always': ${errorReason(error)}. Exiting...`,
      );
      return false;
    }
    if (watch !== null) watch.synced(watch.steadyMs() - startedMs);
    this.#synced(this.fileBytes);
    return true;
  }

  #syncInBackground(): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#lastSyncMs < SYNC_EVERY_MS) return;
    const descriptor = this.#descriptor;
    const upTo = this.fileBytes;
    this.#lastSyncMs = nowMs;
    this.#syncing = descriptor;
    this.#fileSystem.syncDataLater(descriptor, (error) => {
      this.#syncing = NONE;
      if (descriptor === this.#descriptor) this.#syncEnded(error, upTo);
      else closeQuietly(this.#fileSystem, descriptor);
    });
  }

  #syncEnded(error: Error | null, upTo: number): void {
    // These two say that the file is of a kind that knows no sync.
    if (error !== null && errorCode(error) !== "EBADF" && errorCode(error) !== "EINVAL") {
      if (this.#syncError === null) this.#logger.warning(`Fail to fsync the AOF file: ${errorReason(error)}`);
      this.#syncError = error;
    } else {
      this.#synced(upTo);
    }
    if (this.#postponedSinceMs !== NONE) this.flush();
  }

  /** A sync that began before one that has ended says less. */
  #synced(upTo: number): void {
    this.syncedBytes = Math.max(this.syncedBytes, upTo);
    this.#syncError = null;
  }

  #closeFile(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = NONE;
    // A sync that runs needs its descriptor: whoever ends it closes it.
    if (descriptor !== NONE && descriptor !== this.#syncing) closeQuietly(this.#fileSystem, descriptor);
  }

  #stop(line: string): void {
    this.#lost = true;
    this.#logger.warning(line);
    this.#fatal(line);
  }
}
