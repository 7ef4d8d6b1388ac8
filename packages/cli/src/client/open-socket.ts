/** Opens the socket of a connection: TCP or Unix, with TLS on top where that is asked for. */
import { createConnection, type OnReadOpts, type Socket } from "node:net";
import { DEFAULT_HOST, DEFAULT_PORT, type ServerAddress } from "./address.ts";
import { ConnectionError, handshakeErrorText, socketErrorText } from "./connection-error.ts";
import type { TlsConnectOptions } from "./tls-options.ts";

/** Where to connect to, and how long that may take. */
export interface OpenOptions {
  /** Default 127.0.0.1:6379. */
  address?: ServerAddress;
  /** Speaks TLS. True: with the defaults of TlsConnectOptions. */
  tls?: boolean | TlsConnectOptions | undefined;
  /** Gives up connecting, or ends the connection: `AbortSignal.timeout(ms)`, for example. */
  signal?: AbortSignal;
  /** Gives up when there is no connection after so long, TLS included. Default: the system's patience, some minutes. */
  connectTimeoutMs?: number | undefined;
}

const CHUNK_BYTES = 64 * 1024;
const KEEP_ALIVE_MS = 15_000;
/** For each address of a host that has several. */
const ATTEMPT_MS = 5000;
/** The system watches over connecting, but nobody over a peer that accepts and then says nothing. */
const HANDSHAKE_TIMEOUT_MS = 30_000;

/** Resolves when requests can be written; `onBytes` gets what comes. Rejects with a ConnectionError. */
export async function openSocket(options: OpenOptions, onBytes: OnReadOpts["callback"]): Promise<Socket> {
  const { address = { kind: "tcp", host: DEFAULT_HOST, port: DEFAULT_PORT }, signal, connectTimeoutMs } = options;
  const deadlineMs = connectTimeoutMs === undefined ? Infinity : performance.now() + connectTimeoutMs;
  const target = {
    ...(address.kind === "unix" ? { path: address.path } : { host: address.host, port: address.port }),
    ...(signal === undefined ? {} : { signal }),
    onread: { buffer: new Uint8Array(CHUNK_BYTES), callback: onBytes },
    autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
  };
  const tls = options.tls === true ? {} : options.tls;
  const isSecure = tls !== undefined && tls !== false;
  const socket = isSecure ? (await import("./tls-socket.ts")).connectSecurely(tls, target) : createConnection(target);
  socket.on("error", () => undefined);
  await arrival(socket, "connect", deadlineMs, "Connection timed out");
  if (isSecure) {
    const handshakeMs = connectTimeoutMs === undefined ? performance.now() + HANDSHAKE_TIMEOUT_MS : deadlineMs;
    await arrival(socket, "secureConnect", handshakeMs, "SSL_connect failed: no answer (is this a port for TLS?)");
  }
  return socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
}

/** Waits for an event. An error instead, or nothing in time, ends the socket and is a ConnectionError. */
function arrival(socket: Socket, event: "connect" | "secureConnect", deadlineMs: number, late: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (text: string, cause?: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new ConnectionError("unreachable", text, { cause }));
    };
    const onError = (error: Error): void =>
      fail(event === "connect" ? socketErrorText(error) : handshakeErrorText(error), error);
    const timer = deadlineMs === Infinity ? undefined : setTimeout(() => fail(late), deadlineMs - performance.now());
    socket.once("error", onError);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.off("error", onError);
      resolve();
    });
  });
}
