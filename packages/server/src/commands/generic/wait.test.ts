import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startLogging } from "../../persistence/testing/logging-server.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";

const NO_FILE = "-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.\r\n";

function kept(local: number): string {
  return `*2\r\n:${String(local)}\r\n:0\r\n`;
}

describe("without an append-only file", () => {
  let running: TestServer;
  let client: TestClient;

  beforeEach(() => {
    vi.useFakeTimers();
    running = createTestServer();
    client = running.connect();
  });

  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  function pass(ms: number): void {
    running.clock.now += ms;
    vi.advanceTimersByTime(ms);
  }

  test("WAIT for no replicas is over at once, for some when its time is over: there are none", () => {
    expect(client.sendRaw("SET a 1\r\nWAIT 0 0\r\nWAIT -1 1000\r\n")).toBe("+OK\r\n:0\r\n:0\r\n");
    expect(client.sendRaw("WAIT 1 100\r\nPING\r\n")).toBe("");
    expect(running.connect().send("INFO", "clients")).toContain("blocked_clients:1\r\n");
    pass(99);
    expect(client.transport.take()).toBe("");
    pass(1);
    expect(client.transport.take()).toBe(":0\r\n+PONG\r\n");
    expect(client.send("INFO", "commandstats")).toMatch(/cmdstat_wait:calls=3,.*,rejected_calls=0,failed_calls=0/);
  });

  test("WAITAOF is refused, unless it asks for replicas alone", () => {
    expect(client.send("WAITAOF", 1, 0, 0)).toBe(NO_FILE);
    expect(client.send("WAITAOF", 0, 0, 0)).toBe(kept(0));
    expect(client.send("WAITAOF", 0, 1, 10)).toBe("");
    pass(10);
    expect(client.transport.take()).toBe(kept(0));
  });

  test("neither waits inside of a transaction", () => {
    expect(client.sendRaw("MULTI\r\nWAIT 1 0\r\nWAITAOF 0 1 0\r\nEXEC\r\n")).toContain(`*2\r\n:0\r\n${kept(0)}`);
  });

  test("CLIENT UNBLOCK ends the waiting", () => {
    const admin = running.connect();
    expect(client.send("WAIT", 2, 0)).toBe("");
    expect(admin.send("CLIENT", "UNBLOCK", client.session.id)).toBe(":1\r\n");
    expect(client.transport.take()).toBe(":0\r\n");
    expect(client.send("WAITAOF", 0, 2, 0)).toBe("");
    expect(admin.send("CLIENT", "UNBLOCK", client.session.id, "ERROR")).toBe(":1\r\n");
    expect(client.transport.take()).toBe("-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n");
  });

  test.each([
    [["WAIT", "x", 0], "-ERR value is not an integer or out of range\r\n"],
    [["WAIT", 0, "x"], "-ERR timeout is not an integer or out of range\r\n"],
    [["WAIT", 0, "1.5"], "-ERR timeout is not an integer or out of range\r\n"],
    [["WAIT", 0, -1], "-ERR timeout is negative\r\n"],
    [["WAIT", 0, "9223372036854775807"], "-ERR timeout is out of range\r\n"],
    [["WAIT", 0], "-ERR wrong number of arguments for 'wait' command\r\n"],
    [["WAITAOF", 2, 0, 0], "-ERR value is out of range, must be between 0 and 1\r\n"],
    [["WAITAOF", -1, 0, 0], "-ERR value is out of range, must be between 0 and 1\r\n"],
    [["WAITAOF", 0, -1, 0], "-ERR value is out of range, must be positive\r\n"],
    [["WAITAOF", "x", 0, 0], "-ERR value is not an integer or out of range\r\n"],
    [["WAITAOF", 0, 0, -1], "-ERR timeout is negative\r\n"],
  ])("%j", (words, error) => {
    expect(client.send(...words)).toBe(error);
  });
});

describe("with an append-only file", () => {
  const write = ({ client }: { client: TestClient }): string => client.send("SET", "a", 1);

  test("always: what is acknowledged is on the disk", async () => {
    const logging = await startLogging({ appendfsync: "always" });
    expect(logging.client.sendRaw("SET a 1\r\nWAITAOF 1 0 0\r\n")).toBe("+OK\r\n");
    await new Promise(setImmediate);
    expect(logging.client.transport.take()).toBe(kept(1));
    expect(logging.client.send("WAITAOF", 1, 0, 0)).toBe(kept(1));
  });

  test("everysec: waits for the sync", async () => {
    const logging = await startLogging({ appendfsync: "everysec" });
    const { client, disk, tick } = logging;
    write(logging);
    expect(client.send("WAITAOF", 1, 0, 0)).toBe("");
    tick(1000);
    expect([disk.pendingSyncs, client.transport.take()]).toEqual([1, ""]);
    disk.finishSync();
    tick();
    expect(client.transport.take()).toBe(kept(1));
    expect(client.send("INFO", "commandstats")).toMatch(/cmdstat_waitaof:calls=1,/);
  });

  test("no: waits until its time is over, or appending ends", async () => {
    const logging = await startLogging({ appendfsync: "no" });
    const { client, server } = logging;
    write(logging);
    expect(client.send("WAITAOF", 1, 0, 0)).toBe("");
    const admin = logging.connect();
    admin.send("CLIENT", "UNBLOCK", client.session.id, "TIMEOUT");
    expect(client.transport.take()).toBe(kept(0));
    expect(client.send("WAITAOF", 1, 0, 0)).toBe("");
    expect(admin.send("CONFIG", "SET", "appendonly", "no")).toBe("+OK\r\n");
    expect(client.transport.take()).toBe(NO_FILE);
    expect(server.executor.waiting.count).toBe(0);
  });

  test("while the first rewrite is not done, no file holds all", async () => {
    const { client, rewritten, tick } = await startLogging({ appendonly: "no", appendfsync: "always" });
    client.send("SET", "a", 1);
    expect(client.send("CONFIG", "SET", "appendonly", "yes")).toBe("+OK\r\n");
    expect(client.send("WAITAOF", 1, 0, 0)).toBe("");
    await rewritten();
    tick();
    expect(client.transport.take()).toBe(kept(1));
  });
});
