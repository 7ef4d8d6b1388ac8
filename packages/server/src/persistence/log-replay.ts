/**
 * Executes the commands of an append-only file: the whole ones are collected and given to a session of its own, batch by batch, the way
 * that a client's commands take, with replies that nobody reads.
 *
 *   AofLoader --command--> [64 KiB of requests] --receive--> session -> executor -> handlers
 *
 * MULTI and EXEC are commands like the others: what a transaction without its EXEC has queued is never executed.
 */
import { AofError, KeyspaceLoader } from "@sider/persistence";
import type { AofHandler, RdbHandler } from "@sider/persistence";
import { Executor } from "../dispatch/executor.ts";
import type { Server } from "../server.ts";
import { Session } from "../session/session.ts";
import type { Transport } from "../session/transport.ts";
import { loadLog } from "./load-log.ts";
import type { LoadLog } from "./load-log.ts";

const COLLECTED_BYTES = 64 * 1024;

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
  pauseReading: () => undefined,
  resumeReading: () => undefined,
  close: () => undefined,
  destroy: () => undefined,
};

export class LogReplay implements AofHandler {
  /** What the dump at the head of the base says of itself. */
  readonly notes: LoadLog;
  /** Function libraries of that dump. */
  functionLibraries: readonly Uint8Array[] = [];
  private readonly server: Server;
  private readonly executor: Executor;
  private session: Session;
  private fileName = "";
  private collected = new Uint8Array(COLLECTED_BYTES);
  private length = 0;
  private isInTransaction = false;
  private loader: KeyspaceLoader | null = null;

  constructor(server: Server) {
    this.server = server;
    this.executor = new Executor(server);
    this.session = this.openSession();
    this.notes = loadLog(server.log, server.keyspace.clock.nowMs());
  }

  private openSession(): Session {
    const session = new Session(this.server, 0, nowhere, true, this.server.keyspace.clock.nowMs());
    session.isReplay = true;
    return session;
  }

  beginFile(name: string): void {
    this.finishFile();
    this.session = this.openSession();
    this.fileName = name;
  }

  beginDump(byteLength: number): RdbHandler {
    const options = { keepsExpired: true, replacesKeys: true };
    this.loader = new KeyspaceLoader(this.server.keyspace, this.notes, byteLength, options);
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
    if (this.loader !== null) this.functionLibraries = this.loader.functionLibraries;
    this.loader = null;
    this.isInTransaction = false;
  }

  private noteName(bytes: Uint8Array, words: Int32Array, wordCount: number): void {
    const [offset, length] = wordCount === 0 ? [0, 0] : words;
    const { table } = this.server;
    const number = table.find(bytes, offset, length);
    if (number < 0) this.refuse(String.fromCharCode(...bytes.subarray(offset, offset + Math.min(length, 128))));
    const { name } = table.commands[number];
    if (name === "multi") this.isInTransaction = true;
    else if (name === "exec") this.isInTransaction = false;
  }

  private refuse(name: string): never {
    const line = `Unknown command '${name}' reading the append only file ${this.fileName}`;
    this.server.log.warning(line);
    throw new AofError("damaged", line);
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
  }
}
