/**
 * bench:peers: redis-server and Sider side by side, neither with persistence, redis-benchmark rounds alternating between them.
 * Ends with status 1 when a figure misses its limit.
 */
import { writeFileSync } from "node:fs";

import { RawConnection } from "../support/connection.ts";
import { programsPresent } from "../support/programs.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { renderTable } from "../support/table.ts";
import { fill, type Footprint, measureFootprint } from "./footprint.ts";
import { footprintLimits } from "./limits.ts";
import { type BenchOptions, parseOptions, usage } from "./options.ts";
import { measureGrowth } from "./growth.ts";
import { planCells } from "./plan.ts";
import { measureSizes } from "./sizes.ts";
import { measureDeliveries } from "./deliveries.ts";
import { measureAppendOnly } from "./append-only.ts";
import { measureHitRates } from "./hit-rates.ts";
import { measureLoads } from "./loads.ts";
import { measureSnapshots } from "./snapshots.ts";
import { type CellResult, measureCell, type Peers } from "./rounds.ts";
import { cellRow, footprintTable, heading, misses, summaryLines } from "./report.ts";

/** Fill, then measure, cell by cell; one line of progress each. */
async function measureCells(peers: Peers, options: BenchOptions): Promise<CellResult[]> {
  const results: CellResult[] = [];
  let filledWith = 0;
  for (const cell of planCells(options)) {
    if (cell.valueBytes !== filledWith && cell.test !== "PING") {
      await refill(peers.reference, cell.keys, cell.valueBytes);
      await refill(peers.subject, cell.keys, cell.valueBytes);
      filledWith = cell.valueBytes;
    }
    const result = await measureCell(peers, cell, options.rounds);
    results.push(result);
    console.error(cellRow(result).join("  "));
  }
  return results;
}

async function refill(server: RunningServer, keys: number, valueBytes: number): Promise<void> {
  const connection = await RawConnection.open(server.port);
  const flushed = await connection.callText("FLUSHALL");
  if (flushed !== "+OK\r\n") throw new Error(`FLUSHALL on ${server.kind}: ${flushed}`);
  connection.close();
  await fill(server, keys, valueBytes);
}

async function measureBothFootprints(
  options: BenchOptions,
): Promise<{ reference: Footprint; subject: Footprint } | null> {
  if (!options.footprint) return null;
  const valueBytes = options.valueBytes[0] ?? 16;
  const reference = await measureFootprint("redis", options.keys, valueBytes);
  const subject = await measureFootprint(options.subject, options.keys, valueBytes);
  return { reference, subject };
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (!programsPresent("bench:peers", "redis-server", "redis-benchmark")) return 1;
  if (options.mode === "sizes") return (await measureSizes(options.subject)) ? 0 : 1;
  if (options.mode === "deliveries") {
    const messages = options.requests ?? (options.quick ? 400 : 4000);
    return (await measureDeliveries({ subject: options.subject, rounds: options.rounds, messages })) ? 0 : 1;
  }
  if (options.mode === "persistence") return measurePersistence(options);
  if (options.mode === "loads") return (await measureLoads(options)) ? 0 : 1;
  if (options.mode === "hit-rates") {
    await measureHitRates({ subject: options.subject, seconds: options.quick ? 6 : 30, samples: 5 });
    return 0;
  }
  if (options.mode === "growth") {
    await measureGrowth(options.subject);
    return 0;
  }
  const footprints = await measureBothFootprints(options);
  const peers: Peers = {
    reference: await startServer({ kind: "redis" }),
    subject: await startServer({ kind: options.subject }),
  };
  try {
    const results = await measureCells(peers, options);
    console.log(`\n${options.subject} beside redis-server: median of ${options.rounds} rounds, 50 connections`);
    console.log(`CPU is user+sys of the server process per request\n`);
    console.log(renderTable(heading, results.map(cellRow)));
    console.log(`\n${summaryLines(results)}`);
    if (footprints !== null) console.log(`\n${footprintTable(footprints.reference, footprints.subject)}`);
    if (options.jsonFile !== null)
      writeFileSync(options.jsonFile, JSON.stringify({ options, results, footprints }, null, 2));
    return results.every((result) => misses(result).length === 0) && footprintMet(footprints) ? 0 : 1;
  } finally {
    await peers.reference.stop("SIGKILL");
    await peers.subject.stop("SIGKILL");
  }
}

async function measurePersistence({ subject, keys, requests, rounds, quick }: BenchOptions): Promise<number> {
  const isMet = await measureSnapshots({ subject, keys, rounds, requests: requests ?? (quick ? 200_000 : 1_000_000) });
  await measureAppendOnly({ subject, rounds, requests: requests ?? (quick ? 200_000 : 1_000_000) });
  return isMet ? 0 : 1;
}

function footprintMet(footprints: { reference: Footprint; subject: Footprint } | null): boolean {
  if (footprints === null) return true;
  const { reference, subject } = footprints;
  return (
    subject.startMs <= footprintLimits.startMs &&
    subject.idleResidentBytes <= footprintLimits.idleResidentBytes &&
    subject.residentBytesPerKey <= reference.residentBytesPerKey * footprintLimits.residentBytesPerKeyRatio
  );
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error, `\n\n${usage}`);
  process.exitCode = 2;
}
