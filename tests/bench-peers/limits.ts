/** The limits that the figures are held against. */
import type { Cell } from "./plan.ts";
import type { TestName } from "./redis-benchmark.ts";

/** A figure meets its limit when it is at most (or at least) this; null has no limit. */
export interface CellLimits {
  leastThroughputRatio: number;
  mostCpuRatio: number | null;
  mostP999Ratio: number | null;
}

/** Limits on idle memory, start, and growth per key relative to redis-server. */
export const footprintLimits = { idleResidentBytes: 80e6, startMs: 300, residentBytesPerKeyRatio: 0.6 };

/** Bytes that a pipelined SET or GET may allocate on the JS heap. */
export const garbageLimitBytesPerCommand = 16;

/** Limits on the geometric means over the tests of types and MSET at pipelined depths. */
export const meanLimits = { leastThroughputRatio: 1.1, mostCpuRatio: 1 };

/** Tests on lists, hashes, sets, sorted sets and streams, which are judged by their mean, and MSET, which counts there too. */
export function isTyped(test: TestName): boolean {
  return !["SET", "GET", "INCR", "MSET", "PING", "PING_INLINE"].includes(test);
}

const bigValueBytes = 1024;
const pipelinedDepth = 16;

/**
 * Pipelined keyed tests must be no slower and no more expensive than redis-server; where the transport dominates (PING, depth
 * 1) and with big values there is some room.
 */
export function limitsFor(cell: Cell): CellLimits {
  const mostP999Ratio = cell.depth === 1 ? 1.5 : null;
  if (cell.valueBytes >= bigValueBytes) return { leastThroughputRatio: 0.9, mostCpuRatio: null, mostP999Ratio };
  if (isTyped(cell.test)) return { leastThroughputRatio: 0.9, mostCpuRatio: null, mostP999Ratio: null };
  if (cell.test.startsWith("PING") || cell.depth < pipelinedDepth) {
    return { leastThroughputRatio: 0.95, mostCpuRatio: 1.2, mostP999Ratio };
  }
  return { leastThroughputRatio: 1, mostCpuRatio: 1, mostP999Ratio };
}

/** Limits on background saves relative to redis-server; extra memory is a share of what the server has. */
export const snapshotLimits = { p999Ratio: 1, saveRatio: 1.5, loadRatio: 1, fileRatio: 1.01, extraMemory: 0.15 };
