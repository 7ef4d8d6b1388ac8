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
