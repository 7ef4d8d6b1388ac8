/**
 * The append only file of a server: its files, the log at their end, and the rewrites, in the states that Redis knows.
 *
 *     off --- enable ---> waiting --- first rewrite done ---> on      (start: off -> on)
 *      ^------------------- disable --------------------------'
 *
 *     a rewrite:  beginRewrite   all so far durable, changes go to a new increment   (the caller now takes a snapshot)
 *                 finishRewrite  the snapshot becomes the base, older files are deleted; or
 *                 failRewrite    the increments stay as they are, nothing is lost
 *
 * While waiting there is no base yet that changes could follow: they go to a temporary increment, which the first rewrite takes over.
 */

import { errorReason } from "../file-system.ts";
import type { AofFiles } from "./aof-files.ts";
import type { AppendLog } from "./append-log.ts";

export type AppendOnlyState = "off" | "on" | "waiting";

/** The append only file of one server. */
export class AppendOnly {
  readonly files: AofFiles;
  readonly log: AppendLog;
  /** Bytes of all files when the last rewrite was done, or of the base at start (INFO: aof_base_size). */
  baseBytes = 0;
  lastRewriteOk = true;
  /** Rewrites that failed since one succeeded. */
  consecutiveFailures = 0;
  #state: AppendOnlyState = "off";
  #rewriting = false;
  /** Bytes of the files before the one that is written to. */
  #olderBytes = 0;

  constructor(files: AofFiles, log: AppendLog) {
    this.files = files;
    this.log = log;
  }

  get state(): AppendOnlyState {
    return this.#state;
  }

  /** Whether changes are to be appended: a rewrite that has failed while waiting leaves nowhere to append to. */
  get takesChanges(): boolean {
    return this.log.isOpen;
  }

  get isRewriting(): boolean {
    return this.#rewriting;
  }

  /** Bytes of all files (INFO: aof_current_size). */
  get currentBytes(): number {
    return this.#olderBytes + this.log.fileBytes;
  }

  /**
   * At start, once the files were loaded: appends from now on.
   * @param rdb whether a base is a dump; see AofFiles.openOnStart for `writeBase`
   * @throws AofError, which has been logged, and what `writeBase` throws
   */
  start(rdb: boolean, writeBase: (path: string) => void): void {
    const { files, log } = this;
    const { descriptor, byteLength } = files.openOnStart(rdb, writeBase);
    log.open(descriptor, byteLength);
    this.#state = "on";
    const base = files.manifest.base;
    this.baseBytes = base === null ? 0 : files.byteLength(base.name);
    this.#olderBytes = files.totalBytes() - byteLength;
    files.deleteHistory();
  }

  /** `appendonly yes` at run time: from now on off is waiting; the caller begins a rewrite, now or when it can. */
  enable(): void {
    if (this.#state === "off") this.#state = "waiting";
  }

  /** `appendonly no` at run time: the log is made durable and closed. A rewrite that runs is to be cancelled by the caller. */
  disable(): void {
    this.log.settle();
    this.log.close();
    this.#state = "off";
    this.#olderBytes = 0;
  }

  /**
   * Changes go to a new file from now on (when off: nowhere). A SELECT must precede the next one.
   * @returns false, logged, where that cannot be had: then no rewrite is to begin
   */
  beginRewrite(): boolean {
    const begun = this.#switchFile();
    this.#rewriting = begun;
    if (!begun) {
      this.lastRewriteOk = false;
      this.consecutiveFailures++; // so that the timer does not try it ten times a second
    }
    return begun;
  }

  /**
   * The snapshot is written and durable. O(1), but for the deletion of old files.
   * @param temporaryPath where it is, in the same file system as the directory of the files
   * @param rdb whether it is a dump, or commands
   * @returns false, logged, where it cannot take its place: as after failRewrite
   */
  finishRewrite(temporaryPath: string, rdb: boolean): boolean {
    const { files, log } = this;
    const waiting = this.#state === "waiting";
    const base = files.finishRewrite(temporaryPath, rdb, log.isOpen ? (waiting ? "temporary" : "last") : "none");
    if (base === null) {
      this.#endFailed();
      return false;
    }
    if (this.#state !== "off") {
      this.#olderBytes = this.#sizeOf(base);
      this.baseBytes = this.currentBytes;
    }
    this.#rewriting = false;
    this.lastRewriteOk = true;
    this.consecutiveFailures = 0;
    files.logger.notice("Background AOF rewrite finished successfully");
    if (waiting && log.isOpen) this.#state = "on"; // not after one that was begun while off
    return true;
  }

  /** The snapshot failed, or (no failure then) was cancelled. Its temporary file is the caller's. */
  failRewrite(cancelled = false): void {
    this.#endFailed(cancelled);
  }

  /** Whether the files have grown by so much since the last rewrite. @param percentage 0: never */
  hasGrown(percentage: number, minimumBytes: number): boolean {
    if (this.#state !== "on" || percentage === 0 || this.currentBytes <= minimumBytes) return false;
    const base = this.baseBytes === 0 ? 1 : this.baseBytes;
    return Math.floor((this.currentBytes * 100) / base) - 100 >= percentage;
  }

  #switchFile(): boolean {
    const { files, log } = this;
    if (this.#state === "off") return files.ensureDirectory();
    // What is in the file before must not be lost when what is in the next one is not.
    if (!log.settle()) return false;
    const opened = this.#state === "waiting" ? files.beginTemporaryIncrement() : files.beginIncrement();
    if (opened === null) return false;
    this.#olderBytes += log.fileBytes;
    log.open(opened.descriptor, 0);
    return true;
  }

  #endFailed(cancelled = false): void {
    this.#rewriting = false;
    if (!cancelled) {
      this.lastRewriteOk = false;
      this.consecutiveFailures++;
    }
    if (this.#state !== "waiting") return;
    this.log.close();
    this.#olderBytes = 0;
    this.files.removeTemporaryIncrement();
  }

  #sizeOf(name: string): number {
    try {
      return this.files.fileSystem.sizeAt(this.files.pathOf(name));
    } catch (error) {
      this.files.logger.warning(`Unable to obtain the AOF file ${name} length. stat: ${errorReason(error)}`);
      return 0;
    }
  }
}
