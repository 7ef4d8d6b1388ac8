/**
 * A session on a TCP or Unix socket of Node.
 *
 * Two things differ from the usual stream code, because they are half of a request's cost (measured at depth 1: 7.5 us CPU a
 * request against 8.5 for `data` events and `socket.write`):
 *  - all sockets read into one buffer (`onread`), which the session has used up when the callback returns;
 *  - replies are written without the stream: short ones by the socket's handle (`stream-handle.ts`), longer ones with `fs.writeSync` on
 *    the non-blocking descriptor. What the kernel does not take, and everything where there is no descriptor (Windows), goes
 *    through `socket.write`, and until that is done all that follows does too.
 *
 * The descriptor's number may belong to another connection as soon as the socket is destroyed, by whomever: so every write to it asks
 * the socket first. A handle that is closed refuses by itself. Once `close` was called nothing is written at all.
 */
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import type { Server } from "../server.ts";
import type { Session } from "../session/session.ts";
import type { Transport } from "../session/transport.ts";
import { handleOf } from "./node-listener.ts";
import { HEADROOM_BYTES, READ_BYTES, readBuffer, readView } from "./read-buffer.ts";
import { ReplyBacklog } from "./reply-backlog.ts";
import { ReplyRound } from "./reply-round.ts";
import type { RoundMember } from "./reply-round.ts";
import { readPastStream, SHORT_WRITE_BYTES, shortWriterFor, WRITE_DONE, WRITE_WAITS } from "./stream-handle.ts";
import type { ShortWriteOwner, ShortWriter, SocketName, StreamHandle } from "./stream-handle.ts";

/**
 * A client may write all of a long pipeline before it reads the first reply, as those with blocking sockets do. If the server then
 * did not read on, both would wait forever: on a Unix socket after some hundred requests, since the kernel holds so little there.
 * So it is more than pipelines of clients come to (a million GETs of 500 bytes: 0.5 GB); `client-output-buffer-limit` may say less.
 */
const WAITING_REPLY_BYTES = 1024 * 1024 * 1024;

/** One for all connections of the process. */
const round = new ReplyRound();

export class TcpConnection implements Transport, RoundMember, ShortWriteOwner {
  pendingBytes = 0;
  readonly waitingReplyBytes = WAITING_REPLY_BYTES;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly remoteHost: string;
  readonly isLoopback: boolean;
  readonly isUnixSocket: boolean;
  readonly descriptor: number;
  /** The descriptor that replies are written to; -1 where they go through `socket.write`. */
  private readonly directDescriptor: number;
  private readonly handle: StreamHandle;
  /** What writes short replies; null where they are written as long ones are. */
  private readonly shortWriter: ShortWriter | null;
  private readonly socket: Socket;
  private readonly backlog = new ReplyBacklog();
  private readonly server: Server;
  private session: Session | null = null;
  private closing = false;
  /** Whether the round holds bytes of this connection. */
  private isInRound = false;

  /** Takes an accepted connection over. `path`: of a Unix socket, or "". */
  static take(server: Server, accepted: StreamHandle, path: string): TcpConnection {
    return new TcpConnection(server, accepted, path, null);
  }

  /** Takes a socket over that has a secure connection: its bytes come as stream data, and leave by `socket.write`. */
  static takeSecure(server: Server, secured: Socket): TcpConnection {
    return new TcpConnection(server, handleOf(secured), "", secured);
  }

  private constructor(server: Server, handle: StreamHandle, path: string, secured: Socket | null) {
    this.server = server;
    this.isUnixSocket = path !== "";
    const peer = peerOf(handle);
    this.remoteHost = peer.address ?? "";
    this.remoteAddress = this.isUnixSocket ? `${path}:0` : hostAndPort(peer);
    this.localAddress = this.isUnixSocket ? `${path}:0` : hostAndPort(ownEndOf(handle));
    this.isLoopback = this.isUnixSocket || /^(?:::ffff:)?127\.|^::1$/.test(this.remoteHost);
    this.handle = handle;
    this.descriptor = handle.fd ?? -1;
    this.directDescriptor = secured === null ? this.descriptor : -1;
    this.shortWriter = this.directDescriptor < 0 ? null : shortWriterFor(handle);
    this.socket = secured === null ? this.openSocket(handle) : this.followData(secured);
    if (!this.isUnixSocket) this.setTcpOptions();
    this.socket.on("error", () => {
      this.destroy(); // a peer that went away is no news
    });
    this.socket.on("end", () => {
      this.ended();
    });
    this.socket.on("close", () => {
      this.backlog.clear();
      if (this.session !== null) this.server.closeSession(this.session);
    });
  }

  private openSocket(handle: StreamHandle): Socket {
    const callback = (byteCount: number): boolean => {
      this.received(byteCount);
      return true;
    };
    const options = { handle, onread: { buffer: readView, callback }, allowHalfOpen: true };
    const socket = new Socket(options);
    readPastStream(handle, callback);
    return socket;
  }

  /** Data goes through the shared buffer too: the parser sees one kind of memory. */
  private followData(secured: Socket): Socket {
    return secured.on("data", (chunk: Uint8Array) => {
      for (let at = 0; at < chunk.length; at += READ_BYTES) {
        const part = chunk.subarray(at, at + READ_BYTES);
        readView.set(part);
        this.received(part.length);
      }
    });
  }

