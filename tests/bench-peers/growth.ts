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
  /** With __rand_int__ for a number below the size. */
  command: readonly string[];
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
  { name: "ZRANGE", fill: sortedSet, command: ["ZRANGE", "zset", "__rand_int__", "__rand_int__"], requests: 0 },
  { name: "LINDEX", fill: list, command: ["LINDEX", "list", "__rand_int__"], requests: 20_000 },
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
    return row.requests === 0 ? await rangeCost(server, size) : await commandCost(server, row, size);
  } finally {
    await server.stop("SIGKILL");
  }
}

/** Ranges of ten at random ranks: redis-benchmark cannot draw two numbers that lie together. */
async function rangeCost(server: RunningServer, size: number): Promise<number> {
  const requests = 200_000;
  const before = cpuMicroseconds(server.pid);
  await feed(server.port, requests, (index) => {
    const rank = (index * 7919) % size;
    return ["ZRANGE", "zset", String(rank), String(rank + 9)];
  });
  return (cpuMicroseconds(server.pid) - before) / requests;
}

async function commandCost(server: RunningServer, { command, requests }: GrowthRow, size: number): Promise<number> {
  const options = ["-h", "127.0.0.1", "-p", server.port, "-c", 50, "-P", 16, "-q", "-n", requests, "-r", size].map(
    String,
  );
  const before = cpuMicroseconds(server.pid);
  const child = spawn("redis-benchmark", [...options, ...command], { stdio: ["ignore", "ignore", "inherit"] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`redis-benchmark ${command.join(" ")} ended with ${code}`);
  return (cpuMicroseconds(server.pid) - before) / requests;
}
