/** INFO's section Stats: counters since the start or CONFIG RESETSTAT. */
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";

export function statsFields(server: Server): InfoFields {
  const { statistics } = server;
  return [
    ["total_connections_received", statistics.connectionsReceived],
    ["total_commands_processed", server.table.totalCalls()],
    ["instantaneous_ops_per_sec", Math.round(statistics.commandRate.perSecond)],
    ["total_net_input_bytes", statistics.bytesReceived],
    ["total_net_output_bytes", statistics.bytesSent],
    ["total_net_repl_input_bytes", 0],
    ["total_net_repl_output_bytes", 0],
    ["instantaneous_input_kbps", kilobytes(statistics.inputRate.perSecond)],
    ["instantaneous_output_kbps", kilobytes(statistics.outputRate.perSecond)],
    ["instantaneous_input_repl_kbps", "0.00"],
    ["instantaneous_output_repl_kbps", "0.00"],
    ["rejected_connections", statistics.connectionsRejected],
    ["sync_full", 0],
    ["sync_partial_ok", 0],
    ["sync_partial_err", 0],
    ...keyFields(server),
    ["pubsub_channels", server.pubsub.channels.size],
    ["pubsub_patterns", server.pubsub.patterns.size],
    ["pubsubshard_channels", server.pubsub.shardChannels.size],
    ["tracking_total_keys", server.tracking.keys.size],
    ["tracking_total_items", server.tracking.keys.items],
    ["tracking_total_prefixes", server.tracking.prefixes.size],
    ...absentFields(),
    ["unexpected_error_replies", 0],
    ["total_error_replies", statistics.totalErrors],
    ["total_forks", statistics.snapshots],
    ["dump_payload_sanitizations", 0],
    ["total_reads_processed", statistics.readCount],
    ["total_writes_processed", statistics.writeCount],
    ["io_threaded_reads_processed", 0],
    ["io_threaded_writes_processed", 0],
    ["client_query_buffer_limit_disconnections", statistics.requestLimitDisconnections],
    ["client_output_buffer_limit_disconnections", statistics.outputLimitDisconnections],
    ["reply_buffer_shrinks", 0],
    ["reply_buffer_expands", 0],
    ...loopFields(server),
    ["acl_access_denied_auth", statistics.deniedLogins],
    ["acl_access_denied_cmd", statistics.deniedCommands],
    ["acl_access_denied_key", statistics.deniedKeys],
    ["acl_access_denied_channel", statistics.deniedChannels],
  ];
}

/** Turns of the event loop, and microseconds: that it was busy, and that it spent in commands. */
function loopFields({ loop, table }: Server): InfoFields {
  const commandMs = table.spentMs.reduce((sum, spentMs) => sum + spentMs, 0);
  return [
    ["eventloop_cycles", loop.cycles],
    ["eventloop_duration_sum", Math.floor(loop.busyMs * 1000)],
    ["eventloop_duration_cmd_sum", Math.floor(commandMs * 1000)],
    ["instantaneous_eventloop_cycles_per_sec", Math.floor(loop.cycleRate.perSecond)],
    ["instantaneous_eventloop_duration_usec", Math.floor(loop.cycleMicroseconds.perSecond)],
  ];
}

function kilobytes(bytesPerSecond: number): string {
  return (bytesPerSecond / 1024).toFixed(2);
}

function keyFields({ keyspace, eviction, statistics }: Server): InfoFields {
  const { expiryCycle } = keyspace;
  return [
    ["expired_keys", keyspace.expiredKeys],
    ["expired_stale_perc", expiryCycle.stalePercent.toFixed(2)],
    ["expired_time_cap_reached_count", expiryCycle.timeCapReached],
    ["expire_cycle_cpu_milliseconds", Math.floor(expiryCycle.spentMs)],
    ["evicted_keys", keyspace.evictedKeys],
    ["evicted_clients", statistics.evictedClients],
    ["total_eviction_exceeded_time", Math.floor(eviction.exceededTotalMs)],
    ["current_eviction_exceeded_time", Math.floor(eviction.exceededNowMs)],
    ["keyspace_hits", keyspace.hits],
    ["keyspace_misses", keyspace.misses],
  ];
}

/** What tools look for although nothing counts it here. */
function absentFields(): InfoFields {
  const names = [
    "latest_fork_usec",
    "migrate_cached_sockets",
    "slave_expires_tracked_keys",
    "active_defrag_hits",
    "active_defrag_misses",
    "active_defrag_key_hits",
    "active_defrag_key_misses",
    "total_active_defrag_time",
    "current_active_defrag_time",
  ];
  return names.map((name) => [name, 0]);
}
