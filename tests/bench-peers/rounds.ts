/**
 * The rounds: the same run against both servers in turn (A B, then B A, ...), so that a slow moment of the machine hits both.
 */
import { cpuMicroseconds } from "../support/processes.ts";
import type { RunningServer } from "../support/server.ts";
import type { Cell } from "./plan.ts";
import { prepareData } from "./prepare.ts";
import { runRedisBenchmark } from "./redis-benchmark.ts";

/** Figures of one run against one server. */
export interface RunFigures {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  p999Ms: number;
  /** User plus system time of the server process. */
  cpuUsPerRequest: number;
}

export interface CellResult {
  cell: Cell;
  reference: RunFigures[];
  subject: RunFigures[];
}

export interface Peers {
  reference: RunningServer;
  subject: RunningServer;
}

/** Runs one cell for a number of rounds, after one short run that is not counted. */
export async function measureCell(peers: Peers, cell: Cell, rounds: number): Promise<CellResult> {
  const result: CellResult = { cell, reference: [], subject: [] };
  const warmUp = { ...cell, requests: Math.ceil(cell.requests / 5) };
  await measureRun(peers.reference, warmUp);
  await measureRun(peers.subject, warmUp);
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? (["reference", "subject"] as const) : (["subject", "reference"] as const);
    for (const peer of order) result[peer].push(await measureRun(peers[peer], cell));
  }
  return result;
}

async function measureRun(server: RunningServer, cell: Cell): Promise<RunFigures> {
  await prepareData(server, cell);
  const before = cpuMicroseconds(server.pid);
  const figures = await runRedisBenchmark({ ...cell, port: server.port });
  return { ...figures, cpuUsPerRequest: (cpuMicroseconds(server.pid) - before) / cell.requests };
}

/** The middle value (the mean of the two in the middle of an even number). */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? NaN)) / 2;
}

/** The median of one figure over the rounds. */
export function medianOf(runs: readonly RunFigures[], figure: keyof RunFigures): number {
  return median(runs.map((run) => run[figure]));
}
