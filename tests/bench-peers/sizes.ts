/** Memory of large values: what the process grows by while it is filled, a fresh server for each row. */
import { setTimeout as sleep } from "node:timers/promises";

import { residentBytes } from "../support/processes.ts";
import { type PeerKind, startServer } from "../support/server.ts";
import { renderTable } from "../support/table.ts";
import { feed } from "./feed.ts";
import { geometricMean } from "./summary.ts";

interface SizeRow {
  name: string;
  commands: number;
  commandAt: (index: number) => string[];
}

const million = 1_000_000;
const mostRatio = 0.9;
const mostMeanRatio = 0.75;
const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const value = (index: number): string => `value:${index}`.padEnd(16, "x");

const rows: readonly SizeRow[] = [
  {
    name: "100 k hashes of 10 fields",
    commands: 100_000,
    commandAt: (index) => ["HSET", `hash:${index}`, ...range(10).flatMap((at) => [`field:${at}`, value(index + at)])],
  },
  {
    name: "100 k lists of 20 elements",
    commands: 100_000,
    commandAt: (index) => ["RPUSH", `list:${index}`, ...range(20).map((at) => value(index + at))],
  },
  { name: "1 M-member set", commands: million, commandAt: (index) => ["SADD", "set", `member:${index}`] },
  {
    name: "1 M-member sorted set",
    commands: million,
    commandAt: (index) => ["ZADD", "zset", String((index * 7919) % million), `member:${index}`],
  },
  { name: "1 M-field hash", commands: million, commandAt: (index) => ["HSET", "hash", `field:${index}`, value(index)] },
  {
    name: "1 M-entry stream",
    commands: million,
    commandAt: (index) => ["XADD", "stream", `${1_700_000_000_000 + index}-0`, "field", value(index)],
  },
];

/** Measures all rows; true when the ratios are within their limits. */
export async function measureSizes(subject: PeerKind): Promise<boolean> {
  const table: string[][] = [];
  const ratios: number[] = [];
  for (const row of rows) {
    const [reference, found] = [await growthOf("redis", row), await growthOf(subject, row)];
    const ratio = found / reference;
    ratios.push(ratio);
    table.push([
      row.name,
      megabytes(reference),
      megabytes(found),
      ratio.toFixed(2),
      ratio <= mostRatio ? "meets" : "misses",
    ]);
    console.error(table.at(-1)?.join("  "));
  }
  const mean = geometricMean(ratios);
  table.push(["mean", "", "", mean.toFixed(2), mean <= mostMeanRatio ? "meets" : "misses"]);
  console.log(renderTable(["growth of RSS", "redis MB", `${subject} MB`, "ratio", "verdict"], table));
  return mean <= mostMeanRatio && ratios.every((ratio) => ratio <= mostRatio);
}

async function growthOf(kind: PeerKind, { commands, commandAt }: SizeRow): Promise<number> {
  const server = await startServer({ kind });
  try {
    await sleep(500);
    const before = residentBytes(server.pid);
    await feed(server.port, commands, commandAt);
    await sleep(500);
    return residentBytes(server.pid) - before;
  } finally {
    await server.stop("SIGKILL");
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
