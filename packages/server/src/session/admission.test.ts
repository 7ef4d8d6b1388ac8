import { expect, test } from "vitest";
import { createTestServer, TestClient, TestTransport } from "../testing/test-client.ts";

class RemoteTransport extends TestTransport {
  override readonly isLoopback = false;
  override readonly remoteHost = "192.0.2.7";
}

test("one client too many is told so and closed, and counted as rejected", () => {
  const { server, connect } = createTestServer({ maxclients: "2" });
  const [first] = [connect(), connect()];
  const transport = new TestTransport();
  expect(server.openSession(transport)).toBeNull();
  expect([transport.take(), transport.closed]).toEqual(["-ERR max number of clients reached\r\n", true]);
  expect([server.statistics.connectionsReceived, server.statistics.connectionsRejected]).toEqual([2, 1]);
  server.closeSession(first.session);
  expect(connect().send("PING")).toBe("+PONG\r\n");
});

test("protected mode: other machines are refused while there is no password", () => {
  const { server } = createTestServer();
  const transport = new RemoteTransport();
  expect(server.openSession(transport)).toBeNull();
  const reply = transport.take();
  expect(reply).toMatch(
    /^-DENIED Redis is running in protected mode because protected mode is enabled and no password is set/,
  );
  expect(reply).toMatch(/connections from the outside\.\r\n$/);
  expect(reply.match(/\n/g)).toHaveLength(1);
  expect(transport.closed).toBe(true);
});

test("with a password, or without protected mode, they are welcome", () => {
  const withPassword = createTestServer({ requirepass: "secret" }).server;
  expect(new TestClient(withPassword, new RemoteTransport()).send("PING")).toBe("-NOAUTH Authentication required.\r\n");
  const open = createTestServer({ "protected-mode": "no" }).server;
  expect(new TestClient(open, new RemoteTransport()).send("PING")).toBe("+PONG\r\n");
});
