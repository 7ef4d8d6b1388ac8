import { expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient } from "../testing/test-client.ts";

function titles(client: TestClient, ...names: string[]): string[] {
  return [...client.send("INFO", ...names).matchAll(/^# (\w+)\r$/gm)].map(([, title]) => title);
}

const DEFAULT = "Server Clients Memory Persistence Stats Replication CPU Modules Errorstats Cluster Keyspace".split(
  " ",
);

test("sections come in their order, however they are asked for", () => {
  const client = createTestServer().connect();
  expect(titles(client)).toEqual(DEFAULT);
  expect(titles(client, "default")).toEqual(DEFAULT);
  expect(titles(client, "ALL")).toEqual(expect.arrayContaining(["Commandstats", "Latencystats", "Keyspace"]));
  expect(titles(client, "all")).not.toContain("Modules");
  expect(titles(client, "everything")).toHaveLength(13);
  expect(titles(client, "keyspace", "Server", "nosuch", "server")).toEqual(["Server", "Keyspace"]);
  expect(titles(client, "commandstats", "default")).toEqual(expect.arrayContaining(["Commandstats", ...DEFAULT]));
});

test("the section Debug comes for its name only", () => {
  const { connect, server } = createTestServer();
  const client = connect();
  expect(titles(client, "everything", "all", "default")).not.toContain("Debug");
  client.sendRaw("PING\r\nPING\r\n");
  server.loop.addTick(3);
  server.loop.appendOnlyMs += 1.5;
  const names = ["eventloop_duration_aof_sum:1500", "eventloop_duration_cron_sum:3000", "eventloop_duration_max:3000"];
  expect(client.send("INFO", "debug")).toContain(
    ["# Debug", ...names, "eventloop_cmd_per_cycle_max:2", ""].join("\r\n"),
  );
  client.send("CONFIG", "RESETSTAT");
  expect(client.send("INFO", "DEBUG")).toContain("eventloop_duration_cron_sum:0\r\n");
});

test("the form is lines, with a blank one between sections", () => {
  const client = createTestServer().connect();
  expect(client.send("INFO", "cluster", "modules")).toBe(
    "$43\r\n# Modules\r\n\r\n# Cluster\r\ncluster_enabled:0\r\n\r\n",
  );
  expect(client.send("INFO", "nosuch")).toBe("$0\r\n\r\n");
  client.send("HELLO", 3);
  expect(client.send("INFO", "cluster")).toMatch(/^=34\r\ntxt:# Cluster\r\n/);
});

test("fields that tools look for", () => {
  const client = createTestServer().connect();
  const info = client.send("INFO");
  const names = new Set([...info.matchAll(/^([a-z0-9_]+):/gm)].map(([, name]) => name));
  const wanted =
    "redis_version redis_mode os process_id tcp_port uptime_in_seconds run_id connected_clients blocked_clients used_memory " +
    "used_memory_rss used_memory_peak maxmemory maxmemory_policy mem_fragmentation_ratio loading rdb_last_save_time " +
    "rdb_changes_since_last_save rdb_last_bgsave_status aof_enabled total_connections_received total_commands_processed " +
    "instantaneous_ops_per_sec keyspace_hits keyspace_misses expired_keys evicted_keys role connected_slaves " +
    "master_repl_offset used_cpu_sys used_cpu_user cluster_enabled eventloop_cycles eventloop_duration_sum " +
    "eventloop_duration_cmd_sum instantaneous_eventloop_cycles_per_sec instantaneous_eventloop_duration_usec";
  expect(wanted.split(" ").filter((name) => !names.has(name))).toEqual([]);
  expect(info).toMatch(/redis_version:7\.2\.4\r\nsider_version:\d/);
  expect(info).toMatch(/run_id:[0-9a-f]{40}\r\n/);
  expect(info).not.toMatch(/NaN|undefined|Infinity/);
});

test("keys, errors and commands are counted", () => {
  const client = createTestServer().connect();
  client.sendRaw("SET a 1 EX 100\r\nSET b 2\r\nSELECT 3\r\nSET c x\r\nINCR c\r\nGET\r\nNOSUCH\r\n");
  const info = client.send("INFO", "everything");
  expect(info).toContain("# Keyspace\r\ndb0:keys=2,expires=1,avg_ttl=0\r\ndb3:keys=1,expires=0,avg_ttl=0\r\n");
  expect(info).toContain("errorstat_ERR:count=3\r\n");
  expect(info).toMatch(/cmdstat_set:calls=3,usec=\d+,usec_per_call=\d+\.\d\d,rejected_calls=0,failed_calls=0\r\n/);
  expect(info).toMatch(/latency_percentiles_usec_set:p50=\d+\.\d{3},p99=\d+\.\d{3},p99\.9=\d+\.\d{3}\r\n/);
  expect(info).toMatch(/cmdstat_incr:calls=1,.*failed_calls=1\r\n/);
  expect(info).toMatch(/cmdstat_get:calls=0,.*rejected_calls=1,/);
  expect(info).toContain("rdb_changes_since_last_save:3\r\n");
});
