import { isResizing } from "@sider/datastructures";
import { OutOfMemoryError } from "@sider/keyspace-engine";
import { expect, test } from "vitest";
import { createTestServer, TestTransport } from "../testing/test-client.ts";
import type { TestServer } from "../testing/test-client.ts";
import type { Handler } from "./handler.ts";

/** Puts a handler in the place of ECHO's. */
function withEcho(test: TestServer, handler: Handler): void {
  test.server.table.handlers[test.server.table.numberOf("echo")] = handler;
}

test("the exception of a handler is a reply and a log line with the stack; all goes on", () => {
  const made = createTestServer();
  withEcho(made, () => {
    throw new TypeError("a bug");
  });
  const client = made.connect();
  expect(client.sendRaw("PING\r\nECHO x\r\nPING\r\n")).toBe("+PONG\r\n-ERR internal error\r\n+PONG\r\n");
  expect(made.logged).toHaveLength(1);
  expect(made.logged[0]).toMatch(/ # Error in the command echo: TypeError: a bug\n +at .*executor\.test\.ts/);
  expect(made.connect().send("PING")).toBe("+PONG\r\n");
  expect(made.server.statistics.errors.get("ERR")).toBe(1);
});

test("what the handler had replied is taken back", () => {
  const made = createTestServer();
  withEcho(made, (context) => {
    context.reply.arrayHeader(3);
    context.reply.integer(1);
    throw new OutOfMemoryError();
  });
  expect(made.connect().sendRaw("PING\r\nECHO x\r\nPING\r\n")).toBe(
    "+PONG\r\n-OOM command not allowed when used memory > 'maxmemory'.\r\n+PONG\r\n",
  );
});

test("when a part of the reply has been sent the session ends after the error", () => {
  const made = createTestServer();
  withEcho(made, (context) => {
    context.reply.arrayHeader(2);
    context.reply.flush();
    throw new Error("a bug");
  });
  const client = made.connect();
  expect(client.sendRaw("ECHO x\r\n")).toBe("*2\r\n-ERR internal error\r\n");
  expect(client.transport.closed).toBe(true);
});

test("an exception outside of the handlers ends that session alone", () => {
  class BrokenTransport extends TestTransport {
    override write(): void {
      throw new Error("a bug of the transport");
    }
  }
  const made = createTestServer();
  const transport = new BrokenTransport();
  const session = made.server.openSession(transport);
  const bytes = new TextEncoder().encode("PING\r\n");
  session?.receive(bytes, 0, bytes.length, 0);
  expect([transport.closed, session?.closing]).toEqual([true, true]);
  expect(made.logged.join("")).toContain("a bug of the transport");
  expect(made.connect().send("PING")).toBe("+PONG\r\n");
});

test("a request beyond client-query-buffer-limit closes the connection without a word, and is logged with the client", () => {
  const made = createTestServer({ "client-query-buffer-limit": "1mb" });
  const client = made.connect();
  client.send("CLIENT", "SETNAME", "big");
  const piece = `$100000\r\n${"x".repeat(100_000)}\r\n`;
  let replies = client.sendRaw("*100\r\n");
  for (let count = 0; count < 20 && !client.transport.closed; count++) replies += client.sendRaw(piece);
  expect(replies).toBe("");
  expect(client.transport.closed).toBe(true);
  expect(made.logged.join("")).toMatch(/# Closing client that reached max query buffer length: id=1 .* name=big /);
  expect(made.connect().send("PING")).toBe("+PONG\r\n");
  expect(made.server.statistics.requestLimitDisconnections).toBe(1);
});

test("commands that only read bring the resizing of their database's table to its end", () => {
  const { server, connect } = createTestServer();
  const client = connect();
  const { heap, databases } = server.keyspace;
  const isTableResizing = (): boolean => isResizing(heap, databases[0].entries);
  let keys = 0;
  while (!isTableResizing() || keys < 500) client.send("SET", `key:${String(keys++)}`, "x");
  for (let reads = 0; reads < 100 && isTableResizing(); reads++) client.sendRaw("GET key:1\r\n".repeat(10));
  expect(isTableResizing()).toBe(false);
  expect(client.send("DBSIZE")).toBe(`:${String(keys)}\r\n`);
});
