/**
 * Starts redis-server or Sider as a child process, for tests and benches: picks a free port, waits for the first PONG, keeps
 * the log, and stops it by its process id. Both take the same options, so a test can run against either.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { siderServerProgram } from "./workspace.ts";

export type PeerKind = "redis" | "sider";

export interface ServerOptions {
  kind: PeerKind;
  /** Options as for redis-server, after the defaults (no persistence, loopback only, a fresh directory). */
  args?: readonly string[];
  /** The configuration file to start with; options come after it, and win. */
  configFile?: string;
  /** Options of node itself; only Sider has them. */
  nodeArgs?: readonly string[];
  /** Where the server keeps its files; without it a temporary folder that stop() removes. */
  directory?: string;
  /** A command that starts the server in other circumstances, e.g. ["prlimit", "--nofile=64"]. */
  wrapper?: readonly string[];
}

export interface RunningServer {
  readonly kind: PeerKind;
  readonly port: number;
  readonly pid: number;
  readonly directory: string;
  /** Milliseconds from the start of the process to the first PONG. */
  readonly startMs: number;
  /** Everything that the server has printed. */
  log(): string;
  /** Sends a signal and waits for the end; returns the exit code (null when a signal ended it). */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Settles when the process ends by itself. */
  readonly exited: Promise<number | null>;
}

/** The server that the tests in this folder are about: Sider, or redis-server to check the tests themselves. */
export const subjectKind: PeerKind = process.env["SIDER_TEST_PEER"] === "redis" ? "redis" : "sider";

/** True when the program to be tested can be started (Sider: when it has been built). */
export function subjectPresent(): boolean {
  if (subjectKind === "redis" || existsSync(siderServerProgram)) return true;
  if (process.env["CI"]) throw new Error(`${siderServerProgram} has not been built`);
  console.log("skipped: apps/server has not been built");
  return false;
}

/** The command line of a server, without its options. */
export function serverCommand(kind: PeerKind, nodeArgs: readonly string[] = []): string[] {
  return kind === "redis" ? ["redis-server"] : [process.execPath, ...nodeArgs, siderServerProgram];
}

/** Starts a server and returns when it answers. Throws, with the log, when it ends or stays silent for 20 s. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await startOnPort(options, await freePort());
    } catch (error) {
      // Between the look and the start another process may have taken the port.
      if (attempt === 3 || !/address already in use/i.test(String(error))) throw error;
    }
  }
}

async function startOnPort(options: ServerOptions, port: number): Promise<RunningServer> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "sider-test-"));
  const file = options.configFile === undefined ? [] : [options.configFile];
  const command = serverCommand(options.kind, options.nodeArgs);
  const [program = "", ...first] = [...(options.wrapper ?? []), ...command, ...file];
  const defaults = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory];
  const startedAt = performance.now();
  const child = spawn(program, [...first, ...defaults, ...(options.args ?? [])], { stdio: ["ignore", "pipe", "pipe"] });
  const log = collectOutput(child);
  const exited = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("exit", (code) => resolve(code));
  });
  const removeDirectory = (): void => {
    if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
  };
  // A test run that dies must not leave servers behind.
  const killChild = (): void => void child.kill("SIGKILL");
  process.once("exit", killChild);
  void exited.then(() => process.removeListener("exit", killChild));

  if (!(await firstPong(port, exited))) {
    killChild();
    removeDirectory();
    throw new Error(`${options.kind} did not start:\n${log()}`);
  }
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> => {
    child.kill(signal);
    const code = await exited;
    removeDirectory();
    return code;
  };
  const pid = child.pid ?? 0;
  return { kind: options.kind, port, pid, directory, startMs: performance.now() - startedAt, log, stop, exited };
}

function collectOutput(child: ChildProcess): () => string {
  const pieces: Buffer[] = [];
  child.stdout?.on("data", (piece: Buffer) => pieces.push(piece));
  child.stderr?.on("data", (piece: Buffer) => pieces.push(piece));
  child.once("error", (error) => pieces.push(Buffer.from(String(error))));
  return () => Buffer.concat(pieces).toString();
}

async function firstPong(port: number, exited: Promise<unknown>): Promise<boolean> {
  let ended = false;
  void exited.then(() => (ended = true));
  const deadline = performance.now() + 20_000;
  while (!ended && performance.now() < deadline) {
    if (await answersPong(port)) return true;
    await sleep(1);
  }
  return false;
}

/** True when something on that port answers PING; a server that asks for a password counts too. */
export function answersPong(port: number, timeoutMs = 2000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" }, () => void socket.write("PING\r\n"));
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once("data", (bytes) => finish(/^(\+PONG|-NOAUTH)/.test(bytes.toString("latin1"))));
    socket.once("error", () => finish(false));
    socket.once("close", () => finish(false));
  });
}

/**
 * A port that is free now: from SIDER_TEST_PORTS ("7350-7369") or 20000-29999, which is below the range that the kernel gives
 * to outgoing connections.
 */
export async function freePort(): Promise<number> {
  const [low = 20_000, high = 29_999] = (process.env["SIDER_TEST_PORTS"] ?? "20000-29999").split("-").map(Number);
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = low + Math.floor(Math.random() * (high - low + 1));
    if (await canListen(port)) return port;
  }
  throw new Error(`no free port in ${low}-${high}`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
