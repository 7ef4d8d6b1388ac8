import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../testing/until.ts";
import { createTestServer } from "../testing/test-client.ts";
import { ServerTimer } from "./server-timer.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("a tick", () => {
  test("deletes keys whose time has come, though nobody asks", () => {
    const { server, clock, connect } = createTestServer();
    const client = connect();
    for (let key = 0; key < 100; key++) client.send("SET", `key${String(key)}`, "value", "PX", 50);
    const timer = new ServerTimer(server);
    clock.now += 51;
    for (let tick = 0; tick < 20; tick++) timer.tick();
    expect(server.keyspace.count(server.keyspace.databases[0])).toBe(0);
    expect(server.keyspace.expiredKeys).toBe(100);
  });

  test("closes idle clients, if there is a timeout", () => {
    const { server, clock, connect } = createTestServer({ timeout: "10" });
    const idle = connect();
    clock.now += 9000;
    const busy = connect();
    const timer = new ServerTimer(server);
    timer.tick();
    clock.now += 1001;
    busy.send("PING");
    timer.tick();
    expect([idle.transport.closed, busy.transport.closed]).toEqual([true, false]);
  });

  test("takes samples of counters and of memory", () => {
    const { server, clock, connect } = createTestServer();
    const client = connect();
    const timer = new ServerTimer(server);
    timer.tick();
    for (let tick = 0; tick < 20; tick++) {
      for (let command = 0; command < 50; command++) client.send("PING");
      server.statistics.bytesSent += 1000;
      clock.now += 100;
      timer.tick();
    }
    expect(server.statistics.commandRate.perSecond).toBe(500);
    expect(server.statistics.outputRate.perSecond).toBe(10_000);
    expect(server.statistics.peakMemoryBytes).toBe(server.keyspace.heap.allocatedBytes);
    server.statistics.reset();
    expect(server.statistics.commandRate.perSecond).toBe(0);
  });

  test("that fails is logged, and the next one comes", () => {
    const { server, logged } = createTestServer();
    const timer = new ServerTimer(server);
    server.configuration.get = () => {
      throw new Error("a bug");
    };
    timer.tick();
    timer.tick();
    expect(logged).toHaveLength(2);
    expect(logged[0]).toMatch(/# Error in the timer: Error: a bug\n +at /);
  });
});

test("ticks come hz times a second, and the rate follows the directive", () => {
  vi.useFakeTimers();
  const { server } = createTestServer({ hz: "20" });
  const timer = new ServerTimer(server);
  const tick = vi.spyOn(timer, "tick");
  timer.start();
  vi.advanceTimersByTime(1000);
  expect(tick).toHaveBeenCalledTimes(20);
  server.configuration.assign("hz", ["100"]);
  vi.advanceTimersByTime(1000);
  expect(tick).toHaveBeenCalledTimes(120);
  timer.stop();
  server.configuration.assign("hz", ["500"]);
  vi.advanceTimersByTime(1000);
  expect(tick).toHaveBeenCalledTimes(120);
});

describe("save points", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sider-save-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("save after enough changes and seconds", async () => {
    const { server, clock, logged, connect } = createTestServer({ dir: folder });
    server.configuration.assign("save", ["10", "2"]);
    const timer = new ServerTimer(server);
    const pass = async (seconds: number): Promise<number> => {
      clock.now += seconds * 1000;
      timer.tick();
      await until(() => !server.persistence.saving.isInBackground);
      return server.persistence.saving.saves;
    };
    const client = connect();
    client.send("SET", "a", 1);
    expect(await pass(20)).toBe(0);
    client.send("SET", "b", 1);
    expect(await pass(1)).toBe(1);
    expect(logged.join("")).toMatch(
      /\* 2 changes in 10 seconds\. Saving\.\.\.\n.*\* Background saving started by pid.*\n.*DB saved on disk\n.*terminated with success\n/,
    );
    expect(server.persistence.changesSinceSave).toBe(0);
    expect(await pass(60)).toBe(1);
  });

  test("after a failure the next try comes five seconds later", async () => {
    const { server, clock, logged, connect } = createTestServer({ dir: join(folder, "missing") });
    server.configuration.assign("save", ["1", "1"]);
    const timer = new ServerTimer(server);
    connect().send("SET", "a", 1);
    const failures: number[] = [];
    for (let second = 0; second < 10; second++) {
      clock.now += 1000;
      timer.tick();
      await until(() => !server.persistence.saving.isInBackground);
      failures.push(logged.filter((line) => line.includes("Failed opening the temp RDB file")).length);
    }
    expect(failures).toEqual([0, 1, 1, 1, 1, 1, 1, 2, 2, 2]);
    expect(server.persistence.saving.lastOk).toBe(false);
  });
});

test("with many clients there are more ticks, unless dynamic-hz says no", () => {
  const { server, clock, connect } = createTestServer({ hz: "1" });
  const client = connect();
  for (let count = 1; count < 450; count++) connect();
  const timer = new ServerTimer(server);
  timer.start();
  expect(server.hz).toBe(4);
  expect(client.send("INFO", "server")).toMatch(/\r\nhz:4\r\nconfigured_hz:1\r\n/);
  client.send("CONFIG", "SET", "dynamic-hz", "no");
  clock.now += 1000;
  timer.tick();
  expect(server.hz).toBe(1);
  client.send("CONFIG", "SET", "hz", 50);
  expect(server.hz).toBe(50);
  timer.stop();
});
