import { expect, test } from "vitest";
import { checkClients } from "../cron/clients.ts";
import { createTestServer } from "../testing/test-client.ts";
import { listeningServer, RawClient, until } from "../testing/sockets.ts";

test("the hard limit closes at once", async () => {
  const { server, logged } = await listeningServer({ "client-output-buffer-limit": "normal 1mb 0 0" });
  const client = new RawClient({ port: server.port, host: "127.0.0.1" }, false);
  client.write("CLIENT SETNAME glutton\r\nSETRANGE big 20000000 x\r\nGET big\r\nSET after 1\r\n");
  await until(() => server.core.statistics.outputLimitDisconnections === 1, "the disconnection");
  await until(() => server.core.sessions.size === 0, "the end of the session");
  expect(logged.filter((line) => line.startsWith("#")).join()).toMatch(
    /^# Client id=1 addr=127\.0\.0\.1:\d+ .* name=glutton .* omem=\d+ closed for overcoming of output buffer limits\.$/,
  );
  const other = new RawClient({ port: server.port, host: "127.0.0.1" }).write("GET after\r\n");
  expect(await other.take(5)).toBe("$-1\r\n");
  await server.close();
});

test("the soft limit closes when it was exceeded for so many seconds without a break", () => {
  const { server, clock, connect } = createTestServer();
  server.configuration.assign("client-output-buffer-limit", ["normal", "0", "100", "3"]);
  const { session, transport } = connect();
  const pass = (seconds: number): boolean => {
    clock.now += seconds * 1000;
    checkClients(server, clock.now);
    return transport.closed;
  };
  transport.pendingBytes = 100;
  expect([pass(0), pass(2)]).toEqual([false, false]);
  transport.pendingBytes = 99;
  expect(pass(2)).toBe(false);
  expect(session.overSoftLimitSinceMs).toBe(0);
  transport.pendingBytes = 5000;
  expect([pass(0), pass(3), pass(1)]).toEqual([false, false, true]);
  expect(server.statistics.outputLimitDisconnections).toBe(1);
});

test("without limits nothing is closed, but a client that has not logged in may leave little unread", () => {
  const { server, clock, connect } = createTestServer({ requirepass: "secret" });
  const client = connect();
  client.transport.pendingBytes = 1024;
  checkClients(server, clock.now);
  expect(client.transport.closed).toBe(false);
  client.transport.pendingBytes = 1025;
  checkClients(server, clock.now);
  expect(client.transport.closed).toBe(true);
});
