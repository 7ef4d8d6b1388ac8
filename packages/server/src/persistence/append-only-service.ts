/**
 * The append-only file of a server: takes what changes the data (`propagation/`), brings it to the file before the replies leave, loads
 * it at the start, and has it rewritten.
 *
 *   command -> Propagation -> append ---> AppendLog's buffer --flush--> file        flush: before replies leave (`Transport.write`),
 *                                                                                  at the end of each turn, and by the timer
 *   rewrite: AppendOnly.beginRewrite -> snapshot to temp-rewriteaof-bg-<pid>.aof -> AppendOnly.finishRewrite
 *
 * With appendfsync always the flush syncs: what is acknowledged is on the disk, and one sync serves all replies of a turn.
 */
import { AofFiles, AppendLog, AppendOnly, nodeFileSystem, RewriteLimit, saveRdbFile } from "@sider/persistence";
import { timestampAnnotation, writeKeyspace } from "@sider/persistence";
import type { FileSystem, SnapshotOutcome, SnapshotRequest } from "@sider/persistence";
import { join } from "node:path";
import { ConfigurationError } from "../config/index.ts";
import { addFeed, removeFeed } from "../propagation/index.ts";
import type { PropagationFeed } from "../propagation/index.ts";
import type { Server } from "../server.ts";
import { REDIS_VERSION } from "../version.ts";
import { LogSource } from "./log-source.ts";
import { describeSaveFailure } from "./save-failure.ts";

const SYNC_EVERY_BYTES = 4 * 2 ** 20;
const NO_DATABASE = -1;

/** What became of a wish for a rewrite. */
export type RewriteAnswer = "started" | "scheduled" | "running" | "failed";

export class AppendOnlyService implements PropagationFeed {
  /** BGREWRITEAOF had to wait: it is to begin as soon as nothing else writes all data. */
  isRewriteScheduled = false;
  /** Rewrites since the start. */
  rewrites = 0;
  /** How long the last rewrite took, in seconds; -1 before the first. */
  lastRewriteSeconds = -1;
  lastCopiedBytes = 0;
  /** Ends the process: what was not written cannot be acknowledged. Must not return. */
  onFatal: (line: string) => never = (line) => {
    throw new Error(line);
  };
  private readonly server: Server;
  private readonly fileSystem: FileSystem;
  private readonly limit: RewriteLimit;
  private files: AppendOnly | null = null;
  private selected = NO_DATABASE;
  /** There is something that the next flush has to write. */
  private hasNew = false;
  private isFlushScheduled = false;
  private wasOk = true;
  private rewriteStartedMs = 0;

  constructor(server: Server, fileSystem: FileSystem = nodeFileSystem) {
    this.server = server;
    this.fileSystem = fileSystem;
    this.limit = new RewriteLimit(server.log);
    const { configuration } = server;
    for (const name of ["appendfsync", "aof-timestamp-enabled", "aof-disable-auto-gc"] as const) {
      configuration.onChange(name, () => this.configure());
    }
    configuration.onChange("appendonly", (isWanted) => this.follow(isWanted));
    server.persistence.reloadLog = (forget) => this.reload(forget);
    server.ending.flushLog = (isForced) => this.settle() || isForced;
  }

  /** What INFO shows; null while there was no append-only file since the start. */
  get state(): AppendOnly | null {
    return this.files;
  }

  get isEnabled(): boolean {
    return this.files !== null && this.files.state !== "off";
  }

  get isRewriting(): boolean {
    return this.files?.isRewriting === true;
  }

  /** How long the rewrite is running, in seconds; -1 when there is none. */
  get currentRewriteSeconds(): number {
    return this.isRewriting ? this.secondsSince(this.rewriteStartedMs) : -1;
  }

  private secondsSince(startedMs: number): number {
    return Math.floor((this.server.keyspace.clock.nowMs() - startedMs) / 1000);
  }

  private get directory(): string {
    return this.server.configuration.text("dir") || ".";
  }

