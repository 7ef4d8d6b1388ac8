import { describe, expect, test, vi } from "vitest";
import { GATE_MEMORY } from "../gates.ts";
import { CollectingFeed } from "../testing/collecting-feed.ts";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient } from "../testing/test-client.ts";
import { addFeed } from "../propagation/index.ts";
import { until } from "../testing/until.ts";

const OOM = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
const KILOBYTE = "x".repeat(1000);

function info(client: TestClient, field: string): number {
  return Number(new RegExp(`^${field}:(.*)\\r$`, "m").exec(client.send("INFO"))?.[1]);
}

function fill(client: TestClient, keys: number, ...options: (string | number)[]): void {
  for (let key = 0; key < keys; key++) client.send("SET", `key:${String(key)}`, KILOBYTE, ...options);
}

describe.each([
  "allkeys-lru",
  "allkeys-lfu",
  "allkeys-random",
  "volatile-lru",
  "volatile-lfu",
  "volatile-random",
  "volatile-ttl",
])("%s", (policy) => {
  test("keeps the limit while keys are written, and counts what it evicts", () => {
    const { connect, server } = createTestServer({
      maxmemory: "1mb",
      "maxmemory-policy": policy,
      "maxmemory-eviction-tenacity": "100",
    });
    const client = connect();
    for (let key = 0; key < 3000; key++) {
      expect(client.send("SET", `key:${String(key)}`, KILOBYTE, "EX", 1000 + key)).toBe("+OK\r\n");
    }
    expect(server.keyspace.heap.allocatedBytes).toBeLessThan(2 ** 20 + 2000);
    const evicted = info(client, "evicted_keys");
    const kept = server.keyspace.count(server.keyspace.databases[0]);
    expect(kept).toBeGreaterThan(800);
    expect(evicted).toBe(3000 - kept);
    client.send("CONFIG", "RESETSTAT");
    expect(info(client, "evicted_keys")).toBe(0);
  });
});

test("volatile policies refuse what needs memory when only keys without an expiry are left", () => {
  const { connect, server } = createTestServer({ maxmemory: "1mb", "maxmemory-policy": "volatile-lru" });
  const client = connect();
  client.send("SET", "volatile", KILOBYTE, "EX", 1000);
  let stored = 0;
  while (client.send("SET", `key:${String(stored)}`, KILOBYTE) === "+OK\r\n") stored++;
  expect(client.send("SET", "a", 1)).toBe(OOM);
  expect(client.send("EXISTS", "volatile", "key:0")).toBe(":1\r\n");
  expect(info(client, "evicted_keys")).toBe(1);
  expect(server.eviction.exceededNowMs).toBeGreaterThan(0);
  client.send("DEL", "key:0", "key:1");
  expect(client.send("SET", "a", 1)).toBe("+OK\r\n");
  expect(server.eviction.exceededNowMs).toBe(0);
  expect(server.eviction.exceededTotalMs).toBeGreaterThan(0);
});

test("OOM inside a transaction: when it is queued, and when it is executed", () => {
  const { connect, server } = createTestServer();
  const client = connect();
  fill(client, 100);
  client.send("MULTI");
  expect(client.send("SET", "a", 1)).toBe("+QUEUED\r\n");
  server.configuration.assign("maxmemory", ["1"]);
  expect(client.send("EXEC")).toBe(
    "-EXECABORT Transaction discarded because of: OOM command not allowed when used memory > 'maxmemory'.\r\n",
  );
  expect(client.send("MULTI")).toBe("+OK\r\n");
  expect(client.send("GET", "a")).toBe(OOM);
  expect(client.send("EXEC")).toBe("-EXECABORT Transaction discarded because of previous errors.\r\n");
  client.send("MULTI");
  expect(client.send("DISCARD")).toBe("+OK\r\n");
  expect(client.send("GET", "key:1")).toMatch(/^\$1000/);
});

