/**
 * Saving the dump file: at once (SAVE, FLUSHALL), in the background (BGSAVE, save points), or as the last thing before the end.
 *
 *   dirty ------------ start: dirtyBefore = dirty ------------ end: dirty -= dirtyBefore
 *
 * A save that fails in the background closes the gate for changes where `stop-writes-on-bgsave-error` says so; one that succeeds, in
 * whatever way, opens it.
 */
import type { Keyspace } from "@sider/keyspace-engine";
import { saveRdbFile, writeKeyspace } from "@sider/persistence";
import type {
  FileSystem,
  KeyspaceWriteOptions,
  SnapshotOutcome,
  SnapshotProgress,
  SnapshotRequest,
  Snapshots,
} from "@sider/persistence";
import { nodeFileSystem } from "@sider/persistence";
import { dirname, join } from "node:path";
import type { Configuration } from "../config/index.ts";
import type { Logger } from "../log/index.ts";
import { REDIS_VERSION } from "../version.ts";
import { rdbFormat } from "./rdb-format.ts";
import { describeSaveFailure } from "./save-failure.ts";

/** After a background save that failed, the next is tried so much later. */
const RETRY_DELAY_SECONDS = 5;
const KEEP_ALIVE_MS = 1e9;
const SYNC_EVERY_BYTES = 4 * 2 ** 20;
const NO_PROGRESS: SnapshotProgress = { keysProcessed: 0, keysTotal: 0, bytesWritten: 0, copiedBytes: 0 };

export interface SavingParts {
  readonly configuration: Configuration;
  readonly keyspace: Keyspace;
  readonly log: Logger;
  readonly fileSystem?: FileSystem;
  /** What saves in the background, dumps and other things. */
  readonly snapshots: Snapshots;
  /** The dump file, now. */
  readonly path: () => string;
  /** What dumps hold beside keys. */
  readonly extras: () => KeyspaceWriteOptions;
  /** Called when `lastOk` may have changed. */
  readonly statusChanged: () => void;
}

export class RdbSaving {
  /** When the data was last on disk: the last successful save, or the start. Unix seconds. */
  lastSaveUnixSeconds: number;
  /** When a background save was last begun. Unix seconds; 0 before. */
  lastAttemptUnixSeconds = 0;
  /** Whether the last background save, or a later one of another kind, has succeeded. */
  lastOk = true;
  /** Saves since the start, tried or done. */
  saves = 0;
  /** How long the last background save took; -1 before the first. */
  lastSeconds = -1;
  /** Old values that were copied during the last background save, in bytes; and the most of all. */
  lastCopiedBytes = 0;
  peakCopiedBytes = 0;
  /** BGSAVE SCHEDULE: a background save is to begin as soon as one can. */
  isScheduled = false;
  private readonly parts: SavingParts;
  private isRunning = false;
  /** To be called when the background save that runs has ended. */
  private afterwards: (() => void)[] = [];
  private failsWhenCancelled = false;
  private startedUnixSeconds = 0;
  private dirtyBefore = 0;

  constructor(parts: SavingParts) {
    this.parts = parts;
    this.lastSaveUnixSeconds = this.unixSeconds();
  }

  private unixSeconds(): number {
    return Math.floor(this.parts.keyspace.clock.nowMs() / 1000);
  }

  /** Whether a background save is running. */
  get isInBackground(): boolean {
    return this.isRunning;
  }

  /** Whether something else (a rewrite of the AOF) writes all data in the background now, so that BGSAVE must wait. */
  get isBlocked(): boolean {
    return !this.isRunning && this.parts.snapshots.isRunning;
  }

  /** How long the background save is running, in seconds; -1 when there is none. */
  get currentSeconds(): number {
    return this.isRunning ? this.unixSeconds() - this.startedUnixSeconds : -1;
  }

  /** How far the background save is. */
  get progress(): SnapshotProgress {
    return this.isRunning ? this.parts.snapshots.progress : NO_PROGRESS;
  }

  private write(): void {
    const { configuration, extras, fileSystem, keyspace, path } = this.parts;
    // a name of its own: the thread of a background save that was cancelled may still be at the other
    const temporaryPath = join(dirname(path()), `temp-${String(process.pid)}-save.rdb`);
    saveRdbFile(
      path(),
      (writer) => {
        writeKeyspace(keyspace, writer, REDIS_VERSION, extras());
      },
      {
        ...rdbFormat(configuration),
        temporaryPath,
        ...(fileSystem === undefined ? {} : { fileSystem }),
      },
    );
  }

  /**
   * Writes the dump file while everyone waits. The old one is replaced at the end or not at all. O(bytes of data).
   * @throws FileError when a file operation fails; it has been logged
   */
  save(): void {
    const { keyspace, log, path } = this.parts;
    this.saves++;
    try {
      this.write();
    } catch (error) {
      log.warning(describeSaveFailure(error, path()));
      throw error;
    }
    log.notice("DB saved on disk");
    this.saved(keyspace.dirty);
  }

