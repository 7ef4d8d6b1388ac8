import { beforeEach, expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { SAMPLE_VALUES } from "./testing/sample-values.ts";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
});

test.each(SAMPLE_VALUES)("%s, %s: is there until it is deleted", (_encoding, _name, value) => {
  client.send("SET", "a", value);
  expect(client.send("TYPE", "a")).toBe("+string\r\n");
  expect(client.send("EXISTS", "a")).toBe(":1\r\n");
  expect(client.send("DEL", "a")).toBe(":1\r\n");
  expect(client.send("TYPE", "a")).toBe("+none\r\n");
  expect(client.send("EXISTS", "a")).toBe(":0\r\n");
});

test("a key given twice is counted twice, and deleted once", () => {
  client.send("MSET", "a", 1, "b", 2);
  expect(client.send("EXISTS", "a", "a", "none", "b")).toBe(":3\r\n");
  expect(client.send("TOUCH", "a", "a", "none", "b")).toBe(":3\r\n");
  expect(client.send("UNLINK", "a", "a", "none", "b")).toBe(":2\r\n");
});

test("DEL counts one change a key", () => {
  client.send("MSET", "a", 1, "b", 2);
  running.server.keyspace.dirty = 0;
  client.send("DEL", "a", "b", "none");
  expect(running.server.keyspace.dirty).toBe(2);
});

test("a key whose time has come does not exist and is not deleted by DEL", () => {
  client.send("SET", "a", 1, "PX", 10);
  running.clock.now += 11;
  expect(client.send("DEL", "a")).toBe(":0\r\n");
  expect(running.server.keyspace.expiredKeys).toBe(1);
});

test("TOUCH notes the access, EXISTS and TYPE do not", () => {
  client.send("SET", "a", 1);
  running.clock.now += 50_000;
  client.send("EXISTS", "a");
  client.send("TYPE", "a");
  expect(client.send("OBJECT", "IDLETIME", "a")).toBe(":50\r\n");
  client.send("TOUCH", "a");
  expect(client.send("OBJECT", "IDLETIME", "a")).toBe(":0\r\n");
});
