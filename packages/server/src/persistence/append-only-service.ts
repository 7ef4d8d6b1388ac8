/**
 * The append-only file of a server: takes what changes the data (`propagation/`), brings it to the file before the replies leave, and
 * loads it at the start. Rewrites are in `log-rewriting.ts`.
 *
 *   command -> Propagation -> append ---> AppendLog's buffer --flush--> file        flush: before replies leave (`Transport.write`),
 *                                                                                  at the end of each turn, and by the timer
 *
 * With appendfsync always the flush syncs: what is acknowledged is on the disk, and one sync serves all replies of a turn. The replies of
 * commands that may change data are held until the command is done and has been appended (`ReplyWriter.isHeld`). Beyond 16 MiB they leave
 * in pieces while it runs, but not their last bytes, without which they acknowledge nothing.
 */
import {
  AofError,
  AofFiles,
  AppendLog,
  AppendOnly,
  nodeFileSystem,
  saveRdbFile,
  writeKeyspace,
} from "@sider/persistence";
import type { FileSystem } from "@sider/persistence";
import { ConfigurationError } from "../config/index.ts";
import { aofWatch } from "../observation/latency-watches.ts";
import { addFeed, ANY_DATABASE, removeFeed } from "../propagation/index.ts";
import type { PropagationFeed } from "../propagation/index.ts";
import type { Server } from "../server.ts";
import { sleepMicroseconds } from "../sleep.ts";
import { REDIS_VERSION } from "../version.ts";
import { LogRewriting } from "./log-rewriting.ts";
import type { RewriteAnswer } from "./log-rewriting.ts";
import { LogSource } from "./log-source.ts";
import { rdbFormat } from "./rdb-format.ts";

const NO_DATABASE = -1;

export class AppendOnlyService implements PropagationFeed {
  readonly rewriting: LogRewriting;
  /** More may be durable than before, or the file is no longer written. */
  onProgress: () => void = () => undefined;
  /** Ends the process, or at least this server: what was not written cannot be acknowledged, and no reply leaves any more. */
  onFatal: (line: string) => void = () => undefined;
  /** Before each write so much sleep, for tests (DEBUG AOF-FLUSH-SLEEP). */
  flushSleepMicroseconds = 0;
  private readonly server: Server;
  private readonly fileSystem: FileSystem;
  private files: AppendOnly | null = null;
  /** What `dir` was when `files` was made. */
  private directory = "";
  private selected = NO_DATABASE;
  /** There is something that the next flush has to write. */
  private hasNew = false;
  private isFlushScheduled = false;
  private wasOk = true;

  constructor(server: Server, fileSystem: FileSystem = nodeFileSystem) {
    this.server = server;
    this.fileSystem = fileSystem;
    this.rewriting = new LogRewriting(server, fileSystem, () => {
      this.selected = NO_DATABASE;
    });
    const { configuration } = server;
    for (const name of [
      "appendfsync",
      "aof-timestamp-enabled",
      "aof-disable-auto-gc",
      "latency-monitor-threshold",
    ] as const) {
      configuration.onChange(name, () => this.configure());
    }
    configuration.onChange("appendonly", (isWanted) => this.follow(isWanted));
    server.persistence.reloadLog = (forget) => this.reload(forget);
    server.ending.flushLog = (isForced) => this.end(isForced);
  }

  /** What INFO shows; null while there was no append-only file since the start. */
  get state(): AppendOnly | null {
    return this.files;
  }

  /** Bytes that wait to be written. */
  get bufferedBytes(): number {
    return this.files === null ? 0 : this.files.log.bufferedBytes;
  }

  get isEnabled(): boolean {
    return this.files !== null && this.files.state !== "off";
  }

  /** How much was appended in all, in bytes, and how much of that is durable; null while no file holds all data. */
  get appendedBytes(): number {
    return this.files === null ? 0 : this.files.log.appendedBytes;
  }

  get durableBytes(): number | null {
    return this.files?.state === "on" ? this.files.log.durableBytes : null;
  }

  /** Whether replies must wait for a flush. */
  get hasUnwritten(): boolean {
    return this.hasNew || this.isLost;
  }

  /** Whether the server has failed to keep, with appendfsync always, what it was about to acknowledge. */
  get isLost(): boolean {
    return this.files !== null && this.files.log.isLost;
  }

  /** The files as the manifest names them, where `dir` is now or, while they are in use, was. @throws AofError, logged */
  private open(): AppendOnly {
    const { configuration, keyspace, log } = this.server;
    const directory = configuration.text("dir") || ".";
    const isUsable = directory === this.directory || this.isEnabled || this.rewriting.isRunning;
    if (this.files !== null && isUsable) return this.files;
    const { fileSystem } = this;
    const files = new AofFiles({
      fileSystem,
      logger: log,
      directory,
      directoryName: configuration.get("appenddirname"),
      fileName: configuration.get("appendfilename"),
    });
    files.load();
    const fatal = (line: string): void => this.onFatal(line);
    this.files = new AppendOnly(files, new AppendLog({ fileSystem, clock: keyspace.clock, logger: log, fatal }));
    this.directory = directory;
    this.configure();
    return this.files;
  }

  /** As `open`; null where that fails, which was logged. */
  private tryOpen(): AppendOnly | null {
    try {
      return this.open();
    } catch (error) {
      if (error instanceof AofError) return null;
      throw error;
    }
  }

