import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Duplex } from "node:stream";
import { createServer, type SiderServer } from "../create-server.ts";
import { until } from "../testing/sockets.ts";

let server: SiderServer;

beforeEach(async () => {
  server = await createServer({ "heap-capacity": "64mb", maxclients: 2 });
});

afterEach(async () => {
  await server.close();
});

function collect(stream: Duplex): { text: string; ended: boolean; closed: boolean } {
  const collected = { text: "", ended: false, closed: false };
  stream.on("data", (bytes: Buffer) => (collected.text += bytes.toString("latin1")));
  stream.on("end", () => (collected.ended = true));
  stream.on("close", () => (collected.closed = true));
  return collected;
}

function pass(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("requests in, replies out, cut anywhere", async () => {
  const stream = server.connect();
  const collected = collect(stream);
  for (const byte of "PING\r\nSET a 1\r\nGET a\r\n") stream.write(byte);
  await pass();
  expect(collected.text).toBe("+PONG\r\n+OK\r\n$1\r\n1\r\n");
  expect(server.core.statistics.bytesReceived).toBe(22);
});

test("a listener may write at once, and a large request arrives whole", async () => {
  const stream = server.connect();
  const collected = collect(stream);
  const value = "x".repeat(3_000_000);
  let asked = false;
  stream.on("data", () => {
    if (!asked) stream.write("STRLEN big\r\n");
    asked = true;
  });
  stream.write(`*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n$${String(value.length)}\r\n${value}\r\n`);
  await until(() => collected.text === "+OK\r\n:3000000\r\n", "both replies");
});

test("a reader that does not read stops execution, and its own writes wait", async () => {
  const stream = server.connect();
  stream.write("SETRANGE big 999999 x\r\n");
  for (let count = 0; count < 50; count++) stream.write("GET big\r\n");
  stream.write("SET after 1\r\n");
  for (let turn = 0; turn < 10; turn++) await pass();
  const [session] = server.core.sessions.values();
  expect(session?.transport.pendingBytes).toBeGreaterThan(0);
  expect(await server.client().send("EXISTS", "after")).toBe(0);
  const collected = collect(stream);
  await until(() => collected.text.endsWith("+OK\r\n"), "the last reply");
  expect(collected.text.length).toBe(10 + 50 * (10 + 1_000_000 + 2) + 5);
});

describe("the end", () => {
  test("by the client: what it has sent is answered", async () => {
    const stream = server.connect();
    const collected = collect(stream);
    stream.end("PING\r\nPING\r\n");
    await until(() => collected.closed, "the close");
    expect(collected).toEqual({ text: "+PONG\r\n+PONG\r\n", ended: true, closed: true });
    expect(server.core.sessions.size).toBe(0);
  });

  test("by QUIT", async () => {
    const stream = server.connect();
    const collected = collect(stream);
    stream.write("QUIT\r\nPING\r\n");
    await until(() => collected.closed, "the close");
    expect(collected.text).toBe("+OK\r\n");
    expect(server.core.sessions.size).toBe(0);
  });

  test("by destroy, on either side", async () => {
    const [one, two] = [server.connect(), server.connect()];
    const collected = collect(two);
    one.destroy();
    expect(server.core.sessions.size).toBe(1);
    await server.close();
    await until(() => collected.closed, "the close");
    expect(server.core.sessions.size).toBe(0);
  });

  test("of one client too many", async () => {
    server.connect();
    server.connect();
    const collected = collect(server.connect());
    await until(() => collected.closed, "the close");
    expect(collected.text).toBe("-ERR max number of clients reached\r\n");
  });
});
