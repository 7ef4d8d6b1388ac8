import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ServerTimer } from "../../cron/server-timer.ts";
import { createTestServer } from "../../testing/test-client.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("writes wait for the end of the pause, reads do not", () => {
  const { connect, clock } = createTestServer();
  const [admin, client] = [connect(), connect()];
  expect(admin.send("CLIENT", "PAUSE", 1000, "WRITE")).toBe("+OK\r\n");
  expect(client.sendRaw("GET a\r\nSET a 1\r\nGET a\r\n")).toBe("$-1\r\n");
  expect(client.sendRaw("INCR a\r\n")).toBe("");
  expect(admin.send("INFO", "clients")).toContain("blocked_clients:1\r\n");
  expect(admin.send("GET", "a")).toBe("$-1\r\n");
  clock.now += 999;
  vi.advanceTimersByTime(999);
  expect(client.transport.take()).toBe("");
  clock.now += 1;
  vi.advanceTimersByTime(1);
  expect(client.transport.take()).toBe("+OK\r\n$1\r\n1\r\n:2\r\n");
});

test("a pause of all commands ends by itself only", () => {
  const { connect, clock } = createTestServer();
  const [admin, client] = [connect(), connect()];
  expect(admin.send("CLIENT", "PAUSE", 1000)).toBe("+OK\r\n");
  expect(client.send("PING")).toBe("");
  expect(admin.send("CLIENT", "UNPAUSE")).toBe("");
  clock.now += 1000;
  vi.advanceTimersByTime(1000);
  expect(client.transport.take()).toBe("+PONG\r\n");
  expect(admin.transport.take()).toBe("+OK\r\n");
});

test("UNPAUSE lets those go on who wait", () => {
  const { connect } = createTestServer();
  const [admin, client] = [connect(), connect()];
  admin.send("CLIENT", "PAUSE", 100_000, "write");
  expect(client.send("SET", "a", 1)).toBe("");
  expect(admin.sendRaw("CLIENT UNPAUSE\r\nGET a\r\n")).toBe("+OK\r\n$-1\r\n");
  expect(client.transport.take()).toBe("+OK\r\n");
  expect(admin.send("SET", "a", 2)).toBe("+OK\r\n");
});

test("a pause never becomes shorter", () => {
  const { connect, clock } = createTestServer();
  const [admin, client] = [connect(), connect()];
  admin.send("CLIENT", "PAUSE", 1000, "WRITE");
  admin.send("CLIENT", "PAUSE", 10, "WRITE");
  client.send("SET", "a", 1);
  clock.now += 500;
  vi.advanceTimersByTime(500);
  expect(client.transport.take()).toBe("");
});

test("who has gone while waiting executes nothing", () => {
  const { connect } = createTestServer();
  const [admin, client] = [connect(), connect()];
  admin.send("CLIENT", "PAUSE", 1000, "WRITE");
  client.send("SET", "a", 1);
  expect(admin.send("CLIENT", "KILL", "ID", 2)).toBe(":1\r\n");
  expect(admin.sendRaw("CLIENT UNPAUSE\r\n")).toBe("+OK\r\n");
  expect(admin.send("EXISTS", "a")).toBe(":0\r\n");
});

test.each([
  [["x"], "-ERR timeout is not an integer or out of range\r\n"],
  [["-1"], "-ERR timeout is negative\r\n"],
  [["9223372036854775807"], "-ERR timeout is out of range\r\n"],
  [["1", "x"], "-ERR CLIENT PAUSE mode must be WRITE or ALL\r\n"],
  [["x", "y"], "-ERR CLIENT PAUSE mode must be WRITE or ALL\r\n"],
])("CLIENT PAUSE %j is refused", (options, error) => {
  const client = createTestServer().connect();
  expect(client.send("CLIENT", "PAUSE", ...options)).toBe(error);
  expect(client.send("PING")).toBe("+PONG\r\n");
});

test("nothing expires while writes are paused, though what is due is not seen", () => {
  const { server, clock, connect } = createTestServer();
  const client = connect();
  client.sendRaw("SET a 1 PX 10\r\nSET b 1 PX 10\r\nCLIENT PAUSE 50000 WRITE\r\n");
  clock.now += 20;
  expect(client.sendRaw("GET a\r\nEXISTS b\r\nKEYS *\r\nSCAN 0\r\n")).toBe(
    "$-1\r\n:0\r\n*0\r\n*2\r\n$1\r\n0\r\n*0\r\n",
  );
  expect(client.send("RANDOMKEY")).toMatch(/^\$1\r\n[ab]\r\n$/);
  new ServerTimer(server).tick();
  expect(client.send("DBSIZE")).toBe(":2\r\n");
  expect(client.sendRaw("CLIENT UNPAUSE\r\nGET a\r\nGET b\r\nDBSIZE\r\n")).toBe("+OK\r\n$-1\r\n$-1\r\n:0\r\n");
  expect(server.keyspace.expiredKeys).toBe(2);
});

test("what writes in the transaction that pauses replaces a key that is due", () => {
  const { clock, connect } = createTestServer();
  const client = connect();
  client.send("SET", "a", 1, "PX", 10);
  clock.now += 20;
  client.sendRaw("MULTI\r\nCLIENT PAUSE 50000 WRITE\r\nGET a\r\nSET a 2\r\nEXEC\r\n");
  expect(client.sendRaw("GET a\r\nDBSIZE\r\n")).toBe("$1\r\n2\r\n:1\r\n");
});