  /** The files as the manifest names them. They stay the same object; `dir` is looked at when it is made. @throws AofError, logged */
  private open(): AppendOnly {
    if (this.files !== null) return this.files;
    const { configuration, keyspace, log } = this.server;
    const { fileSystem } = this;
    const files = new AofFiles({
      fileSystem,
      logger: log,
      directory: this.directory,
      directoryName: configuration.get("appenddirname"),
      fileName: configuration.get("appendfilename"),
    });
    const fatal = (line: string): never => this.onFatal(line);
    this.files = new AppendOnly(files, new AppendLog({ fileSystem, clock: keyspace.clock, logger: log, fatal }));
    files.load();
    this.configure();
    return this.files;
  }

  private configure(): void {
    if (this.files === null) return;
    const { configuration } = this.server;
    const { files, log } = this.files;
    log.policy = configuration.get("appendfsync");
    log.timestamps = configuration.get("aof-timestamp-enabled");
    files.keepHistory = configuration.get("aof-disable-auto-gc");
    if (log.policy === "always") this.flush();
  }

  // ---- at the start

  /** Loads the files, turn by turn, and appends from then on. Rejects with AofError, which has been logged, and LoadCancelled. */
  async load(): Promise<void> {
    const { keyspace, log, persistence } = this.server;
    const startedMs = keyspace.clock.nowMs();
    const files = this.open();
    files.files.upgrade();
    const source = new LogSource(this.server, files.files);
    await persistence.loadState.inTurns(source);
    if (source.outcome !== "none") {
      const seconds = ((keyspace.clock.nowMs() - startedMs) / 1000).toFixed(3);
      log.notice(`DB loaded from append only file: ${seconds} seconds`);
    }
    this.begin(files);
  }

  private begin(files: AppendOnly): void {
    const { configuration } = this.server;
    const isDump = configuration.get("aof-use-rdb-preamble");
    files.start(isDump, (path) => this.writeBase(path, isDump));
    this.selected = NO_DATABASE;
    addFeed(this.server, this);
  }

  /** The base of a server that has nothing on disk yet; commands that make no data are no commands. */
  private writeBase(path: string, isDump: boolean): void {
    const { fileSystem } = this;
    const { keyspace } = this.server;
    if (isDump) {
      saveRdbFile(path, (writer) => writeKeyspace(keyspace, writer, REDIS_VERSION, { isAofBase: true }), {
        fileSystem,
      });
    } else fileSystem.close(fileSystem.open(path, "w"));
  }

  /** DEBUG LOADAOF: brings all to the file, empties the databases (`forget`) and loads them again, while everyone waits. */
  private reload(forget: () => void): void {
    const files = this.open();
    const { reply } = this.server;
    this.settle();
    removeFeed(this.server, this);
    forget();
    reply.flush();
    const { protocol, sink } = reply;
    try {
      this.server.persistence.loadState.atOnce(new LogSource(this.server, files.files));
    } finally {
      reply.sink = sink;
      reply.protocol = protocol;
      if (this.isEnabled) addFeed(this.server, this);
    }
  }

  // ---- while commands run

  append(databaseIndex: number, bytes: Uint8Array, start: number, end: number): void {
    const { files } = this;
    if (files === null || !files.takesChanges) return;
    if (databaseIndex !== this.selected) this.select(databaseIndex);
    files.log.append(bytes, start, end);
    if (this.hasNew) return;
    this.hasNew = true;
    if (this.isFlushScheduled) return;
    this.isFlushScheduled = true;
    setImmediate(this.flushScheduled);
  }

  private select(databaseIndex: number): void {
    const digits = String(databaseIndex);
    const text = `*2\r\n$6\r\nSELECT\r\n$${String(digits.length)}\r\n${digits}\r\n`;
    const request = Uint8Array.from(text, (character) => character.charCodeAt(0));
    this.selected = databaseIndex;
    this.files?.log.append(request, 0, request.length);
  }

