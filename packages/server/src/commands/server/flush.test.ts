import { mkdtempSync, existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

test.each([[[]], [["SYNC"]], [["async"]]])("FLUSHDB %j empties one database", (options) => {
  const { connect, server } = createTestServer();
  const client = connect();
  client.sendRaw("MSET a 1 b 2\r\nEXPIRE a 100\r\nSELECT 1\r\nSET c 3\r\n");
  const dirtyBefore = server.keyspace.dirty;
  expect(client.send("DBSIZE")).toBe(":1\r\n");
  client.send("SELECT", 0);
  expect(client.send("DBSIZE")).toBe(":2\r\n");
  expect(client.send("FLUSHDB", ...options)).toBe("+OK\r\n");
  expect(client.sendRaw("DBSIZE\r\nGET a\r\nSET a 5\r\nTTL a\r\nSELECT 1\r\nDBSIZE\r\n")).toBe(
    ":0\r\n$-1\r\n+OK\r\n:-1\r\n+OK\r\n:1\r\n",
  );
  expect(server.keyspace.dirty).toBe(dirtyBefore + 3);
});

test("FLUSHALL empties all of them, and what is saved", () => {
  const directory = mkdtempSync(join(tmpdir(), "sider-"));
  try {
    const { connect, server } = createTestServer({ dir: directory, save: "60 1" });
    const client = connect();
    client.sendRaw("SET a 1\r\nSELECT 1\r\nSET c 3\r\n");
    expect(client.send("FLUSHALL")).toBe("+OK\r\n");
    expect(client.sendRaw("DBSIZE\r\nSELECT 0\r\nDBSIZE\r\n")).toBe(":0\r\n+OK\r\n:0\r\n");
    expect(existsSync(join(directory, "dump.rdb"))).toBe(true);
    expect(server.keyspace.dirty).toBe(0);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("FLUSHALL and FLUSHDB know no other words", () => {
  const client = createTestServer().connect();
  client.send("SET", "a", 1);
  for (const words of [
    ["FLUSHALL", "x"],
    ["FLUSHDB", "SYNC", "ASYNC"],
  ]) {
    expect(client.send(...words)).toBe("-ERR syntax error\r\n");
  }
  expect(client.send("DBSIZE")).toBe(":1\r\n");
});

test("SWAPDB exchanges two databases under the feet of their clients", () => {
  const { connect, clock } = createTestServer();
  const client = connect();
  client.sendRaw("SET a 0 PX 1000\r\nSELECT 1\r\nSET a 1\r\nSET b 2\r\n");
  expect(client.sendRaw("SWAPDB 0 1\r\nGET a\r\nDBSIZE\r\nPTTL a\r\n")).toBe("+OK\r\n$1\r\n0\r\n:1\r\n:1000\r\n");
  expect(client.sendRaw("SELECT 0\r\nGET a\r\nDBSIZE\r\n")).toBe("+OK\r\n$1\r\n1\r\n:2\r\n");
  expect(client.sendRaw("SWAPDB 3 3\r\nSWAPDB 0 2\r\nDBSIZE\r\n")).toBe("+OK\r\n+OK\r\n:0\r\n");
  clock.now += 1001;
  expect(client.sendRaw("SELECT 1\r\nGET a\r\n")).toBe("+OK\r\n$-1\r\n");
});

test("SWAPDB of a database with itself is a change to nobody who watches", () => {
  const { connect } = createTestServer();
  const client = connect();
  expect(client.sendRaw("SET a 1\r\nWATCH a\r\nSWAPDB 0 0\r\nMULTI\r\nGET a\r\nEXEC\r\n")).toBe(
    "+OK\r\n+OK\r\n+OK\r\n+OK\r\n+QUEUED\r\n*1\r\n$1\r\n1\r\n",
  );
});

test.each([
  [["a", "1"], "-ERR invalid first DB index\r\n"],
  [["1", "a"], "-ERR invalid second DB index\r\n"],
  [["99999999999", "1"], "-ERR invalid first DB index\r\n"],
  [["1", "16"], "-ERR DB index is out of range\r\n"],
  [["-1", "0"], "-ERR DB index is out of range\r\n"],
])("SWAPDB %j is refused", (indexes, error) => {
  expect(
    createTestServer()
      .connect()
      .send("SWAPDB", ...indexes),
  ).toBe(error);
});