describe("a command that waited, when it is its turn but memory is short", () => {
  function waiting(directives: Readonly<Record<string, string>>, ...words: (string | number)[]): TestClient[] {
    const { connect } = createTestServer({ maxmemory: "1mb", ...directives });
    const [client, waiter] = [connect(), connect()];
    fill(client, 700);
    expect(waiter.send(...words)).toBe("");
    client.send("CONFIG", "RESETSTAT");
    return [client, waiter];
  }

  const LARGE = "x".repeat(600_000);

  test("is refused if it needs memory, and what it waited for stays", () => {
    const [client, waiter] = waiting({}, "BLMOVE", "from", "to", "LEFT", "LEFT", 0);
    expect(client.send("RPUSH", "from", LARGE)).toBe(":1\r\n");
    expect(waiter.transport.take()).toBe(OOM);
    expect(client.send("LLEN", "from")).toBe(":1\r\n");
    expect(client.send("INFO", "commandstats")).toMatch(/cmdstat_blmove:calls=0,.*,rejected_calls=1,failed_calls=0/);
    expect(waiter.send("PING")).toBe("+PONG\r\n");
  });

  test("is served if it needs none", () => {
    const [client, waiter] = waiting({}, "BLPOP", "from", 0);
    expect(client.send("RPUSH", "from", LARGE)).toBe(":1\r\n");
    expect(waiter.transport.take()).toBe(`*2\r\n$4\r\nfrom\r\n$600000\r\n${LARGE}\r\n`);
  });

  test("is served if there are keys to evict", () => {
    const directives = { "maxmemory-policy": "volatile-ttl", "maxmemory-eviction-tenacity": "100" };
    const [client, waiter] = waiting(directives, "BLMOVE", "from", "to", "LEFT", "LEFT", 0);
    for (let key = 0; key < 700; key++) client.send("EXPIRE", `key:${String(key)}`, 1000 + key);
    expect(client.send("RPUSH", "from", LARGE)).toBe(":1\r\n");
    expect(waiter.transport.take()).toBe(`$600000\r\n${LARGE}\r\n`);
    expect(client.send("LLEN", "to")).toBe(":1\r\n");
    expect(info(client, "evicted_keys")).toBeGreaterThan(0);
  });
});

test("evicted keys are told to feeds, watchers and those who wait", () => {
  const { connect, server } = createTestServer();
  const client = connect();
  const other = connect();
  const feed = new CollectingFeed();
  addFeed(server, feed);
  client.sendRaw("SET a 1\r\nXADD s 1-1 f v\r\nXGROUP CREATE s g $\r\n");
  client.send("WATCH", "a");
  other.send("XREADGROUP", "GROUP", "g", "c", "BLOCK", 0, "STREAMS", "s", ">");
  feed.take();
  server.configuration.assign("maxmemory-policy", ["allkeys-random"]);
  server.configuration.assign("maxmemory", ["1"]);
  expect(client.send("PING")).toBe("+PONG\r\n");
  expect(server.keyspace.count(server.keyspace.databases[0])).toBe(0);
  expect(feed.take().sort()).toEqual(["DEL a", "DEL s"]);
  server.configuration.assign("maxmemory", ["0"]);
  client.sendRaw("MULTI\r\nPING\r\n");
  expect(client.send("EXEC")).toBe("*-1\r\n");
  server.executor.serveWaiting();
  expect(other.transport.take()).toMatch(/^-NOGROUP/);
});

test("with lazyfree-lazy-eviction it is UNLINK, and large values go to the queue", () => {
  const { connect, server } = createTestServer({ "lazyfree-lazy-eviction": "yes", "maxmemory-policy": "allkeys-lru" });
  const client = connect();
  const feed = new CollectingFeed();
  addFeed(server, feed);
  for (let element = 0; element < 1000; element++) client.send("SADD", "set", `member ${String(element)}`);
  feed.take();
  server.configuration.assign("maxmemory", ["1"]);
  client.send("PING");
  expect(feed.take()).toEqual(["UNLINK set"]);
  expect(info(client, "lazyfreed_objects")).toBe(1);
});

