import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient } from "../../testing/test-client.ts";

const allowed = { "enable-debug-command": "yes" };
const ZEROS = "0".repeat(40);

function digestOf(client: TestClient, key: string): string {
  return client.send("DEBUG", "DIGEST-VALUE", key).split("\r\n")[2];
}

const FILLED: readonly (readonly [
  type: string,
  fill: readonly (string | number)[],
  change: readonly (string | number)[],
])[] = [
  ["string", ["SET", "a", "text"], ["APPEND", "a", "x"]],
  ["list", ["RPUSH", "a", 1, 2, 3], ["RPUSH", "a", 4]],
  ["hash", ["HSET", "a", "f", 1, "g", 2], ["HSET", "a", "f", 3]],
  ["hash that is a table", ["HSET", "a", "f", "x".repeat(100), "g", 2], ["HDEL", "a", "g"]],
  ["set", ["SADD", "a", 1, 2, 3], ["SREM", "a", 1]],
  ["set that is a table", ["SADD", "a", "x".repeat(100), 2, 3], ["SREM", "a", 2]],
  ["sorted set", ["ZADD", "a", 1, "one", 2, "two"], ["ZADD", "a", 3, "one"]],
  ["sorted set that is a tree", ["ZADD", "a", 1, "x".repeat(100), 2, "two"], ["ZADD", "a", 3, "two"]],
  ["stream", ["XADD", "a", "1-1", "f", "v"], ["XADD", "a", "2-1", "f", "v"]],
];

test.each(FILLED)("a copy of a %s has its encoding and digest, until it changes", (_type, fill, change) => {
  const client = createTestServer(allowed).connect();
  client.send(...fill);
  expect(client.send("COPY", "a", "b")).toBe(":1\r\n");
  expect(client.send("OBJECT", "ENCODING", "b")).toBe(client.send("OBJECT", "ENCODING", "a"));
  const before = digestOf(client, "a");
  expect(before).toMatch(/^[0-9a-f]{40}$/);
  expect(digestOf(client, "b")).toBe(before);
  client.send(...change);
  expect(digestOf(client, "a")).not.toBe(before);
  expect(digestOf(client, "b")).toBe(before);
  expect(client.send("MEMORY", "USAGE", "a", "SAMPLES", 0)).toMatch(/^:[1-9]\d+\r\n$/);
  expect(client.send("DEBUG", "OBJECT", "a")).toMatch(/^\+Value at:0x/);
});

test("neither order nor encoding counts where a type has none", () => {
  const client = createTestServer(allowed).connect();
  client.send("HSET", "a", "f", 1, "g", 2);
  client.send("HSET", "b", "g", "x".repeat(100), "f", 1);
  client.send("HSET", "b", "g", 2);
  expect(digestOf(client, "a")).toBe(digestOf(client, "b"));
  client.send("RPUSH", "c", 1, 2);
  client.send("RPUSH", "d", 2, 1);
  expect(digestOf(client, "c")).not.toBe(digestOf(client, "d"));
});

test("DIGEST is zero without keys, and the same for the same keys", () => {
  const one = createTestServer(allowed, 1).connect();
  const other = createTestServer(allowed, 2).connect();
  expect(one.send("DEBUG", "DIGEST")).toBe(`+${ZEROS}\r\n`);
  expect(one.send("DEBUG", "DIGEST-VALUE", "none")).toBe(`*1\r\n$40\r\n${ZEROS}\r\n`);
  for (let key = 0; key < 100; key++) one.send("SET", key, key);
  for (let key = 99; key >= 0; key--) other.send("SET", key, key);
  expect(one.send("DEBUG", "DIGEST")).toBe(other.send("DEBUG", "DIGEST"));
  other.send("SET", 5, 6);
  expect(one.send("DEBUG", "DIGEST")).not.toBe(other.send("DEBUG", "DIGEST"));
});

test("QUICKLIST-PACKED-THRESHOLD, HTSTATS, HTSTATS-KEY and STRINGMATCH-LEN", () => {
  const { connect, server } = createTestServer(allowed);
  const client = connect();
  expect(client.send("DEBUG", "QUICKLIST-PACKED-THRESHOLD", "5b")).toBe("+OK\r\n");
  expect(server.keyspace.limits.listPlainBytes).toBe(5);
  expect(client.send("DEBUG", "QUICKLIST-PACKED-THRESHOLD", "4gb")).toMatch(/^-ERR argument must be a memory value/);
  expect(client.send("DEBUG", "QUICKLIST-PACKED-THRESHOLD", 0)).toBe("+OK\r\n");
  expect(server.keyspace.limits.listPlainBytes).toBe(2 ** 30);
  client.send("HSET", "a", "f", "x".repeat(100));
  expect(client.send("DEBUG", "HTSTATS-KEY", "a")).toContain("number of elements: 1");
  client.send("SET", "b", 1);
  expect(client.send("DEBUG", "HTSTATS-KEY", "b")).toMatch(/^-ERR The value stored at the specified key/);
  expect(client.send("DEBUG", "HTSTATS", 0)).toMatch(
    /^\$\d+\r\n\[Dictionary HT\]\n[^]* table size: 1\n[^]* number of elements: 2\n/,
  );
  expect(client.send("DEBUG", "HTSTATS", 0)).toContain("[Expires HT]\nHash table 0 stats (main hash table):\nNo stats");
  expect(client.send("DEBUG", "HTSTATS-KEY", "a", "full")).toBe(client.send("DEBUG", "HTSTATS-KEY", "a"));
  expect(client.send("DEBUG", "HTSTATS", 0, "full")).toBe(client.send("DEBUG", "HTSTATS", 0));
  expect(client.send("DEBUG", "HTSTATS", 16)).toBe("-ERR Out of range database\r\n");
  expect(client.send("DEBUG", "STRINGMATCH-LEN", 1000, "a*")).toBe(":1\r\n");
  expect(client.send("DEBUG", "SET-DISABLE-DENY-SCRIPTS", 1)).toBe("+OK\r\n");
});
