/**
 * A whole server: the core (`Server`), its listeners and its timer, for the program `sider-server` and for programs that embed it.
 *
 *     const server = await createServer({ databases: 1 });     // no port, no files, nothing to clean up
 *     const client = server.client();
 *     await client.send("SET", "greeting", "hello");
 *
 *     const served = await createServer({ port: 7000, dir: "/var/lib/app" });   // loads and saves dump.rdb there
 *     await served.listen();
 */
import { createHeap, defaultCapacityBytes } from "@sider/datastructures";
import type { Clock, Random } from "@sider/keyspace-engine";
import type { FileSystem } from "@sider/persistence";
import { totalmem } from "node:os";
import type { Duplex } from "node:stream";
import { allHandlers } from "./commands/index.ts";
import { Configuration, ConfigurationError, type Rename, resolveExistingDirectory } from "./config/index.ts";
import { ServerTimer } from "./cron/server-timer.ts";
import { Logger } from "./log/index.ts";
import { MetricsListener } from "./metrics/metrics-listener.ts";
import { Server } from "./server.ts";
import type { ShutdownRequest } from "./shutdown.ts";
import { DirectClient } from "./transport/direct-client.ts";
import { InProcessConnection } from "./transport/in-process.ts";
import { Listeners } from "./transport/listeners.ts";
import { fitClientsToOpenFiles, openFilesLimit, refuseMoreClients } from "./transport/open-files.ts";

/** A directive's words: `{ port: 7000, rdbcompression: false, save: [60, 1], bind: "127.0.0.1 ::1" }`. */
export type DirectiveWords = string | number | boolean | readonly (string | number)[];

/** Directives by name, as in redis.conf. */
export type Directives = Readonly<Record<string, DirectiveWords>>;

/** What a server takes from its surroundings. */
export interface ServerEnvironment {
  /** Where log lines go. Default: nowhere. */
  readonly log?: Logger;
  /** Default: the wall clock. */
  readonly clock?: Clock;
  /** Default: the runtime's generator. */
  readonly random?: Random;
  /** The absolute path of the configuration file, for CONFIG REWRITE. Default: none. */
  readonly configFile?: string;
  /** Who supervises the process, for INFO. Default: "no". */
  readonly supervisor?: string;
  /** Commands that have other names, or none, as by `rename-command`. */
  readonly renames?: readonly Rename[];
  /** Where dumps are kept. Default: the file system of the machine. */
  readonly fileSystem?: FileSystem;
  /**
   * Called when the server must not go on, since what it would acknowledge cannot be kept (appendfsync always); the line has been logged.
   * No reply leaves from then on. Default: nothing more than that the server closes.
   */
  readonly onFatal?: (line: string) => void;
  /** Called when SHUTDOWN or `terminate` has taken the server down. Default: nothing, so the process goes on. */
  readonly onShutdown?: () => void;
  /** Called when a second SIGINT wants an end without the save that is still running. Default: nothing. */
  readonly onInsist?: () => void;
}

export interface ListenOptions {
  /** Let the system choose a port, whatever `port` says; `server.port` tells which. */
  readonly anyPort?: boolean;
}

/** A running server. Several may live in one process. It does not keep the process alive unless it listens. */
export class SiderServer {
  /** Sessions, keyspace, configuration and statistics. */
  readonly core: Server;
  private readonly listeners: Listeners;
  private readonly metrics: MetricsListener;
  private readonly timer: ServerTimer;
  private readonly onInsist: () => void;

  /** Takes the configuration as it is. `createServer` is the simple way. */
  constructor(configuration: Configuration, environment: ServerEnvironment = {}) {
    const capacityBytes = configuration.get("heap-capacity");
    this.core = new Server({
      ...environment,
      handlers: allHandlers,
      configuration,
      log: environment.log ?? silentLog(),
      heap: createHeap({ capacityBytes: capacityBytes === 0 ? defaultCapacityBytes(totalmem()) : capacityBytes }),
    });
    this.core.configFile = environment.configFile ?? "";
    this.core.supervisor = environment.supervisor ?? "no";
    this.listeners = new Listeners(this.core);
    this.metrics = new MetricsListener(this.core);
    this.timer = new ServerTimer(this.core);
    this.core.onShutdown = () => {
      void this.close();
      environment.onShutdown?.();
    };
    this.core.appendOnly.onFatal = (line) => {
      environment.onFatal?.(line);
      setImmediate(() => void this.close());
    };
    this.onInsist = environment.onInsist ?? (() => undefined);
    this.timer.start();
  }

