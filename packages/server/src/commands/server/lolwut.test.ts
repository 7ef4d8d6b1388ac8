import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

test("LOLWUT draws and ends with the version", () => {
  const client = createTestServer().connect();
  const reply = client.send("LOLWUT");
  expect(reply).toMatch(/\nRedis ver\. 7\.2\.4\n\r\n$/);
  expect(reply.split("\n").filter((line) => line.length === 64)).toHaveLength(16);
  expect(client.send("LOLWUT")).not.toBe(reply);
  expect(client.send("LOLWUT", "VERSION", 5, 40)).toContain("Redis ver.");
  expect(client.send("LOLWUT", "VERSION", "x")).toBe("-ERR value is not an integer or out of range\r\n");
  client.send("HELLO", 3);
  expect(client.send("LOLWUT", "VERSION", 6)).toMatch(/^=\d+\r\ntxt:/);
});
