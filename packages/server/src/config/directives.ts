/**
 * The one table of directives: every directive of Redis 7.2 with its type, bounds and default, and Sider's own.
 * Names, bounds and defaults are facts of Redis 7.2's configuration; `noted` rows have no effect yet.
 */
import { type Directive, noted, works } from "./directive.ts";
import * as special from "./special-types.ts";
import {
  bool,
  ConfigurationError,
  integer,
  memory,
  memoryOrPercent,
  octal,
  oneOf,
  someOf,
  string,
  type ValueType,
} from "./value-types.ts";

const INT_MAX = 2147483647n;
const INT_MIN = -2147483648n;
const UINT_MAX = 4294967295n;
const LONG_MAX = 9223372036854775807n;
const UINT64_MAX = 18446744073709551615n;

const between = (minimum: bigint, maximum: bigint): ValueType<number> => integer({ minimum, maximum });
const unsignedUpTo = (maximum: bigint, minimum = 0n): ValueType<number> =>
  integer({ minimum, maximum, unsigned: true });
const bytesUpTo = (maximum: bigint, minimum = 0n): ValueType<number> => memory({ minimum, maximum, unsigned: true });
const signedBytes = (minimum: bigint, maximum: bigint): ValueType<number> => memory({ minimum, maximum });
const count = between(0n, INT_MAX);
const port = between(0n, 65535n);
const size = unsignedUpTo(LONG_MAX);
const text = string();
const localOr = oneOf(["no", "yes", "local"]);

const immutable = { immutable: true } as const;
const hidden = { hidden: true } as const;
const signalOptions = someOf("default", ["save", "nosave", "now", "force"], (chosen) => {
  if (chosen.includes("save") && chosen.includes("nosave")) {
    throw new ConfigurationError("shutdown options SAVE and NOSAVE can't be used simultaneously");
  }
});

/** A file name without a folder; `what` names the directive, `noun` what it should be. */
function baseName(what: string, noun: string, mayBeEmpty: boolean): ValueType<string> {
  return string((name) => {
    if (!mayBeEmpty && name === "") throw new ConfigurationError(`${what} can't be empty`);
    if (/[/\\]/.test(name)) throw new ConfigurationError(`${what} can't be a path, just a ${noun}`);
  });
}

const hostName = string((name) => {
  if (name.length >= 256) throw new ConfigurationError("Hostnames must be less than 256 characters");
  if (!/^[A-Za-z0-9.-]*$/.test(name)) {
    throw new ConfigurationError("Hostnames may only contain alphanumeric characters, hyphens or dots");
  }
});

/** The variables of a process title; of those that may be empty alone no title can be made. */
const titleVariables = ["listen-addr", "port", "tls-port"];
const titleVariablesThatMayBeEmpty = ["title", "server-mode", "unixsocket", "config-file"];
const processTitle = string((template) => {
  const expanded = template.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    if (titleVariablesThatMayBeEmpty.includes(name)) return "";
    return titleVariables.includes(name) ? "x" : whole;
  });
  if (expanded.trim() === "" || /[{}]/.test(expanded)) {
    throw new ConfigurationError("template format is invalid or contains unknown variables");
  }
});

