/**
 * A redis-server for the length of a test: started on a Unix socket in a folder of its own, asked through redis-cli,
 * which prints replies as JSON.
 */

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Redis {
  /** Runs one command. */
  ask(...words: string[]): unknown;
  /** Runs many commands, one a line, arguments in redis-cli's quoting; an error reply comes back as a string. */
  askAll(lines: readonly string[]): unknown[];
  stop(): Promise<void>;
}

/** The version of the redis-server on this machine, or null. In CI it has to be there. */
export function redisVersion(): string | null {
  const run = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
  const version = run.status === 0 ? /v=(\S+)/.exec(run.stdout)?.[1] : undefined;
  if (version === undefined && process.env["CI"]) throw new Error("redis-server is required in CI");
  return version ?? null;
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
}

export async function startRedis(): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), "command-spec-"));
  const socket = join(folder, "socket");
  const settings = ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder];
  const server = spawn("redis-server", settings, { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  await waitFor(() => existsSync(socket));
  const cli = (words: readonly string[], input?: string): string =>
    execFileSync("redis-cli", ["-s", socket, "-3", "--json", ...words], {
      input,
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
  return {
    ask: (...words) => JSON.parse(cli(words)) as unknown,
    askAll: (lines) =>
      cli([], lines.join("\n"))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => (/^[[{"\d]/.test(line) ? (JSON.parse(line) as unknown) : line)),
    stop: async () => {
      server.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