  /** Commands that are not answered (CLIENT REPLY OFF), and keys that expire, reach the file at the end of the turn too. */
  private readonly flushScheduled = (): void => {
    this.isFlushScheduled = false;
    this.flush();
  };

  /** Before replies leave: what they acknowledge goes to the file. Costs nothing when there is nothing new. */
  flush(): void {
    if (this.hasNew) this.flushLog();
  }

  private flushLog(): void {
    const { files } = this;
    if (files === null) return;
    const { log } = files;
    const suspends = this.server.configuration.get("no-appendfsync-on-rewrite") && this.server.snapshots.isRunning;
    log.syncsSuspended = suspends;
    log.flush();
    this.hasNew = log.bufferedBytes > 0;
    if (log.isOk === this.wasOk) return;
    this.wasOk = log.isOk;
    this.server.persistence.setLogError(log.isOk ? null : log.failure);
  }

  /** Writes and syncs all there is. False when that failed; why was logged. */
  settle(): boolean {
    return this.files === null || !this.isEnabled || this.files.log.settle();
  }

  /** The timer: a write or sync that had to wait, and rewrites that are due. */
  tick(): void {
    if (this.files === null || this.server.persistence.loading) return;
    this.flushLog();
    if (this.server.snapshots.isRunning) return;
    if (this.isRewriteScheduled) {
      if (!this.isHeld()) this.startRewrite();
    } else this.rewriteIfGrown(this.files);
  }

  private rewriteIfGrown(files: AppendOnly): void {
    const { configuration, log } = this.server;
    const percentage = configuration.get("auto-aof-rewrite-percentage");
    if (!files.hasGrown(percentage, configuration.get("auto-aof-rewrite-min-size")) || this.isHeld()) return;
    const base = files.baseBytes === 0 ? 1 : files.baseBytes;
    const growth = Math.floor((files.currentBytes * 100) / base) - 100;
    log.notice(`Starting automatic rewriting of AOF on ${String(growth)}% growth`);
    this.startRewrite();
  }

  private isHeld(): boolean {
    return this.limit.holds(this.server.keyspace.clock.nowMs(), this.files?.consecutiveFailures ?? 0);
  }

  // ---- rewrites

  /** BGREWRITEAOF; `later`: not in the middle of a transaction. */
  rewrite(later: boolean): RewriteAnswer {
    if (this.isRewriting) return "running";
    if (later || this.server.snapshots.isRunning) {
      this.isRewriteScheduled = true;
      this.open();
      return "scheduled";
    }
    return this.startRewrite() ? "started" : "failed";
  }

  private startRewrite(): boolean {
    const files = this.open();
    this.isRewriteScheduled = false;
    this.rewrites++;
    if (!files.beginRewrite()) return false;
    this.selected = NO_DATABASE;
    this.rewriteStartedMs = this.server.keyspace.clock.nowMs();
    const isDump = this.server.configuration.get("aof-use-rdb-preamble");
    const request = this.rewriteRequest(isDump);
    this.server.log.notice(`Background append only file rewriting started by pid ${String(process.pid)}`);
    this.server.snapshots.start(request, (outcome) => this.rewriteEnded(files, request, isDump, outcome));
    return true;
  }

