import { expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";

test("commands of one chunk are answered in order, with one write", () => {
  const client = createTestServer().connect();
  expect(client.sendRaw("PING\r\nSET a 1\r\nINCR a\r\nGET a\r\nNOSUCH x\r\n")).toBe(
    "+PONG\r\n+OK\r\n:2\r\n$1\r\n2\r\n-ERR unknown command 'NOSUCH', with args beginning with: 'x' \r\n",
  );
});

test("a peer that does not take its replies is not executed for, and goes on where it was", () => {
  const client = createTestServer().connect();
  client.transport.takesReplies = false;
  const chunk = "PING\r\n".repeat(60_000) + "SET a 1\r\nINCR a\r\n";
  const first = client.sendRaw(chunk);
  expect(client.transport.reading).toBe(false);
  expect(first.length).toBeLessThan(60_000 * 7);
  client.transport.takesReplies = true;
  client.transport.pendingBytes = 0;
  client.session.drained();
  expect(client.transport.reading).toBe(true);
  expect(first + client.transport.take()).toBe("+PONG\r\n".repeat(60_000) + "+OK\r\n:2\r\n");
});

test("a broken stream is told why and closed, after the commands before it", () => {
  const client = createTestServer().connect();
  expect(client.sendRaw("SET a 1\r\n*1\r\n+\r\n")).toBe("+OK\r\n-ERR Protocol error: expected '$', got '+'\r\n");
  expect(client.transport.closed).toBe(true);
});
