import { SimulatedDisk } from "@sider/persistence/testing";
import { describe, expect, test } from "vitest";
import { startLogging } from "../persistence/testing/logging-server.ts";
import type { LoggingServer } from "../persistence/testing/logging-server.ts";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient, TestServer } from "../testing/test-client.ts";

/** The events so far, with the longest time of each. */
function eventsOf(client: TestClient): Record<string, number> {
  const { events } = client.session.server.observation.latency;
  return Object.fromEntries([...events].map(([name, { maximumMs }]) => [name, maximumMs]));
}

/** A disk that takes 20 ms for a write, 30 ms for a sync and 40 ms for a rename, and how often somebody has looked at the clock. */
async function startSlowDisk(directives: Readonly<Record<string, string>>): Promise<LoggingServer & { looks: number }> {
  const disk = new SimulatedDisk();
  let nowMs = 1000;
  disk.faults = (operation) => {
    if (operation === "write") nowMs += 20;
    if (operation === "sync") nowMs += 30;
    if (operation === "rename") nowMs += 40;
    return null;
  };
  const seen = { looks: 0 };
  const logging = await startLogging(directives, disk, () => {
    seen.looks++;
    return nowMs;
  });
  return Object.assign(seen, logging);
}

describe("the append-only file", () => {
  test("a write alone, and the sync that replies wait for", async () => {
    const { change, client } = await startSlowDisk({ "latency-monitor-threshold": "20" });
    change("SET", "a", 1);
    expect(eventsOf(client)).toEqual({ "aof-write-alone": 20, "aof-write": 20, "aof-fsync-always": 30 });
    expect(client.send("LATENCY", "DOCTOR")).toContain("The disk of the append-only file is slow.");
  });

  test("a write that fails has taken its time too", async () => {
    const { change, client, disk } = await startSlowDisk({ "latency-monitor-threshold": "20", appendfsync: "no" });
    const { faults } = disk;
    disk.faults = (...operation) => faults(...operation) ?? (operation[0] === "write" ? "ENOSPC" : null);
    change("SET", "a", 1);
    expect(eventsOf(client)).toEqual({ "aof-write-alone": 20, "aof-write": 20 });
  });

  test("a write beside a sync in the background", async () => {
    const { change, client, tick } = await startSlowDisk({
      "latency-monitor-threshold": "20",
      appendfsync: "everysec",
    });
    change("SET", "a", 1);
    tick(1000);
    client.send("LATENCY", "RESET");
    change("SET", "b", 1);
    tick(1000);
    expect(eventsOf(client)).toEqual({});
    tick(1000);
    expect(eventsOf(client)).toEqual({ "aof-write-pending-fsync": 20, "aof-write": 20 });
  });

  test("a write beside a background save", async () => {
    const { change, client, server } = await startSlowDisk({
      "latency-monitor-threshold": "20",
      appendfsync: "no",
      "rdb-key-save-delay": "1000000",
    });
    client.send("BGSAVE");
    change("SET", "a", 1);
    server.snapshots.cancel();
    expect(eventsOf(client)).toEqual({ "aof-write-active-child": 20, "aof-write": 20 });
  });

  test("the base of a rewrite gets its name", async () => {
    const { client, rewritten } = await startSlowDisk({ "latency-monitor-threshold": "40" });
    client.send("BGREWRITEAOF");
    await rewritten();
    expect(eventsOf(client)).toMatchObject({ "aof-rename": 40 });
  });

  test("what is shorter than the limit is no event; without one nothing is measured but the whole, and it may be set later", async () => {
    const subject = await startSlowDisk({ "latency-monitor-threshold": "30" });
    const { change, client, server } = subject;
    change("SET", "a", 1);
    expect(eventsOf(client)).toEqual({ "aof-fsync-always": 30 });
    client.send("LATENCY", "RESET");
    client.send("CONFIG", "SET", "latency-monitor-threshold", 0);
    client.send("SET", "a", 1);
    server.loop.reset();
    const { looks } = subject;
    change("SET", "a", 2);
    const looksAtCommand = 2;
    expect(subject.looks).toBe(looks + looksAtCommand + 2);
    expect(server.loop.appendOnlyMs).toBe(50);
    expect(eventsOf(client)).toEqual({});
    client.send("CONFIG", "SET", "latency-monitor-threshold", 20);
    change("SET", "a", 1);
    expect(Object.keys(eventsOf(client))).toEqual(["aof-write-alone", "aof-write", "aof-fsync-always"]);
  });
});

describe("keys that go unasked", () => {
  /** A server whose steady clock moves on with each look, by what `take` says. */
  function start(directives: Readonly<Record<string, string>>): TestServer & { take: (milliseconds: number) => void } {
    let nowMs = 1000;
    let step = 0;
    const testServer = createTestServer(directives, 1, undefined, undefined, () => (nowMs += step));
    return { ...testServer, take: (milliseconds) => (step = milliseconds) };
  }

  test("one that memory runs short for", () => {
    const subject = start({ "maxmemory-policy": "allkeys-lru", "latency-monitor-threshold": "20" });
    const client = subject.connect();
    client.send("SET", "a", 1);
    subject.server.configuration.assign("maxmemory", ["1"]);
    subject.take(20);
    client.send("PING");
    subject.take(0);
    expect(eventsOf(client)).toMatchObject({ "eviction-del": 20 });
  });

  test("one whose time has come", () => {
    const subject = start({ "latency-monitor-threshold": "20" });
    const client = subject.connect();
    client.send("SET", "a", 1, "PX", 10);
    subject.clock.now += 11;
    subject.take(25);
    client.send("GET", "a");
    subject.take(0);
    expect(eventsOf(client)).toMatchObject({ "expire-del": 25 });
    expect(client.send("LATENCY", "HISTORY", "expire-del")).toBe("*1\r\n*2\r\n:1700000000\r\n:25\r\n");
  });

  test("nobody looks at the clock for them without a limit", () => {
    const { server } = start({});
    expect(server.keyspace.removalWatch).toBeNull();
    server.configuration.assign("latency-monitor-threshold", ["1"]);
    expect(server.keyspace.removalWatch).not.toBeNull();
    server.configuration.assign("latency-monitor-threshold", ["0"]);
    expect(server.keyspace.removalWatch).toBeNull();
  });
});
