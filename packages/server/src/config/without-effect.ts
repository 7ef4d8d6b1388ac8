/**
 * Directives of Redis 7.2 that Sider knows, checks, keeps and shows, and does nothing with: the reason of each, as the log and
 * `docs/configuration.md` give it. Those and no others are `noted` in the table.
 */
import type { DirectiveName } from "./directives.ts";

const NO_CLUSTER = "a server is alone: there is no cluster";
const NO_REPLICATION = "there is no replication yet";
const NO_AFFINITY = "Node cannot choose the processors of one of its threads; server-cpulist is for all of them";
const NO_DEFRAGMENTATION =
  "keys and values have an allocator of their own, with size classes and nothing to move together";

export const WITHOUT_EFFECT: Readonly<Partial<Record<DirectiveName, string>>> = {
  "bind-source-addr": NO_REPLICATION,
  "socket-mark-id": "Node cannot set the mark of a socket",
  "io-threads": "sockets are read and written by the thread that runs the commands, which costs less than handing over",
  "io-threads-do-reads": "there are no threads for sockets",

  "crash-memcheck-enabled": "a program in Node cannot test the memory that it runs in",
  "use-exit-on-panic": "there are no panics: an unexpected error is logged and the server goes on",
  "locale-collate": "SORT ALPHA compares bytes, whatever the language",
  "ignore-warnings": "nothing that it could silence stops a start here",
  "disable-thp": "huge pages do no harm to a server that does not fork",
  "bio-cpulist": NO_AFFINITY,
  "aof-rewrite-cpulist": NO_AFFINITY,
  "bgsave-cpulist": NO_AFFINITY,
  "watchdog-period": "there is no signal that could interrupt a command in Node",
  "enable-debug-assert": "there are no assertions to switch on",
  "lua-enable-deprecated-api": "there are no scripts yet",
  "busy-reply-threshold": "there are no scripts yet",

  "jemalloc-bg-thread": "keys and values have an allocator of their own",
  activedefrag: NO_DEFRAGMENTATION,
  "active-defrag-ignore-bytes": NO_DEFRAGMENTATION,
  "active-defrag-threshold-lower": NO_DEFRAGMENTATION,
  "active-defrag-threshold-upper": NO_DEFRAGMENTATION,
  "active-defrag-cycle-min": NO_DEFRAGMENTATION,
  "active-defrag-cycle-max": NO_DEFRAGMENTATION,
  "active-defrag-max-scan-fields": NO_DEFRAGMENTATION,

  "rdb-del-sync-files": NO_REPLICATION,
  replicaof: NO_REPLICATION,
  masterauth: NO_REPLICATION,
  masteruser: NO_REPLICATION,
  "replica-announce-ip": NO_REPLICATION,
  "replica-announce-port": NO_REPLICATION,
  "replica-announced": NO_REPLICATION,
  "replica-ignore-disk-write-errors": NO_REPLICATION,
  "replica-ignore-maxmemory": NO_REPLICATION,
  "replica-lazy-flush": NO_REPLICATION,
  "replica-priority": NO_REPLICATION,
  "replica-read-only": NO_REPLICATION,
  "replica-serve-stale-data": NO_REPLICATION,
  "min-replicas-max-lag": NO_REPLICATION,
  "min-replicas-to-write": NO_REPLICATION,
  "propagation-error-behavior": NO_REPLICATION,
  "repl-backlog-size": NO_REPLICATION,
  "repl-backlog-ttl": NO_REPLICATION,
  "repl-disable-tcp-nodelay": NO_REPLICATION,
  "repl-diskless-load": NO_REPLICATION,
  "repl-diskless-sync": NO_REPLICATION,
  "repl-diskless-sync-delay": NO_REPLICATION,
  "repl-diskless-sync-max-replicas": NO_REPLICATION,
  "repl-ping-replica-period": NO_REPLICATION,
  "repl-timeout": NO_REPLICATION,
  "tls-replication": NO_REPLICATION,
  "tls-client-cert-file": NO_REPLICATION,
  "tls-client-key-file": NO_REPLICATION,
  "tls-client-key-file-pass": NO_REPLICATION,

  "tls-session-cache-size": "the server keeps no sessions: clients keep theirs, as tickets",

  "cluster-enabled": NO_CLUSTER,
  "cluster-config-file": NO_CLUSTER,
  "cluster-port": NO_CLUSTER,
  "cluster-ping-interval": NO_CLUSTER,
  "cluster-node-timeout": NO_CLUSTER,
  "cluster-announce-ip": NO_CLUSTER,
  "cluster-announce-hostname": NO_CLUSTER,
  "cluster-announce-human-nodename": NO_CLUSTER,
  "cluster-announce-port": NO_CLUSTER,
  "cluster-announce-tls-port": NO_CLUSTER,
  "cluster-announce-bus-port": NO_CLUSTER,
  "cluster-migration-barrier": NO_CLUSTER,
  "cluster-replica-validity-factor": NO_CLUSTER,
  "cluster-replica-no-failover": NO_CLUSTER,
  "cluster-require-full-coverage": NO_CLUSTER,
  "cluster-allow-reads-when-down": NO_CLUSTER,
  "cluster-allow-pubsubshard-when-down": NO_CLUSTER,
  "cluster-allow-replica-migration": NO_CLUSTER,
  "cluster-link-sendbuf-limit": NO_CLUSTER,
  "cluster-preferred-endpoint-type": NO_CLUSTER,
  "tls-cluster": NO_CLUSTER,
};

/** The line of the log for a directive that was set and does nothing; null for one that works. */
export function withoutEffectLine(name: DirectiveName, support: "works" | "noted"): string | null {
  if (support === "works") return null;
  return `WARNING: the directive '${name}' is known, but has no effect here: ${WITHOUT_EFFECT[name] ?? "it is not there yet"}.`;
}
