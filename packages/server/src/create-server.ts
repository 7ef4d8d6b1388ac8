/**
 * A whole server: the core (`Server`), its listeners and its timer, for the program `sider-server` and for programs that embed it.
 */
import { createHeap, defaultCapacityBytes } from "@sider/datastructures";
import type { Clock, Random } from "@sider/keyspace-engine";
import { totalmem } from "node:os";
import { Configuration, resolveExistingDirectory } from "./config/index.ts";
import { Logger } from "./log/index.ts";
import { Server } from "./server.ts";
import { Listeners } from "./transport/listeners.ts";

/** A directive's words: `{ port: 7000, appendonly: false, save: [60, 1], bind: "127.0.0.1 ::1" }`. */
export type DirectiveWords = string | number | boolean | readonly (string | number)[];

/** Directives by name, as in redis.conf. */
export type Directives = Readonly<Record<string, DirectiveWords>>;

/** What a server takes from its surroundings. */
export interface ServerEnvironment {
  /** Where log lines go. Default: nowhere. */
  readonly log?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** A running server. Several may live in one process. */
export class SiderServer {
  readonly core: Server;
  readonly listeners: Listeners;

  constructor(configuration: Configuration, environment: ServerEnvironment = {}) {
    const capacityBytes = configuration.get("heap-capacity");
    this.core = new Server({
      ...environment,
      configuration,
      log: environment.log ?? silentLog(),
      heap: createHeap({ capacityBytes: capacityBytes === 0 ? defaultCapacityBytes(totalmem()) : capacityBytes }),
    });
    this.listeners = new Listeners(this.core);
  }

  /** Opens the sockets that the configuration asks for. Throws `ListenError`. */
  async listen(): Promise<void> {
    await this.listeners.listen();
  }

  /** Closes listeners and connections. */
  close(): void {
    this.listeners.close();
    for (const session of [...this.core.sessions.values()]) session.destroy();
  }
}

/** Makes a server with these directives. Throws `ConfigurationError`. */
export function createServer(directives: Directives = {}, environment: ServerEnvironment = {}): SiderServer {
  const configuration = new Configuration({
    resolveDirectory: resolveExistingDirectory,
    workingDirectory: process.cwd(),
  });
  for (const [name, words] of Object.entries(directives)) assignWords(configuration, name, words);
  return new SiderServer(configuration, environment);
}

function assignWords(configuration: Configuration, name: string, words: DirectiveWords): void {
  const known = configuration.lookup(name);
  if (known === undefined) throw new Error(`unknown directive ${name}`);
  const text = typeof words === "boolean" ? (words ? "yes" : "no") : words;
  if (typeof text === "object") configuration.assign(known.name, text.map(String));
  else if (known.directive.multi === true) configuration.assign(known.name, String(text).split(" "));
  else configuration.assign(known.name, [String(text)]);
}

function silentLog(): Logger {
  return new Logger({ pid: process.pid, now: Date.now, write: () => undefined });
}
