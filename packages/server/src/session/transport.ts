/**
 * What a session needs of its connection. TCP, TLS, Unix sockets, in-process streams and tests each bring one.
 *
 * `write` takes the bytes before it returns: it sends them, or copies what the peer does not take now (`pendingBytes`). While more
 * than `waitingReplyBytes` of them wait the session executes nothing more. The transport calls `session.drained()` when all are gone.
 */
import type { ReplySink } from "@sider/resp-protocol";

export interface Transport extends ReplySink {
  /** Bytes of replies that wait for the peer. */
  readonly pendingBytes: number;
  /** How many bytes may wait before the session stops. */
  readonly waitingReplyBytes: number;
  /** As CLIENT LIST shows them: "127.0.0.1:6379", "[::1]:6379", a socket's path with ":0", or "" in process. */
  readonly remoteAddress: string;
  readonly localAddress: string;
  /** The peer's IP address without port; "" where there is none. */
  readonly remoteHost: string;
  readonly isLoopback: boolean;
  readonly isUnixSocket: boolean;
  /** File descriptor, or -1. */
  readonly descriptor: number;
  /** As `write`, for what is not to wait for more replies: the turn of the event loop is over. */
  push(bytes: Uint8Array, start: number, end: number): void;
  /** Stops and restarts the flow of requests. */
  pauseReading(): void;
  resumeReading(): void;
  /** Ends the connection once all replies are taken. */
  close(): void;
  /** Ends the connection at once. */
  destroy(): void;
}
