/**
 * The sockets on which a server takes connections: one per `bind` address, and the Unix socket. CONFIG SET of `port` and `bind` moves them.
 *
 * An address that starts with "-" may be missing on this machine (no IPv6, an interface that is down) without harm; any other
 * address that cannot be bound is a `ListenError`. "*" means all IPv4 addresses, "::*" all IPv6 ones.
 */
import { chmodSync, lstatSync, unlinkSync } from "node:fs";
import { createServer as createNetServer } from "node:net";
import type { ListenOptions, Server as NetServer, Socket } from "node:net";
import { getSystemErrorMap } from "node:util";
import { ConfigurationError } from "../config/index.ts";
import type { Server } from "../server.ts";
import { canListenAtOnce, listenAtOnce } from "./listening-handle.ts";
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

/** What the TCP sockets are bound to. */
interface Binding {
  readonly addresses: readonly string[];
  readonly port: number;
}

const NOWHERE: Binding = { addresses: [], port: 0 };

export class Listeners {
  private readonly server: Server;
  private tcp: NetServer[] = [];
  private unix: NetServer | null = null;
  private binding = NOWHERE;
  private stopFollowing: (() => void)[] = [];
  /** What `port` said when the system chose another one. */
  private replacedPort = -1;
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
    this.replacedPort = ephemeral ? port : -1;
    this.follow();
  }

  /** From now on the sockets are where the configuration says. */
  private follow(): void {
    const { configuration } = this.server;
    this.stopFollowing = [
      configuration.onChange("port", () => {
        this.move("Unable to listen on this port. Check server logs.");
      }),
      configuration.onChange("bind", () => {
        this.move("Failed to bind to specified addresses.");
      }),
    ];
  }

  /** Connections stay. A move that fails leaves the sockets where they were, and throws `ConfigurationError`. */
  private move(refusal: string): void {
    const [former, wanted] = [this.binding, this.wantedBinding()];
    if (isSameBinding(former, wanted)) return;
    if (!canListenAtOnce)
      throw new ConfigurationError("This runtime cannot move sockets, set it in the configuration file");
    // the same port on other addresses: "*" is in the way of each of them
    if (former.port === wanted.port) void this.closeTcp();
    const opened = this.openAtOnce(wanted);
    if (opened !== null) {
      void this.closeTcp();
      this.adopt(opened, wanted);
    } else {
      if (former.port === wanted.port) this.adopt(this.openAtOnce(former) ?? [], former);
      throw new ConfigurationError(refusal);
    }
  }

  private wantedBinding(): Binding {
    const { configuration } = this.server;
    const port = configuration.get("port");
    return { addresses: configuration.get("bind"), port: port === this.replacedPort ? this.binding.port : port };
  }

  private adopt(opened: NetServer[], binding: Binding): void {
    this.tcp = opened;
    this.binding = binding;
    this.boundPort = opened.length === 0 ? 0 : binding.port;
  }

  /** The sockets of a binding; null when one cannot be opened: the log says which. */
  private openAtOnce({ addresses, port }: Binding): NetServer[] | null {
    const opened: NetServer[] = [];
    if (port === 0) return opened;
    for (const address of addresses) {
      const { host = "", backlog = 0 } = listenOptions(
        withoutMark(address),
        port,
        this.server.configuration.get("tcp-backlog"),
      );
      const handle = listenAtOnce(host, port, backlog);
      if (typeof handle !== "number") {
        const listener = this.createListener();
        listener.listen(handle);
        opened.push(listener);
      } else if (!isOptional(address) || !isMissingAddress(handle)) {
        this.warnOfAddress(withoutMark(address), port, systemReason(handle));
        for (const listener of opened) listener.close();
        return null;
      }
    }
    return opened;
  }

  private async listenOnAddresses(port: number): Promise<void> {
    const { configuration } = this.server;
    let boundPort = port;
    const addresses = configuration.get("bind");
    for (const address of addresses) {
      const host = withoutMark(address);
      try {
        const opened = await this.openListener(listenOptions(host, boundPort, configuration.get("tcp-backlog")));
        this.tcp.push(opened);
        const bound = opened.address();
        if (bound !== null && typeof bound === "object") boundPort = bound.port;
        this.boundPort = boundPort;
      } catch (error) {
        if (isOptional(address) && MISSING_ADDRESS_CODES.has(codeOf(error))) continue;
        this.warnOfAddress(host, port, reasonOf(error));
        throw new ListenError(`Failed listening on port ${String(port)} (tcp), aborting.`, { cause: error });
      }
    }
    this.binding = { addresses, port: boundPort };
  }

  private warnOfAddress(host: string, port: number, reason: string): void {
    const shown = `${host}:${String(port)}`;
    this.server.log.warning(`Warning: Could not create server TCP listening socket ${shown}: bind: ${reason}`);
  }

  private async listenOnPath(path: string): Promise<void> {
    const { configuration } = this.server;
    removeStaleSocket(path);
    try {
      this.unix = await this.openListener({ path, backlog: configuration.get("tcp-backlog") });
      const permissions = configuration.get("unixsocketperm");
      if (permissions !== 0) chmodSync(path, permissions);
    } catch (error) {
      this.server.log.warning(`Failed opening Unix socket: bind: ${reasonOf(error)}`);
      throw new ListenError(`Failed listening on unix socket ${path}, aborting.`, { cause: error });
    }
  }

  private openListener(options: ListenOptions): Promise<NetServer> {
    const listener = this.createListener(options.path);
    return new Promise((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(options, () => {
        listener.removeListener("error", reject);
        resolve(listener);
      });
    });
  }

  private createListener(path?: string): NetServer {
    const listener = createNetServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      this.accept(socket, path);
    });
    return listener.on("error", (error) => {
      if (listener.listening) this.server.log.warning(`Accepting client connection: ${reasonOf(error)}`);
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
    return [...(this.boundPort === 0 ? [] : ["tcp"]), ...(this.unix === null ? [] : ["unix"])];
  }

  /** Takes no more connections; those that exist stay. The Unix socket's file goes. Done when they have ended too. */
  async close(): Promise<void> {
    const closed = [this.closeTcp()];
    if (this.unix !== null) closed.push(closeListener(this.unix));
    this.unix = null;
    for (const stop of this.stopFollowing) stop();
    await Promise.all(closed);
  }

  /** The ports are free when it returns; done when the connections that they took have ended. */
  private async closeTcp(): Promise<void> {
    const closed = this.tcp.map(closeListener);
    this.adopt([], NOWHERE);
    await Promise.all(closed);
  }
}

