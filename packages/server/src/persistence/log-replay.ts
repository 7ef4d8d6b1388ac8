/**
 * Executes the commands of an append-only file: the whole ones are collected and given to a session of its own, batch by batch, the way
 * that a client's commands take, with replies that nobody reads.
 *
 *   AofLoader --command--> [64 KiB of requests] --receive--> session -> executor -> handlers
 *
 * MULTI and EXEC are commands like the others: what a transaction without its EXEC has queued is never executed.
 *
 * A command that fails is named in the log; it is no reason not to start, as in Redis, unless it means that data would be missing.
 */
import { AofError, KeyspaceLoader } from "@sider/persistence";
import type { AofHandler, RdbHandler } from "@sider/persistence";
import { createRequestLimits } from "@sider/resp-protocol";
import { OUT_OF_MEMORY } from "../dispatch/error-texts.ts";
import { Executor } from "../dispatch/executor.ts";
import type { Server } from "../server.ts";
import { Session } from "../session/session.ts";
import type { Replay } from "../session/session.ts";
import type { Transport } from "../session/transport.ts";
import { accessReader } from "./access-reader.ts";
import { loadLog } from "./load-log.ts";
import type { LoadLog } from "./load-log.ts";
import type { LoadedDump } from "./persistence-service.ts";

const COLLECTED_BYTES = 64 * 1024;
const LOGGED_FAILURES = 10;
const NAME_CHARACTERS = 128;
/** What clients may not send any more may be in the file all the same. */
const limits = createRequestLimits({ maxBulkBytes: 2 ** 31 - 1, maxRequestBytes: 2 ** 31 - 1 });

/** Where the replies go. */
const nowhere: Transport = {
  pendingBytes: 0,
  waitingReplyBytes: 0,
  remoteAddress: "",
  localAddress: "",
  remoteHost: "",
  isLoopback: true,
  isUnixSocket: false,
  descriptor: -1,
  write: () => undefined,
  push: () => undefined,
  pauseReading: () => undefined,
  resumeReading: () => undefined,
  close: () => undefined,
  destroy: () => undefined,
};

export class LogReplay implements AofHandler, Replay {
  /** What the dump at the head of the base says of itself. */
  readonly notes: LoadLog;
  /** What came from that dump. */
  dump: LoadedDump = { loadedKeys: 0, expiredKeys: 0, functionLibraries: [] };
  private readonly server: Server;
  private readonly executor: Executor;
  private session: Session;
  private fileName = "";
  private collected = new Uint8Array(COLLECTED_BYTES);
  private length = 0;
  private isInTransaction = false;
  private loader: KeyspaceLoader | null = null;
  private failures = 0;
  /** Why the load cannot go on. */
  private obstacle = "";

  constructor(server: Server) {
    this.server = server;
    this.executor = new Executor(server);
    this.session = this.openSession();
    this.notes = loadLog(server.log, server.keyspace.clock.nowMs());
  }

  private openSession(): Session {
    const session = new Session(this.server, 0, nowhere, true, this.server.keyspace.clock.nowMs());
    session.replay = this;
    session.updateRights();
    session.parser.limits = limits;
    return session;
  }

  beginFile(name: string): void {
    this.finishFile();
    this.session = this.openSession();
    this.fileName = name;
  }

  beginDump(byteLength: number): RdbHandler {
    const { keyspace } = this.server;
    const options = { keepsExpired: true, replacesKeys: true, accessOf: accessReader(keyspace) };
    this.loader = new KeyspaceLoader(keyspace, this.notes, byteLength, options);
    return this.loader;
  }

  command(bytes: Uint8Array, start: number, end: number, words: Int32Array, wordCount: number): boolean {
    this.noteName(bytes, words, wordCount);
    this.collect(bytes, start, end);
    return !this.isInTransaction;
  }

  /** Executes what was collected, if it is not part of a transaction that has not come to its end. */
  finishFile(): void {
    this.execute();
    if (this.loader !== null) this.dump = this.loader;
    this.loader = null;
    this.isInTransaction = false;
  }

  private noteName(bytes: Uint8Array, words: Int32Array, wordCount: number): void {
    const [offset, length] = wordCount === 0 ? [0, 0] : words;
    const { table } = this.server;
    const number = table.find(bytes, offset, length);
    if (number < 0) {
      this.refuse(unknown(String.fromCharCode(...bytes.subarray(offset, offset + Math.min(length, NAME_CHARACTERS)))));
    }
    const { name } = table.commands[number];
    if (name === "multi") this.isInTransaction = true;
    else if (name === "exec") this.isInTransaction = false;
  }

  private refuse(reason: string): never {
    const line = `${reason} reading the append only file ${this.fileName}`;
    this.server.log.warning(line);
    throw new AofError("damaged", line);
  }

  commandFailed(name: string, error: string): void {
    if (this.obstacle !== "") return;
    this.obstacle = obstacleIn(name, error);
    if (++this.failures > LOGGED_FAILURES) return;
    this.server.log.warning(`The command '${name}' of the append only file ${this.fileName} has failed: ${error}`);
  }

  private collect(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.length + (end - start);
    if (needed > COLLECTED_BYTES && this.length > 0) {
      this.execute();
      return this.collect(bytes, start, end);
    }
    if (needed > this.collected.length) return this.receive(bytes, start, end);
    this.collected.set(bytes.subarray(start, end), this.length);
    this.length = needed;
  }

  private execute(): void {
    if (this.length === 0) return;
    this.receive(this.collected, 0, this.length);
    this.length = 0;
  }

  private receive(bytes: Uint8Array, start: number, end: number): void {
    this.session.parser.feed(bytes, start, end, 0);
    this.executor.run(this.session);
    if (this.session.parser.error !== null) this.refuse(`Bad file format: ${this.session.parser.error},`);
    if (this.obstacle !== "") this.refuse(this.obstacle);
  }
}

function unknown(name: string): string {
  return `Unknown command '${name}'`;
}

/** Why a load cannot go on after such an error; "" when it can. */
function obstacleIn(name: string, error: string): string {
  if (error === OUT_OF_MEMORY) return "The data does not fit into memory (directive heap-capacity),";
  if (name === "select") return "The data is for more databases than there are (directive databases),";
  if (error.startsWith("EXECABORT")) return "A transaction that cannot be executed,";
  return error.startsWith("ERR unknown subcommand") ? unknown(name) : "";
}
