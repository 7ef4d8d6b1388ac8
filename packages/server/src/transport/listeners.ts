/** All on which a server takes connections: `port`, `tls-port` and the Unix socket. */
import { chmodSync, lstatSync, unlinkSync } from "node:fs";
import type { Server as NetServer } from "node:net";
import type { Server } from "../server.ts";
import { ListenError, reasonOf } from "./listen-error.ts";
import { closeListener, createHandleListener, createSocketListener } from "./node-listener.ts";
import { PortListeners } from "./port-listeners.ts";
import type { StreamHandle } from "./stream-handle.ts";
import { TcpConnection } from "./tcp-connection.ts";
import { TlsAcceptor } from "./tls-acceptor.ts";

export class Listeners {
  private readonly server: Server;
  private readonly tcp: PortListeners;
  private readonly tls: PortListeners;
  private readonly tlsAcceptor: TlsAcceptor;
  private unix: NetServer | null = null;

  constructor(server: Server) {
    this.server = server;
    this.tlsAcceptor = new TlsAcceptor(server);
    this.tcp = new PortListeners(server, "port", () => this.createPlainListener(""));
    this.tls = new PortListeners(server, "tls-port", () =>
      createSocketListener(server, (socket) => {
        this.tlsAcceptor.accept(socket);
      }),
    );
  }

  /** Opens what the configuration asks for. With `ephemeral` the system chooses the port. Throws `ListenError`. */
  async listen(ephemeral = false): Promise<void> {
    const { configuration } = this.server;
    try {
      this.tlsAcceptor.start();
      await this.tcp.listen(ephemeral);
      await this.tls.listen();
      if (configuration.get("unixsocket") !== "") await this.listenOnPath(configuration.get("unixsocket"));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  private async listenOnPath(path: string): Promise<void> {
    const { configuration } = this.server;
    removePlaceholder(path);
    try {
      this.unix = await this.openPath(path);
      const permissions = configuration.get("unixsocketperm");
      if (permissions !== 0) chmodSync(path, permissions);
    } catch (error) {
      this.server.log.warning(`Failed opening Unix socket: bind: ${reasonOf(error)}`);
      throw new ListenError(`Failed listening on unix socket ${path}, aborting.`, { cause: error });
    }
  }

  private openPath(path: string): Promise<NetServer> {
    const listener = this.createPlainListener(path);
    return new Promise((resolve, reject) => {
      listener.once("error", reject);
      listener.listen({ path, backlog: this.server.configuration.get("tcp-backlog") }, () => {
        listener.removeListener("error", reject);
        resolve(listener);
      });
    });
  }

  private createPlainListener(path: string): NetServer {
    return createHandleListener(this.server, (handle) => {
      this.accept(handle, path);
    });
  }

  private accept(handle: StreamHandle, path: string): void {
    try {
      TcpConnection.take(this.server, handle, path).start();
    } catch (error) {
      this.server.log.verbose(`Error accepting a client connection: ${String(error)}`); // it is gone already
      handle.close?.();
    }
  }

  /** The TCP port that is really bound, or 0. */
  get boundPort(): number {
    return this.tcp.boundPort;
  }

  /** The same of the TLS port. */
  get boundTlsPort(): number {
    return this.tls.boundPort;
  }

  /** What is served: "tcp", "tls", "unix". */
  get kinds(): readonly string[] {
    return [
      ...(this.boundPort === 0 ? [] : ["tcp"]),
      ...(this.unix === null ? [] : ["unix"]),
      ...(this.boundTlsPort === 0 ? [] : ["tls"]),
    ];
  }

  /** Takes no more connections; those that exist stay. The Unix socket's file goes. Done when they have ended too. */
  async close(): Promise<void> {
    const closed = [this.tcp.close(), this.tls.close()];
    if (this.unix !== null) closed.push(closeListener(this.unix));
    this.unix = null;
    this.tlsAcceptor.close();
    await Promise.all(closed);
  }
}

/**
 * In the way are a socket file that a killed server has left, and an empty file with which somebody reserved the name (`mktemp`, which
 * harnesses of clients use). Anything else at that path holds something, and is not ours to remove.
 */
function removePlaceholder(path: string): void {
  try {
    const found = lstatSync(path);
    if (found.isSocket() || (found.isFile() && found.size === 0)) unlinkSync(path);
  } catch {
    // nothing there, or not to be removed: then bind says why
  }
}
