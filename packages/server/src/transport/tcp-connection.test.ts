import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Session } from "../session/session.ts";
import { backlogMemory } from "./reply-backlog.ts";
import { type ListeningServer, listeningServer, RawClient, until } from "../testing/sockets.ts";

let listening: ListeningServer;

beforeEach(async () => {
  listening = await listeningServer();
});

afterEach(async () => {
  await listening.server.close();
  await until(() => backlogMemory.used === 0, "the memory of replies that waited");
});

function client(reads = true, allowHalfOpen = false): RawClient {
  return new RawClient({ port: listening.server.port, host: "127.0.0.1", allowHalfOpen }, reads);
}

async function onlySession(): Promise<Session> {
  const sessions = listening.server.core.sessions;
  await until(() => sessions.size === 1, "one session");
  const [session] = sessions.values();
  if (session === undefined) throw new Error("no session");
  return session;
}

function set(key: string, value: string): string {
  return `*3\r\n$3\r\nSET\r\n$${String(key.length)}\r\n${key}\r\n$${String(value.length)}\r\n${value}\r\n`;
}

test("each read and each write is counted, also on a batch of requests", async () => {
  const one = client();
  for (let round = 0; round < 3; round++) {
    one.write("PING\r\nPING\r\n");
    await one.take(14);
  }
  const { statistics } = listening.server.core;
  expect([statistics.readCount, statistics.writeCount]).toEqual([3, 3]);
  one.write("INFO stats\r\n");
  await until(() => one.received.includes("io_threaded"), "INFO");
  expect(one.received).toMatch(/\r\ntotal_reads_processed:4\r\ntotal_writes_processed:3\r\n/);
  one.socket.destroy();
});

describe("replies", () => {
  test("come in order, however the requests are cut", async () => {
    const one = client();
    one.socket.setNoDelay(true);
    for (const byte of "PING\r\n*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n") {
      one.write(byte);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await one.take(15)).toBe("+PONG\r\n$2\r\nhi\r\n");
    one.socket.destroy();
  });

  test("that the kernel does not take at once arrive whole, and nothing is executed while too many wait", async () => {
    const value = "x".repeat(8 * 1024 * 1024);
    const one = client(false);
    const session = await onlySession();
    Object.assign(session.transport, { waitingReplyBytes: 1024 * 1024 });
    one.write(set("big", value) + "GET big\r\nSET after 1\r\nGET big\r\nPING\r\n");
    await until(() => session.transport.pendingBytes > 0, "waiting replies");
    const other = client();
    other.write("GET after\r\n");
    expect(await other.take(5)).toBe("$-1\r\n");
    one.read();
    const bulk = `$${String(value.length)}\r\n${value}\r\n`;
    const expected = `+OK\r\n${bulk}+OK\r\n${bulk}+PONG\r\n`;
    expect((await one.take(expected.length)) === expected).toBe(true);
    expect(session.transport.pendingBytes).toBe(0);
    one.socket.destroy();
    other.socket.destroy();
  });

  test.each([
    [20_000, 1000],
    [900, 100_000],
  ])("wait while the client is still writing: it may write %i requests before it reads", async (requests, size) => {
    const value = "x".repeat(size);
    const one = client(false);
    const session = await onlySession();
    one.write(set("k", value));
    for (let count = 0; count < requests; count += 100) one.write("GET k\r\n".repeat(100));
    one.write("INCR last\r\n");
    const other = client();
    const last = async (): Promise<string> => {
      other.received = "";
      other.write("STRLEN last\r\n");
      return other.take(4);
    };
    while ((await last()) !== ":1\r\n") await new Promise((resolve) => setTimeout(resolve, 5));
    expect(session.transport.pendingBytes).toBeGreaterThan(0);
    one.read();
    const expected = `+OK\r\n${`$${String(size)}\r\n${value}\r\n`.repeat(requests)}:1\r\n`;
    expect((await one.take(expected.length)) === expected).toBe(true);
    expect(session.transport.pendingBytes).toBe(0);
    one.socket.destroy();
    other.socket.destroy();
  });
});

test("short replies wait where the kernel does not take them, and others behind them", async () => {
  const one = client(false);
  const { transport } = await onlySession();
  const line = (number: number): Uint8Array => new TextEncoder().encode(`+${String(number).padStart(300, ".")}\r\n`);
  const sent: Uint8Array[] = [];
  const send = (): void => {
    const bytes = line(sent.push(line(sent.length)) - 1);
    transport.push(bytes, 0, bytes.length);
  };
  while (transport.pendingBytes === 0) send();
  expect(transport.pendingBytes).toBe(303);
  for (let count = 0; count < 1000; count++) send();
  one.read();
  const expected = Buffer.concat(sent).toString();
  expect((await one.take(expected.length)) === expected).toBe(true);
  await until(() => transport.pendingBytes === 0, "nothing waits");
  send();
  expect(await one.take(303)).toBe(Buffer.from(sent.at(-1) ?? []).toString());
  one.socket.destroy();
});

test("without Node's own handles short replies are written as long ones are", async () => {
  const one = client();
  const session = await onlySession();
  Object.assign(session.transport, { shortWriter: null });
  one.write("PING\r\nECHO hello\r\n");
  expect(await one.take(18)).toBe("+PONG\r\n$5\r\nhello\r\n");
  one.socket.destroy();
});