/** Directives by name. `DirectiveValues` maps each name to the type of its value. */
export const DIRECTIVES = {
  // Sider's own
  "rdb-version": works(between(10n, 11n), "11"),
  "heap-capacity": works(bytesUpTo(LONG_MAX), "0", { immutable: true, takesOwnValue: true }),
  "metrics-port": works(port, "0"),
  "metrics-bind": works(special.addresses, ["127.0.0.1", "-::1"], { multi: true }),

  // network and clients
  bind: works(special.addresses, ["*", "-::*"], { multi: true }),
  port: works(port, "6379"),
  "tcp-backlog": works(count, "511", immutable),
  unixsocket: works(text, "", immutable),
  unixsocketperm: works(octal({ minimum: 0n, maximum: 0o777n, unsigned: true }), "0", immutable),
  timeout: works(count, "0"),
  "tcp-keepalive": works(count, "300"),
  "protected-mode": works(bool, "yes"),
  maxclients: works(unsignedUpTo(UINT_MAX, 1n), "10000"),
  "client-default-resp": works(unsignedUpTo(3n, 2n), "2", { immutable: true, hidden: true }),
  "client-output-buffer-limit": works(
    special.outputBufferLimits,
    ["normal", "0", "0", "0", "replica", "256mb", "64mb", "60", "pubsub", "32mb", "8mb", "60"],
    { multi: true },
  ),
  "client-query-buffer-limit": works(bytesUpTo(LONG_MAX, 1048576n), "1gb"),
  "proto-max-bulk-len": works(signedBytes(1048576n, LONG_MAX), "512mb"),
  "maxmemory-clients": works(memoryOrPercent({ minimum: -100n, maximum: LONG_MAX }), "0"),
  "bind-source-addr": noted(text, ""),
  "socket-mark-id": noted(unsignedUpTo(UINT_MAX), "0", immutable),
  "io-threads": noted(between(1n, 128n), "1", immutable),
  "io-threads-do-reads": noted(bool, "no", immutable),

  // access
  requirepass: works(text, "", { sensitive: true }),
  aclfile: works(text, "", immutable),
  "acl-pubsub-default": works(
    oneOf(["resetchannels", "allchannels"], {}, ["allchannels", "resetchannels"]),
    "resetchannels",
  ),
  "acllog-max-len": works(between(0n, LONG_MAX), "128"),
  "enable-protected-configs": works(localOr, "no", immutable),
  "enable-debug-command": works(localOr, "no", immutable),
  "enable-module-command": works(localOr, "no", immutable),

  // process and log
  databases: works(between(1n, INT_MAX), "16", immutable),
  daemonize: works(bool, "no", immutable),
  supervised: works(oneOf(["upstart", "systemd", "auto", "no"]), "no", immutable),
  pidfile: works(text, "", immutable),
  loglevel: works(oneOf(["debug", "verbose", "notice", "warning", "nothing"]), "notice"),
  logfile: works(text, "", immutable),
  "syslog-enabled": works(bool, "no", immutable),
  "syslog-ident": works(text, "redis", immutable),
  "syslog-facility": works(
    oneOf(["user", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"]),
    "local0",
    immutable,
  ),
  "crash-log-enabled": works(bool, "yes"),
  "crash-memcheck-enabled": noted(bool, "yes"),
  "use-exit-on-panic": noted(bool, "no", hidden),
  "always-show-logo": works(bool, "no", immutable),
  "set-proc-title": works(bool, "yes", immutable),
  "proc-title-template": works(processTitle, "{title} {listen-addr} {server-mode}"),
  "locale-collate": noted(text, ""),
  "ignore-warnings": noted(text, ""),
  "disable-thp": noted(bool, "yes", immutable),
  "oom-score-adj": works(
    oneOf(["no", "yes", "absolute"], { relative: "yes" }, ["no", "yes", "relative", "absolute"]),
    "no",
  ),
  "oom-score-adj-values": works(special.oomScoreAdjustments, ["0", "200", "800"], { multi: true }),
  "server-cpulist": works(text, "", { immutable: true, alias: "server_cpulist" }),
  "bio-cpulist": noted(text, "", { immutable: true, alias: "bio_cpulist" }),
  "aof-rewrite-cpulist": noted(text, "", { immutable: true, alias: "aof_rewrite_cpulist" }),
  "bgsave-cpulist": noted(text, "", { immutable: true, alias: "bgsave_cpulist" }),
  hz: works(integer({ minimum: 0n, maximum: INT_MAX, clamp: [1, 500] }), "10"),
  "dynamic-hz": works(bool, "yes"),
  "shutdown-timeout": works(count, "10"),
  "shutdown-on-sigint": works(signalOptions, "default", { multi: true }),
  "shutdown-on-sigterm": works(signalOptions, "default", { multi: true }),
  "watchdog-period": noted(count, "0", hidden),
  "enable-debug-assert": noted(bool, "no", { immutable: true, hidden: true }),

  // snapshots
  save: works(special.savePoints, ["3600", "1", "300", "100", "60", "10000"], { multi: true }),
  dir: works(special.directory, "", { protected: true, denyLoading: true }),
  dbfilename: works(baseName("dbfilename", "filename", true), "dump.rdb", { protected: true }),
  rdbcompression: works(bool, "yes"),
  rdbchecksum: works(bool, "yes", immutable),
  "stop-writes-on-bgsave-error": works(bool, "yes"),
  "rdb-del-sync-files": noted(bool, "no"),
  "rdb-save-incremental-fsync": works(bool, "yes"),
  "rdb-key-save-delay": works(between(INT_MIN, INT_MAX), "0", hidden),
  "key-load-delay": works(between(INT_MIN, INT_MAX), "0", hidden),
  "loading-process-events-interval-bytes": works(between(1024n, INT_MAX), "2097152", hidden),
  "sanitize-dump-payload": works(oneOf(["no", "yes", "clients"]), "no"),

  // append only file
  appendonly: works(bool, "no", { denyLoading: true }),
  appendfilename: works(baseName("appendfilename", "filename", false), "appendonly.aof", immutable),
  appenddirname: works(baseName("appenddirname", "dirname", false), "appendonlydir", immutable),
  appendfsync: works(oneOf(["everysec", "always", "no"]), "everysec"),
  "no-appendfsync-on-rewrite": works(bool, "no"),
  "auto-aof-rewrite-percentage": works(count, "100"),
  "auto-aof-rewrite-min-size": works(signedBytes(0n, LONG_MAX), "64mb"),
  "aof-load-truncated": works(bool, "yes"),
  "aof-use-rdb-preamble": works(bool, "yes"),
  "aof-timestamp-enabled": works(bool, "no"),
  "aof-rewrite-incremental-fsync": works(bool, "yes"),
  "aof-disable-auto-gc": works(bool, "no"),

  // memory and expiry
  maxmemory: works(bytesUpTo(UINT64_MAX), "0"),
  "maxmemory-policy": works(
    oneOf([
      "volatile-lru",
      "volatile-lfu",
      "volatile-random",
      "volatile-ttl",
      "allkeys-lru",
      "allkeys-lfu",
      "allkeys-random",
      "noeviction",
    ]),
    "noeviction",
  ),
  "maxmemory-samples": works(between(1n, INT_MAX), "5"),
  "maxmemory-eviction-tenacity": works(between(0n, 100n), "10"),
  "active-expire-effort": works(between(1n, 10n), "1"),
  activerehashing: works(bool, "yes"),
  "lazyfree-lazy-eviction": works(bool, "no"),
  "lazyfree-lazy-expire": works(bool, "no"),
  "lazyfree-lazy-server-del": works(bool, "no"),
  "lazyfree-lazy-user-del": works(bool, "no"),
  "lazyfree-lazy-user-flush": works(bool, "no"),
  "lfu-log-factor": works(count, "10"),
  "lfu-decay-time": works(count, "1"),
  "jemalloc-bg-thread": noted(bool, "yes"),
  activedefrag: noted(bool, "no"),
  "active-defrag-ignore-bytes": noted(bytesUpTo(LONG_MAX, 1n), "100mb"),
  "active-defrag-threshold-lower": noted(between(0n, 1000n), "10"),
  "active-defrag-threshold-upper": noted(between(0n, 1000n), "100"),
  "active-defrag-cycle-min": noted(between(1n, 99n), "1"),
  "active-defrag-cycle-max": noted(between(1n, 99n), "25"),
  "active-defrag-max-scan-fields": noted(between(1n, LONG_MAX), "1000"),

  // encodings
  "hash-max-listpack-entries": works(size, "512", { alias: "hash-max-ziplist-entries" }),
  "hash-max-listpack-value": works(bytesUpTo(LONG_MAX), "64", { alias: "hash-max-ziplist-value" }),
  "list-max-listpack-size": works(between(INT_MIN, INT_MAX), "-2", { alias: "list-max-ziplist-size" }),
  "list-compress-depth": works(count, "0"),
  "set-max-intset-entries": works(size, "512"),
  "set-max-listpack-entries": works(size, "128"),
  "set-max-listpack-value": works(size, "64"),
  "zset-max-listpack-entries": works(size, "128", { alias: "zset-max-ziplist-entries" }),
  "zset-max-listpack-value": works(bytesUpTo(LONG_MAX), "64", { alias: "zset-max-ziplist-value" }),
  "hll-sparse-max-bytes": works(bytesUpTo(LONG_MAX), "3000"),
  "stream-node-max-bytes": works(bytesUpTo(LONG_MAX), "4096"),
  "stream-node-max-entries": works(between(0n, LONG_MAX), "100"),

  // observation
  "slowlog-log-slower-than": works(between(-1n, LONG_MAX), "10000"),
  "slowlog-max-len": works(between(0n, LONG_MAX), "128"),
  "latency-monitor-threshold": works(between(0n, LONG_MAX), "0"),
  "latency-tracking": works(bool, "yes"),
  "latency-tracking-info-percentiles": works(special.percentiles, ["50", "99", "99.9"], { multi: true }),
  "notify-keyspace-events": works(special.keyspaceEvents, ""),
  "tracking-table-max-keys": works(size, "1000000"),
  "busy-reply-threshold": noted(between(0n, LONG_MAX), "5000", { alias: "lua-time-limit" }),
  "lua-enable-deprecated-api": noted(bool, "no", { immutable: true, hidden: true }),

  // replication
  replicaof: noted(special.primary, [], { immutable: true, multi: true, alias: "slaveof" }),
  masterauth: noted(text, "", { sensitive: true }),
  masteruser: noted(text, "", { sensitive: true }),
  "replica-announce-ip": noted(text, "", { alias: "slave-announce-ip" }),
  "replica-announce-port": noted(port, "0", { alias: "slave-announce-port" }),
  "replica-announced": noted(bool, "yes"),
  "replica-ignore-disk-write-errors": noted(bool, "no"),
  "replica-ignore-maxmemory": noted(bool, "yes", { alias: "slave-ignore-maxmemory" }),
  "replica-lazy-flush": noted(bool, "no", { alias: "slave-lazy-flush" }),
  "replica-priority": noted(count, "100", { alias: "slave-priority" }),
  "replica-read-only": noted(bool, "yes", { alias: "slave-read-only" }),
  "replica-serve-stale-data": noted(bool, "yes", { alias: "slave-serve-stale-data" }),
  "min-replicas-max-lag": noted(count, "10", { alias: "min-slaves-max-lag" }),
  "min-replicas-to-write": noted(count, "0", { alias: "min-slaves-to-write" }),
  "propagation-error-behavior": noted(oneOf(["ignore", "panic", "panic-on-replicas"]), "ignore"),
  "repl-backlog-size": noted(memory({ minimum: 1n, maximum: LONG_MAX, clamp: [16384, Number(LONG_MAX)] }), "1mb"),
  "repl-backlog-ttl": noted(between(0n, LONG_MAX), "3600"),
  "repl-disable-tcp-nodelay": noted(bool, "no"),
  "repl-diskless-load": noted(oneOf(["disabled", "on-empty-db", "swapdb"]), "disabled", { denyLoading: true }),
  "repl-diskless-sync": noted(bool, "yes"),
  "repl-diskless-sync-delay": noted(count, "5"),
  "repl-diskless-sync-max-replicas": noted(count, "0"),
  "repl-ping-replica-period": noted(between(1n, INT_MAX), "10", { alias: "repl-ping-slave-period" }),
  "repl-timeout": noted(between(1n, INT_MAX), "60"),

  // cluster
  "cluster-enabled": noted(bool, "no", immutable),
  "cluster-config-file": noted(text, "nodes.conf", immutable),
  "cluster-port": noted(port, "0", immutable),
  "cluster-ping-interval": noted(between(0n, LONG_MAX), "0", hidden),
  "cluster-node-timeout": noted(between(0n, LONG_MAX), "15000"),
  "cluster-announce-ip": noted(text, ""),
  "cluster-announce-hostname": noted(hostName, ""),
  "cluster-announce-human-nodename": noted(hostName, ""),
  "cluster-announce-port": noted(port, "0"),
  "cluster-announce-tls-port": noted(port, "0"),
  "cluster-announce-bus-port": noted(port, "0"),
  "cluster-migration-barrier": noted(count, "1"),
  "cluster-replica-validity-factor": noted(count, "10", { alias: "cluster-slave-validity-factor" }),
  "cluster-replica-no-failover": noted(bool, "no", { alias: "cluster-slave-no-failover" }),
  "cluster-require-full-coverage": noted(bool, "yes"),
  "cluster-allow-reads-when-down": noted(bool, "no"),
  "cluster-allow-pubsubshard-when-down": noted(bool, "yes"),
  "cluster-allow-replica-migration": noted(bool, "yes"),
  "cluster-link-sendbuf-limit": noted(bytesUpTo(UINT64_MAX), "0"),
  "cluster-preferred-endpoint-type": noted(oneOf(["ip", "hostname", "unknown-endpoint"]), "ip"),

  // TLS
  "tls-port": works(port, "0"),
  "tls-cluster": noted(bool, "no"),
  "tls-replication": noted(bool, "no"),
  "tls-auth-clients": works(oneOf(["no", "yes", "optional"]), "yes"),
  "tls-prefer-server-ciphers": works(bool, "no"),
  "tls-session-caching": works(bool, "yes"),
  "tls-session-cache-size": noted(count, "20480"),
  "tls-session-cache-timeout": works(count, "300"),
  "tls-cert-file": works(text, "", { volatile: true }),
  "tls-key-file": works(text, "", { volatile: true }),
  "tls-key-file-pass": works(text, "", { sensitive: true }),
  "tls-client-cert-file": noted(text, "", { volatile: true }),
  "tls-client-key-file": noted(text, "", { volatile: true }),
  "tls-client-key-file-pass": noted(text, "", { sensitive: true }),
  "tls-dh-params-file": works(text, "", { volatile: true }),
  "tls-ca-cert-file": works(text, "", { volatile: true }),
  "tls-ca-cert-dir": works(text, "", { volatile: true }),
  "tls-protocols": works(text, ""),
  "tls-ciphers": works(text, ""),
  "tls-ciphersuites": works(text, ""),
} as const;

/** The name of a directive (not of an alias). */
export type DirectiveName = keyof typeof DIRECTIVES;

/** The type of each directive's value. */
export type DirectiveValues = {
  [Name in DirectiveName]: (typeof DIRECTIVES)[Name] extends Directive<infer Value> ? Value : never;
};

/** Old directives that are accepted in files, with exactly one word, and ignored. */
export const IGNORED_DIRECTIVES: ReadonlySet<string> = new Set([
  "list-max-ziplist-entries",
  "list-max-ziplist-value",
  "lua-replicate-commands",
]);
