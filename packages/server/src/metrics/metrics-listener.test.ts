import { afterEach, describe, expect, test } from "vitest";
import { createServer, type Directives, type SiderServer } from "../create-server.ts";
import { freePort, holdPort, keepingLog } from "../testing/sockets.ts";
import { REDIS_VERSION } from "../version.ts";
import { parseExposition, valueOf } from "./testing/exposition.ts";

const servers: SiderServer[] = [];
const logged: string[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  logged.length = 0;
});

async function serve(directives: Directives = {}): Promise<{ server: SiderServer; port: number }> {
  const port = await freePort();
  const options = {
    "heap-capacity": "64mb",
    port: 0,
    "metrics-port": port,
    "metrics-bind": "127.0.0.1",
    ...directives,
  };
  const server = await createServer(options, { log: keepingLog(logged) });
  servers.push(server);
  await server.listen();
  return { server, port };
}

async function get(
  port: number,
  path: string,
  init: RequestInit = {},
  host = "127.0.0.1",
): Promise<Response & { body_: string }> {
  const response = await fetch(`http://${host}:${String(port)}${path}`, { ...init, headers: { connection: "close" } });
  return Object.assign(response, { body_: await response.text() });
}

describe("the metrics", () => {
  test("are in the text format, to the letter", async () => {
    const { server, port } = await serve();
    const client = server.client();
    await client.send("CONFIG", "SET", "slowlog-log-slower-than", 0);
    server.core.observation.latency.add("expire-cycle", 1_700_000_000, 250);
    await client.send("SET", "a", 1, "PX", 100000);
    await client.send("SET", "b", 1);
    await client.send("GET", "c");
    await expect(client.send("GET")).rejects.toThrow();
    await expect(client.send("NOSUCH")).rejects.toThrow();
    const response = await get(port, "/metrics");
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "text/plain; version=0.0.4; charset=utf-8",
    ]);
    const metrics = parseExposition(response.body_);
    expect(valueOf(metrics, "redis_up")).toBe(1);
    expect(valueOf(metrics, "redis_connected_clients")).toBe(1);
    expect(valueOf(metrics, "redis_db_keys", { db: "db0" })).toBe(2);
    expect(valueOf(metrics, "redis_db_keys_expiring", { db: "db0" })).toBe(1);
    expect(valueOf(metrics, "redis_commands_total", { cmd: "set" })).toBe(2);
    expect(valueOf(metrics, "redis_commands_rejected_calls_total", { cmd: "get" })).toBe(1);
    expect(valueOf(metrics, "redis_errors_total", { err: "ERR" })).toBe(2);
    expect(valueOf(metrics, "redis_keyspace_misses_total")).toBe(1);
    expect(valueOf(metrics, "redis_memory_used_bytes")).toBeGreaterThan(0);
    expect(valueOf(metrics, "redis_rdb_last_bgsave_status")).toBe(1);
    expect(metrics.get("redis_commands_total")?.type).toBe("counter");
    expect(metrics.get("redis_memory_used_bytes")?.type).toBe("gauge");
    expect(valueOf(metrics, "redis_slowlog_length")).toBe(4);
    expect(valueOf(metrics, "redis_slowlog_last_id")).toBe(3);
    expect(metrics.get("redis_latency_percentiles_usec")?.samples.map(({ labels }) => labels["quantile"])).toContain(
      "0.999",
    );
    expect(valueOf(metrics, "redis_latency_spike_duration_seconds", { event_name: "expire-cycle" })).toBe(0.25);
    const [instance] = metrics.get("redis_instance_info")?.samples ?? [];
    expect(instance?.labels).toMatchObject({ role: "master", redis_mode: "standalone", redis_version: REDIS_VERSION });
    for (const { samples } of metrics.values()) for (const { value } of samples) expect(value).not.toBeNaN();
  });
});

describe("the port", () => {
  test("is closed unless it is asked for", async () => {
    const { server, port } = await serve({ "metrics-port": 0 });
    await expect(get(port, "/metrics")).rejects.toThrow();
    expect(await server.client().send("CONFIG", "SET", "metrics-port", port)).toBe("OK");
    expect((await get(port, "/health")).body_).toBe("ok\n");
    const other = await freePort();
    expect(
      await server.client().send("CONFIG", "SET", "metrics-port", other, "metrics-bind", "127.0.0.1 127.0.0.2"),
    ).toBe("OK");
    await expect(get(port, "/health")).rejects.toThrow();
    expect((await get(other, "/health", {}, "127.0.0.2")).status).toBe(200);
  });

  test("of somebody else is refused, at the start and later, and the old one stays", async () => {
    const { server, port } = await serve();
    await expect(serve({ "metrics-port": port })).rejects.toThrow(
      `Failed listening on port ${String(port)} (metrics), aborting.`,
    );
    const { port: taken, release } = await holdPort();
    await expect(server.client().send("CONFIG", "SET", "metrics-port", taken)).rejects.toThrow(
      "(possibly related to argument 'metrics-port') - Unable to listen on this port. Check server logs.",
    );
    await release();
    expect(logged.join("\n")).toContain(
      `metrics listening socket 127.0.0.1:${String(taken)}: bind: Address already in use`,
    );
    expect((await get(port, "/health")).status).toBe(200);
  });

  test("answers what it knows, and only to GET and HEAD", async () => {
    const { server, port } = await serve();
    expect((await get(port, "/?x")).body_).toBe("/metrics\n/health\n/ready\n");
    expect((await get(port, "/nosuch")).status).toBe(404);
    const posted = await get(port, "/metrics", { method: "POST", body: "x".repeat(100_000) });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    const head = await get(port, "/metrics", { method: "HEAD" });
    expect([head.status, head.body_, Number(head.headers.get("content-length")) > 1000]).toEqual([200, "", true]);
    expect((await get(port, "/health", {})).status).toBe(200);
    expect((await get(port, `/${"x".repeat(9000)}`)).status).toBe(431);
    expect([(await get(port, "/ready")).status, (await get(port, "/ready")).body_]).toEqual([200, "ready\n"]);
    server.core.isStarted = false;
    expect([(await get(port, "/ready")).status, (await get(port, "/ready")).body_]).toEqual([503, "loading\n"]);
  });
});
