/**
 * A connection without a socket: a pair of streams in one process. What a program writes to the client's end is received by a session
 * at once; replies come out as data of that end.
 *
 * The client's end has the methods of a socket that Redis clients call (`setNoDelay`, `setKeepAlive`, `setTimeout`, `ref`, `unref`),
 * so it can stand where they expect one. Back-pressure works both ways: replies that are not read stop execution, and a session that
 * may not execute leaves writes pending.
 */
import { Duplex } from "node:stream";
import type { Server } from "../server.ts";
import type { Session } from "../session/session.ts";
import type { Transport } from "../session/transport.ts";
import { HEADROOM_BYTES, READ_BYTES, readBuffer } from "./read-buffer.ts";

/** How much the client's end takes before it is full. */
const READABLE_BYTES = 256 * 1024;

/** The client's end: RESP requests in, RESP replies out. */
export class InProcessStream extends Duplex {
  readonly connecting = false;
  readonly #connection: InProcessConnection;

  constructor(connection: InProcessConnection) {
    super({ allowHalfOpen: false, decodeStrings: true, readableHighWaterMark: READABLE_BYTES });
    this.#connection = connection;
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#connection.receive(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#connection.ended();
    done();
  }

  override _read(): void {
    this.#connection.repliesWanted();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#connection.streamDestroyed();
    done(error);
  }

  /** As a socket has them; there is nothing to set. */
  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** The server's end. */
export class InProcessConnection implements Transport {
  pendingBytes = 0;
  readonly waitingReplyBytes = 0;
  readonly remoteAddress = "";
  readonly localAddress = "";
  readonly remoteHost = "";
  readonly isLoopback = true;
  readonly isUnixSocket = false;
  readonly descriptor = -1;
  readonly stream: InProcessStream;
  private readonly server: Server;
  private session: Session | null = null;
  /** Replies on their way to the client's end: they go there after the batch, since its listeners may write at once. */
  private replies: Uint8Array[] = [];
  private reading = true;
  private rest: Uint8Array | null = null;
  private restDone: (() => void) | null = null;
  private closing = false;

  constructor(server: Server) {
    this.server = server;
    this.stream = new InProcessStream(this);
    this.session = server.openSession(this);
  }

  /** Takes what the client writes; `done` is called when the session has used it up. */
  receive(chunk: Uint8Array, done: () => void): void {
    this.rest = chunk;
    this.restDone = done;
    this.server.executor.defer(() => {
      this.receiveRest();
    });
  }

  private receiveRest(): void {
    while (this.rest !== null && this.reading && this.session !== null && !this.closing) {
      const piece = this.rest.subarray(0, READ_BYTES);
      this.rest = piece.length < this.rest.length ? this.rest.subarray(READ_BYTES) : null;
      readBuffer.set(piece, HEADROOM_BYTES);
      this.server.statistics.bytesReceived += piece.length;
      this.server.statistics.readCount++;
      this.session.receive(readBuffer, HEADROOM_BYTES, HEADROOM_BYTES + piece.length, HEADROOM_BYTES);
    }
    if (this.rest !== null && !this.closing && this.session !== null) return;
    const done = this.restDone;
    this.rest = null;
    this.restDone = null;
    if (done !== null) process.nextTick(done);
  }

  /** The client sends no more: what it has sent is executed by now. */
  ended(): void {
    if (this.session === null) this.close();
    else this.session.close();
  }

  write(bytes: Uint8Array, start: number, end: number): void {
    if (this.closing) return;
    this.server.statistics.bytesSent += end - start;
    this.server.statistics.writeCount++;
    if (this.replies.length === 0) process.nextTick(() => this.deliver());
    this.replies.push(bytes.slice(start, end));
    if (this.pendingBytes === 0) return;
    this.pendingBytes += end - start;
    this.session?.repliesGrew();
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    this.write(bytes, start, end);
  }

  /** Hands replies to the client's end. What it does not want yet waits there, and stops the session. */
  private deliver(): void {
    const replies = this.replies;
    this.replies = [];
    if (this.stream.destroyed) return;
    if (!this.server.appendOnly.flush()) return this.destroy();
    let isFull = false;
    for (const reply of replies) isFull = !this.stream.push(reply);
    if (this.closing) this.stream.push(null);
    else this.setFull(isFull);
  }

  /** The client's end wants more. */
  repliesWanted(): void {
    if (this.pendingBytes > 0 && this.replies.length === 0) process.nextTick(() => this.setFull(false));
  }

  private setFull(isFull: boolean): void {
    const wasFull = this.pendingBytes > 0;
    this.pendingBytes = isFull ? Math.max(1, this.stream.readableLength) : 0;
    if (wasFull && !isFull && !this.closing) this.session?.drained();
  }

  /** The client's end is gone. */
  streamDestroyed(): void {
    this.closing = true;
    this.receiveRest();
    if (this.session !== null) this.server.closeSession(this.session);
  }

  pauseReading(): void {
    this.reading = false;
  }

  resumeReading(): void {
    this.reading = true;
    process.nextTick(() => this.receiveRest());
  }

  close(): void {
    if (this.closing) return;
    this.closing = true;
    if (this.session !== null) this.server.closeSession(this.session);
    if (this.replies.length === 0) process.nextTick(() => this.deliver());
  }

  destroy(): void {
    this.closing = true;
    this.stream.destroy();
  }
}
