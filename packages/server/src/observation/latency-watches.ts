/**
 * Events of LATENCY from below the server: keys that go unasked, and the append-only file. While `latency-monitor-threshold` is 0 there
 * are no watches, and nothing there looks at a clock.
 */
import type { RemovalWatch } from "@sider/keyspace-engine";
import type { AofWatch } from "@sider/persistence";
import type { Server } from "../server.ts";

/** What `Keyspace.removalWatch` is to be, by the configuration. */
export function removalWatch(server: Server): RemovalWatch | null {
  const { keyspace, observation } = server;
  if (!watchesLatency(server)) return null;
  return {
    steadyMs: observation.steadyMs,
    removed: (reason, elapsedMs) => {
      observation.sample(reason === "expired" ? "expire-del" : "eviction-del", keyspace.nowMs, elapsedMs);
    },
  };
}

/** What `AofFiles.watch` and `AppendLog.watch` are to be, by the configuration. */
export function aofWatch(server: Server): AofWatch | null {
  const { keyspace, observation, snapshots } = server;
  if (!watchesLatency(server)) return null;
  return {
    steadyMs: observation.steadyMs,
    wrote: (elapsedMs, isSyncing) => {
      const circumstance = isSyncing ? "pending-fsync" : snapshots.isRunning ? "active-child" : "alone";
      observation.sample(`aof-write-${circumstance}`, keyspace.nowMs, elapsedMs);
      observation.sample("aof-write", keyspace.nowMs, elapsedMs);
    },
    synced: (elapsedMs) => {
      observation.sample("aof-fsync-always", keyspace.nowMs, elapsedMs);
    },
    renamed: (elapsedMs) => {
      observation.sample("aof-rename", keyspace.nowMs, elapsedMs);
    },
  };
}

function watchesLatency({ configuration }: Server): boolean {
  return configuration.get("latency-monitor-threshold") > 0;
}
