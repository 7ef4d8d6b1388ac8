import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GATE_LOGINS } from "../gates.ts";
import { createTestServer, TestClient, TestTransport } from "../testing/test-client.ts";
import type { TestServer } from "../testing/test-client.ts";

const WRONG = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";

class OtherHost extends TestTransport {
  override readonly remoteHost = "10.0.0.1";
}

class UnixSocket extends TestTransport {
  override readonly remoteHost = "";
}

let subject: TestServer;

beforeEach(() => {
  vi.useFakeTimers();
  subject = createTestServer({ requirepass: "right" });
});

afterEach(() => {
  vi.useRealTimers();
});

function pass(durationMs: number): void {
  subject.clock.now += durationMs;
  vi.advanceTimersByTime(durationMs);
}

function fail(client: TestClient, count: number): void {
  for (let at = 0; at < count; at++) expect(client.send("AUTH", "wrong")).toBe(WRONG);
}

function isGuarded(): boolean {
  return (subject.server.gates & GATE_LOGINS) !== 0;
}

test("a hundred failures a minute are free", () => {
  const client = subject.connect();
  for (let minute = 0; minute < 3; minute++) {
    fail(client, 100);
    pass(60_001);
  }
  expect(isGuarded()).toBe(false);
  expect(subject.logged.join("")).not.toContain("guessing");
});

test("then each login waits for its place, the right one too, however many connections there are", () => {
  const [one, two, three] = [subject.connect(), subject.connect(), subject.connect()];
  fail(one, 101);
  expect(isGuarded()).toBe(true);
  expect(
    subject.logged.filter((line) => line.includes("101 failed logins from 127.0.0.1 within a minute")),
  ).toHaveLength(1);
  expect(one.send("AUTH", "wrong")).toBe("");
  expect(two.send("HELLO", 3, "AUTH", "default", "wrong")).toBe("");
  expect(three.sendRaw("AUTH right\r\nPING\r\n")).toBe("");
  pass(100);
  expect([one, two, three].map(({ transport }) => transport.take())).toEqual([WRONG, "", ""]);
  pass(100);
  expect(two.transport.take()).toBe(WRONG);
  pass(100);
  expect(three.transport.take()).toBe("+OK\r\n+PONG\r\n");
});

test("nobody waits longer than two seconds", () => {
  fail(subject.connect(), 101);
  const clients = Array.from({ length: 100 }, () => subject.connect());
  for (const client of clients) client.send("AUTH", "right");
  pass(2000);
  expect(clients.every(({ transport }) => transport.take() === "+OK\r\n")).toBe(true);
});

test("other hosts, Unix sockets and other commands do not wait", () => {
  const client = subject.connect();
  fail(client, 101);
  expect(new TestClient(subject.server, new OtherHost()).send("AUTH", "wrong")).toBe(WRONG);
  const local = new TestClient(subject.server, new UnixSocket());
  fail(local, 300);
  expect(client.send("PING")).toBe("-NOAUTH Authentication required.\r\n");
  expect(local.send("AUTH", "right")).toBe("+OK\r\n");
  expect(local.send("PING")).toBe("+PONG\r\n");
});

test("who is gone before its place comes harms nobody", () => {
  const client = subject.connect();
  fail(client, 101);
  client.send("AUTH", "right");
  client.session.destroy();
  subject.server.closeSession(client.session);
  pass(100);
  expect(client.transport.take()).toBe("");
});

test("it is over when a minute has passed without a failure", () => {
  const client = subject.connect();
  fail(client, 101);
  pass(59_000);
  client.send("AUTH", "wrong");
  pass(1000);
  expect(client.transport.take()).toBe(WRONG);
  expect(isGuarded()).toBe(true);
  pass(60_000);
  expect(isGuarded()).toBe(false);
  fail(client, 100);
});
