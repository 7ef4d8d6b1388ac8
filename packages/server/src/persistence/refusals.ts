/** Commands that are refused because of what happens between memory and disk. */
import { FLAG_LOADING, FLAG_WRITE } from "../dispatch/command-table.ts";
import { GATE_DISK, GATE_LOADING } from "../gates.ts";
import type { Server } from "../server.ts";

const LOADING = "LOADING Redis is loading the dataset in memory";

/** To the letter as Redis says it: clients show it to people, who look for it. */
export const BACKGROUND_SAVE_ERROR =
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. " +
  "Commands that may modify the data set are disabled, because this instance is configured to report errors during writes " +
  "if RDB snapshotting fails (stop-writes-on-bgsave-error option). " +
  "Please check the Redis logs for details about the RDB error.";

/**
 * The error for a command with these FLAG_* bits, or null.
 * @param isPing PING tells of the disk too
 */
export function persistenceRefusal(server: Server, flags: number, isPing: boolean): string | null {
  if ((server.gates & GATE_DISK) !== 0 && ((flags & FLAG_WRITE) !== 0 || isPing)) return server.persistence.diskError;
  if ((server.gates & GATE_LOADING) !== 0 && (flags & FLAG_LOADING) === 0) return LOADING;
  return null;
}
