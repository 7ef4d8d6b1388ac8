import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

test("MEMORY USAGE grows with the value", () => {
  const client = createTestServer().connect();
  const usage = (length: number): number => {
    client.send("SET", "key", "x".repeat(length));
    return Number(client.send("MEMORY", "USAGE", "key").slice(1));
  };
  expect(client.send("MEMORY", "USAGE", "key")).toBe("$-1\r\n");
  expect(usage(0)).toBeLessThan(64);
  for (const length of [10, 44, 45, 192, 193, 1000, 100_000]) {
    expect(usage(length)).toBeGreaterThanOrEqual(length);
    expect(usage(length)).toBeLessThan(length * 1.3 + 64);
  }
});

test("MEMORY USAGE of a new key is what its value needs, also where parts of values are written", () => {
  const client = createTestServer().connect();
  client.send("SETRANGE", "a", 99_999, "x");
  client.send("SETBIT", "b", 800_000, 1);
  for (const key of ["a", "b"]) {
    expect(Number(client.send("MEMORY", "USAGE", key).slice(1))).toBeLessThan(105_000);
  }
});

test("MEMORY USAGE is no use of the key", () => {
  const { connect, clock, server } = createTestServer();
  const client = connect();
  client.send("SET", "a", 1);
  clock.now += 5000;
  client.send("MEMORY", "USAGE", "a", "SAMPLES", 0);
  expect(client.send("OBJECT", "IDLETIME", "a")).toBe(":5\r\n");
  expect(server.keyspace.misses).toBe(0);
});

test.each([
  [["SAMPLES"], "-ERR syntax error\r\n"],
  [["SAMPLES", "-1"], "-ERR syntax error\r\n"],
  [["foo", "1"], "-ERR syntax error\r\n"],
  [["SAMPLES", "x"], "-ERR value is not an integer or out of range\r\n"],
])("MEMORY USAGE key %j is refused", (options, error) => {
  expect(
    createTestServer()
      .connect()
      .send("MEMORY", "USAGE", "key", ...options),
  ).toBe(error);
});

/** The lines of a reply in RESP3. */
function linesOf(reply: string): string[] {
  return reply.split("\r\n").filter((line) => !line.startsWith("$"));
}

test("MEMORY STATS has the names of Redis 7.2 in their order, and the numbers of INFO", () => {
  const { connect, server } = createTestServer();
  const client = connect();
  for (let key = 0; key < 1000; key++) client.send("SET", key, "x".repeat(100), ...(key < 10 ? ["EX", 1000] : []));
  client.send("SELECT", 3);
  client.send("SET", "a", 1);
  client.send("HELLO", 3);
  const lines = linesOf(client.send("MEMORY", "STATS"));
  const names = lines.filter((line) => /^[a-z]/.test(line));
  expect(names.join(" ")).toBe(
    "peak.allocated total.allocated startup.allocated replication.backlog clients.slaves clients.normal cluster.links aof.buffer " +
      "lua.caches functions.caches db.0 overhead.hashtable.main overhead.hashtable.expires overhead.hashtable.slot-to-keys " +
      "db.3 overhead.hashtable.main overhead.hashtable.expires overhead.hashtable.slot-to-keys overhead.total keys.count " +
      "keys.bytes-per-key dataset.bytes dataset.percentage peak.percentage allocator.allocated allocator.active " +
      "allocator.resident allocator-fragmentation.ratio allocator-fragmentation.bytes allocator-rss.ratio allocator-rss.bytes " +
      "rss-overhead.ratio rss-overhead.bytes fragmentation fragmentation.bytes",
  );
  expect(lines[0]).toBe("%29");
  const value = (name: string): number => Number(lines[lines.indexOf(name) + 1].slice(1));
  expect(value("total.allocated")).toBe(server.keyspace.heap.allocatedBytes);
  expect(value("keys.count")).toBe(1001);
  expect(value("keys.bytes-per-key")).toBeGreaterThan(110);
  expect(value("keys.bytes-per-key")).toBeLessThan(180);
  expect(value("overhead.total") + value("dataset.bytes")).toBe(value("total.allocated"));
  expect(value("overhead.hashtable.main")).toBeGreaterThan(8000);
  expect(lines[lines.indexOf("fragmentation") + 1]).toMatch(/^,/);
  expect(client.send("INFO", "memory")).toContain(`used_memory_dataset:${String(value("dataset.bytes"))}\r\n`);
});

test("MEMORY DOCTOR finds nothing in little data, and names what is worth a look", () => {
  const { connect, server } = createTestServer();
  const client = connect();
  expect(client.send("MEMORY", "DOCTOR")).toMatch(/hardly any data/);
  for (let key = 0; key < 8; key++) client.send("SETRANGE", key, 999_999, "x");
  expect(client.send("MEMORY", "DOCTOR")).toMatch(/Nothing is wrong/);
  server.configuration.assign("maxmemory", ["8mb"]);
  server.statistics.peakMemoryBytes = 40_000_000;
  connect().transport.pendingBytes = 2_000_000;
  const report = client.send("MEMORY", "DOCTOR");
  for (const word of ["Peak", "Limit", "Clients"]) expect(report).toContain(`* ${word}: `);
});

test("MEMORY PURGE frees what waits, MALLOC-STATS shows the size classes", () => {
  const { connect, server } = createTestServer({ "lazyfree-lazy-user-del": "yes" });
  const client = connect();
  for (let member = 0; member < 1000; member++) client.send("SADD", "set", `member:${String(member)}`);
  expect(client.send("MEMORY", "MALLOC-STATS")).toMatch(
    /allocatedBytes: \d+\n[^]*slabs[^]*\n +\d+ +\d+ +\d+ +\d+ +\d+\n/,
  );
  client.send("DEL", "set");
  expect(server.keyspace.lazyFree.isEmpty).toBe(false);
  expect(client.send("MEMORY", "PURGE")).toBe("+OK\r\n");
  expect(server.keyspace.lazyFree.isEmpty).toBe(true);
  expect(client.send("MEMORY", "HELP")).toMatch(/^\*\d+\r\n\+MEMORY /);
});
