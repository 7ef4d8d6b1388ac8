/** INFO's section Persistence. What Redis says of pages that fork copies is said of old values that are copied before they change. */
import type { AppendOnly } from "@sider/persistence";
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";
import { flag } from "./section.ts";

export function persistenceFields(server: Server): InfoFields {
  const { persistence } = server;
  const { saving } = persistence;
  const { copiedBytes, keysProcessed, keysTotal } = saving.progress;
  return [
    ["loading", flag(persistence.loading)],
    ["async_loading", 0],
    ["current_cow_peak", Math.max(saving.peakCopiedBytes, copiedBytes)],
    ["current_cow_size", copiedBytes],
    ["current_cow_size_age", 0],
    ["current_fork_perc", (keysTotal === 0 ? 0 : (keysProcessed / keysTotal) * 100).toFixed(2)],
    ["current_save_keys_processed", keysProcessed],
    ["current_save_keys_total", keysTotal],
    ["rdb_changes_since_last_save", persistence.changesSinceSave],
    ["rdb_bgsave_in_progress", flag(saving.isInBackground)],
    ["rdb_last_save_time", saving.lastSaveUnixSeconds],
    ["rdb_last_bgsave_status", saving.lastOk ? "ok" : "err"],
    ["rdb_last_bgsave_time_sec", saving.lastSeconds],
    ["rdb_current_bgsave_time_sec", saving.currentSeconds],
    ["rdb_saves", saving.saves],
    ["rdb_last_cow_size", saving.lastCopiedBytes],
    ["rdb_last_load_keys_expired", persistence.lastLoadKeysExpired],
    ["rdb_last_load_keys_loaded", persistence.lastLoadKeysLoaded],
    ...appendOnlyFields(server),
    ["module_fork_in_progress", 0],
    ["module_fork_last_cow_size", 0],
    ...loadingFields(server),
  ];
}

function appendOnlyFields({ appendOnly, snapshots }: Server): InfoFields {
  const { state } = appendOnly;
  return [
    ["aof_enabled", flag(appendOnly.isEnabled)],
    ["aof_rewrite_in_progress", flag(appendOnly.rewriting.isRunning)],
    ["aof_rewrite_scheduled", flag(appendOnly.rewriting.isScheduled)],
    ["aof_last_rewrite_time_sec", appendOnly.rewriting.lastSeconds],
    ["aof_current_rewrite_time_sec", appendOnly.rewriting.currentSeconds],
    ["aof_last_bgrewrite_status", state === null || state.lastRewriteOk ? "ok" : "err"],
    ["aof_rewrites", appendOnly.rewriting.count],
    ["aof_rewrites_consecutive_failures", state?.consecutiveFailures ?? 0],
    ["aof_last_write_status", state === null || state.log.isOk ? "ok" : "err"],
    ["aof_last_cow_size", appendOnly.rewriting.lastCopiedBytes],
    ...(state === null || state.state === "off" ? [] : openFileFields(state, snapshots.isRunning)),
  ];
}

function openFileFields(state: AppendOnly, isPending: boolean): InfoFields {
  return [
    ["aof_current_size", state.currentBytes],
    ["aof_base_size", state.baseBytes],
    ["aof_pending_rewrite", flag(isPending && state.state === "waiting")],
    ["aof_buffer_length", state.log.bufferedBytes],
    ["aof_pending_bio_fsync", state.log.pendingSyncs],
    ["aof_delayed_fsync", state.log.delayedSyncs],
  ];
}

/** How far the load is, while one goes on. */
function loadingFields({ persistence }: Server): InfoFields {
  const { loadState } = persistence;
  if (!loadState.isActive) return [];
  return [
    ["loading_start_time", loadState.startedUnixSeconds],
    ["loading_total_bytes", loadState.totalBytes],
    ["loading_rdb_used_mem", loadState.usedMemoryBytes],
    ["loading_loaded_bytes", loadState.loadedBytes],
    ["loading_loaded_perc", loadState.percent.toFixed(2)],
    ["loading_eta_seconds", loadState.leftSeconds],
  ];
}
