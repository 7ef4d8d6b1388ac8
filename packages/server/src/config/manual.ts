/**
 * What each directive does, in a line or two, section by section: the text of `docs/configuration.md` and of `apps/server/sider.conf`, which
 * `npm run docs` writes. A directive without its line does not compile.
 */
import type { DirectiveName } from "./directives.ts";

type Lines = Readonly<Partial<Record<DirectiveName, string>>>;

const network = {
  bind: "Addresses to listen on. One that begins with - may be missing on this machine; * is every IPv4 address, ::* every IPv6 one.",
  port: "The TCP port; 0 for none.",
  "protected-mode": "Without a password only clients of this machine are let in.",
  unixsocket: "A Unix socket to listen on too.",
  unixsocketperm: "Permissions of the socket's file; 0 leaves what the umask makes of it.",
  "tcp-backlog": "Connections that may wait to be accepted; the system has a limit of its own.",
  "tcp-keepalive": "Seconds after which a silent connection is asked whether it is still there; 0 never asks.",
  timeout: "Seconds after which an idle client is disconnected; 0 never.",
  maxclients: "The most clients at a time.",
  "client-default-resp": "The protocol of clients that have not said HELLO, 2 or 3.",
  "maxmemory-clients":
    "Memory that all clients together may take, or a percentage of maxmemory, before those that take most are disconnected; 0 for no limit.",
  "client-output-buffer-limit":
    "Per class of clients (normal, replica, pubsub): unsent replies that end a connection at once, and those that end it when they last for so many seconds; 0 for no limit.",
  "client-query-buffer-limit": "The longest request of a client.",
  "proto-max-bulk-len": "The longest single argument.",
  "io-threads": "Threads for reading and writing sockets.",
  "io-threads-do-reads": "Whether they read too.",
  "bind-source-addr": "The address from which a replica connects.",
  "socket-mark-id": "A mark for the packets of all sockets.",
} as const satisfies Lines;

const metrics = {
  "metrics-port": "A port for Prometheus: /metrics, /health and /ready over HTTP, without a password; 0 for none.",
  "metrics-bind": "The addresses of that port, as in bind.",
} as const satisfies Lines;

const access = {
  requirepass: "The password of the default user; empty for none.",
  aclfile: "A file with users, which ACL LOAD reads and ACL SAVE writes.",
  "acl-pubsub-default": "Whether a new user may use all channels or none.",
  "acllog-max-len": "Entries of ACL LOG.",
  "enable-protected-configs": "Whether CONFIG SET may change dir and dbfilename: never, always, or from this machine.",
  "enable-debug-command": "The same for DEBUG.",
  "enable-module-command": "The same for MODULE LOAD, which then says that no module can be loaded.",
} as const satisfies Lines;

const tls = {
  "tls-port": "The TCP port for TLS; 0 for none.",
  "tls-cert-file": "The certificate of the server, PEM.",
  "tls-key-file": "Its private key.",
  "tls-key-file-pass": "The password of the key.",
  "tls-client-cert-file": "The certificate to show as a client.",
  "tls-client-key-file": "Its private key.",
  "tls-client-key-file-pass": "The password of that key.",
  "tls-dh-params-file": "Parameters for Diffie-Hellman.",
  "tls-ca-cert-file": "Certificates that are trusted, in a file.",
  "tls-ca-cert-dir": "Certificates that are trusted, in a folder.",
  "tls-auth-clients": "Whether a client must show a certificate, may, or is not asked.",
  "tls-protocols": 'Versions that are spoken, such as "TLSv1.2 TLSv1.3"; empty for the usual ones.',
  "tls-ciphers": "Ciphers up to TLS 1.2, as OpenSSL names them.",
  "tls-ciphersuites": "Ciphers of TLS 1.3.",
  "tls-prefer-server-ciphers": "Whether the server's order of ciphers counts, not the client's.",
  "tls-session-caching": "Whether sessions can be resumed.",
  "tls-session-cache-size": "How many sessions are kept; 0 for no limit.",
  "tls-session-cache-timeout": "For how many seconds.",
  "tls-replication": "Whether replicas use TLS to their primary.",
  "tls-cluster": "Whether the cluster bus uses TLS.",
} as const satisfies Lines;

