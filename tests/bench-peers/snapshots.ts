/**
 * What a background save costs, beside redis-server: latency under load while one save follows the other, memory meanwhile, the
 * time a save takes, the size of the file, and the time to load one and the same file.
 */
import { cpSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { RawConnection } from "../support/connection.ts";
import { processFamily, proportionalBytes } from "../support/processes.ts";
import { whenSaved } from "../support/saves.ts";
import { type PeerKind, type RunningServer, startServer } from "../support/server.ts";
import { renderTable } from "../support/table.ts";
import { feed } from "./feed.ts";
import { snapshotLimits } from "./limits.ts";
import { type BenchmarkFigures, runRedisBenchmark } from "./redis-benchmark.ts";
import { median } from "./rounds.ts";

export interface SnapshotOptions {
  subject: PeerKind;
  keys: number;
  /** Requests of a run under load. */
  requests: number;
  /** Runs; the median counts. */
  rounds: number;
}

interface SnapshotFigures {
  /** Under load, without a save and with one after the other. */
  idle: BenchmarkFigures;
  saving: BenchmarkFigures;
  /** Largest proportional set size of the server and its children while saving under load, over the one before. */
  memoryRatio: number;
  /** Of one save with nothing else to do. */
  saveMs: number;
  /** Of the saves under load, the median. */
  saveUnderLoadMs: number;
  fileBytes: number;
}

const valueBytes = 32;
/** Every tenth key is a hash of some fields; the others are strings, which the load overwrites. */
const hashEvery = 10;
const fieldsPerHash = 5;
const memorySampleMs = 50;

/** Prints the table; true when the figures are within their limits. */
export async function measureSnapshots(options: SnapshotOptions): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), "sider-bench-"));
  const peers = [await Peer.start("redis", options), await Peer.start(options.subject, options)] as const;
  try {
    cpSync(join(peers[0].server.directory, "dump.rdb"), join(directory, "dump.rdb"));
    for (let round = 0; round < options.rounds; round++) {
      for (const peer of round % 2 === 0 ? peers : peers.toReversed()) await peer.round();
    }
  } finally {
    for (const peer of peers) await peer.server.stop("SIGKILL");
  }
  try {
    const loads = { reference: await loadMs("redis", directory), found: await loadMs(options.subject, directory) };
    return report(options, peers[0].figures(), peers[1].figures(), loads);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** One server with its keys, and what was measured on it so far. */
class Peer {
  readonly server: RunningServer;
  readonly #options: SnapshotOptions;
  readonly #connection: RawConnection;
  readonly #fileBytes: number;
  readonly #rounds: SnapshotFigures[] = [];

  private constructor(server: RunningServer, connection: RawConnection, options: SnapshotOptions) {
    this.server = server;
    this.#connection = connection;
    this.#options = options;
    this.#fileBytes = statSync(join(server.directory, "dump.rdb")).size;
  }

  /** Starts a server with its keys, and saves once. */
  static async start(kind: PeerKind, options: SnapshotOptions): Promise<Peer> {
    const server = await startServer({ kind });
    await fillMixed(server.port, options.keys);
    const connection = await RawConnection.open(server.port);
    await saveOnce(connection);
    return new Peer(server, connection, options);
  }

  async round(): Promise<void> {
    const saveMs = await saveOnce(this.#connection);
    const idle = await loadOn(this.server, this.#options);
    const saving = await loadWhileSaving(this.server, this.#options, this.#connection);
    this.#rounds.push({ saveMs, idle, ...saving, fileBytes: this.#fileBytes });
    const { kind } = this.server;
    console.error(
      `${kind}: p99.9 ${idle.p999Ms} ms, saving ${saving.saving.p999Ms} ms, save ${saveMs.toFixed(0)} ms, ` +
        `memory ${saving.memoryRatio.toFixed(2)}x`,
    );
  }

  /** The median of each figure. */
  figures(): SnapshotFigures {
    const of = (figure: (round: SnapshotFigures) => number): number => median(this.#rounds.map(figure));
    const benchmark = (run: "idle" | "saving"): BenchmarkFigures => ({
      requestsPerSecond: of((round) => round[run].requestsPerSecond),
      p50Ms: of((round) => round[run].p50Ms),
      p99Ms: of((round) => round[run].p99Ms),
      p999Ms: of((round) => round[run].p999Ms),
    });
    return {
      idle: benchmark("idle"),
      saving: benchmark("saving"),
      memoryRatio: of((round) => round.memoryRatio),
      saveMs: of((round) => round.saveMs),
      saveUnderLoadMs: of((round) => round.saveUnderLoadMs),
      fileBytes: this.#fileBytes,
    };
  }
}

async function fillMixed(port: number, keys: number): Promise<void> {
  const value = (index: number): string => `value:${(index * 7919) % keys}:`.padEnd(valueBytes, "abc");
  await feed(port, keys, (index) => {
    const name = String(index).padStart(12, "0");
    if (index % hashEvery !== 0) return ["SET", `key:${name}`, value(index)];
    const fields = Array.from({ length: fieldsPerHash }, (_, at) => [`field:${at}`, value(index + at)]);
    return ["HSET", `hash:${name}`, ...fields.flat()];
  });
}

function loadOn(server: RunningServer, { keys, requests }: SnapshotOptions): Promise<BenchmarkFigures> {
  return runRedisBenchmark({ port: server.port, test: "SET", depth: 1, requests, valueBytes, keys });
}

async function loadWhileSaving(
  server: RunningServer,
  options: SnapshotOptions,
  connection: RawConnection,
): Promise<Pick<SnapshotFigures, "saving" | "memoryRatio" | "saveUnderLoadMs">> {
  let isOver = false;
  const over = (): boolean => isOver;
  const before = familyBytes(server.pid);
  const peak = peakUntil(server.pid, over);
  const saves = savesUntil(connection, over);
  const saving = await loadOn(server, options);
  isOver = true;
  return { saving, memoryRatio: (await peak) / before, saveUnderLoadMs: median(await saves) };
}

async function peakUntil(pid: number, isOver: () => boolean): Promise<number> {
  let peak = 0;
  while (!isOver()) {
    peak = Math.max(peak, familyBytes(pid));
    await sleep(memorySampleMs);
  }
  return peak;
}

async function savesUntil(connection: RawConnection, isOver: () => boolean): Promise<number[]> {
  const times: number[] = [];
  while (!isOver()) times.push(await saveOnce(connection));
  return times;
}

/** One BGSAVE to its end, in milliseconds. */
async function saveOnce(connection: RawConnection): Promise<number> {
  const startedAt = performance.now();
  const reply = await connection.callText("BGSAVE");
  if (reply.startsWith("-")) throw new Error(`BGSAVE: ${reply}`);
  await whenSaved(connection);
  return performance.now() - startedAt;
}

function familyBytes(pid: number): number {
  return processFamily(pid).reduce((sum, member) => sum + proportionalBytes(member), 0);
}

/** From the start to the first PONG with the file, without what an empty start takes; the best of three. */
async function loadMs(kind: PeerKind, directory: string): Promise<number> {
  const best = async (folder?: string): Promise<number> => {
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      const server = await startServer({ kind, ...(folder === undefined ? {} : { directory: folder }) });
      times.push(server.startMs);
      await server.stop("SIGKILL");
    }
    return Math.min(...times);
  };
  return (await best(directory)) - (await best());
}

function report(
  { keys, subject, requests }: SnapshotOptions,
  reference: SnapshotFigures,
  found: SnapshotFigures,
  loads: { reference: number; found: number },
): boolean {
  const limits = snapshotLimits;
  const rows: string[][] = [];
  let isMet = true;
  const row = (name: string, of: (figures: SnapshotFigures) => number, digits: number, limit?: number): void => {
    compare(name, of(reference), of(found), digits, limit);
  };
  const compare = (name: string, theirs: number, ours: number, digits: number, most?: number): void => {
    const ratio = ours / theirs;
    if (most !== undefined && !(ratio <= most)) isMet = false;
    const verdict = most === undefined ? "" : `${ratio <= most ? "meets" : "misses"} <= ${most}x`;
    rows.push([name, theirs.toFixed(digits), ours.toFixed(digits), `${ratio.toFixed(2)}x`, verdict]);
  };
  row("p99 ms under load", ({ idle }) => idle.p99Ms, 3);
  row("p99.9 ms under load", ({ idle }) => idle.p999Ms, 3);
  row("p99 ms under load, saving", ({ saving }) => saving.p99Ms, 3);
  row("p99.9 ms under load, saving", ({ saving }) => saving.p999Ms, 3, limits.p999Ratio);
  row("requests/s under load, saving", ({ saving }) => saving.requestsPerSecond, 0);
  row("save, ms", ({ saveMs }) => saveMs, 0, limits.saveRatio);
  row("save under load, ms", ({ saveUnderLoadMs }) => saveUnderLoadMs, 0);
  compare("load of the same file, ms", loads.reference, loads.found, 0, limits.loadRatio);
  row("file, MB", ({ fileBytes }) => fileBytes / 1e6, 2, limits.fileRatio);
  const extra = [reference, found].map(({ memoryRatio }) => (memoryRatio - 1) * 100);
  const memoryMet = found.memoryRatio - 1 <= limits.extraMemory;
  rows.push([
    "extra memory while saving, %",
    ...extra.map((percent) => percent.toFixed(1)),
    "",
    `${memoryMet ? "meets" : "misses"} <= ${limits.extraMemory * 100} %`,
  ]);
  console.log(`\n${keys} keys, 50 connections, ${requests} SETs at depth 1, one save after the other\n`);
  console.log(renderTable(["snapshots", "redis", subject, "ratio", "verdict"], rows));
  return isMet && memoryMet;
}