  /**
   * Loads what is on disk, if anything is, into the empty server. Meanwhile clients are answered: most commands are refused with LOADING.
   * Rejects with `LoadError`, with `AofError` (which has been logged), and with `LoadCancelled` when the server goes down before the end.
   */
  async load(): Promise<void> {
    const { appendOnly, configuration, persistence } = this.core;
    if (configuration.get("appendonly")) await appendOnly.load();
    else await persistence.loadInTurns();
    this.core.isStarted = true;
  }

  /**
   * Makes the users of the configuration's `user` lines (name, then rules), or those of the ACL file. Before anybody can connect.
   * @throws UsersError
   */
  loadUsers(lines: readonly (readonly string[])[]): void {
    this.core.userFile.loadAtStart(lines);
  }

  /** Opens the sockets that the configuration asks for. Throws `ListenError` with none of them open. */
  async listen(options: ListenOptions = {}): Promise<void> {
    const filesLimit = openFilesLimit();
    fitClientsToOpenFiles(this.core, filesLimit);
    await this.listeners.listen(options.anyPort === true);
    this.metrics.listen();
    refuseMoreClients(this.core.configuration, filesLimit);
  }

  /** The TCP port that is open, or 0. */
  get port(): number {
    return this.listeners.boundPort;
  }

  /** What is served: "tcp", "unix". */
  get listening(): readonly string[] {
    return this.listeners.kinds;
  }

  /** A connection in this process: a stream that takes RESP requests and gives RESP replies, for clients that accept a stream. */
  connect(): Duplex {
    return new InProcessConnection(this.core).stream;
  }

  /** A client in this process: `await server.client().send("SET", "a", 1)`. */
  client(): DirectClient {
    return new DirectClient(this.core);
  }

  /** As SHUTDOWN: saves if it should, closes, calls `onShutdown`. Gives false when the data could not be saved; then it goes on. */
  shutdown(request: ShutdownRequest = {}): Promise<boolean> {
    return new Promise((resolve) => {
      this.core.shutdown(request, resolve);
    });
  }

  /**
   * As the signal does to redis-server: `shutdown` by the directives shutdown-on-sigterm and shutdown-on-sigint, in the next turn of the
   * event loop. A second SIGINT calls `onInsist`.
   */
  terminate(signal: "SIGTERM" | "SIGINT"): void {
    const { core } = this;
    if (!core.ending.ask(signal)) return this.onInsist();
    setImmediate(() => {
      if (!core.isTimerPaused) core.ending.poll();
    });
  }

  /** Closes listeners and connections and stops the timer, without saving. */
  async close(): Promise<void> {
    this.timer.stop();
    this.core.persistence.close();
    this.core.appendOnly.close();
    // first the listeners: who sees his connection end finds nobody any more
    this.metrics.close();
    const closed = this.listeners.close();
    for (const session of [...this.core.sessions.values()]) session.destroy();
    await closed;
  }
}

/**
 * Makes a server with these directives. It touches files only when `dir` is given: then it loads the dump there, and saves by
 * the save points. `listen` opens its ports.
 * @throws ConfigurationError, LoadError, UsersError
 */
export async function createServer(
  directives: Directives = {},
  environment: ServerEnvironment = {},
): Promise<SiderServer> {
  const configuration = new Configuration({
    resolveDirectory: resolveExistingDirectory,
    workingDirectory: process.cwd(),
  });
  if (directives["dir"] === undefined) configuration.assign("save", [""]);
  for (const [name, words] of Object.entries(directives)) assignWords(configuration, name, words);
  const server = new SiderServer(configuration, environment);
  server.loadUsers([]);
  if (directives["dir"] !== undefined) await server.load();
  else server.core.isStarted = true;
  return server;
}

function assignWords(configuration: Configuration, name: string, words: DirectiveWords): void {
  const known = configuration.lookup(name);
  if (known === undefined) throw new ConfigurationError(`Unknown directive '${name}'`);
  const text = typeof words === "boolean" ? (words ? "yes" : "no") : words;
  if (typeof text === "object") configuration.assign(known.name, text.map(String));
  else if (known.directive.multi === true) configuration.assign(known.name, String(text).split(" "));
  else configuration.assign(known.name, [String(text)]);
}

function silentLog(): Logger {
  return new Logger({ pid: process.pid, now: Date.now, write: () => undefined, level: "warning" });
}