const processAndLog = {
  databases: "Databases that SELECT knows.",
  daemonize: "Go to the background.",
  supervised: "Tell upstart or systemd when the server is ready; auto finds out which of them there is.",
  pidfile: "A file for the number of the process; a daemon has /var/run/redis.pid when this is empty.",
  loglevel: "What is logged: nothing below this level, or nothing at all.",
  logfile: "Where the log goes; empty for standard output.",
  "syslog-enabled": "Send the log to the system's log too, by the program logger.",
  "syslog-ident": "The name under which it is there.",
  "syslog-facility": "And the facility.",
  "crash-log-enabled": "Leave a line in the log when SIGABRT ends the server.",
  "always-show-logo": "Begin the log with the logo even when it goes to a file.",
  "set-proc-title": "Give the process a title that ps shows.",
  "proc-title-template":
    "That title, with {title} {listen-addr} {server-mode} {port} {tls-port} {unixsocket} {config-file}.",
  "oom-score-adj":
    "Whether to tell the kernel how soon to end this process when memory runs out: relative (yes) to its score, or absolute.",
  "oom-score-adj-values": "That score for a primary, for a replica and for a child process; a Sider uses the first.",
  hz: "How often a second the server looks for expired keys, idle clients and other work.",
  "dynamic-hz": "More often while there are many clients.",
  "shutdown-timeout": "Seconds that a shutdown waits for replicas.",
  "shutdown-on-sigint": "What SIGINT asks for: save, nosave, now, force; default saves when there are save points.",
  "shutdown-on-sigterm": "What SIGTERM asks for.",
  "crash-memcheck-enabled": "Test the memory after a crash.",
  "use-exit-on-panic": "End by exit instead of abort after a failed assertion.",
  "locale-collate": "The language by which texts are compared.",
  "ignore-warnings": "Warnings that do not stop a start.",
  "disable-thp": "Use no huge pages.",
  "server-cpulist": "Processors for the server, such as 0-7:2 or 1,3; the program taskset sets them.",
  "bio-cpulist": "Processors for its background threads.",
  "aof-rewrite-cpulist": "Processors for rewrites.",
  "bgsave-cpulist": "Processors for saves.",
  "watchdog-period": "Log where a command hangs.",
  "enable-debug-assert": "Check more while running.",
} as const satisfies Lines;

const snapshots = {
  save: "Save points: save after so many seconds when so many keys have changed. Lines add up; an empty word is none at all.",
  dir: "The folder of all files. Empty: where the server was started.",
  dbfilename: "The name of the dump in that folder.",
  "rdb-version": "The version of dumps that are written: 11 for Redis 7.2, 10 for 7.0.",
  rdbcompression: "Compress texts in dumps.",
  rdbchecksum: "End dumps with a checksum, and check it.",
  "stop-writes-on-bgsave-error": "Refuse to write while the last save in the background has failed.",
  "rdb-save-incremental-fsync": "Bring a dump to the disk bit by bit while it is written.",
  "sanitize-dump-payload": "Whether payloads of RESTORE and files are checked deeply: they always are here.",
  "rdb-del-sync-files": "Remove dumps that were only made for replication.",
  "rdb-key-save-delay": "For tests: microseconds to wait after each key that is saved; of so many keys when negative.",
  "key-load-delay": "The same while loading.",
  "loading-process-events-interval-bytes": "For tests: how often clients are served while data is loaded.",
} as const satisfies Lines;

const appendOnlyFile = {
  appendonly: "Write each change to the append-only file.",
  appendfilename: "How its files begin.",
  appenddirname: "The folder of its files, in dir.",
  appendfsync:
    "When changes are brought to the disk: before each reply (always), every second, or when the system likes.",
  "no-appendfsync-on-rewrite": "Not while a dump or a rewrite is being written.",
  "auto-aof-rewrite-percentage": "Rewrite it when it has grown by so many percent since the last rewrite; 0 never.",
  "auto-aof-rewrite-min-size": "But not below this size.",
  "aof-load-truncated": "Start when its end is missing, as a power cut leaves it.",
  "aof-use-rdb-preamble": "Write its base as a dump, which loads faster.",
  "aof-timestamp-enabled": "Note times in it, so that it can be cut back to one.",
  "aof-rewrite-incremental-fsync": "Bring a rewrite to the disk bit by bit.",
  "aof-disable-auto-gc": "For tests: keep files that are no longer needed.",
} as const satisfies Lines;

