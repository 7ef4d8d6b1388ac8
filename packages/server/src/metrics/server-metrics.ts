/** The metrics of a server: what INFO says, as numbers with names and labels. */
import { infoFields } from "../info/sections.ts";
import type { LatencySample } from "../observation/latency-events.ts";
import type { Server } from "../server.ts";
import { SIDER_VERSION } from "../version.ts";
import { INFO_METRICS } from "./info-metrics.ts";
import type { Metric, MetricType, Sample } from "./text-format.ts";

const PREFIX = "redis_";
const MICROSECONDS_A_SECOND = 1e6;
const MILLISECONDS_A_SECOND = 1000;

type Fields = ReadonlyMap<string, string>;

/** All metrics of a server, as it is now. */
export function serverMetrics(server: Server): Metric[] {
  const fields = infoFields(server);
  return [
    metric("up", "Whether the server answers", [{ value: 1 }]),
    metric("instance_info", "What this server is", [{ value: 1, labels: instanceLabels(fields) }]),
    metric("start_time_seconds", "When the server was started", [{ value: Math.floor(server.startedMs / 1000) }]),
    metric("config_maxmemory", "The directive maxmemory", [{ value: server.configuration.get("maxmemory") }]),
    metric("config_maxclients", "The directive maxclients", [{ value: server.configuration.get("maxclients") }]),
    ...INFO_METRICS.map(([field, name, help]) => metric(name, help, samplesOfField(fields.get(field)))),
    ...databaseMetrics(fields),
    ...commandMetrics(fields),
    ...observationMetrics(server),
    metric("errors_total", "Error replies by their first word", partsOf(fields, "errorstat_", "err", "count")),
  ];
}

function metric(name: string, help: string, samples: readonly Sample[], type?: MetricType): Metric {
  return { name: PREFIX + name, type: type ?? (name.endsWith("_total") ? "counter" : "gauge"), help, samples };
}

function samplesOfField(text: string | undefined): Sample[] {
  if (text === undefined) return [];
  return [{ value: text === "ok" ? 1 : text === "err" ? 0 : Number(text) }];
}

function instanceLabels(fields: Fields): Record<string, string> {
  const names = ["role", "redis_version", "redis_build_id", "redis_mode", "os", "maxmemory_policy", "tcp_port"];
  names.push("run_id", "process_id", "master_replid");
  const labels = Object.fromEntries(names.map((name) => [name, fields.get(name) ?? ""]));
  return { ...labels, sider_version: SIDER_VERSION };
}

function databaseMetrics(fields: Fields): Metric[] {
  const of = (part: string, scale = 1): Sample[] => partsOf(fields, /^db\d+$/, "db", part, scale);
  return [
    metric("db_keys", "Keys of a database", of("keys")),
    metric("db_keys_expiring", "Keys of a database that expire", of("expires")),
    metric("db_avg_ttl_seconds", "Seconds that they live on average", of("avg_ttl", 1 / MILLISECONDS_A_SECOND)),
  ];
}

function commandMetrics(fields: Fields): Metric[] {
  const of = (part: string, scale = 1): Sample[] => partsOf(fields, "cmdstat_", "cmd", part, scale);
  return [
    metric("commands_total", "Calls of a command", of("calls")),
    metric("commands_duration_seconds_total", "Seconds that a command took", of("usec", 1 / MICROSECONDS_A_SECOND)),
    metric("commands_rejected_calls_total", "Calls that were refused", of("rejected_calls")),
    metric("commands_failed_calls_total", "Calls that ended with an error", of("failed_calls")),
    metric("latency_percentiles_usec", "Microseconds of a command", latencySamples(fields), "summary"),
  ];
}

/** What SLOWLOG and LATENCY show. */
function observationMetrics({ observation }: Server): Metric[] {
  const { latency, slowLog } = observation;
  const [last] = slowLog.latest(1);
  const seconds = (last?.microseconds ?? 0) / MICROSECONDS_A_SECOND;
  const events = [...latency.events].map(([name, { samples }]) => ({ name, last: samples.at(-1) }));
  const ofEvents = (value: (sample: LatencySample) => number): Sample[] =>
    events.flatMap(({ name, last }) =>
      last === undefined ? [] : [{ value: value(last), labels: { event_name: name } }],
    );
  return [
    metric("slowlog_length", "Commands in SLOWLOG", [{ value: slowLog.length }]),
    metric("slowlog_last_id", "The number of the last of them", [{ value: last?.id ?? 0 }]),
    metric("last_slow_execution_duration_seconds", "Seconds that it took", [{ value: seconds }]),
    metric(
      "latency_spike_last",
      "When an event of LATENCY was last",
      ofEvents((sample) => sample.unixSeconds),
    ),
    metric(
      "latency_spike_duration_seconds",
      "Seconds that it took",
      ofEvents((sample) => sample.milliseconds / MILLISECONDS_A_SECOND),
    ),
  ];
}

/** One part of fields such as `cmdstat_get:calls=1,usec=2`: a sample of each field, with what its name says as the label. */
function partsOf(fields: Fields, names: string | RegExp, label: string, part: string, scale = 1): Sample[] {
  const samples: Sample[] = [];
  for (const [field, text] of fields) {
    const isOne = typeof names === "string" ? field.startsWith(names) : names.test(field);
    const value = isOne ? parts(text).get(part) : undefined;
    const name = typeof names === "string" ? field.slice(names.length) : field;
    if (value !== undefined) samples.push({ value: Number(value) * scale, labels: { [label]: name } });
  }
  return samples;
}

/** "99.9" percent as a fraction; a division would leave 0.9990000000000001. */
function quantileText(percent: string): string {
  return String(Number((Number(percent) / 100).toFixed(10)));
}

function parts(text: string): Map<string, string> {
  return new Map(
    text.split(",").map((part) => {
      const at = part.indexOf("=");
      return [part.slice(0, at), part.slice(at + 1)];
    }),
  );
}

/** Fields such as `latency_percentiles_usec_get:p50=1.003,p99=2.007`, with the count and the sum of the same command. */
function latencySamples(fields: Fields): Sample[] {
  const prefix = "latency_percentiles_usec_";
  return [...fields].flatMap(([field, text]) => {
    if (!field.startsWith(prefix)) return [];
    const cmd = field.slice(prefix.length);
    const counts = parts(fields.get(`cmdstat_${cmd}`) ?? "");
    const quantiles = [...parts(text)].map(([name, value]) => ({
      value: Number(value),
      labels: { cmd, quantile: quantileText(name.slice(1)) },
    }));
    const sum = { suffix: "_sum", value: Number(counts.get("usec") ?? 0), labels: { cmd } };
    return [...quantiles, sum, { suffix: "_count", value: Number(counts.get("calls") ?? 0), labels: { cmd } }];
  });
}
