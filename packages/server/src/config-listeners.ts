/** Directives that take effect while the server runs. Those that are read each time they matter need nothing here. */
import type { EncodingLimits } from "@sider/keyspace-engine";
import { ConfigurationError } from "./config/index.ts";
import type { Configuration, DirectiveName } from "./config/index.ts";
import { latin1OfUtf8 } from "./dispatch/utf8.ts";
import { removalWatch } from "./observation/latency-watches.ts";
import type { Server } from "./server.ts";

/** What a redis-server says that was built without its own allocator. */
const NO_DEFRAGMENTATION =
  "Active defragmentation cannot be enabled: it requires a Redis server compiled with a modified Jemalloc like the one shipped by default with the Redis source distribution";
/** Offsets into a request are int32. */
const REQUEST_BYTES_MAXIMUM = 2 ** 31 - 1;

/** Applies the configuration to the server, now and after each change. */
export function followConfiguration(server: Server): void {
  const { configuration, requestLimits } = server;
  follow(configuration, ["proto-max-bulk-len"], () => {
    requestLimits.maxBulkBytes = Math.min(configuration.get("proto-max-bulk-len"), REQUEST_BYTES_MAXIMUM);
  });
  follow(configuration, ["client-query-buffer-limit"], () => {
    requestLimits.maxRequestBytes = Math.min(configuration.get("client-query-buffer-limit"), REQUEST_BYTES_MAXIMUM);
  });
  follow(configuration, ["maxmemory", "maxmemory-policy"], () => {
    server.updateMemoryGate();
  });
  configuration.onChange("activedefrag", (isWanted) => {
    if (isWanted) throw new ConfigurationError(NO_DEFRAGMENTATION);
  });
  follow(configuration, ["requirepass"], () => {
    server.users.setDefaultPassword(latin1OfUtf8(configuration.get("requirepass")));
  });
  followEncodingLimits(server);
  const { lazyFree } = server.keyspace;
  follow(configuration, ["lazyfree-lazy-expire", "lazyfree-lazy-server-del"], () => {
    lazyFree.onExpiry = configuration.get("lazyfree-lazy-expire");
    lazyFree.onOverwrite = configuration.get("lazyfree-lazy-server-del");
  });
  follow(configuration, ["notify-keyspace-events"], () => {
    server.keyspaceEvents.choose(configuration.get("notify-keyspace-events"));
  });
  follow(configuration, ["tracking-table-max-keys"], () => {
    server.tracking.setMaximum(configuration.get("tracking-table-max-keys"));
  });
  follow(configuration, ["loglevel"], () => {
    server.log.level = configuration.get("loglevel");
  });
  followObservation(server);
  follow(configuration, ["client-output-buffer-limit"], () => {
    server.outputLimits = configuration.get("client-output-buffer-limit");
  });
  follow(configuration, ["maxmemory-clients", "maxmemory"], () => {
    server.clientEviction.configure();
  });
}

/** From when on a command is slow, and what is kept of it. */
function followObservation(server: Server): void {
  const { configuration, keyspace, observation } = server;
  follow(configuration, ["slowlog-log-slower-than", "latency-monitor-threshold"], () => {
    observation.setLimits(configuration.get("slowlog-log-slower-than"), configuration.get("latency-monitor-threshold"));
    keyspace.removalWatch = removalWatch(server);
  });
  follow(configuration, ["slowlog-max-len"], () => {
    observation.slowLog.maximum = configuration.get("slowlog-max-len");
  });
  follow(configuration, ["latency-tracking"], () => {
    observation.tracksLatency = configuration.get("latency-tracking");
  });
}

/** The limits that directives set; DEBUG sets the other one. */
type ConfiguredLimit = Exclude<keyof EncodingLimits, "listPlainBytes">;

/** The directives that bound the compact encodings of values. */
function followEncodingLimits(server: Server): void {
  const { configuration } = server;
  const limits = server.keyspace.limits;
  const directives = {
    hashMaxListpackEntries: "hash-max-listpack-entries",
    hashMaxListpackValue: "hash-max-listpack-value",
    listMaxListpackSize: "list-max-listpack-size",
    listCompressDepth: "list-compress-depth",
    setMaxIntsetEntries: "set-max-intset-entries",
    setMaxListpackEntries: "set-max-listpack-entries",
    setMaxListpackValue: "set-max-listpack-value",
    zsetMaxListpackEntries: "zset-max-listpack-entries",
    zsetMaxListpackValue: "zset-max-listpack-value",
    hllSparseMaxBytes: "hll-sparse-max-bytes",
    streamNodeMaxBytes: "stream-node-max-bytes",
    streamNodeMaxEntries: "stream-node-max-entries",
  } as const satisfies Record<ConfiguredLimit, DirectiveName>;
  for (const [limit, directive] of Object.entries(directives) as [ConfiguredLimit, DirectiveName][]) {
    follow(configuration, [directive], () => {
      limits[limit] = Number(configuration.get(directive));
    });
  }
}

function follow(configuration: Configuration, names: readonly DirectiveName[], apply: () => void): void {
  apply();
  for (const name of names) configuration.onChange(name, apply);
}
