/** Start time, idle memory, and memory per key. */
import { setTimeout as sleep } from "node:timers/promises";

import { residentBytes } from "../support/processes.ts";
import { type PeerKind, type RunningServer, startServer } from "../support/server.ts";
import { RawConnection } from "../support/connection.ts";
import { runRedisBenchmark } from "./redis-benchmark.ts";
import { median } from "./rounds.ts";

export interface Footprint {
  /** From the start of the process to its first PONG. */
  startMs: number;
  idleResidentBytes: number;
  /** Keys in the store after the fill. */
  filledKeys: number;
  residentBytesPerKey: number;
}

/** Starts of each server; the median counts. */
const starts = 5;
/** Each key is drawn three times on average, so that 95 % of them exist after the fill. */
const drawsPerKey = 3;

/** Median start time over some starts. */
export async function measureStartMs(kind: PeerKind): Promise<number> {
  const times: number[] = [];
  for (let start = 0; start < starts; start++) {
    const server = await startServer({ kind });
    times.push(server.startMs);
    await server.stop("SIGKILL");
  }
  return median(times);
}

/** Fills a fresh server with random keys and looks at what the process grew by. */
export async function measureFootprint(kind: PeerKind, keys: number, valueBytes: number): Promise<Footprint> {
  const startMs = await measureStartMs(kind);
  const server = await startServer({ kind });
  try {
    await sleep(1000);
    const idleResidentBytes = residentBytes(server.pid);
    await fill(server, keys, valueBytes);
    await sleep(1000);
    const filledKeys = await countKeys(server);
    const residentBytesPerKey = (residentBytes(server.pid) - idleResidentBytes) / filledKeys;
    return { startMs, idleResidentBytes, filledKeys, residentBytesPerKey };
  } finally {
    await server.stop("SIGKILL");
  }
}

/** Sets random keys until almost all of them exist. */
export async function fill(server: RunningServer, keys: number, valueBytes: number): Promise<void> {
  const depth = valueBytes > 4096 ? 4 : 100;
  await runRedisBenchmark({ port: server.port, test: "SET", depth, requests: keys * drawsPerKey, valueBytes, keys });
}

async function countKeys(server: RunningServer): Promise<number> {
  const connection = await RawConnection.open(server.port);
  const reply = await connection.call("DBSIZE");
  connection.close();
  const keys = Number(reply.toString().slice(1));
  if (!(keys > 0)) throw new Error(`DBSIZE after the fill: ${reply.toString()}`);
  return keys;
}