test("without a descriptor, as on Windows, replies go through the socket", async () => {
  const value = "x".repeat(3_000_000);
  const one = client(false);
  one.write("PING\r\n");
  const session = await onlySession();
  Object.assign(session.transport, { directDescriptor: -1, shortWriter: null });
  one.write(set("big", value) + "GET big\r\nINCR n\r\nINCR n\r\nGET big\r\nQUIT\r\n");
  one.read();
  await one.closed;
  const bulk = `$${String(value.length)}\r\n${value}\r\n`;
  expect(one.received === `+PONG\r\n+OK\r\n${bulk}:1\r\n:2\r\n${bulk}+OK\r\n`).toBe(true);
});

describe("the end of a connection", () => {
  test("by FIN after pipelined requests: all replies are sent first", async () => {
    const one = client(true, true);
    one.write("SET a 1\r\n".repeat(5000));
    one.socket.end("PING\r\n");
    await one.closed;
    expect(one.received).toBe("+OK\r\n".repeat(5000) + "+PONG\r\n");
  });

  test("by FIN while its replies wait: they are sent as they are read", async () => {
    const value = "x".repeat(4 * 1024 * 1024);
    const one = client(false, true);
    one.write(set("big", value));
    one.socket.end("GET big\r\nGET big\r\nPING\r\n");
    const session = await onlySession();
    await until(() => session.transport.pendingBytes > 0, "waiting replies");
    one.read();
    await one.closed;
    expect(one.received.length).toBe(5 + 2 * (value.length + 12) + 7);
    expect(one.received.endsWith("+PONG\r\n")).toBe(true);
  });

  test("by FIN in the middle of a request", async () => {
    const one = client(true, true);
    one.socket.end("*2\r\n$3\r\nGET\r\n$1");
    await one.closed;
    expect(listening.server.core.sessions.size).toBe(0);
  });

  test("by RST, also while replies wait, is no news and harms nobody", async () => {
    const other = client();
    const one = client(false);
    one.write(set("big", "x".repeat(8 * 1024 * 1024)) + "GET big\r\nGET big\r\n");
    await until(() => [...listening.server.core.sessions.values()].some((each) => each.transport.pendingBytes > 0));
    one.socket.resetAndDestroy();
    await until(() => listening.server.core.sessions.size === 1, "the session is gone");
    other.write("PING\r\n");
    expect(await other.take(7)).toBe("+PONG\r\n");
    expect(listening.logged.filter((line) => line.startsWith("#"))).toEqual([]);
    other.socket.destroy();
  });

  test("by QUIT while replies wait: they are sent as they are read", async () => {
    const one = client(false);
    one.write(set("big", "x".repeat(8 * 1024 * 1024)) + "GET big\r\nQUIT\r\n");
    const session = await onlySession();
    await until(() => session.transport.pendingBytes > 0 && backlogMemory.used > 0, "waiting replies");
    one.read();
    await one.closed;
    expect(one.received.length).toBe(5 + 8 * 1024 * 1024 + 12 + 5);
  });

  test("by QUIT: what follows is not executed", async () => {
    const one = client();
    one.write("SET a 1\r\nQUIT\r\nSET a 2\r\n");
    await one.closed;
    expect(one.received).toBe("+OK\r\n+OK\r\n");
    const other = client();
    other.write("GET a\r\n");
    expect(await other.take(7)).toBe("$1\r\n1\r\n");
    other.socket.destroy();
  });

  test("by a broken stream: the error is sent, then the connection closes", async () => {
    const one = client();
    one.write("PING\r\n*1\r\n+x\r\n");
    await one.closed;
    expect(one.received).toBe("+PONG\r\n-ERR Protocol error: expected '$', got '+'\r\n");
  });
});

describe("the descriptor", () => {
  let folder: string;
  const opened: number[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sider-descriptor-"));
  });

  afterEach(() => {
    for (const descriptor of opened.splice(0)) closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });

  /** Opens files until one has the number; gives its path. */
  function takeOver(descriptor: number): string {
    for (let count = 0; count < 200; count++) {
      const path = join(folder, String(count));
      const number = openSync(path, "w");
      opened.push(number);
      if (number === descriptor) return path;
    }
    throw new Error(`descriptor ${String(descriptor)} was not given again`);
  }

  const bytes = new TextEncoder().encode("to nobody");

  test.each(["destroy", "close"] as const)(
    "is never written to after %s, though its number is in use again",
    async (how) => {
      client().write("PING\r\n");
      const session = await onlySession();
      const { descriptor } = session.transport;
      expect(descriptor).toBeGreaterThan(2);
      session[how]();
      session.transport.write(bytes, 0, bytes.length);
      await until(() => session.closed, "the end of the session");
      const path = takeOver(descriptor);
      session.transport.push(bytes, 0, bytes.length);
      expect(readFileSync(path, "utf8")).toBe("");
    },
  );

  test("is never written to after the peer has reset the connection", async () => {
    const one = client();
    one.write("PING\r\n");
    await one.take(7);
    const session = await onlySession();
    const { descriptor } = session.transport;
    one.socket.resetAndDestroy();
    await until(() => session.closed, "the end of the session");
    const path = takeOver(descriptor);
    session.transport.push(bytes, 0, bytes.length);
    session.transport.resumeReading();
    expect(readFileSync(path, "utf8")).toBe("");
  });
});
