import { expect, test } from "vitest";
import { GATE_MEMORY } from "../gates.ts";
import { createTestServer } from "../testing/test-client.ts";

const OOM = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

test("beyond maxmemory nothing is written, but read and deleted", () => {
  const { connect, server } = createTestServer();
  const client = connect();
  client.send("SETRANGE", "big", 1_999_999, "x");
  expect(server.gates).toBe(0);
  expect(client.send("CONFIG", "SET", "maxmemory", "1mb")).toBe("+OK\r\n");
  expect(client.send("SET", "a", 1)).toBe(OOM);
  expect(client.send("STRLEN", "big")).toBe(":2000000\r\n");
  expect(client.send("DEL", "big")).toBe(":1\r\n");
  expect(client.send("SET", "a", 1)).toBe("+OK\r\n");
  expect(client.send("CONFIG", "SET", "maxmemory", 0)).toBe("+OK\r\n");
  expect(server.gates & GATE_MEMORY).toBe(0);
});

test("the limit is met exactly, not at the next tick", () => {
  const { connect, server } = createTestServer({ maxmemory: "1mb" });
  const client = connect();
  let stored = 0;
  while (client.send("SET", `key:${String(stored)}`, "x".repeat(1000)) === "+OK\r\n") stored++;
  expect(stored).toBeGreaterThan(800);
  expect(server.keyspace.heap.allocatedBytes).toBeLessThan(1_100_000);
});

test("a heap that is nearly full keeps a reserve", () => {
  const { connect, server } = createTestServer();
  const client = connect();
  const heap = server.keyspace.heap;
  let stored = 0;
  for (; stored < 300; stored++) {
    if (client.send("SETRANGE", `key:${String(stored)}`, 999_999, "x") !== ":1000000\r\n") break;
    server.updateMemoryGate();
  }
  expect(stored).toBeLessThan(265);
  expect(heap.allocatedBytes).toBeGreaterThan(heap.capacityBytes * 0.95);
  expect(client.send("SET", "a", 1)).toBe(OOM);
  expect(client.send("FLUSHALL")).toBe("+OK\r\n");
  expect(client.send("SET", "a", 1)).toBe("+OK\r\n");
});
