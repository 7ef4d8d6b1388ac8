/**
 * The sockets on which a server takes connections: one per `bind` address, and the Unix socket.
 *
 * An address that starts with "-" may be missing on this machine (no IPv6, an interface that is down) without harm; any other
 * address that cannot be bound is a `ListenError`. "*" means all IPv4 addresses, "::*" all IPv6 ones.
 */
import { chmodSync, lstatSync, unlinkSync } from "node:fs";
import { createServer as createNetServer } from "node:net";
import type { ListenOptions, Server as NetServer, Socket } from "node:net";
import { getSystemErrorMap } from "node:util";
import type { Server } from "../server.ts";
import { TcpConnection } from "./tcp-connection.ts";

/** Codes of an address that this machine does not have; an address marked optional may fail with them. */
const MISSING_ADDRESS_CODES = new Set([
  "EADDRNOTAVAIL",
  "EAFNOSUPPORT",
  "ENOPROTOOPT",
  "EPROTONOSUPPORT",
  "ESOCKTNOSUPPORT",
  "EINVAL",
]);

/** A socket that cannot be opened. The message is the log line that Redis gives. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

export class Listeners {
  private readonly server: Server;
  private readonly open: NetServer[] = [];
  private socketPath = "";
  /** The port that is really bound: differs from `port` when a listener was opened with `ephemeral`. */
  boundPort = 0;

  constructor(server: Server) {
    this.server = server;
  }

  /** Opens what the configuration asks for. With `ephemeral` the system chooses the port. Throws `ListenError`. */
  async listen(ephemeral = false): Promise<void> {
    const configuration = this.server.configuration;
    const port = configuration.get("port");
    try {
      if (ephemeral || port !== 0) await this.listenOnAddresses(ephemeral ? 0 : port);
      if (configuration.get("unixsocket") !== "") await this.listenOnPath(configuration.get("unixsocket"));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  private async listenOnAddresses(port: number): Promise<void> {
    const { configuration, log } = this.server;
    let boundPort = port;
    for (const address of configuration.get("bind")) {
      const isOptional = address.startsWith("-");
      const host = isOptional ? address.slice(1) : address;
      try {
        const opened = await this.openListener(listenOptions(host, boundPort, configuration.get("tcp-backlog")));
        const bound = opened.address();
        if (bound !== null && typeof bound === "object") boundPort = bound.port;
        this.boundPort = boundPort;
      } catch (error) {
        if (isOptional && MISSING_ADDRESS_CODES.has(codeOf(error))) continue;
        const shown = `${host}:${String(port)}`;
        log.warning(`Warning: Could not create server TCP listening socket ${shown}: bind: ${reasonOf(error)}`);
        throw new ListenError(`Failed listening on port ${String(port)} (tcp), aborting.`, { cause: error });
      }
    }
  }

  private async listenOnPath(path: string): Promise<void> {
    const { configuration } = this.server;
    removeStaleSocket(path);
    try {
      await this.openListener({ path, backlog: configuration.get("tcp-backlog") });
      this.socketPath = path;
      const permissions = configuration.get("unixsocketperm");
      if (permissions !== 0) chmodSync(path, permissions);
    } catch (error) {
      this.server.log.warning(`Failed opening Unix socket: bind: ${reasonOf(error)}`);
      throw new ListenError(`Failed listening on unix socket ${path}, aborting.`, { cause: error });
    }
  }

  private openListener(options: ListenOptions): Promise<NetServer> {
    const listener = createNetServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      this.accept(socket, options.path);
    });
    return new Promise((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(options, () => {
        listener.removeListener("error", reject);
        listener.on("error", (error) => {
          this.server.log.warning(`Accepting client connection: ${reasonOf(error)}`);
        });
        this.open.push(listener);
        resolve(listener);
      });
    });
  }

  private accept(socket: Socket, path: string | undefined): void {
    try {
      new TcpConnection(this.server, socket, path).start();
    } catch (error) {
      this.server.log.verbose(`Error accepting a client connection: ${String(error)}`); // it is gone already
      socket.destroy();
    }
  }

  /** What is served: "tcp", "unix". */
  get kinds(): readonly string[] {
    return [...(this.boundPort === 0 ? [] : ["tcp"]), ...(this.socketPath === "" ? [] : ["unix"])];
  }

  /** Takes no more connections; those that exist stay. The Unix socket's file goes. Done when the ports are free. */
  async close(): Promise<void> {
    const closed = this.open.map(
      (listener) =>
        new Promise<void>((resolve) => {
          listener.close(() => {
            resolve();
          });
        }),
    );
    this.open.length = 0;
    this.boundPort = 0;
    this.socketPath = "";
    await Promise.all(closed);
  }
}

function listenOptions(host: string, port: number, backlog: number): ListenOptions {
  if (host === "*") return { host: "0.0.0.0", port, backlog };
  if (host === "::*") return { host: "::", port, backlog, ipv6Only: true };
  return host.includes(":") ? { host, port, backlog, ipv6Only: true } : { host, port, backlog };
}

/** A socket file that a killed server has left is in the way; anything else at that path is not ours to remove. */
function removeStaleSocket(path: string): void {
  try {
    if (lstatSync(path).isSocket()) unlinkSync(path);
  } catch {
    // nothing there, or not to be removed: then bind says why
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** The system's words for an error, as `strerror` has them. */
function reasonOf(error: unknown): string {
  if (codeOf(error) === "EADDRNOTAVAIL") return "Cannot assign requested address";
  const errno = error instanceof Error && "errno" in error ? Number(error.errno) : 0;
  const text = getSystemErrorMap().get(errno)?.[1];
  if (text === undefined) return error instanceof Error ? error.message : String(error);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
