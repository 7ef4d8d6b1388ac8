/**
 * redis-server 7.0 as the oracle: started in a directory of its own where its socket is too, so that no port is taken;
 * spoken to through a client of one command at a time; stopped by its process. On a developer's machine its absence skips tests; in CI it is a failure.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether redis-server and redis-check-rdb are there. */
export function oraclePresent(): boolean {
  const missing = ["redis-server", "redis-check-rdb"].filter(
    (name) => spawnSync(name, ["--version"]).error !== undefined,
  );
  if (missing.length === 0) return true;
  if ((process.env["CI"] ?? "") !== "") throw new Error(`${missing.join(", ")} not found (required in CI)`);
  console.log(`skipped: RDB exchange with redis-server: ${missing.join(", ")} not found`);
  return false;
}

export type OracleReply = number | null | Uint8Array;

export interface Oracle {
  /** Sends one command, text as UTF-8, and waits for its reply. Rejects on an error reply. */
  command(...parts: readonly (string | Uint8Array)[]): Promise<OracleReply>;
  stop(): Promise<void>;
}

/** A new, empty directory. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "sider-persistence-"));
}

/** Starts a server that loads and saves `dump.rdb` in the directory, or does what more options say. */
export async function startOracle(directory: string, more: readonly string[] = []): Promise<Oracle> {
  const socketPath = join(directory, "redis.sock");
  const options = [
    "--enable-debug-command",
    "yes",
    "--port",
    "0",
    "--unixsocket",
    socketPath,
    "--save",
    "",
    "--dir",
    directory,
    ...more,
  ];
  const server = spawn("redis-server", options, { stdio: "ignore" });
  const exited = once(server, "exit");
  const socket = await connected(socketPath, () => server.exitCode !== null);
  return {
    command: (...parts) => ask(socket, parts),
    stop: async () => {
      socket.destroy();
      server.kill("SIGKILL");
      await exited;
    },
  };
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

async function connected(path: string, gone: () => boolean): Promise<Socket> {
  for (let attempt = 0; attempt < 200 && !gone(); attempt++) {
    const socket = connect(path);
    try {
      await once(socket, "connect");
      await ask(socket, ["PING"]);
      return socket;
    } catch {
      socket.destroy();
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  throw new Error(`redis-server does not answer on ${path}`);
}

function ask(socket: Socket, parts: readonly (string | Uint8Array)[]): Promise<OracleReply> {
  const request: Uint8Array[] = [Buffer.from(`*${String(parts.length)}\r\n`)];
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part) : part;
    request.push(Buffer.from(`$${String(bytes.length)}\r\n`), bytes, Buffer.from("\r\n"));
  }
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const onData = (piece: Buffer): void => {
      received = Buffer.concat([received, piece]);
      const reply = parseReply(received);
      if (reply === undefined) return;
      socket.off("data", onData).off("close", onClose);
      if (reply instanceof Error) reject(reply);
      else resolve(reply);
    };
    const onClose = (): void => {
      reject(new Error("the server closed the connection"));
    };
    socket.on("data", onData).on("close", onClose);
    socket.write(Buffer.concat(request));
  });
}

/** One reply that is no array; undefined while it is incomplete. */
function parseReply(received: Buffer): OracleReply | Error | undefined {
  const lineEnd = received.indexOf("\r\n");
  if (lineEnd < 0) return undefined;
  const line = received.toString("latin1", 1, lineEnd);
  switch (received.toString("latin1", 0, 1)) {
    case "+":
      return Buffer.from(line, "latin1");
    case ":":
      return Number(line);
    case "$":
      if (line === "-1") return null;
      return received.length < lineEnd + 4 + Number(line) ? undefined : received.subarray(lineEnd + 2, -2);
    default:
      return new Error(line);
  }
}
