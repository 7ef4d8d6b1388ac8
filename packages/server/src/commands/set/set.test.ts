import { beforeEach, expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient } from "../../testing/test-client.ts";

let client: TestClient;
beforeEach(() => {
  client = createTestServer().connect();
});

test("smoke", () => {
  expect(client.send("SADD", "a", "x", "y", "x")).toBe(":2\r\n");
  expect(client.send("SADD", "b", "y", "z")).toBe(":2\r\n");
  expect(client.send("SINTER", "a", "b")).toBe("*1\r\n$1\r\ny\r\n");
  expect(client.send("SDIFF", "a", "b")).toBe("*1\r\n$1\r\nx\r\n");
  expect(client.send("SUNIONSTORE", "c", "a", "b")).toBe(":3\r\n");
  expect(client.send("SPOP", "c", "2").length).toBe(18);
  expect(client.send("SRANDMEMBER", "a", "-5").slice(0, 4)).toBe("*5\r\n");
  expect(client.send("SMEMBERS", "a")).toBe("*2\r\n$1\r\nx\r\n$1\r\ny\r\n");
  expect(client.send("SREM", "a", "x", "y", "z")).toBe(":2\r\n");
  expect(client.send("EXISTS", "a")).toBe(":0\r\n");
  for (let n = 0; n < 300; n++) client.send("SADD", "big", `m${String(n)}`);
  expect(client.send("OBJECT", "ENCODING", "big")).toBe("$9\r\nhashtable\r\n");
  expect(client.send("SCARD", "big")).toBe(":300\r\n");
  expect(client.send("SPOP", "big", 295).slice(0, 6)).toBe("*295\r\n");
  expect(client.send("OBJECT", "ENCODING", "big")).toBe("$8\r\nlistpack\r\n");
});
