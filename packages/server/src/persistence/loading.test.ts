import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestServer, type TestServer } from "../testing/test-client.ts";
import { LoadCancelled } from "./loading.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sider-loading-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A server with a dump of 2000 keys before it, which it takes some turns to load. */
function makeWithDump(directives: Record<string, string> = {}): TestServer {
  const first = createTestServer({ dir: folder, "enable-debug-command": "yes" });
  first.connect().send("DEBUG", "POPULATE", 2000, "key", 100);
  first.server.persistence.save();
  return createTestServer({ dir: folder, "loading-process-events-interval-bytes": "1024", ...directives });
}

test("between two turns clients are answered: what needs no data is executed, the rest is refused", async () => {
  const { server, clock, connect } = makeWithDump();
  const loaded = server.persistence.loadInTurns();
  await new Promise(setImmediate);
  clock.now += 1000;
  const client = connect();
  const refused = "-LOADING Redis is loading the dataset in memory\r\n";
  expect(client.send("GET", "key:1")).toBe(refused);
  expect(client.send("SET", "a", 1)).toBe(refused);
  expect(client.sendRaw("MULTI\r\nGET a\r\nEXEC\r\n")).toContain("-EXECABORT");
  expect(client.send("CONFIG", "SET", "appendonly", "yes")).toContain("LOADING");
  const info = client.send("INFO", "persistence");
  expect(info).toContain("loading:1\r\n");
  expect(info).toMatch(
    /loading_start_time:1700000000\r\nloading_total_bytes:[1-9]\d*\r\nloading_rdb_used_mem:[1-9]\d*\r\n/,
  );
  expect(info).toMatch(/loading_loaded_bytes:[1-9]\d*\r\nloading_loaded_perc:\d+\.\d\d\r\nloading_eta_seconds:\d+\r\n/);
  expect(await loaded).toBe(true);
  expect(client.send("DBSIZE")).toBe(":2000\r\n");
  expect(client.send("INFO", "persistence")).toContain("loading:0\r\n");
  expect(server.gates).toBe(0);
});

test("a server that goes down meanwhile saves nothing and loads no further", async () => {
  const { server, logged } = makeWithDump({ save: "1 1" });
  const loaded = server.persistence.loadInTurns();
  await new Promise(setImmediate);
  expect(server.ending.ask("SIGTERM")).toBe(true);
  let isDown = false;
  server.onShutdown = () => {
    isDown = true;
  };
  server.ending.poll();
  expect(isDown).toBe(true);
  await expect(loaded).rejects.toThrow(LoadCancelled);
  expect(logged.join("")).toContain("Received shutdown signal during loading, scheduling shutdown.");
  expect(logged.join("")).not.toContain("Saving the final RDB snapshot");
});

test("key-load-delay makes it slow", async () => {
  const { server } = makeWithDump({ "key-load-delay": "50" });
  const startedMs = performance.now();
  await server.persistence.loadInTurns();
  expect(performance.now() - startedMs).toBeGreaterThan(100);
});
