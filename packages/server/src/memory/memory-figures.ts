/** The figures about memory that INFO and MEMORY STATS show, of one moment. */
import { hashTableBytes, heapStatistics } from "@sider/datastructures";
import type { Server } from "../server.ts";

/** What the tables of a database take beside its entries. */
export interface DatabaseOverhead {
  readonly index: number;
  readonly keys: number;
  readonly mainBytes: number;
  readonly expiresBytes: number;
}

export interface MemoryFigures {
  readonly usedBytes: number;
  readonly peakBytes: number;
  readonly startupBytes: number;
  readonly clientBytes: number;
  readonly logBytes: number;
  readonly uncountedBytes: number;
  /** What is no data: what there was at the start, buffers, and the tables of the databases. */
  readonly overheadBytes: number;
  readonly datasetBytes: number;
  readonly databases: readonly DatabaseOverhead[];
  readonly keys: number;
  /** The heap: its blocks, its pages in use, and those that the system has handed out. */
  readonly allocatedBytes: number;
  readonly activeBytes: number;
  readonly residentBytes: number;
  /** The whole process, and the JavaScript heap in it. */
  readonly processBytes: number;
  readonly runtimeHeapBytes: number;
}

/** Figures of now. O(databases + clients). */
export function memoryFigures(server: Server): MemoryFigures {
  const { memoryUsage } = server;
  memoryUsage.lookAtClients();
  const { usedBytes, clientBytes, logBytes, uncountedBytes } = memoryUsage;
  const databases = databaseOverheads(server);
  const startupBytes = Math.min(server.startupBytes, usedBytes);
  const tableBytes = databases.reduce((sum, database) => sum + database.mainBytes + database.expiresBytes, 0);
  const overheadBytes = Math.min(usedBytes, startupBytes + clientBytes + logBytes + tableBytes);
  const heap = heapStatistics(server.keyspace.heap);
  const runtime = process.memoryUsage();
  return {
    usedBytes,
    peakBytes: Math.max(usedBytes, server.statistics.peakMemoryBytes),
    startupBytes,
    clientBytes,
    logBytes,
    uncountedBytes,
    overheadBytes,
    datasetBytes: usedBytes - overheadBytes,
    databases,
    keys: databases.reduce((sum, database) => sum + database.keys, 0),
    allocatedBytes: heap.allocatedBytes,
    activeBytes: heap.usedPagesBytes,
    residentBytes: heap.residentBytes,
    processBytes: runtime.rss,
    runtimeHeapBytes: runtime.heapUsed,
  };
}

/** How much one figure is above another that is part of it. */
export interface Excess {
  readonly quotient: number;
  readonly bytes: number;
}

/** What lies between the data and the process, layer by layer and in all: what each takes for what is in it. */
export function memoryLayers(figures: MemoryFigures): Record<"slabs" | "pages" | "process" | "all", Excess> {
  const { usedBytes, allocatedBytes, activeBytes, residentBytes, processBytes } = figures;
  return {
    slabs: excess(activeBytes, allocatedBytes),
    pages: excess(residentBytes, activeBytes),
    process: excess(processBytes, residentBytes),
    all: excess(processBytes, usedBytes),
  };
}

function excess(whole: number, part: number): Excess {
  return { quotient: quotient(whole, part), bytes: whole - part };
}

/** 0 where there is nothing to divide by. */
export function quotient(dividend: number, divisor: number): number {
  return divisor === 0 ? 0 : dividend / divisor;
}

/** Of the databases that have keys. The empty tables of the others are part of what there was at the start. */
function databaseOverheads({ keyspace }: Server): DatabaseOverhead[] {
  return keyspace.databases
    .filter((database) => keyspace.count(database) > 0)
    .map((database) => ({
      index: database.index,
      keys: keyspace.count(database),
      mainBytes: hashTableBytes(keyspace.heap, database.entries),
      expiresBytes: hashTableBytes(keyspace.heap, database.expires),
    }));
}
