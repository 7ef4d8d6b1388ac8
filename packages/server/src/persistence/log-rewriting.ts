/**
 * Rewrites of the append-only file: a snapshot of all data becomes its base, while changes go to a new increment.
 *
 *   asked  ---- something else saves, or in a transaction ---> scheduled --- timer ---.
 *   grown (timer) ---------------------------------------------------------------------+---> start ---> ended
 *
 * The snapshot is written to temp-rewriteaof-<pid>.aof, and is temp-rewriteaof-bg-<pid>.aof once it is durable; from there it gets its
 * name in the directory of the files.
 */
import { RewriteLimit, timestampAnnotation } from "@sider/persistence";
import type { AppendOnly, FileSystem, SnapshotOutcome, SnapshotRequest } from "@sider/persistence";
import { dirname, join } from "node:path";
import type { Server } from "../server.ts";
import { REDIS_VERSION } from "../version.ts";
import { rdbFormat } from "./rdb-format.ts";
import { describeSaveFailure } from "./save-failure.ts";

const SYNC_EVERY_BYTES = 4 * 2 ** 20;

/** What became of a wish for a rewrite. */
export type RewriteAnswer = "started" | "scheduled" | "running" | "failed";

export class LogRewriting {
  /** A rewrite is to begin as soon as nothing else writes all data. */
  isScheduled = false;
  /** Rewrites since the start. */
  count = 0;
  /** How long the last one took, in seconds; -1 before the first. */
  lastSeconds = -1;
  /** Old values that were copied during the last one, in bytes. */
  lastCopiedBytes = 0;
  private readonly server: Server;
  private readonly fileSystem: FileSystem;
  private readonly fileChanged: () => void;
  private readonly limit: RewriteLimit;
  private startedMs = 0;
  private files: AppendOnly | null = null;
  private failsWhenCancelled = false;

  /** @param fileChanged called when what is appended goes to another file from now on */
  constructor(server: Server, fileSystem: FileSystem, fileChanged: () => void) {
    this.server = server;
    this.fileSystem = fileSystem;
    this.fileChanged = fileChanged;
    this.limit = new RewriteLimit(server.log);
  }

  get isRunning(): boolean {
    return this.files !== null;
  }

  /** How long the one that runs is running, in seconds; -1 when there is none. */
  get currentSeconds(): number {
    return this.isRunning ? Math.floor((this.nowMs - this.startedMs) / 1000) : -1;
  }

  private get nowMs(): number {
    return this.server.keyspace.clock.nowMs();
  }

  /** BGREWRITEAOF: begins one, now or when it can be. */
  ask(files: AppendOnly): RewriteAnswer {
    if (this.isRunning) return "running";
    const { executor, snapshots } = this.server;
    if (!executor.queued.isRunning && !snapshots.isRunning) return this.start(files) ? "started" : "failed";
    this.isScheduled = true;
    files.consecutiveFailures = 0; // somebody wants it: no limit
    return "scheduled";
  }

  /** The timer: begins one that is due. */
  tick(files: AppendOnly): void {
    if (this.server.snapshots.isRunning || this.isRunning) return;
    if (this.isScheduled) {
      if (!this.isHeld(files)) this.start(files);
    } else this.startIfGrown(files);
  }

  private startIfGrown(files: AppendOnly): void {
    const { configuration, log } = this.server;
    const percentage = configuration.get("auto-aof-rewrite-percentage");
    if (!files.hasGrown(percentage, configuration.get("auto-aof-rewrite-min-size")) || this.isHeld(files)) return;
    const base = files.baseBytes === 0 ? 1 : files.baseBytes;
    const growth = Math.floor((files.currentBytes * 100) / base) - 100;
    log.notice(`Starting automatic rewriting of AOF on ${String(growth)}% growth`);
    this.start(files);
  }

  private isHeld(files: AppendOnly): boolean {
    return this.limit.holds(this.nowMs, files.consecutiveFailures);
  }

  /** Begins one; nothing must be running. False when it cannot be had: why was logged. */
  start(files: AppendOnly): boolean {
    const { configuration, log, snapshots } = this.server;
    if (!files.beginRewrite()) return false;
    this.fileChanged();
    this.count++;
    this.files = files;
    this.startedMs = this.nowMs;
    const isDump = configuration.get("aof-use-rdb-preamble");
    const request = this.request(files, isDump);
    try {
      snapshots.start(request, (outcome) => this.ended(files, request, isDump, outcome));
    } catch (error) {
      log.warning(`Can't rewrite append only file in background: ${String(error)}`);
      this.files = null;
      files.failRewrite();
      return false;
    }
    this.isScheduled = false;
    log.notice(`Background append only file rewriting started by pid ${String(process.pid)}`);
    return true;
  }

