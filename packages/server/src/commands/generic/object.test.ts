import { beforeEach, describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { SAMPLE_VALUES } from "./testing/sample-values.ts";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
});

test.each(SAMPLE_VALUES)("ENCODING is %s for %s", (encoding, _name, value) => {
  client.send("SET", "a", value);
  expect(client.send("OBJECT", "encoding", "a")).toBe(bulk(encoding));
});

test.each([
  ["1".repeat(44), "embstr"],
  ["1".repeat(45), "raw"],
  ["9223372036854775807", "int"],
  ["9223372036854775808", "embstr"],
  ["007", "embstr"],
  ["-0", "embstr"],
])("ENCODING of %s is %s", (value, encoding) => {
  client.send("SET", "a", value);
  expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk(encoding));
});

test("IDLETIME counts seconds since the last access, and is none itself", () => {
  client.send("SET", "a", 1);
  running.clock.now += 12_345;
  expect(client.send("OBJECT", "IDLETIME", "a")).toBe(":12\r\n");
  expect(client.send("OBJECT", "IDLETIME", "a")).toBe(":12\r\n");
  client.send("GET", "a");
  expect(client.send("OBJECT", "IDLETIME", "a")).toBe(":0\r\n");
});

describe("REFCOUNT", () => {
  test.each([
    ["0", 2147483647],
    ["9999", 2147483647],
    ["10000", 1],
    ["-1", 1],
    ["9223372036854775807", 1],
    ["x", 1],
  ])("of %s is %i", (value, count) => {
    client.send("SET", "a", value);
    expect(client.send("OBJECT", "REFCOUNT", "a")).toBe(`:${String(count)}\r\n`);
  });

  test("of an integer is 1 where each key needs access bits of its own", () => {
    const limited = createTestServer({ maxmemory: "100mb", "maxmemory-policy": "allkeys-lru" }).connect();
    limited.send("SET", "a", 1);
    expect(limited.send("OBJECT", "REFCOUNT", "a")).toBe(":1\r\n");
  });
});

test("each is null without a key, also where it would be refused", () => {
  for (const subcommand of ["ENCODING", "FREQ", "IDLETIME", "REFCOUNT"]) {
    expect(client.send("OBJECT", subcommand, "none")).toBe("$-1\r\n");
  }
});

test("FREQ and IDLETIME are refused under the policies that do not track them", () => {
  client.send("SET", "a", 1);
  expect(client.send("OBJECT", "FREQ", "a")).toMatch(
    /^-ERR An LFU maxmemory policy is not selected, access frequency not tracked\. /,
  );
  const limited = createTestServer({ "maxmemory-policy": "allkeys-lfu" }).connect();
  limited.send("SET", "a", 1);
  expect(limited.send("OBJECT", "IDLETIME", "a")).toMatch(
    /^-ERR An LFU maxmemory policy is selected, idle time not tracked\. /,
  );
});

test("HELP names every subcommand", () => {
  const help = client.send("OBJECT", "help");
  for (const line of ["ENCODING key", "FREQ key", "HELP", "IDLETIME key", "REFCOUNT key"]) {
    expect(help).toContain(`+${line}\r\n`);
  }
});

test("other subcommands and arities are refused", () => {
  expect(client.send("OBJECT", "nosuch", "a")).toBe("-ERR unknown subcommand 'nosuch'. Try OBJECT HELP.\r\n");
  expect(client.send("OBJECT", "ENCODING")).toBe("-ERR wrong number of arguments for 'object|encoding' command\r\n");
  expect(client.send("OBJECT")).toBe("-ERR wrong number of arguments for 'object' command\r\n");
});
