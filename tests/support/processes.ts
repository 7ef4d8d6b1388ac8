/** What the kernel says about a running process (Linux /proc). */
import { readdirSync, readFileSync } from "node:fs";

/** USER_HZ: the unit of the times in /proc/PID/stat on every Linux that Node runs on. */
const microsecondsPerTick = 10_000;

/** User plus system time of all threads of a process, in microseconds; the resolution is 10 ms. */
export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The second field is the program's name in brackets and may hold blanks; utime and stime are the 14th and 15th of all.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * microsecondsPerTick;
}

/** Resident set size of a process in bytes. */
export function residentBytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
  if (line === null) throw new Error(`no VmRSS for process ${pid}`);
  return Number(line[1]) * 1024;
}

/** Proportional set size of a process in bytes: pages that it shares with n others count as an n-th. 0 when it is gone. */
export function proportionalBytes(pid: number): number {
  try {
    const line = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"));
    return line === null ? 0 : Number(line[1]) * 1024;
  } catch {
    return 0;
  }
}

/** Files, sockets and pipes that a process has open. */
export function openDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Niceness of the threads of a process: 0 as a rule, more for those that come last. */
export function nicenessOfThreads(pid: number): Map<number, number> {
  const threads = readdirSync(`/proc/${pid}/task`).map(Number);
  return new Map(threads.map((thread) => [thread, nicenessOf(pid, thread)]));
}

function nicenessOf(pid: number, thread: number): number {
  const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "latin1");
  // The 19th field of all.
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
}

/** A process and its children. */
export function processFamily(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  return [
    pid,
    ...children
      .split(" ")
      .filter((text) => text !== "")
      .map(Number),
  ];
}

/** Files that this process, and those that it starts, may open. Node raises its own limit to the hard one; children inherit it. */
export function openFileLimit(): number {
  const line = /^Max open files +(\S+) +(\S+)/m.exec(readFileSync("/proc/self/limits", "latin1"));
  return line === null || line[1] === "unlimited" ? Infinity : Number(line[1]);
}
