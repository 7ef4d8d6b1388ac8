/**
 * A redis-server 7.0 beside a test server: gives the bytes of its replies, for comparison. Started in a directory of its own, where its
 * socket is too, so that no port is taken. Where it is missing tests are skipped; in CI that is a failure.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeCommand } from "./test-client.ts";

/** Comes after the reply that is waited for, whatever that looks like. */
const END_WORD = "end of the reply";
const END = `$${String(END_WORD.length)}\r\n${END_WORD}\r\n`;

export function redisServerPresent(): boolean {
  if (spawnSync("redis-server", ["--version"]).error === undefined) return true;
  if ((process.env["CI"] ?? "") !== "") throw new Error("redis-server not found (required in CI)");
  console.log("skipped: comparison with redis-server, which is not found");
  return false;
}

export class RedisOracle {
  /** Where it writes its files. */
  readonly directory: string;
  private readonly path: string;
  private readonly socket: Socket;
  private readonly end: () => Promise<void>;
  private received = "";
  private wake: () => void = () => undefined;

  private constructor(socket: Socket, path: string, directory: string, end: () => Promise<void>) {
    this.socket = socket;
    this.path = path;
    this.directory = directory;
    this.end = end;
    socket.on("data", (bytes: Buffer) => {
      this.received += bytes.toString("latin1");
      this.wake();
    });
  }

  /** @param directives for its command line: `["--appendonly", "yes"]` */
  static async start(directives: readonly string[] = []): Promise<RedisOracle> {
    const directory = mkdtempSync(join(tmpdir(), "sider-oracle-"));
    const path = join(directory, "redis.sock");
    const options = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", directory, ...directives];
    const server = spawn("redis-server", options, { stdio: "ignore" });
    const exited = once(server, "exit");
    return new RedisOracle(await connected(path), path, directory, async () => {
      server.kill("SIGKILL");
      await exited;
      rmSync(directory, { recursive: true, force: true });
    });
  }

  /** Another connection to the same server. */
  async connectAgain(): Promise<RedisOracle> {
    return new RedisOracle(await connected(this.path), this.path, this.directory, () => Promise.resolve());
  }

  /** Sends one command; text is Latin-1. Gives the reply as Latin-1 text. */
  send(...words: readonly (string | number)[]): Promise<string> {
    return this.sendAll([words]);
  }

  /** Sends commands, after which no transaction is open, and gives their replies one after the other. */
  async sendAll(commands: readonly (readonly (string | number)[])[]): Promise<string> {
    this.socket.write(Buffer.from([...commands, ["ECHO", END_WORD]].map(encodeCommand).join(""), "latin1"));
    while (!this.received.endsWith(END)) await new Promise<void>((resolve) => (this.wake = resolve));
    const reply = this.received.slice(0, -END.length);
    this.received = "";
    return reply;
  }

  async stop(): Promise<void> {
    this.socket.destroy();
    await this.end();
  }
}

async function connected(path: string): Promise<Socket> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(path);
    try {
      await once(socket, "connect");
      return socket;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  throw new Error("redis-server does not listen");
}
