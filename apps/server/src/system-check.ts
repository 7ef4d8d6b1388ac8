/**
 * What of this machine a server should not have to live with: `--check-system` prints it, and a start logs what is not as it should be.
 * Huge pages, which redis-server warns of because it forks, are welcome here.
 */
import { readFileSync } from "node:fs";

export interface SystemCheck {
  readonly name: string;
  /** What is wrong, and how to mend it; null when nothing is, "skipped" where it cannot be known. */
  readonly warning: string | null;
}

/** Text of a file of the kernel, or null. Tests pass their own. */
export type ReadText = (path: string) => string | null;

const MINIMUM_FILES = 1024;

export function readKernelText(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}

/** All checks, in the order in which they are printed. */
export function checkSystem(backlog: number, read: ReadText = readKernelText): SystemCheck[] {
  return [
    { name: "overcommit", warning: overcommitWarning(read("/proc/sys/vm/overcommit_memory")) },
    { name: "tcp-backlog", warning: backlogWarning(backlog, read("/proc/sys/net/core/somaxconn")) },
    { name: "open-files", warning: filesWarning(read("/proc/self/limits")) },
  ];
}

/** As `redis-server --check-system` prints it. */
export function checkLines(checks: readonly SystemCheck[]): string {
  return checks
    .map(({ name, warning }) => `[${name}]...${warning === null ? "OK" : `WARNING:\n${warning}`}\n`)
    .join("");
}

/** Sider never forks; but with 2 the kernel refuses to reserve memory that is not there yet. */
function overcommitWarning(text: string | null): string | null {
  if (Number.parseInt(text ?? "0", 10) !== 2) return null;
  return (
    "Memory overcommit is disabled: the address space for keys and values may not be reserved, and then it grows by copying. " +
    "To fix this issue add 'vm.overcommit_memory = 0' (or 1) to /etc/sysctl.conf and then reboot or run the command 'sysctl vm.overcommit_memory=0'."
  );
}

function backlogWarning(backlog: number, text: string | null): string | null {
  const maximum = Number.parseInt(text ?? "0", 10);
  if (!(maximum > 0 && maximum < backlog)) return null;
  return `The TCP backlog setting of ${String(backlog)} cannot be enforced because /proc/sys/net/core/somaxconn is set to the lower value of ${String(maximum)}.`;
}

function filesWarning(text: string | null): string | null {
  const limit = /^Max open files\s+(\d+)/m.exec(text ?? "")?.[1];
  if (limit === undefined || Number(limit) >= MINIMUM_FILES) return null;
  return `No more than ${limit} files may be open, and each client is one. To fix this issue raise 'ulimit -n'.`;
}
