/**
 * What a start with a dump file costs, beside redis-server: wall time and CPU of one and the same file, by kind of data. The file is
 * redis-server's. An empty start is measured too and taken off, so that what is left is the load.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { RawConnection } from "../support/connection.ts";
import { cpuMicroseconds } from "../support/processes.ts";
import { freePort, type PeerKind, serverCommand, startServer } from "../support/server.ts";
import { renderTable } from "../support/table.ts";
import { feedCommands } from "./feed.ts";
import { snapshotLimits } from "./limits.ts";
import { median } from "./rounds.ts";

export interface LoadOptions {
  subject: PeerKind;
  keys: number;
  rounds: number;
}

interface Cost {
  wallMs: number;
  cpuMs: number;
}

type Commands = Generator<readonly string[]>;

const padded = (index: number): string => String(index).padStart(12, "0");
const text = (index: number, length: number): string => `v:${index * 7919}:`.padEnd(length, "abcdefghij");
const small = 8;
const large = 200_000;

function* strings(keys: number, valueBytes: number): Commands {
  for (let index = 0; index < keys; index++) yield ["SET", `key:${padded(index)}`, text(index, valueBytes)];
}

/** Strings, some with an expiry, and every other type with few elements. */
function* mixed(keys: number): Commands {
  const elements = (index: number): string[] => Array.from({ length: small }, (_, at) => text(index + at, 12));
  const pairs = (index: number): string[] => elements(index).flatMap((value, at) => [`field:${at}`, value]);
  for (let index = 0; index < keys; index++) {
    const name = padded(index);
    const turn = index % 10;
    if (turn < 4) yield ["SET", `key:${name}`, text(index, 24)];
    else if (turn < 5) yield ["SET", `session:${name}`, text(index, 24), "EX", "1000000"];
    else if (turn < 6) yield ["SET", `counter:${name}`, String(index)];
    else if (turn < 7) yield ["HSET", `hash:${name}`, ...pairs(index)];
    else if (turn < 8) yield ["RPUSH", `list:${name}`, ...elements(index)];
    else if (turn < 9) yield ["ZADD", `zset:${name}`, ...elements(index).flatMap((value, at) => [String(at), value])];
    else yield ["SADD", `set:${name}`, ...(index % 20 === 9 ? elements(index) : ["1", "2", String(index)])];
  }
}

/** Few keys with many elements each. */
function* many(keys: number): Commands {
  for (let index = 0; index < keys; index++) {
    const name = String(Math.floor(index / large));
    const element = `element:${padded(index)}`;
    const turn = index % 4;
    if (turn === 0) yield ["HSET", `hash:${name}`, element, text(index, 24)];
    else if (turn === 1) yield ["RPUSH", `list:${name}`, element];
    else if (turn === 2) yield ["ZADD", `zset:${name}`, String(index), element];
    else yield ["SADD", `set:${name}`, element];
  }
}

const kinds: readonly { name: string; commands: (keys: number) => Commands }[] = [
  { name: "strings of 16 bytes", commands: (keys) => strings(keys, 16) },
  { name: "strings of 100 bytes", commands: (keys) => strings(keys, 100) },
  { name: "a mix of all types", commands: mixed },
  { name: "large values", commands: many },
];

/** Prints the table; true when the figures are within their limits. */
export async function measureLoads({ keys, subject, rounds }: LoadOptions): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), "sider-bench-"));
  const table: string[][] = [];
  let isMet = true;
  try {
    const empty = await measureBoth(join(directory, "empty"), subject, rounds);
    for (const { name, commands } of kinds) {
      const folder = join(directory, name.replaceAll(" ", "-"));
      await makeDump(folder, commands(keys));
      const [theirs, ours] = (await measureBoth(folder, subject, rounds)).map((cost, at) => less(cost, empty[at]));
      const ratio = ours.wallMs / theirs.wallMs;
      isMet &&= ratio <= snapshotLimits.loadRatio;
      table.push([
        name,
        (statSync(join(folder, "dump.rdb")).size / 1e6).toFixed(1),
        ...[theirs, ours].map(({ wallMs }) => wallMs.toFixed(0)),
        `${ratio.toFixed(2)}x`,
        ...[theirs, ours].map(({ cpuMs }) => cpuMs.toFixed(0)),
        `${(ours.cpuMs / theirs.cpuMs).toFixed(2)}x`,
        `${ratio <= snapshotLimits.loadRatio ? "meets" : "misses"} <= ${snapshotLimits.loadRatio}x`,
      ]);
      console.error(table.at(-1)?.join("  "));
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
  console.log(`\nLoad of a dump file, ${keys} keys or elements, median of ${rounds}, an empty start taken off\n`);
  const heading = ["load", "MB", "redis ms", `${subject} ms`, "ratio", "redis CPU ms", `${subject} CPU ms`, "ratio"];
  console.log(renderTable([...heading, "verdict"], table));
  return isMet;
}

/** The file that redis-server saves after these commands, as `dump.rdb` in a folder of its own. */
async function makeDump(folder: string, commands: Commands): Promise<void> {
  mkdirSync(folder);
  const server = await startServer({ kind: "redis" });
  try {
    await feedCommands(server.port, commands);
    const connection = await RawConnection.open(server.port);
    const reply = await connection.callText("SAVE");
    if (reply !== "+OK\r\n") throw new Error(`SAVE: ${reply}`);
    connection.close();
    copyFileSync(join(server.directory, "dump.rdb"), join(folder, "dump.rdb"));
  } finally {
    await server.stop("SIGKILL");
  }
}

/** redis-server and the subject in turns. */
async function measureBoth(folder: string, subject: PeerKind, rounds: number): Promise<[Cost, Cost]> {
  mkdirSync(folder, { recursive: true });
  const costs: [Cost[], Cost[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    costs[0].push(await startCost("redis", folder));
    costs[1].push(await startCost(subject, folder));
  }
  return [medianCost(costs[0]), medianCost(costs[1])];
}

function medianCost(costs: readonly Cost[]): Cost {
  return { wallMs: median(costs.map(({ wallMs }) => wallMs)), cpuMs: median(costs.map(({ cpuMs }) => cpuMs)) };
}

function less(cost: Cost, other: Cost): Cost {
  return { wallMs: cost.wallMs - other.wallMs, cpuMs: cost.cpuMs - other.cpuMs };
}

/** From the start of the process until it says that it is ready: nobody asks it meanwhile. */
async function startCost(kind: PeerKind, folder: string): Promise<Cost> {
  const port = await freePort();
  const [program = "", ...first] = serverCommand(kind);
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder];
  const startedAt = performance.now();
  const child = spawn(program, [...first, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const cost = await new Promise<Cost>((resolve, reject) => {
    let log = "";
    child.stdout.on("data", (piece: Buffer) => {
      log += piece.toString();
      if (!log.includes("Ready to accept connections")) return;
      resolve({ wallMs: performance.now() - startedAt, cpuMs: cpuMicroseconds(child.pid ?? 0) / 1000 });
    });
    child.once("exit", () => reject(new Error(`${kind} did not start:\n${log}`)));
  });
  child.kill("SIGKILL");
  await ended;
  return cost;
}
