import { beforeEach, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { SAMPLE_VALUES } from "../generic/testing/sample-values.ts";
import { recordEvents } from "./testing/events.ts";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
});

test("MSET sets and MGET gets every kind of value, more than are hashed ahead too", () => {
  const pairs = Array.from({ length: 200 }, (_, at) => [`key:${String(at)}`, SAMPLE_VALUES[at % 6][2]]);
  expect(client.send("MSET", ...pairs.flat())).toBe("+OK\r\n");
  const values = pairs.map(([, value]) => bulk(value)).join("");
  expect(client.send("MGET", ...pairs.map(([key]) => key))).toBe(`*200\r\n${values}`);
});

test("MSET takes expiries away, and the last of two values counts", () => {
  client.send("SET", "a", 1, "EX", 100);
  const recorded = recordEvents(running.server);
  client.send("MSET", "a", 2, "b", 3, "a", 4);
  expect(recorded.take()).toEqual({ events: ["$ set a", "$ set b", "$ set a"], dirty: 3 });
  expect(client.send("GET", "a")).toBe(bulk("4"));
  expect(client.send("TTL", "a")).toBe(":-1\r\n");
});

test("MSETNX sets all or none", () => {
  expect(client.send("MSETNX", "a", 1, "b", 2, "a", 3)).toBe(":1\r\n");
  const recorded = recordEvents(running.server);
  expect(client.send("MSETNX", "c", 1, "b", 3)).toBe(":0\r\n");
  expect(recorded.take()).toEqual({ events: [], dirty: 0 });
  expect(client.send("MGET", "a", "b", "c")).toBe("*3\r\n$1\r\n3\r\n$1\r\n2\r\n$-1\r\n");
});

test("a key without a value is refused", () => {
  for (const name of ["mset", "msetnx"]) {
    const error = `-ERR wrong number of arguments for '${name}' command\r\n`;
    expect(client.send(name, "a", 1, "b")).toBe(error);
    expect(client.send(name, "a")).toBe(error);
  }
  expect(client.send("EXISTS", "a")).toBe(":0\r\n");
});
