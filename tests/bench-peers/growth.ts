/** How the cost of a command grows with the value: CPU per request with 10 thousand and with a million elements under one key. */
import { spawn } from "node:child_process";

import { cpuMicroseconds } from "../support/processes.ts";
import { type PeerKind, type RunningServer, startServer } from "../support/server.ts";
import { renderTable } from "../support/table.ts";
import { feed } from "./feed.ts";

const sizes = [10_000, 1_000_000];

interface GrowthRow {
  name: string;
  fill: (index: number) => string[];
  /** With __rand_int__ for a number below the size; a function of such a number where redis-benchmark cannot write it. */
  command: readonly string[] | ((at: number) => string[]);
  requests: number;
}

/** redis-benchmark writes its random numbers with twelve digits. */
const padded = (index: number): string => String(index).padStart(12, "0");
const list = (index: number): string[] => ["RPUSH", "list", `element:${padded(index)}`];
const sortedSet = (index: number): string[] => ["ZADD", "zset", String(index), `element:${padded(index)}`];

const rows: readonly GrowthRow[] = [
  { name: "LPUSH", fill: list, command: ["LPUSH", "list", "element"], requests: 400_000 },
  {
    name: "HSET",
    fill: (index) => ["HSET", "hash", `element:${padded(index)}`, "value"],
    command: ["HSET", "hash", "element:__rand_int__", "other"],
    requests: 400_000,
  },
  {
    name: "SADD",
    fill: (index) => ["SADD", "set", `element:${padded(index)}`],
    command: ["SADD", "set", "element:__rand_int__"],
    requests: 400_000,
  },
  {
    name: "ZADD",
    fill: sortedSet,
    command: ["ZADD", "zset", "__rand_int__", "element:__rand_int__"],
    requests: 300_000,
  },
  { name: "ZRANK", fill: sortedSet, command: ["ZRANK", "zset", "element:__rand_int__"], requests: 300_000 },
  {
    name: "ZRANGE",
    fill: sortedSet,
    command: (at) => ["ZRANGE", "zset", String(at), String(at + 9)],
    requests: 200_000,
  },
  { name: "LINDEX", fill: list, command: (at) => ["LINDEX", "list", String(at)], requests: 200_000 },
  { name: "LINSERT", fill: list, command: ["LINSERT", "list", "BEFORE", "element:__rand_int__", "x"], requests: 300 },
  { name: "LREM", fill: list, command: ["LREM", "list", "1", "element:__rand_int__"], requests: 300 },
];

/** Prints the table for both servers. */
export async function measureGrowth(subject: PeerKind): Promise<void> {
  const table: string[][] = [];
  for (const row of rows) {
    const costs: number[] = [];
    for (const kind of ["redis", subject] as const) {
      for (const size of sizes) costs.push(await costOf(kind, row, size));
    }
    const [small = 0, large = 0, ourSmall = 0, ourLarge = 0] = costs;
    table.push([
      row.name,
      ...costs.map((cost) => cost.toFixed(2)),
      (large / small).toFixed(2),
      (ourLarge / ourSmall).toFixed(2),
    ]);
    console.error(table.at(-1)?.join("  "));
  }
  const heading = ["CPU us per request", "redis 10 k", "redis 1 M", `${subject} 10 k`, `${subject} 1 M`];
  console.log(renderTable([...heading, "redis growth", `${subject} growth`], table));
}

async function costOf(kind: PeerKind, row: GrowthRow, size: number): Promise<number> {
  const server = await startServer({ kind });
  try {
    await feed(server.port, size, row.fill);
    const before = cpuMicroseconds(server.pid);
    await runCommands(server, row, size);
    return (cpuMicroseconds(server.pid) - before) / row.requests;
  } finally {
    await server.stop("SIGKILL");
  }
}

/** An order that no cache foresees. */
const STRIDE = 7919;

async function runCommands(server: RunningServer, { command, requests }: GrowthRow, size: number): Promise<void> {
  if (typeof command === "function") {
    await feed(server.port, requests, (index) => command((index * STRIDE) % size));
    return;
  }
  const options = ["-h", "127.0.0.1", "-p", server.port, "-c", 50, "-P", 16, "-q", "-n", requests, "-r", size].map(
    String,
  );
  const child = spawn("redis-benchmark", [...options, ...command], { stdio: ["ignore", "ignore", "inherit"] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`redis-benchmark ${command.join(" ")} ended with ${code}`);
}