  private pathsIn(files: AppendOnly): Pick<SnapshotRequest, "path" | "temporaryPath"> {
    const directory = dirname(files.files.path);
    return {
      path: join(directory, `temp-rewriteaof-bg-${String(process.pid)}.aof`),
      temporaryPath: join(directory, `temp-rewriteaof-${String(process.pid)}.aof`),
    };
  }

  private request(files: AppendOnly, isDump: boolean): SnapshotRequest {
    const { configuration } = this.server;
    const common = {
      ...this.pathsIn(files),
      syncEveryBytes: configuration.get("aof-rewrite-incremental-fsync") ? SYNC_EVERY_BYTES : 0,
      keyDelayMicroseconds: configuration.get("rdb-key-save-delay"),
    };
    if (isDump) return { ...common, ...this.dumpRequest() };
    if (!configuration.get("aof-timestamp-enabled")) return { ...common, format: "aof" };
    return { ...common, format: "aof", head: timestampAnnotation(Math.floor(this.nowMs / 1000)) };
  }

  private dumpRequest(): Omit<SnapshotRequest, "path" | "temporaryPath"> {
    const { configuration, keyspace, persistence } = this.server;
    const { access = null, functionLibraries = [] } = persistence.extras;
    return {
      format: "rdb",
      rdb: rdbFormat(configuration),
      auxFields: {
        "redis-ver": REDIS_VERSION,
        "redis-bits": 64,
        ctime: Math.floor(this.nowMs / 1000),
        "used-mem": keyspace.heap.allocatedBytes,
        "aof-base": 1,
      },
      access,
      functionLibraries,
    };
  }

  private ended(files: AppendOnly, request: SnapshotRequest, isDump: boolean, outcome: SnapshotOutcome): void {
    this.lastCopiedBytes = outcome.copiedBytes;
    this.lastSeconds = this.currentSeconds;
    this.files = null;
    if (outcome.kind === "saved") this.putInPlace(files, request.path, isDump);
    else this.failed(files, request.path, outcome);
    this.fileChanged();
    // appendonly yes without a base: nothing is appended until there is one
    if (files.state === "waiting") this.isScheduled = true;
  }

  private putInPlace(files: AppendOnly, path: string, isDump: boolean): void {
    this.server.log.notice("Background AOF rewrite terminated with success");
    if (!files.finishRewrite(path, isDump)) this.remove(path);
  }

  private failed(files: AppendOnly, path: string, outcome: Exclude<SnapshotOutcome, { kind: "saved" }>): void {
    const { log } = this.server;
    const isOnPurpose = outcome.kind === "cancelled" && !this.failsWhenCancelled;
    if (isOnPurpose) log.notice("Background AOF rewrite cancelled");
    else {
      const reason = outcome.kind === "failed" ? describeSaveFailure(outcome.error, path) : "its thread has ended";
      log.warning(`Background AOF rewrite terminated with error: ${reason}`);
    }
    files.failRewrite(isOnPurpose);
    this.remove(path);
  }

  /** Ends the one that runs without its result; when its file is being put in place, it is left to come to its end. */
  cancel(): void {
    if (!this.isRunning) return;
    this.server.log.notice(`Killing running AOF rewrite child: ${String(process.pid)}`);
    this.server.snapshots.cancel();
  }

  /** Ends the one that runs as if its thread had died, for tests. False when none runs. */
  fail(): boolean {
    if (!this.isRunning) return false;
    this.failsWhenCancelled = true;
    this.server.snapshots.cancel();
    this.failsWhenCancelled = false;
    return true;
  }

  /** Before the end: nothing of one that runs is left. */
  stop(): void {
    this.isScheduled = false;
    const { files } = this;
    if (files === null) return;
    this.cancel();
    const { path, temporaryPath } = this.pathsIn(files);
    this.remove(path);
    this.remove(temporaryPath);
  }

  private remove(path: string): void {
    try {
      this.fileSystem.unlink(path);
    } catch {
      // it is not there
    }
  }
}