  private rewriteRequest(isDump: boolean): SnapshotRequest {
    const { configuration, keyspace, persistence } = this.server;
    const common = {
      path: join(this.directory, `temp-rewriteaof-bg-${String(process.pid)}.aof`),
      temporaryPath: join(this.directory, `temp-rewriteaof-${String(process.pid)}.aof`),
      syncEveryBytes: configuration.get("aof-rewrite-incremental-fsync") ? SYNC_EVERY_BYTES : 0,
      keyDelayMicroseconds: configuration.get("rdb-key-save-delay"),
    };
    const nowSeconds = Math.floor(keyspace.clock.nowMs() / 1000);
    if (!isDump) {
      const annotated = configuration.get("aof-timestamp-enabled");
      return { ...common, format: "aof", ...(annotated ? { head: timestampAnnotation(nowSeconds) } : {}) };
    }
    const { access = null, functionLibraries = [] } = persistence.extras;
    return {
      ...common,
      format: "rdb",
      rdb: {
        version: configuration.get("rdb-version") === 10 ? 10 : 11,
        checksum: configuration.get("rdbchecksum"),
        compression: configuration.get("rdbcompression"),
      },
      auxFields: {
        "redis-ver": REDIS_VERSION,
        "redis-bits": 64,
        ctime: nowSeconds,
        "used-mem": keyspace.heap.allocatedBytes,
        "aof-base": 1,
      },
      access,
      functionLibraries,
    };
  }

  private rewriteEnded(files: AppendOnly, request: SnapshotRequest, isDump: boolean, outcome: SnapshotOutcome): void {
    const { log } = this.server;
    this.lastCopiedBytes = outcome.copiedBytes;
    this.lastRewriteSeconds = this.currentRewriteSeconds;
    if (outcome.kind === "saved") {
      log.notice("Background AOF rewrite terminated with success");
      files.finishRewrite(request.path, isDump);
    } else {
      const reason = outcome.kind === "failed" ? describeSaveFailure(outcome.error, request.path) : "it was cancelled";
      log.warning(`Background AOF rewrite terminated with error: ${reason}`);
      files.failRewrite(outcome.kind === "cancelled");
      this.removeQuietly(request.path);
    }
    this.selected = NO_DATABASE;
    if (files.state === "waiting") this.isRewriteScheduled = true;
  }

  private removeQuietly(path: string): void {
    try {
      this.fileSystem.unlink(path);
    } catch {
      // it is not there
    }
  }

  // ---- appendonly yes and no while the server runs

  /** CONFIG SET appendonly; at the start the directive is read by `load`. */
  private follow(isWanted: boolean): void {
    if (!isWanted) this.disable();
    else if (this.server.isStarted && !this.enable()) {
      throw new ConfigurationError("Unable to turn on AOF. Check server logs.");
    }
  }

  /** Begins to append: a first rewrite makes the base. False when that cannot be had; why was logged. */
  enable(): boolean {
    const { log, snapshots } = this.server;
    const files = this.open();
    if (files.state !== "off") return true;
    files.enable();
    addFeed(this.server, this);
    if (this.isRewriting) this.cancelRewrite();
    if (snapshots.isRunning) {
      this.isRewriteScheduled = true;
      log.notice(
        "AOF was enabled but there is already another background operation. An AOF background was scheduled to start when possible.",
      );
      return true;
    }
    if (this.startRewrite()) return true;
    this.disable();
    log.warning(
      "Redis needs to enable the AOF but can't trigger a background AOF rewrite operation. Check the above logs for more info about the error.",
    );
    return false;
  }

  /** Appends no more. What was appended is on the disk. */
  disable(): void {
    const { files } = this;
    if (files === null || files.state === "off") return;
    removeFeed(this.server, this);
    if (files.isRewriting) this.cancelRewrite();
    files.disable();
    this.isRewriteScheduled = false;
    this.hasNew = false;
    this.wasOk = true;
    this.server.persistence.setLogError(null);
  }

  /** Ends a rewrite without its result; when its file is being put in place, it is left to come to its end. */
  private cancelRewrite(): void {
    this.server.log.notice(`Killing running AOF rewrite child: ${String(process.pid)}`);
    this.server.snapshots.cancel();
  }

  /** Ends the running rewrite as if its thread had died, for tests. False when none runs. */
  failRewrite(): boolean {
    if (!this.isRewriting) return false;
    this.server.snapshots.cancel();
    return true;
  }

  /** The server is going away. */
  close(): void {
    if (this.files === null || this.files.state === "off") return;
    removeFeed(this.server, this);
    this.flushLog();
    this.files.log.close();
  }
}
