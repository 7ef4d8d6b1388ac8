import { expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient } from "../testing/test-client.ts";
import { LazyFreeWorker } from "./lazy-free.ts";

/** A hash that is a table of so many fields. */
function fill(client: TestClient, key: string, fields: number): void {
  const words: (string | number)[] = ["HSET", key];
  for (let field = 0; field < fields; field++) words.push(`field:${String(field)}`, "x".repeat(70));
  client.send(...words);
}

function start(directives: Readonly<Record<string, string>> = {}) {
  const running = createTestServer(directives);
  const { keyspace } = running.server;
  const client = running.connect();
  return { ...running, client, keyspace, queue: keyspace.lazyFree, used: (): number => keyspace.heap.allocatedBytes };
}

test.each([
  ["UNLINK", {}],
  ["DEL", { "lazyfree-lazy-user-del": "yes" }],
])("%s hands a large value to the queue, and only a large one", (command, directives) => {
  const { client, queue, used } = start(directives);
  const before = used();
  fill(client, "large", 65);
  fill(client, "small", 64);
  expect(client.send(command, "large", "small")).toBe(":2\r\n");
  expect(queue.pendingObjects).toBe(1);
  expect(client.send("INFO", "memory")).toContain("lazyfree_pending_objects:1");
  expect(queue.freeFor(1000, () => 0)).toBe(true);
  expect(queue.pendingObjects).toBe(0);
  expect(client.send("INFO", "memory")).toContain("lazyfreed_objects:1");
  expect(used()).toBe(before);
  client.send("CONFIG", "RESETSTAT");
  expect(client.send("INFO", "memory")).toContain("lazyfreed_objects:0");
});

test("without the directives values are freed at once", () => {
  const { client, clock, queue } = start();
  fill(client, "a", 100);
  client.send("DEL", "a");
  fill(client, "a", 100);
  client.send("SET", "a", "b");
  fill(client, "c", 100);
  client.send("PEXPIRE", "c", 10);
  clock.now += 20;
  expect(client.send("EXISTS", "c")).toBe(":0\r\n");
  fill(client, "d", 100);
  client.send("FLUSHALL");
  expect(queue.isEmpty).toBe(true);
});

test("directives send what expires, what is overwritten and what is flushed to the queue", () => {
  const { client, clock, queue, used } = start({
    "lazyfree-lazy-expire": "yes",
    "lazyfree-lazy-server-del": "yes",
    "lazyfree-lazy-user-flush": "yes",
  });
  const before = used();
  fill(client, "a", 100);
  client.send("SET", "a", "b");
  expect(queue.pendingObjects).toBe(1);
  fill(client, "c", 100);
  client.send("PEXPIRE", "c", 10);
  clock.now += 20;
  expect(client.send("EXISTS", "c")).toBe(":0\r\n");
  expect(queue.pendingObjects).toBe(2);
  fill(client, "d", 100);
  client.send("RENAME", "a", "d");
  expect(queue.pendingObjects).toBe(3);
  client.send("FLUSHALL");
  expect(queue.pendingObjects).toBe(4);
  queue.freeAll();
  expect(queue.pendingObjects).toBe(0);
  expect(queue.freedObjects).toBe(4);
  expect(used()).toBe(before);
});

test("FLUSHDB ASYNC leaves an empty database at once, and frees keys, expiries and large values in slices", () => {
  const { client, queue, used } = start();
  const before = used();
  for (let key = 0; key < 2000; key++) client.send("SET", key, "x".repeat(key % 300), "EX", 1000);
  fill(client, "large", 5000);
  expect(client.send("FLUSHDB", "ASYNC")).toBe("+OK\r\n");
  expect(client.send("DBSIZE")).toBe(":0\r\n");
  expect(queue.pendingObjects).toBe(2001);
  client.send("SET", "new", "value");
  let slices = 0;
  for (let now = 0; !queue.freeFor(0.5, () => now++); slices++);
  expect(slices).toBeGreaterThan(10);
  expect(queue.pendingObjects).toBe(0);
  expect(client.send("GET", "new")).toBe("$5\r\nvalue\r\n");
  client.send("FLUSHALL", "SYNC");
  expect(used()).toBe(before);
});

test("memory that runs short is taken from the queue", () => {
  const { client, queue, keyspace } = start();
  fill(client, "large", 20_000);
  keyspace.heap.limitBytes = keyspace.heap.usedPages * 4096;
  client.send("UNLINK", "large");
  expect(queue.isEmpty).toBe(false);
  expect(client.send("SET", "a", "x".repeat(500_000))).toBe("+OK\r\n");
  expect(queue.isEmpty).toBe(true);
});

test("maxmemory counts what waits only after it was freed", () => {
  const { client, queue, keyspace, server } = start();
  fill(client, "large", 2000);
  server.configuration.assign("maxmemory", [String(keyspace.heap.allocatedBytes - 30_000)]);
  expect(client.send("SET", "a", "b")).toContain("OOM");
  client.send("UNLINK", "large");
  expect(queue.isEmpty).toBe(false);
  expect(client.send("SET", "a", "b")).toBe("+OK\r\n");
  expect(keyspace.heap.allocatedBytes).toBeLessThan(server.configuration.get("maxmemory") + 100);
});

test("the worker empties the queue between batches of requests", async () => {
  const { client, queue } = start();
  const worker = new LazyFreeWorker(queue);
  worker.start();
  fill(client, "large", 20_000);
  client.send("UNLINK", "large");
  expect(queue.isEmpty).toBe(false);
  for (let turn = 0; turn < 10_000 && !queue.isEmpty; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(queue.isEmpty).toBe(true);
  worker.stop();
});
