/** INFO's sections about what is not there yet: replicas, modules, a cluster. Tools still look for the fields. */
import type { Server } from "../server.ts";
import type { InfoFields } from "./section.ts";

/** What the server is, until it can be a replica. */
export const ROLE = "master";

/** How much of the replication stream there is: nobody follows it. */
export const REPLICATION_OFFSET = 0;

/** Section Replication: a primary without replicas. */
export function replicationFields(server: Server): InfoFields {
  return [
    ["role", ROLE],
    ["connected_slaves", 0],
    ["master_failover_state", "no-failover"],
    ["master_replid", server.runId],
    ["master_replid2", "0".repeat(40)],
    ["master_repl_offset", REPLICATION_OFFSET],
    ["second_repl_offset", -1],
    ["repl_backlog_active", 0],
    ["repl_backlog_size", server.configuration.get("repl-backlog-size")],
    ["repl_backlog_first_byte_offset", 0],
    ["repl_backlog_histlen", 0],
  ];
}

/** Section Modules: none. */
export function moduleFields(): InfoFields {
  return [];
}

/** Section Cluster: none. */
export function clusterFields(): InfoFields {
  return [["cluster_enabled", 0]];
}