const memory = {
  maxmemory: "Memory that keys, values and clients may take; 0 for no limit.",
  "maxmemory-policy":
    "What happens at the limit: which keys are evicted, or that commands which need memory are refused.",
  "maxmemory-samples": "Keys that are looked at to find one to evict: more is nearer to true LRU, and slower.",
  "maxmemory-eviction-tenacity": "How long evicting may take: 0 for the shortest delays, 100 for no limit of time.",
  "heap-capacity": "Address space for keys and values, reserved at the start; 0 chooses by the memory of the machine.",
  "active-expire-effort": "How hard expired keys are looked for, from 1 to 10.",
  activerehashing: "Move hash tables that grow in idle time too, not with commands only.",
  "lazyfree-lazy-eviction": "Free large values that are evicted bit by bit.",
  "lazyfree-lazy-expire": "The same for those that expire.",
  "lazyfree-lazy-server-del": "The same for those that another value replaces.",
  "lazyfree-lazy-user-del": "Let DEL work as UNLINK does.",
  "lazyfree-lazy-user-flush": "Let FLUSHALL, FLUSHDB and such be ASYNC.",
  "lfu-log-factor": "How slowly the counters of LFU grow.",
  "lfu-decay-time": "Minutes after which they shrink; 0 never.",
  "jemalloc-bg-thread": "Let the allocator tidy up in a thread.",
  activedefrag: "Move values in memory so that pages become free.",
  "active-defrag-ignore-bytes": "Waste below which nothing is moved.",
  "active-defrag-threshold-lower": "The same in percent.",
  "active-defrag-threshold-upper": "Waste at which all effort is made.",
  "active-defrag-cycle-min": "The least effort, in percent of the processor.",
  "active-defrag-cycle-max": "The most.",
  "active-defrag-max-scan-fields": "Elements of a value that are moved at once.",
} as const satisfies Lines;

const encodings = {
  "hash-max-listpack-entries": "Fields up to which a hash is kept compact.",
  "hash-max-listpack-value": "Bytes of the longest of them.",
  "list-max-listpack-size": "Elements of a node of a list; or -1 to -5: 4, 8, 16, 32 or 64 KB of them.",
  "list-compress-depth": "Nodes at each end of a list that are not compressed; 0 compresses none.",
  "set-max-intset-entries": "Members up to which a set of integers is kept compact.",
  "set-max-listpack-entries": "Members up to which any other set is.",
  "set-max-listpack-value": "Bytes of the longest of them.",
  "zset-max-listpack-entries": "Members up to which a sorted set is kept compact.",
  "zset-max-listpack-value": "Bytes of the longest of them.",
  "hll-sparse-max-bytes": "Bytes up to which a HyperLogLog is kept sparse.",
  "stream-node-max-bytes": "Bytes of a node of a stream; 0 for no limit.",
  "stream-node-max-entries": "Entries of it; 0 for no limit.",
} as const satisfies Lines;

const observation = {
  "slowlog-log-slower-than": "Microseconds from which a command is in SLOWLOG; 0 takes every command, -1 none.",
  "slowlog-max-len": "Commands that it keeps.",
  "latency-monitor-threshold": "Milliseconds from which an event is in LATENCY; 0 watches nothing.",
  "latency-tracking": "Keep a histogram of times for each command.",
  "latency-tracking-info-percentiles": "Percentiles of it that INFO shows.",
  "notify-keyspace-events": "Events of keys that are published, by letters; empty for none.",
  "tracking-table-max-keys": "Keys that are remembered for clients that cache; 0 for no limit.",
  "busy-reply-threshold": "Milliseconds after which a script lets others hear BUSY.",
  "lua-enable-deprecated-api": "Keep old functions for scripts.",
} as const satisfies Lines;

