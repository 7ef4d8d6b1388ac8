import { expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient } from "../testing/test-client.ts";

/** Leaves a client with an argument of so many bytes that is not complete. */
function fill(client: TestClient, byteCount: number): TestClient {
  client.sendRaw(`*2\r\n$${String(byteCount * 2)}\r\n${"x".repeat(byteCount)}`);
  return client;
}

test("the largest are closed until the rest is below the limit, the oldest of a size first", () => {
  const { server, connect } = createTestServer();
  const control = connect();
  const clients = [30_000, 100_000, 300_000, 100_000, 300_000].map((byteCount) => fill(connect(), byteCount));
  control.send("CONFIG", "SET", "maxmemory-clients", 1_500_000);
  expect(clients.map(({ transport }) => transport.closed)).toEqual([false, false, true, false, false]);
  control.send("CONFIG", "SET", "maxmemory-clients", 170_000);
  expect(clients.map(({ transport }) => transport.closed)).toEqual([false, true, true, true, true]);
  expect(server.statistics.evictedClients).toBe(4);
  expect(control.send("INFO", "stats")).toContain("evicted_clients:4\r\n");
});

test("whoever goes over the limit by what it sends, queues or watches is closed; not who says NO-EVICT", () => {
  const { connect } = createTestServer({ "maxmemory-clients": "100000" });
  const sending = fill(connect(), 120_000);
  const queueing = connect();
  queueing.send("MULTI");
  for (let count = 0; count < 5; count++) queueing.send("SET", "a", "x".repeat(25_000));
  const watching = connect();
  for (let count = 0; count < 500; count++) watching.send("WATCH", count);
  const spared = connect();
  spared.send("CLIENT", "NO-EVICT", "ON");
  fill(spared, 150_000);
  expect([sending, queueing, watching, spared].map(({ transport }) => transport.closed)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test("who announces more than the limit is closed at once, whatever has come of it", () => {
  const { connect } = createTestServer({ "maxmemory-clients": "100000" });
  const [small, large] = [connect(), connect()];
  small.sendRaw("*2\r\n$3\r\nGET\r\n$40000\r\nabc");
  expect(small.transport.closed).toBe(false);
  expect(Number(/tot-mem=(\d+)/.exec(connect().send("CLIENT", "LIST", "ID", small.session.id))?.[1])).toBeGreaterThan(
    40_000,
  );
  large.sendRaw("*2\r\n$3\r\nGET\r\n$110000\r\nabc");
  expect([small.transport.closed, large.transport.closed]).toEqual([false, true]);
  expect(small.sendRaw(`${"x".repeat(39_997)}\r\n`)).toBe("$-1\r\n");
});

test("a percentage is one of maxmemory, and none without it", () => {
  const { connect } = createTestServer({ "maxmemory-clients": "10%" });
  const control = connect();
  const client = fill(connect(), 200_000);
  expect(client.transport.closed).toBe(false);
  control.send("CONFIG", "SET", "maxmemory", 1_000_000);
  expect(client.transport.closed).toBe(true);
});

test("what waits in an incomplete request is told apart in CLIENT LIST", () => {
  const { connect } = createTestServer();
  const control = connect();
  const client = connect();
  client.sendRaw(`*3\r\n$3\r\nSET\r\n$1\r\na\r\n$300000\r\n${"x".repeat(100_000)}`);
  client.sendRaw("x".repeat(50_000));
  const line = control.send("CLIENT", "LIST", "ID", client.session.id);
  const field = (name: string): number => Number(new RegExp(` ${name}=(\\d+) `).exec(line)?.[1]);
  expect(field("qbuf")).toBe(150_000);
  expect(field("argv-mem")).toBeGreaterThan(10);
  expect(field("tot-mem")).toBeGreaterThanOrEqual(field("qbuf") + field("qbuf-free") + field("argv-mem"));
  expect(field("tot-mem")).toBeLessThan(field("qbuf") + field("qbuf-free") + field("argv-mem") + 4096);
});

test("DEBUG CLIENT-EVICTION counts those that may be closed by size", () => {
  const { connect } = createTestServer({ "enable-debug-command": "yes" });
  const control = connect();
  expect(control.send("DEBUG", "CLIENT-EVICTION")).toBe("-ERR maxmemory-clients is disabled.\r\n");
  control.send("CONFIG", "SET", "maxmemory-clients", "10gb");
  control.send("CLIENT", "NO-EVICT", "ON");
  fill(connect(), 30_000);
  fill(connect(), 30_000);
  const lines = control.send("DEBUG", "CLIENT-EVICTION").split("\r\n")[1].split("\n");
  expect(lines).toHaveLength(20);
  expect(lines.filter((line) => !line.endsWith("clients: 0"))).toEqual([
    "bucket      65536 -     131071: tot-mem:     135168, clients: 2",
    "",
  ]);
  expect(lines[18]).toMatch(/^bucket 4294967296\+ {12}: tot-mem/);
});
