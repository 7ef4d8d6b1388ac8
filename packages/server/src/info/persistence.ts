/** INFO's section Persistence. Snapshots are written while everyone waits; there is no append only file. */
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";
import { flag } from "./section.ts";

export function persistenceFields(server: Server): InfoFields {
  const { persistence } = server;
  return [
    ["loading", flag(persistence.loading)],
    ["async_loading", 0],
    ["current_cow_peak", 0],
    ["current_cow_size", 0],
    ["current_cow_size_age", 0],
    ["current_fork_perc", "0.00"],
    ["current_save_keys_processed", 0],
    ["current_save_keys_total", 0],
    ["rdb_changes_since_last_save", persistence.changesSinceSave],
    ["rdb_bgsave_in_progress", 0],
    ["rdb_last_save_time", persistence.lastSaveUnixSeconds],
    ["rdb_last_bgsave_status", persistence.lastSaveOk ? "ok" : "err"],
    ["rdb_last_bgsave_time_sec", persistence.lastSaveSeconds],
    ["rdb_current_bgsave_time_sec", -1],
    ["rdb_saves", persistence.saves],
    ["rdb_last_cow_size", 0],
    ["rdb_last_load_keys_expired", persistence.lastLoadKeysExpired],
    ["rdb_last_load_keys_loaded", persistence.lastLoadKeysLoaded],
    ["aof_enabled", 0],
    ["aof_rewrite_in_progress", 0],
    ["aof_rewrite_scheduled", 0],
    ["aof_last_rewrite_time_sec", -1],
    ["aof_current_rewrite_time_sec", -1],
    ["aof_last_bgrewrite_status", "ok"],
    ["aof_rewrites", 0],
    ["aof_rewrites_consecutive_failures", 0],
    ["aof_last_write_status", "ok"],
    ["aof_last_cow_size", 0],
    ["module_fork_in_progress", 0],
    ["module_fork_last_cow_size", 0],
  ];
}
