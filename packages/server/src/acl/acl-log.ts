/** ACL LOG: what was denied lately, the newest first. The same denial again within a minute counts instead of taking another place. */
import type { Clock } from "@sider/keyspace-engine";

const GROUPED_MS = 60_000;
/** So many of the newest entries are looked through for the same denial. */
const COMPARED_ENTRIES = 10;

export interface Denial {
  readonly reason: "command" | "key" | "channel" | "auth";
  readonly context: "toplevel" | "multi" | "lua" | "module";
  /** The command, key or channel, or the command with which somebody tried to log in. */
  readonly object: string;
  readonly userName: string;
}

export interface AclLogEntry extends Denial {
  readonly id: number;
  readonly createdMs: number;
  count: number;
  updatedMs: number;
  /** The client of the last time, as CLIENT LIST describes it. */
  clientInfo: string;
}

export class AclLog {
  entries: AclLogEntry[] = [];
  private readonly clock: Clock;
  private nextId = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  add(denial: Denial, clientInfo: string, maximumCount: number): void {
    const nowMs = this.clock.nowMs();
    const at = this.entries.slice(0, COMPARED_ENTRIES).findIndex((entry) => isSame(entry, denial, nowMs));
    if (at >= 0) {
      const [entry] = this.entries.splice(at, 1);
      entry.count++;
      entry.updatedMs = nowMs;
      entry.clientInfo = clientInfo;
      this.entries.unshift(entry);
      return;
    }
    this.entries.unshift({ ...denial, id: this.nextId++, createdMs: nowMs, updatedMs: nowMs, count: 1, clientInfo });
    if (this.entries.length > maximumCount) this.entries.length = maximumCount;
  }

  clear(): void {
    this.entries = [];
  }
}

function isSame(entry: AclLogEntry, denial: Denial, nowMs: number): boolean {
  return (
    entry.reason === denial.reason &&
    entry.context === denial.context &&
    Math.abs(nowMs - entry.updatedMs) <= GROUPED_MS &&
    entry.object === denial.object &&
    entry.userName === denial.userName
  );
}
