/**
 * The sockets of one port directive (`port`, `tls-port`): one per `bind` address. CONFIG SET of either moves them.
 *
 * An address that starts with "-" may be missing on this machine (no IPv6, an interface that is down) without harm; any other
 * address that cannot be bound is a `ListenError`. "*" means all IPv4 addresses, "::*" all IPv6 ones.
 */
import type { ListenOptions, Server as NetServer } from "node:net";
import { ConfigurationError } from "../config/index.ts";
import type { Server } from "../server.ts";
import { codeOf, isMissingAddress, isMissingAddressCode, ListenError, reasonOf, systemReason } from "./listen-error.ts";
import { canListenAtOnce, listenAtOnce } from "./listening-handle.ts";
import { closeListener } from "./node-listener.ts";

/** What the TCP sockets are bound to. */
interface Binding {
  readonly addresses: readonly string[];
  readonly port: number;
}

const NOWHERE: Binding = { addresses: [], port: 0 };

export class PortListeners {
  private readonly server: Server;
  private readonly directive: "port" | "tls-port";
  private readonly kind: "tcp" | "tls";
  private readonly createListener: () => NetServer;
  private tcp: NetServer[] = [];
  private binding = NOWHERE;
  private stopFollowing: (() => void)[] = [];
  /** What the directive said when the system chose another port. */
  private replacedPort = -1;
  /** The port that is really bound: differs from the directive when the system has chosen it. */
  boundPort = 0;

  /** @param createListener makes what takes the connections to one address */
  constructor(server: Server, directive: "port" | "tls-port", createListener: () => NetServer) {
    this.server = server;
    this.directive = directive;
    this.kind = directive === "port" ? "tcp" : "tls";
    this.createListener = createListener;
  }

  /** Opens what the configuration asks for. With `ephemeral` the system chooses the port. Throws `ListenError`. */
  async listen(ephemeral = false): Promise<void> {
    const port = this.server.configuration.get(this.directive);
    if (ephemeral || port !== 0) await this.listenOnAddresses(ephemeral ? 0 : port);
    this.replacedPort = ephemeral ? port : -1;
    this.follow();
  }

  /** From now on the sockets are where the configuration says. */
  private follow(): void {
    const { configuration } = this.server;
    this.stopFollowing = [
      configuration.onChange(this.directive, () => {
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
    const port = configuration.get(this.directive);
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
        if (isOptional(address) && isMissingAddressCode(codeOf(error))) continue;
        this.warnOfAddress(host, port, reasonOf(error));
        throw new ListenError(`Failed listening on port ${String(port)} (${this.kind}), aborting.`, { cause: error });
      }
    }
    this.binding = { addresses, port: boundPort };
  }

  private warnOfAddress(host: string, port: number, reason: string): void {
    const shown = `${host}:${String(port)}`;
    this.server.log.warning(`Warning: Could not create server TCP listening socket ${shown}: bind: ${reason}`);
  }

  private openListener(options: ListenOptions): Promise<NetServer> {
    const listener = this.createListener();
    return new Promise((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(options, () => {
        listener.removeListener("error", reject);
        resolve(listener);
      });
    });
  }

  /** Takes no more connections; those that exist stay. Done when they have ended too. */
  async close(): Promise<void> {
    for (const stop of this.stopFollowing) stop();
    await this.closeTcp();
  }

  /** The ports are free when it returns; done when the connections that they took have ended. */
  private async closeTcp(): Promise<void> {
    const closed = this.tcp.map(closeListener);
    this.adopt([], NOWHERE);
    await Promise.all(closed);
  }
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