  private configure(): void {
    if (this.files === null) return;
    const { configuration } = this.server;
    const { files, log } = this.files;
    log.policy = configuration.get("appendfsync");
    log.timestamps = configuration.get("aof-timestamp-enabled");
    files.watch = log.watch = aofWatch(this.server);
    files.keepHistory = configuration.get("aof-disable-auto-gc");
    if (this.isEnabled) files.deleteHistory();
    if (log.policy === "always") this.flushLog();
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
    persistence.remember(source.dump);
    if (source.outcome !== "none") {
      const seconds = ((keyspace.clock.nowMs() - startedMs) / 1000).toFixed(3);
      log.notice(`DB loaded from append only file: ${seconds} seconds`);
    }
    const isDump = this.server.configuration.get("aof-use-rdb-preamble");
    files.start(isDump, (path) => this.writeBase(path, isDump));
    this.selected = NO_DATABASE;
    addFeed(this.server, this);
  }

  /** The base of a server that has nothing on disk yet; commands that make no data are no commands. */
  private writeBase(path: string, isDump: boolean): void {
    const { fileSystem } = this;
    const { configuration, keyspace } = this.server;
    if (isDump) {
      saveRdbFile(path, (writer) => writeKeyspace(keyspace, writer, REDIS_VERSION, { isAofBase: true }), {
        ...rdbFormat(configuration),
        fileSystem,
      });
    } else fileSystem.close(fileSystem.open(path, "w"));
  }

  /**
   * DEBUG LOADAOF: brings all to the file, empties the databases (`forget`) and loads them again, while everyone waits.
   * @throws AofError, which has been logged
   */
  private reload(forget: () => void): void {
    const files = this.open();
    const { reply } = this.server;
    if (!this.settle()) throw new AofError("io", "what is not in the file would be lost");
    if (!this.isEnabled) files.files.load();
    removeFeed(this.server, this);
    forget();
    reply.flush();
    const { protocol, sink } = reply;
    try {
      const source = new LogSource(this.server, files.files);
      this.server.persistence.loadState.atOnce(source);
      this.server.persistence.remember(source.dump);
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
    if (databaseIndex !== this.selected && databaseIndex !== ANY_DATABASE) this.select(databaseIndex);
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

  /**
   * Before replies leave: what they acknowledge goes to the file. Costs nothing when there is nothing new. False when it could not be
   * kept: then the replies must not leave.
   */
  flush(): boolean {
    if (this.hasNew) this.flushLog();
    return !this.isLost;
  }

  private flushLog(): void {
    const { files } = this;
    if (files === null) return;
    const { log } = files;
    const { configuration, loop, observation, snapshots } = this.server;
    const startedMs = observation.steadyMs();
    log.syncsSuspended = snapshots.isRunning && configuration.get("no-appendfsync-on-rewrite");
    if (this.flushSleepMicroseconds > 0 && log.bufferedBytes > 0) sleepMicroseconds(this.flushSleepMicroseconds);
    log.flush();
    loop.appendOnlyMs += observation.steadyMs() - startedMs;
    this.onProgress();
    this.hasNew = log.bufferedBytes > 0;
    if (log.isOk !== this.wasOk) this.noteState(log);
  }

  /** While the file cannot be written, commands that change data are refused. */
  private noteState(log: AppendLog): void {
    this.wasOk = log.isOk;
    this.server.persistence.setLogError(log.isOk ? null : log.failure);
  }

  /** Writes and syncs all there is. False when that failed; why was logged. */
  settle(): boolean {
    if (this.files === null || !this.isEnabled) return true;
    const { log } = this.files;
    const isSettled = log.settle();
    this.hasNew = log.bufferedBytes > 0;
    if (log.isOk !== this.wasOk) this.noteState(log);
    return isSettled;
  }

  /** The timer: a write or sync that had to wait, and rewrites that are due. */
  tick(): void {
    if (this.files === null || this.server.persistence.loading) return;
    this.flushLog();
    this.rewriting.tick(this.files);
    this.onProgress();
  }

  /** BGREWRITEAOF */
  rewrite(): RewriteAnswer {
    const files = this.tryOpen();
    return files === null ? "failed" : this.rewriting.ask(files);
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
    const { executor, log, snapshots } = this.server;
    const { rewriting } = this;
    const files = this.tryOpen();
    if (files === null) return false;
    if (files.state !== "off") return true;
    rewriting.cancel(); // it is not the one that what is appended from now on follows
    files.enable();
    addFeed(this.server, this);
    if (executor.queued.isRunning || snapshots.isRunning) {
      const reason = snapshots.isRunning ? "but there is already another background operation" : "during a transaction";
      log.warning(`AOF was enabled ${reason}. An AOF background was scheduled to start when possible.`);
      rewriting.isScheduled = true;
      return true;
    }
    if (rewriting.start(files)) return true;
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
    this.rewriting.cancel();
    files.disable();
    this.rewriting.isScheduled = false;
    this.hasNew = false;
    this.noteState(files.log);
    this.onProgress();
  }

  // ---- the end

  /** The server is to go down: everything on the disk, no rewrite. False when it must not, since something would be lost. */
  private end(isForced: boolean): boolean {
    const { log } = this.server;
    const { files, rewriting } = this;
    if (files !== null && rewriting.isRunning) {
      if (files.state === "waiting") {
        log.warning(`Writing initial AOF${isForced ? ". Exit anyway." : ", can't exit."}`);
        if (!isForced) return false;
      }
      log.warning("There is a child rewriting the AOF. Killing it!");
    }
    rewriting.stop();
    if (!this.isEnabled) return true;
    log.notice("Calling fsync() on the AOF file.");
    return this.settle() || isForced;
  }

  /** The server is going away. What was appended is on the disk, if that can be had. */
  close(): void {
    this.rewriting.stop();
    const { files } = this;
    if (files === null || files.state === "off") return;
    removeFeed(this.server, this);
    this.settle();
    files.log.close();
    this.hasNew = false;
  }
}