test("nothing is evicted while all is paused", () => {
  const { connect, server } = createTestServer({ "maxmemory-policy": "allkeys-lru" });
  const client = connect();
  fill(client, 10);
  client.send("CLIENT", "PAUSE", 100_000, "WRITE");
  server.configuration.assign("maxmemory", ["1"]);
  expect(client.send("DBSIZE")).toBe(":10\r\n");
  client.send("CLIENT", "UNPAUSE");
  expect(client.send("DBSIZE")).toBe(":0\r\n");
});

test("what is too much for one command goes on by itself", async () => {
  const { connect, server } = createTestServer({
    "maxmemory-policy": "allkeys-lru",
    "maxmemory-eviction-tenacity": "0",
  });
  const client = connect();
  fill(client, 1000);
  server.isStarted = true;
  server.configuration.assign("maxmemory", ["100000"]);
  expect(client.send("SET", "new", 1)).toBe("+OK\r\n");
  expect(server.keyspace.count(server.keyspace.databases[0])).toBe(1000 - 16 + 1);
  await until(() => !server.memoryGate.isClosed);
  expect(server.keyspace.heap.allocatedBytes).toBeLessThan(100_000);
});

test("an eviction that takes long is an event of LATENCY", () => {
  const { connect, server } = createTestServer({ "maxmemory-policy": "allkeys-lru", "latency-monitor-threshold": "1" });
  const client = connect();
  fill(client, 10);
  let nowMs = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => (nowMs += 3));
  server.configuration.assign("maxmemory", ["1"]);
  client.send("PING");
  vi.restoreAllMocks();
  expect(client.send("LATENCY", "LATEST")).toContain("eviction-cycle");
});

test("a lower limit set while the server runs is warned of, and evicts although nobody comes", async () => {
  const { connect, server, logged } = createTestServer({ "maxmemory-policy": "allkeys-lru" });
  const client = connect();
  fill(client, 100);
  server.isStarted = true;
  client.send("CONFIG", "SET", "maxmemory", 1);
  expect(logged.join("")).toMatch(/# WARNING: the new maxmemory value set via CONFIG SET \(1\) is smaller than/);
  await until(() => server.keyspace.count(server.keyspace.databases[0]) === 0);
});

test("buffers of clients count, and keys go for them", () => {
  const { connect, server } = createTestServer({
    maxmemory: "2mb",
    "maxmemory-policy": "allkeys-lru",
    "maxmemory-eviction-tenacity": "100",
  });
  const client = connect();
  fill(client, 1000);
  const lazy = connect();
  lazy.transport.takesReplies = false;
  lazy.transport.pendingBytes = 1_500_000;
  server.updateMemoryGate();
  client.send("PING");
  expect(server.keyspace.heap.allocatedBytes).toBeLessThan(600_000);
  expect(info(client, "used_memory")).toBeGreaterThan(1_500_000);
  lazy.transport.pendingBytes = 0;
  vi.spyOn(performance, "now").mockReturnValue(performance.now() + 1000);
  fill(client, 1000);
  expect(server.keyspace.count(server.keyspace.databases[0])).toBe(1000);
  vi.restoreAllMocks();
});

test("a request that does not come to its end counts as soon as it has come", () => {
  const { connect, server } = createTestServer({ maxmemory: "2mb", "maxmemory-policy": "allkeys-lru" });
  const client = connect();
  fill(client, 1000);
  connect().sendRaw(`*2\r\n$4\r\nECHO\r\n$3000000\r\n${"x".repeat(1_500_000)}`);
  vi.spyOn(performance, "now").mockReturnValue(performance.now() + 1000);
  client.send("PING");
  vi.restoreAllMocks();
  expect(server.keyspace.count(server.keyspace.databases[0])).toBeLessThan(1000);
});

test("near the limit, but below it, no command goes the slow way", () => {
  const { connect, server } = createTestServer({ maxmemory: "100mb", "maxmemory-policy": "allkeys-lru" });
  const client = connect();
  expect(server.gates).toBe(GATE_MEMORY);
  const makeRoom = vi.spyOn(server.eviction, "makeRoom");
  fill(client, 100);
  expect(makeRoom).not.toHaveBeenCalled();
});
