/** redis-server and redis-cli for the length of a test. In CI they have to be there; elsewhere a line says that they are not. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "../client/client.ts";
import type { RunOptions, RunResult } from "./run-cli.ts";

export interface RunningRedis {
  readonly port: number;
  /** The options of a client that reach it. */
  readonly atPort: readonly string[];
  readonly socketPath: string;
  readonly client: Client;
}

export interface Redis extends RunningRedis {
  stop(): Promise<void>;
}

/** The formats of redis-cli changed from version to version: these tests know those of 7.0. */
export function redisCliPresent(): boolean {
  const versions = ["redis-server", "redis-cli"].map(
    (program) => spawnSync(program, ["--version"], { encoding: "utf8" }).stdout ?? "",
  );
  const isPresent = versions.every((version) => /\b7\.0\.\d/.test(version));
  if (!isPresent && process.env["CI"]) throw new Error("redis-server and redis-cli 7.0 are required in CI");
  if (!isPresent) console.log("skipped: comparison with redis-cli, redis-server and redis-cli 7.0 are not installed");
  return isPresent;
}

/** @param more options of redis-server */
export async function startRedis(more: readonly string[] = []): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), "sider-cli-"));
  const port = await freePort();
  const socketPath = join(folder, "socket");
  const network = ["--port", String(port), "--bind", "127.0.0.1", "--unixsocket", socketPath];
  const settings = [...network, "--save", "", "--dir", folder, "--enable-debug-command", "yes", ...more];
  const server = spawn("redis-server", settings, { stdio: "ignore" });
  const client = await connectWhenReady(port, server);
  const stop = async (): Promise<void> => {
    client.close();
    if (server.exitCode === null) {
      await new Promise((resolve) => {
        server.once("exit", resolve);
        server.kill();
      });
    }
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, atPort: ["-p", String(port)], socketPath, client, stop };
}

/** How often a command has been executed, as INFO counts it. */
export async function callsOf(redis: RunningRedis, command: string): Promise<number> {
  const statistics = (await redis.client.send(["INFO", "commandstats"])) as string;
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(statistics)?.[1] ?? 0);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface RedisCliOptions extends RunOptions {
  /** Interrupts it after so many bytes of output, where it has no end of its own. */
  until?: number;
}

/** Runs redis-cli to its end. */
export async function runRedisCli(args: readonly string[], options: RedisCliOptions = {}): Promise<RunResult> {
  const env = { PATH: process.env["PATH"] ?? "", ...options.env };
  const child = spawn("redis-cli", args, { env, stdio: "pipe" });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("latin1").on("data", (text: string) => {
      output[name] += text;
      if (output.stdout.length >= (options.until ?? Infinity)) child.kill("SIGINT");
    });
  }
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...output };
}

async function connectWhenReady(port: number, server: ChildProcess): Promise<Client> {
  for (let tries = 0; server.exitCode === null && tries < 200; tries++) {
    try {
      return await Client.open({ address: { kind: "tcp", host: "127.0.0.1", port } });
    } catch {
      await sleep(20);
    }
  }
  throw new Error("redis-server does not start");
}
