/** Servers on real sockets, and raw connections to them, for tests. */
import { connect, createServer as createNetServer } from "node:net";
import type { NetConnectOpts, Socket } from "node:net";
import { createServer, type Directives, type ServerEnvironment, type SiderServer } from "../create-server.ts";
import { Logger } from "../log/index.ts";

export interface ListeningServer {
  readonly server: SiderServer;
  readonly logged: string[];
}

/** A logger that keeps its lines, without their prefix: "# message". */
export function keepingLog(lines: string[]): Logger {
  const write = (line: string): void => void lines.push(line.slice(line.search(/[.*#-] /)).trimEnd());
  return new Logger({ pid: 1, now: Date.now, level: "debug", write: (line) => write(line.replace(/^.*\.\d{3} /, "")) });
}

/** A port on 127.0.0.1 that somebody else has, until it is released. */
export async function holdPort(): Promise<{ port: number; release: () => Promise<void> }> {
  const holder = createNetServer();
  await new Promise<void>((resolve) => {
    holder.listen(0, "127.0.0.1", resolve);
  });
  const address = holder.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    release: () =>
      new Promise((resolve) => {
        holder.close(() => {
          resolve();
        });
      }),
  };
}

/** A port that nobody had a moment ago. */
export async function freePort(): Promise<number> {
  const { port, release } = await holdPort();
  await release();
  return port;
}

/** A server on a port that the system chooses, on 127.0.0.1 unless `directives` say otherwise. */
export async function listeningServer(
  directives: Directives = {},
  environment: ServerEnvironment = {},
): Promise<ListeningServer> {
  const logged: string[] = [];
  const server = await createServer(
    { bind: "127.0.0.1", "heap-capacity": "64mb", ...directives },
    { log: keepingLog(logged), ...environment },
  );
  await server.listen({ anyPort: true });
  return { server, logged };
}

/** A raw connection that collects what it gets, as Latin-1 text. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  received = "";
  private readonly wakers = new Set<() => void>();

  constructor(target: NetConnectOpts, reads = true) {
    this.socket = connect(target);
    this.socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.once("close", () => {
        resolve();
        this.wake();
      });
    });
    if (reads) this.read();
  }

  /** Begins to take replies. */
  read(): void {
    this.socket.on("data", (bytes: Buffer) => {
      this.received += bytes.toString("latin1");
      this.wake();
    });
  }

  private wake(): void {
    for (const waker of this.wakers) waker();
  }

  write(text: string): this {
    this.socket.write(text, "latin1");
    return this;
  }

  /** Waits until as much has come, takes it, and gives it. Rejects after 5 s, or when the connection closes before. */
  async take(length: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      const finish = (error?: Error): void => {
        clearTimeout(timer);
        this.wakers.delete(look);
        if (error === undefined) resolve();
        else reject(error);
      };
      const look = (): void => {
        if (this.received.length >= length) finish();
        else if (this.socket.destroyed) finish(new Error(`closed after ${JSON.stringify(this.received.slice(-200))}`));
      };
      const timer = setTimeout(() => {
        finish(new Error(`only ${String(this.received.length)} bytes: ${JSON.stringify(this.received.slice(-200))}`));
      }, 5000);
      this.wakers.add(look);
      look();
    });
    const taken = this.received.slice(0, length);
    this.received = this.received.slice(length);
    return taken;
  }
}

/** Waits until `condition` holds; throws after 5 s. */
export async function until(condition: () => boolean, what = "the condition"): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`${what} did not come true`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
