import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

test("ROLE of a server that replicates nothing, as INFO has it", () => {
  const client = createTestServer().connect();
  expect(client.send("ROLE")).toBe("*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n");
  expect(client.send("INFO", "replication")).toContain("role:master\r\nconnected_slaves:0\r\n");
  client.send("HELLO", "3");
  expect(client.send("ROLE")).toBe("*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n");
  expect(client.send("ROLE", "x")).toBe("-ERR wrong number of arguments for 'role' command\r\n");
});

test("ROLE is for administrators", () => {
  const client = createTestServer().connect();
  client.send("ACL", "SETUSER", "reader", "on", "nopass", "~*", "+@all", "-@dangerous");
  client.send("AUTH", "reader", "");
  expect(client.send("ROLE")).toMatch(/^-NOPERM /);
});