/** Done when the connections that it took have ended. */
function closeListener(listener: NetServer): Promise<void> {
  return new Promise((resolve) => {
    listener.close(() => {
      resolve();
    });
  });
}

function isSameBinding(one: Binding, other: Binding): boolean {
  if (one.port !== other.port) return false;
  return one.port === 0 || one.addresses.join(" ") === other.addresses.join(" ");
}

function isOptional(address: string): boolean {
  return address.startsWith("-");
}

function withoutMark(address: string): string {
  return isOptional(address) ? address.slice(1) : address;
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
  const errno = error instanceof Error && "errno" in error ? Number(error.errno) : 0;
  const reason = systemReason(errno);
  return reason === "" ? (error instanceof Error ? error.message : String(error)) : reason;
}

/** The same of a system's error number; empty when it is none. */
export function systemReason(errno: number): string {
  if (systemCodeOf(errno) === "EADDRNOTAVAIL") return "Cannot assign requested address";
  const text = getSystemErrorMap().get(errno)?.[1] ?? "";
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** True for the error number of an address that this machine does not have. */
export function isMissingAddress(errno: number): boolean {
  return MISSING_ADDRESS_CODES.has(systemCodeOf(errno));
}

function systemCodeOf(errno: number): string {
  return getSystemErrorMap().get(errno)?.[0] ?? "";
}