  private setTcpOptions(): void {
    this.socket.setNoDelay(true);
    const keepAliveSeconds = this.server.configuration.get("tcp-keepalive");
    if (keepAliveSeconds > 0) this.socket.setKeepAlive(true, keepAliveSeconds * 1000);
  }

  /** Opens the session and starts to read. */
  start(): void {
    this.session = this.server.openSession(this);
    if (this.session !== null) this.socket.resume();
  }

  private received(byteCount: number): void {
    if (this.session === null) return;
    this.server.statistics.bytesReceived += byteCount;
    this.server.statistics.readCount++;
    this.session.receive(readBuffer, HEADROOM_BYTES, HEADROOM_BYTES + byteCount, HEADROOM_BYTES);
  }

  /** The peer sends no more. All that it has sent is executed by now, since nothing is read while commands wait. */
  private ended(): void {
    if (this.session === null) this.close();
    else this.session.close();
  }

  write(bytes: Uint8Array, start: number, end: number): void {
    if (this.closing) return;
    this.server.statistics.bytesSent += end - start;
    if (this.pendingBytes === 0 && this.directDescriptor >= 0 && this.joinRound(bytes, start, end)) {
      this.isInRound = true;
      return;
    }
    this.leaveRound();
    this.writeNow(bytes, start, end);
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    if (this.closing) return;
    this.server.statistics.bytesSent += end - start;
    this.leaveRound();
    this.writeNow(bytes, start, end);
  }

  private joinRound(bytes: Uint8Array, start: number, end: number): boolean {
    return round.add(this, bytes, start, end, this.server.appendOnly.hasUnwritten);
  }

  /** Has what it gave to the round written now, for the sake of the order of what follows. */
  private leaveRound(): void {
    if (this.isInRound) round.flush();
  }

  /** What the round calls at the end of the turn, and `write` itself for what is not for a round. */
  writeNow(bytes: Uint8Array, start: number, end: number): void {
    this.isInRound = false;
    if (this.closing) return;
    const { appendOnly, statistics } = this.server;
    statistics.writeCount++;
    if (!appendOnly.flush()) return this.destroy();
    const isShort = end - start <= SHORT_WRITE_BYTES && this.pendingBytes === 0;
    if (isShort && this.shortWriter !== null) this.writeShort(this.shortWriter, bytes, start, end - start);
    else if (!this.socket.destroyed) this.writeLong(bytes, start, end);
  }

  private writeShort(writer: ShortWriter, bytes: Uint8Array, start: number, length: number): void {
    const result = writer.write(this.handle, this, bytes, start, length);
    if (result === WRITE_DONE) return;
    if (result !== WRITE_WAITS) return this.destroy();
    this.pendingBytes += length;
    this.session?.repliesGrew();
  }

  shortWriteEnded(byteLength: number, status: number): void {
    if (status < 0) this.destroy();
    else this.taken(byteLength);
  }

  private writeLong(bytes: Uint8Array, start: number, end: number): void {
    let sent = 0;
    if (this.directDescriptor >= 0 && this.pendingBytes === 0) {
      try {
        sent = writeSync(this.directDescriptor, bytes, start, end - start);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") {
          this.destroy();
          return;
        }
      }
    }
    if (sent < end - start) this.queue(bytes, start + sent, end);
  }

  private queue(bytes: Uint8Array, start: number, end: number): void {
    const wasEmpty = this.pendingBytes === 0;
    this.pendingBytes += end - start;
    this.backlog.push(bytes, start, end);
    if (wasEmpty) this.sendBacklog();
    this.session?.repliesGrew();
  }

  /** Sends one chunk after the other: each when the one before it is taken, so that those that wait can grow. */
  private sendBacklog(): void {
    const chunk = this.backlog.take();
    if (chunk === null) return;
    const byteLength = chunk.length;
    this.socket.write(chunk, () => {
      this.backlog.release(chunk);
      this.taken(byteLength);
    });
  }

  /** Bytes that waited are gone. */
  private taken(byteLength: number): void {
    this.pendingBytes -= byteLength;
    if (this.closing || this.socket.destroyed) return;
    if (this.pendingBytes === 0) this.session?.drained();
    else this.sendBacklog();
  }

  private writeAndRelease(chunk: Uint8Array): void {
    this.socket.write(chunk, () => {
      this.backlog.release(chunk);
    });
  }

  pauseReading(): void {
    this.socket.pause();
  }

  resumeReading(): void {
    if (!this.socket.destroyed) this.socket.resume();
  }

  close(): void {
    if (this.closing) return;
    this.leaveRound();
    this.closing = true;
    for (let chunk = this.backlog.take(); chunk !== null; chunk = this.backlog.take()) this.writeAndRelease(chunk);
    this.socket.end(() => this.socket.destroy());
  }

  destroy(): void {
    this.leaveRound();
    this.closing = true;
    this.socket.destroy();
  }
}

function peerOf(handle: StreamHandle): SocketName {
  const name: SocketName = {};
  handle.getpeername?.(name);
  return name;
}

function ownEndOf(handle: StreamHandle): SocketName {
  const name: SocketName = {};
  handle.getsockname?.(name);
  return name;
}

function hostAndPort({ address, port }: SocketName): string {
  if (address === undefined) return "";
  return address.includes(":") ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}
