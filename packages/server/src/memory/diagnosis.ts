/** What MEMORY DOCTOR says: a sentence for each thing about the server's memory that somebody should look at. */
import type { Server } from "../server.ts";
import type { MemoryFigures } from "./memory-figures.ts";

const MEBIBYTE = 2 ** 20;
/** Below this nothing can be said. */
const SMALLEST_BYTES = 5 * MEBIBYTE;
const HIGH_PEAK = 1.5;
const HIGH_FRAGMENTATION = 1.25;
const HIGH_UNUSED_PAGES = 1.5;
const NOTABLE_BYTES = 10 * MEBIBYTE;
const LARGE_CLIENT_BYTES = 200 * 1024;
const NEARLY_FULL = 0.9;

/** The report. */
export function diagnose(server: Server, figures: MemoryFigures): string {
  if (figures.usedBytes < SMALLEST_BYTES) {
    return "There is hardly any data in this server: too little to say anything about its memory.\n";
  }
  const findings = [
    ...findingsOfHeap(figures),
    ...findingsOfLimits(server, figures),
    ...findingsOfClients(server, figures),
  ];
  if (findings.length === 0) return "Nothing is wrong with the memory of this server.\n";
  return findings.map((finding) => `* ${finding}\n`).join("");
}

function findingsOfHeap(figures: MemoryFigures): string[] {
  const { usedBytes, peakBytes, allocatedBytes, activeBytes, residentBytes } = figures;
  const findings: string[] = [];
  if (peakBytes > usedBytes * HIGH_PEAK) {
    findings.push(
      `Peak: at its peak the server used ${mebibytes(peakBytes)}, now it uses ${mebibytes(usedBytes)}. The pages of the peak stay with the ` +
        "process, and are used again for new data; only a restart gives them back.",
    );
  }
  if (isMuch(activeBytes, allocatedBytes, HIGH_FRAGMENTATION)) {
    findings.push(
      `Fragmentation: the store's pages take ${mebibytes(activeBytes)} for ${mebibytes(allocatedBytes)} of data. New values of the sizes that ` +
        "were deleted fill the gaps; a restart from a dump closes them.",
    );
  }
  if (isMuch(residentBytes, activeBytes, HIGH_UNUSED_PAGES)) {
    findings.push(
      `Unused pages: ${mebibytes(residentBytes - activeBytes)} of the store's pages are free. They are used before new ones.`,
    );
  }
  return findings;
}

function findingsOfLimits(server: Server, figures: MemoryFigures): string[] {
  const maximumBytes = server.configuration.get("maxmemory");
  const { capacityBytes } = server.keyspace.heap;
  const findings: string[] = [];
  if (maximumBytes > 0 && figures.usedBytes - figures.uncountedBytes > maximumBytes * NEARLY_FULL) {
    const policy = server.configuration.get("maxmemory-policy");
    const consequence =
      policy === "noeviction" ? "commands that need memory are refused" : `keys are evicted (${policy})`;
    findings.push(
      `Limit: more than nine tenths of maxmemory (${mebibytes(maximumBytes)}) are in use. Beyond it ${consequence}.`,
    );
  }
  if (figures.allocatedBytes > capacityBytes * NEARLY_FULL) {
    findings.push(
      `Capacity: more than nine tenths of the heap (${mebibytes(capacityBytes)}) are in use. The directive heap-capacity makes it larger, ` +
        "at the next start.",
    );
  }
  return findings;
}

function findingsOfClients(server: Server, figures: MemoryFigures): string[] {
  const count = server.sessions.size;
  if (count === 0 || figures.clientBytes / count < LARGE_CLIENT_BYTES) return [];
  return [
    `Clients: the buffers of ${String(count)} clients take ${mebibytes(figures.clientBytes)}. CLIENT LIST shows who sends large requests, or does ` +
      "not read replies (tot-mem, omem).",
  ];
}

/** Whether `larger` is so many times `smaller` or more, and that is worth a word. */
function isMuch(larger: number, smaller: number, times: number): boolean {
  return larger > smaller * times && larger - smaller > NOTABLE_BYTES;
}

function mebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}
