import { beforeEach, describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { SAMPLE_VALUES } from "../generic/testing/sample-values.ts";
import { recordEvents } from "./testing/events.ts";

const TOO_LONG = "-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n";
const SUFFIXES = ["", "!", "y".repeat(150), "z".repeat(3000)];

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer({ "proto-max-bulk-len": "1mb" });
  client = running.connect();
});

describe.each(SAMPLE_VALUES)("%s, %s", (encoding, _name, value) => {
  beforeEach(() => {
    client.send("SET", "a", value, "EX", 100);
  });

  test.each(SUFFIXES)("is appended to, is raw then, and keeps its expiry", (suffix) => {
    const recorded = recordEvents(running.server);
    expect(client.send("APPEND", "a", suffix)).toBe(`:${String(value.length + suffix.length)}\r\n`);
    expect(recorded.take()).toEqual({ events: ["$ append a"], dirty: 1 });
    expect(client.send("GET", "a")).toBe(bulk(value + suffix));
    expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk("raw"));
    expect(client.send("TTL", "a")).toBe(":100\r\n");
  });

  test("appended to a missing key it is as if set", () => {
    expect(client.send("APPEND", "b", value)).toBe(`:${String(value.length)}\r\n`);
    expect(client.send("GET", "b")).toBe(bulk(value));
    expect(client.send("OBJECT", "ENCODING", "b")).toBe(bulk(encoding));
  });

  test.each([0, 1, 100, 250, 5000])("is overwritten from byte %i on, with zeros before if it is shorter", (offset) => {
    for (const text of ["!", "y".repeat(150)]) {
      client.send("SET", "a", value, "EX", 100);
      const expected = value.padEnd(offset, "\0").slice(0, offset) + text + value.slice(offset + text.length);
      expect(client.send("SETRANGE", "a", offset, text)).toBe(`:${String(expected.length)}\r\n`);
      expect(client.send("GET", "a")).toBe(bulk(expected));
      expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk("raw"));
      expect(client.send("TTL", "a")).toBe(":100\r\n");
    }
  });

  test("SETRANGE of nothing changes nothing", () => {
    const recorded = recordEvents(running.server);
    expect(client.send("SETRANGE", "a", 10_000, "")).toBe(`:${String(value.length)}\r\n`);
    expect(recorded.take()).toEqual({ events: [], dirty: 0 });
    expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk(encoding));
  });
});

test("SETRANGE creates a missing key, but not for nothing", () => {
  expect(client.send("SETRANGE", "a", 5, "")).toBe(":0\r\n");
  expect(client.send("EXISTS", "a")).toBe(":0\r\n");
  const recorded = recordEvents(running.server);
  expect(client.send("SETRANGE", "a", 2, "x")).toBe(":3\r\n");
  expect(recorded.take()).toEqual({ events: ["$ setrange a"], dirty: 1 });
  expect(client.send("GET", "a")).toBe(bulk("\0\0x"));
  expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk("raw"));
});

test("a string grows up to proto-max-bulk-len", () => {
  expect(client.send("SETRANGE", "a", 1024 * 1024 - 1, "x")).toBe(":1048576\r\n");
  expect(client.send("APPEND", "a", "")).toBe(":1048576\r\n");
  expect(client.send("APPEND", "a", "x")).toBe(TOO_LONG);
  expect(client.send("SETRANGE", "a", 1024 * 1024, "x")).toBe(TOO_LONG);
  expect(client.send("SETRANGE", "b", "9223372036854775807", "x")).toBe(TOO_LONG);
  expect(client.send("STRLEN", "a")).toBe(":1048576\r\n");
  expect(client.send("EXISTS", "b")).toBe(":0\r\n");
});

test("SETRANGE refuses what is no offset", () => {
  expect(client.send("SETRANGE", "a", -1, "")).toBe("-ERR offset is out of range\r\n");
  expect(client.send("SETRANGE", "a", "x", "")).toBe("-ERR value is not an integer or out of range\r\n");
});

test("a string that cannot grow for want of memory stays as it is, and a missing key stays missing", () => {
  const small = createTestServer().connect();
  small.send("SET", "a", "text");
  const size = 300 * 1024 * 1024; // more than the test server's heap
  expect(small.send("SETRANGE", "a", size, "x")).toMatch(/^-OOM [^\r]*\r\n$/);
  expect(small.send("SETBIT", "b", size * 8, 1)).toMatch(/^-OOM [^\r]*\r\n$/);
  expect(small.send("GET", "a")).toBe(bulk("text"));
  expect(small.send("EXISTS", "b")).toBe(":0\r\n");
});
