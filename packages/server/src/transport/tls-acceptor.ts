/**
 * Makes sessions of connections to the TLS port: first the handshake, for which a client has a few seconds, then a session. Until then a
 * connection counts for `maxclients` and holds nothing else. Directives that change hold for handshakes that come after them.
 */
import { createServer as createTlsServer } from "node:tls";
import type { Server as TlsServer, TLSSocket } from "node:tls";
import type { Socket } from "node:net";
import { ConfigurationError } from "../config/index.ts";
import type { DirectiveName } from "../config/index.ts";
import type { Server } from "../server.ts";
import { ListenError } from "./listen-error.ts";
import { TcpConnection } from "./tcp-connection.ts";
import { readTlsOptions, TlsError } from "./tls-context.ts";

const HANDSHAKE_MS = 10_000;

const DIRECTIVES: readonly DirectiveName[] = [
  "tls-cert-file",
  "tls-key-file",
  "tls-key-file-pass",
  "tls-ca-cert-file",
  "tls-ca-cert-dir",
  "tls-dh-params-file",
  "tls-auth-clients",
  "tls-protocols",
  "tls-ciphers",
  "tls-ciphersuites",
  "tls-prefer-server-ciphers",
  "tls-session-caching",
  "tls-session-cache-timeout",
];

export class TlsAcceptor {
  private readonly server: Server;
  private readonly handshakeMs: number;
  /** Does the handshakes; null while TLS is off. It listens to nothing itself. */
  private handshaker: TlsServer | null = null;
  private readonly handshaking = new Set<Socket>();
  private stopFollowing: (() => void)[] = [];

  /** @param handshakeMs what a handshake may take */
  constructor(server: Server, handshakeMs = HANDSHAKE_MS) {
    this.server = server;
    this.handshakeMs = handshakeMs;
  }

  /** Reads what the configuration says, when there is a TLS port, and follows it. Throws `ListenError`. */
  start(): void {
    const { configuration, log } = this.server;
    try {
      this.load();
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      log.warning(error.message);
      throw new ListenError("Failed to configure TLS. Check logs for more info.", { cause: error });
    }
    // before the sockets of the port are opened, which follow it too
    this.stopFollowing = [...DIRECTIVES, "tls-port" as const].map((name) =>
      configuration.onChange(name, () => {
        this.reload();
      }),
    );
  }

  private load(): void {
    const { configuration } = this.server;
    if (configuration.get("tls-port") === 0) return;
    const options = { ...readTlsOptions(configuration), handshakeTimeout: this.handshakeMs };
    this.handshaker = createTlsServer(options, (socket) => {
      this.secured(socket);
    });
    this.handshaker.on("tlsClientError", (error, socket) => {
      this.server.log.verbose(`Error accepting a client connection: ${error.message}`);
      socket.destroy();
    });
  }

  private reload(): void {
    try {
      this.load();
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      this.server.log.warning(error.message);
      throw new ConfigurationError("Unable to update TLS configuration. Check server logs.");
    }
  }

  /** Begins the handshake of a connection. */
  accept(socket: Socket): void {
    const { configuration, sessions, statistics } = this.server;
    if (this.handshaker === null || sessions.size + this.handshaking.size >= configuration.get("maxclients")) {
      statistics.connectionsRejected++;
      socket.destroy();
      return;
    }
    this.handshaking.add(socket);
    socket.once("close", () => {
      this.handshaking.delete(socket);
    });
    socket.allowHalfOpen = false; // who ends in the middle of a handshake is gone
    this.handshaker.emit("connection", socket);
  }

  /** The handshake is done. A certificate that was not asked for need not be there, but must be right if it is. */
  private secured(socket: TLSSocket): void {
    this.handshaking.delete(rawSocketOf(socket) ?? socket);
    const isWrong = !socket.authorized && Object.keys(socket.getPeerCertificate()).length > 0;
    if (isWrong) {
      this.server.log.verbose(`Error accepting a client connection: ${String(socket.authorizationError)}`);
      socket.destroy();
      return;
    }
    socket.allowHalfOpen = true;
    try {
      TcpConnection.takeSecure(this.server, socket).start();
    } catch (error) {
      this.server.log.verbose(`Error accepting a client connection: ${String(error)}`);
      socket.destroy();
    }
  }

  close(): void {
    for (const stop of this.stopFollowing) stop();
    for (const socket of this.handshaking) socket.destroy();
  }
}

/** The socket under a secure one; Node names it nowhere in its types. */
function rawSocketOf(secured: TLSSocket): Socket | null {
  return (secured as unknown as { _parent: Socket | null })._parent;
}
