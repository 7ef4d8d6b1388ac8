import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

test("CLIENT REPLY OFF drops all replies, errors too, until ON", () => {
  const client = createTestServer().connect();
  expect(client.sendRaw("PING\r\nCLIENT REPLY OFF\r\nSET a 1\r\nNOSUCH\r\nGET\r\n")).toBe("+PONG\r\n");
  expect(client.sendRaw("CLIENT REPLY SKIP\r\nGET a\r\nCLIENT REPLY x\r\n")).toBe("");
  expect(client.sendRaw("CLIENT REPLY ON\r\nGET a\r\n")).toBe("+OK\r\n$1\r\n1\r\n");
});

test("CLIENT REPLY SKIP drops the next reply", () => {
  const client = createTestServer().connect();
  expect(client.sendRaw("CLIENT REPLY SKIP\r\nPING\r\nPING\r\n")).toBe("+PONG\r\n");
  expect(client.sendRaw("CLIENT REPLY SKIP\r\nCLIENT REPLY SKIP\r\nPING\r\nECHO a\r\n")).toBe("$1\r\na\r\n");
  expect(client.sendRaw("CLIENT REPLY SKIP\r\nNOSUCH\r\nPING\r\n")).toBe("+PONG\r\n");
  expect(client.sendRaw("CLIENT REPLY SKIP\r\nCLIENT REPLY ON\r\nPING\r\n")).toBe("+OK\r\n+PONG\r\n");
});

test("long replies are dropped as well", () => {
  const client = createTestServer().connect();
  client.send("SET", "a", "x".repeat(100_000));
  expect(client.sendRaw("CLIENT REPLY SKIP\r\nGET a\r\nPING\r\n")).toBe("+PONG\r\n");
});

test("NO-TOUCH leaves the time of access alone", () => {
  const { connect, clock } = createTestServer();
  const [client, other] = [connect(), connect()];
  client.send("SET", "a", 1);
  expect(client.send("CLIENT", "NO-TOUCH", "ON")).toBe("+OK\r\n");
  clock.now += 10_000;
  client.send("GET", "a");
  expect(other.send("OBJECT", "IDLETIME", "a")).toBe(":10\r\n");
  other.send("GET", "a");
  expect(client.send("OBJECT", "IDLETIME", "a")).toBe(":0\r\n");
  clock.now += 10_000;
  client.sendRaw("CLIENT NO-TOUCH OFF\r\nGET a\r\n");
  expect(other.send("OBJECT", "IDLETIME", "a")).toBe(":0\r\n");
  clock.now += 10_000;
  client.sendRaw("CLIENT NO-TOUCH ON\r\nGET a\r\nRESET\r\nGET a\r\n");
  expect(other.send("OBJECT", "IDLETIME", "a")).toBe(":0\r\n");
});

test("NO-EVICT and NO-TOUCH are seen in the flags, and take ON or OFF", () => {
  const client = createTestServer().connect();
  expect(client.send("CLIENT", "NO-EVICT", "on")).toBe("+OK\r\n");
  expect(client.send("CLIENT", "NO-TOUCH", "on")).toBe("+OK\r\n");
  expect(client.send("CLIENT", "INFO")).toContain(" flags=eT ");
  expect(client.send("CLIENT", "NO-EVICT", "x")).toBe("-ERR syntax error\r\n");
  expect(client.send("CLIENT", "NO-TOUCH", "x")).toBe("-ERR syntax error\r\n");
  expect(client.send("CLIENT", "REPLY", "x")).toBe("-ERR syntax error\r\n");
});