  private saved(savedChanges: number): void {
    this.parts.keyspace.dirty -= savedChanges;
    this.lastSaveUnixSeconds = this.unixSeconds();
    this.lastOk = true;
    this.parts.statusChanged();
  }

  /** Where a dump is written in the background until it is complete. */
  private get temporaryPath(): string {
    return join(dirname(this.parts.path()), `temp-${String(process.pid)}.rdb`);
  }

  private request(): SnapshotRequest {
    const { configuration, extras, keyspace, path } = this.parts;
    return {
      format: "rdb",
      path: path(),
      temporaryPath: this.temporaryPath,
      rdb: rdbFormat(configuration),
      auxFields: {
        "redis-ver": REDIS_VERSION,
        "redis-bits": 64,
        ctime: this.unixSeconds(),
        "used-mem": keyspace.heap.allocatedBytes,
        "aof-base": 0,
      },
      syncEveryBytes: configuration.get("rdb-save-incremental-fsync") ? SYNC_EVERY_BYTES : 0,
      keyDelayMicroseconds: configuration.get("rdb-key-save-delay"),
      access: extras().access ?? null,
      functionLibraries: extras().functionLibraries ?? [],
    };
  }

  /** Begins a background save; nothing must be running in the background. */
  startBackground(): void {
    const { keyspace, log } = this.parts;
    this.saves++;
    this.isScheduled = false;
    this.isRunning = true;
    this.dirtyBefore = keyspace.dirty;
    this.startedUnixSeconds = this.lastAttemptUnixSeconds = this.unixSeconds();
    log.notice(`Background saving started by pid ${String(process.pid)}`);
    this.parts.snapshots.start(this.request(), (outcome) => {
      this.ended(outcome);
    });
  }

  private ended(outcome: SnapshotOutcome): void {
    const { log } = this.parts;
    this.lastCopiedBytes = outcome.copiedBytes;
    this.peakCopiedBytes = Math.max(this.peakCopiedBytes, outcome.copiedBytes);
    this.lastSeconds = this.currentSeconds;
    this.isRunning = false;
    if (outcome.kind === "saved") {
      log.notice("DB saved on disk");
      log.notice("Background saving terminated with success");
      this.saved(this.dirtyBefore);
    } else if (outcome.kind === "failed" || this.failsWhenCancelled) {
      if (outcome.kind === "failed") log.warning(describeSaveFailure(outcome.error, this.parts.path()));
      log.warning("Background saving error");
      this.lastOk = false;
      this.parts.statusChanged();
    } else {
      log.warning("Background saving cancelled"); // on purpose: nobody is to be alarmed
    }
    for (const action of this.afterwards.splice(0)) action();
  }

  /**
   * Ends the background save, if one runs, without a dump, and then calls `action`: at once, or, where the save is already putting its
   * file in place, when it has. Then nothing touches the dump file any more.
   */
  cancel(action: () => void): void {
    if (this.isRunning) this.parts.snapshots.cancel();
    if (this.isRunning) this.afterwards.push(action);
    else action();
  }

  /** Ends the background save as if its thread had died, for tests. False when none runs. */
  fail(): boolean {
    if (!this.isRunning) return false;
    this.failsWhenCancelled = true;
    this.parts.snapshots.cancel();
    this.failsWhenCancelled = false;
    return true;
  }

  /** Before the process ends in the middle of a save. */
  removeTemporaryFile(): void {
    try {
      (this.parts.fileSystem ?? nodeFileSystem).unlink(this.temporaryPath);
    } catch {
      // it is not there
    }
  }

  /** Whether a background save may begin by itself: not while one runs, and not at once after one that has failed. */
  mayStart(nowSeconds: number): boolean {
    if (this.parts.snapshots.isRunning) return false;
    return this.lastOk || nowSeconds - this.lastAttemptUnixSeconds > RETRY_DELAY_SECONDS;
  }

  /**
   * The last save before the end: in the background while all clients wait, so that signals are still heard; at once if
   * something else cannot be stopped there. `done` is told whether it succeeded. The process stays alive until then.
   */
  saveFinally(done: (isSaved: boolean) => void): void {
    const { keyspace, log, path, snapshots } = this.parts;
    if (snapshots.isRunning) return done(this.trySave());
    const savedChanges = keyspace.dirty;
    const keepAlive = setInterval(() => undefined, KEEP_ALIVE_MS);
    snapshots.start(this.request(), (outcome) => {
      clearInterval(keepAlive);
      if (outcome.kind === "saved") {
        log.notice("DB saved on disk");
        this.saved(savedChanges);
      } else if (outcome.kind === "failed") {
        log.warning(describeSaveFailure(outcome.error, path()));
      }
      done(outcome.kind === "saved");
    });
  }

  /** As `save`. Says whether it has succeeded. */
  trySave(): boolean {
    try {
      this.save();
      return true;
    } catch {
      return false; // save has logged it
    }
  }
}