const replication = {
  replicaof: "The primary whose data this server copies.",
  masterauth: "The password there.",
  masteruser: "The user there.",
  "replica-announce-ip": "The address to name to the primary.",
  "replica-announce-port": "The port to name to it.",
  "replica-announced": "Whether sentinels hear of this replica.",
  "replica-ignore-disk-write-errors": "Go on when the disk cannot be written.",
  "replica-ignore-maxmemory": "Leave evicting to the primary.",
  "replica-lazy-flush": "Free the old data bit by bit.",
  "replica-priority": "The order in which replicas are promoted.",
  "replica-read-only": "Refuse to write.",
  "replica-serve-stale-data": "Answer without a primary.",
  "min-replicas-max-lag": "Seconds that a replica may be behind.",
  "min-replicas-to-write": "Replicas without which nothing is written.",
  "propagation-error-behavior": "What an error in replicated commands does.",
  "repl-backlog-size": "Bytes of changes that are kept for replicas.",
  "repl-backlog-ttl": "Seconds that they are kept without one.",
  "repl-disable-tcp-nodelay": "Fewer and larger packets to replicas.",
  "repl-diskless-load": "Load what the primary sends without a file.",
  "repl-diskless-sync": "Send a dump without a file.",
  "repl-diskless-sync-delay": "Seconds to wait for more replicas.",
  "repl-diskless-sync-max-replicas": "Or until so many are there.",
  "repl-ping-replica-period": "Seconds between pings.",
  "repl-timeout": "Seconds after which the other side is gone.",
} as const satisfies Lines;

const cluster = {
  "cluster-enabled": "Be part of a cluster.",
  "cluster-config-file": "The file of its nodes.",
  "cluster-port": "The port of its bus.",
  "cluster-ping-interval": "Milliseconds between two pings of a node; 0 chooses.",
  "cluster-node-timeout": "Milliseconds after which a node is down.",
  "cluster-announce-ip": "The address to name to others.",
  "cluster-announce-hostname": "The host name to name.",
  "cluster-announce-human-nodename": "A name for people.",
  "cluster-announce-port": "The port to name.",
  "cluster-announce-tls-port": "The port for TLS to name.",
  "cluster-announce-bus-port": "The port of the bus to name.",
  "cluster-migration-barrier": "Replicas that a primary keeps.",
  "cluster-replica-validity-factor": "How old the data of a new primary may be.",
  "cluster-replica-no-failover": "Never become a primary.",
  "cluster-require-full-coverage": "Serve only while all slots are.",
  "cluster-allow-reads-when-down": "But let clients read.",
  "cluster-allow-pubsubshard-when-down": "And publish.",
  "cluster-allow-replica-migration": "Let replicas move to other primaries.",
  "cluster-link-sendbuf-limit": "Bytes that may wait for a node.",
  "cluster-preferred-endpoint-type": "What clients are told of a node.",
} as const satisfies Lines;

/** A heading and its directives. */
export interface Section {
  readonly title: string;
  readonly names: readonly DirectiveName[];
}

const SECTION_LINES = {
  Network: network,
  Metrics: metrics,
  Access: access,
  TLS: tls,
  "Process and log": processAndLog,
  Snapshots: snapshots,
  "Append-only file": appendOnlyFile,
  "Memory and expiry": memory,
  Encodings: encodings,
  Observation: observation,
  Replication: replication,
  Cluster: cluster,
} as const;

/** The sections, in the order of the manual. */
export const SECTIONS: readonly Section[] = Object.entries(SECTION_LINES).map(([title, lines]) => ({
  title,
  names: Object.keys(lines) as DirectiveName[],
}));

/** What each directive does. */
export const SUMMARIES: Readonly<Record<DirectiveName, string>> = {
  ...network,
  ...metrics,
  ...access,
  ...tls,
  ...processAndLog,
  ...snapshots,
  ...appendOnlyFile,
  ...memory,
  ...encodings,
  ...observation,
  ...replication,
  ...cluster,
};
