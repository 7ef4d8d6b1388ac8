/** Waiting with the commands of each type, in the situations that are special to it. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient, TestServer } from "../testing/test-client.ts";

let running: TestServer;
let admin: TestClient;

beforeEach(() => {
  vi.useFakeTimers();
  running = createTestServer();
  admin = running.connect();
});

afterEach(() => {
  vi.useRealTimers();
});

function waiting(line: string): TestClient {
  const client = running.connect();
  expect(client.send(...line.split(" "))).toBe("");
  return client;
}

const say = (line: string): string => admin.send(...line.split(" "));

describe("sorted sets", () => {
  test("a value of another type wakes nobody; the right one does", () => {
    const client = waiting("BZPOPMIN z 0");
    say("SET z 1");
    say("DEL z");
    say("SADD z x");
    say("DEL z");
    expect(client.transport.take()).toBe("");
    say("ZADD z 1.5 m 2 n");
    expect(client.transport.take()).toBe("*3\r\n$1\r\nz\r\n$1\r\nm\r\n$3\r\n1.5\r\n");
    expect(say("ZCARD z")).toBe(":1\r\n");
  });

  test("two that wait, one push of two", () => {
    const [one, two] = [waiting("BZPOPMAX z 0"), waiting("BZMPOP 0 2 y z MIN COUNT 5")];
    say("ZADD z 1 a 2 b 3 c");
    expect(one.transport.take()).toContain("$1\r\nc\r\n");
    expect(two.transport.take()).toContain("$1\r\na\r\n");
    expect(say("EXISTS z")).toBe(":0\r\n");
  });

  test.each(["RENAME src z", "COPY src z", "ZRANGESTORE z src 0 -1", "ZUNIONSTORE z 1 src"])("by %s", (line) => {
    say("ZADD src 1 m");
    const client = waiting("BZPOPMIN z 0");
    say(line);
    expect(client.transport.take()).toContain("$1\r\nm\r\n");
  });
});

describe("streams", () => {
  test("XREAD of several streams, $ meaning the moment it came", () => {
    say("XADD s 1-1 a b");
    const [one, two] = [waiting("XREAD BLOCK 0 STREAMS s t $ $"), waiting("XREAD BLOCK 0 STREAMS s 5-0")];
    say("XADD s 2-1 c d");
    expect(one.transport.take()).toBe("*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n2-1\r\n*2\r\n$1\r\nc\r\n$1\r\nd\r\n");
    expect(two.transport.take()).toBe("");
    say("XADD s 6-1 c d");
    expect(two.transport.take()).toContain("6-1");
  });

  test("XREAD outlives its stream and other types under its key", () => {
    say("XADD s 1-1 a b");
    const client = waiting("XREAD BLOCK 0 STREAMS s $");
    for (const line of ["DEL s", "SET s 1", "DEL s", "FLUSHALL"]) say(line);
    expect(client.transport.take()).toBe("");
    say("XADD s 9-1 a b");
    expect(client.transport.take()).toContain("9-1");
  });

  test.each([
    ["DEL s", "-NOGROUP"],
    ["XGROUP DESTROY s g", "-NOGROUP"],
    ["FLUSHALL", "-NOGROUP"],
    ["SET s 1", "-WRONGTYPE"],
    ["RENAME s elsewhere", "-NOGROUP"],
    ["SWAPDB 0 1", "-NOGROUP"],
    ["XADD s 5-1 a b", "*1\r\n"],
  ])("XREADGROUP and %s", (line, reply) => {
    say("XGROUP CREATE s g $ MKSTREAM");
    const client = waiting("XREADGROUP GROUP g me BLOCK 0 STREAMS s >");
    say(line);
    expect(client.transport.take().startsWith(reply)).toBe(true);
    expect(running.server.executor.waiting.count).toBe(0);
  });

  test("XREADGROUP: the first who came takes the message, the other waits on", () => {
    say("XGROUP CREATE s g $ MKSTREAM");
    const clients = ["one", "two"].map((name) => waiting(`XREADGROUP GROUP g ${name} BLOCK 5000 STREAMS s >`));
    say("XADD s 5-1 a b");
    say("XADD s 5-2 a b");
    expect(clients.map((client) => client.transport.take().includes("5-1"))).toEqual([true, false]);
    running.clock.now += 5000;
    vi.advanceTimersByTime(5000);
    expect(running.server.executor.waiting.count).toBe(0);
  });

  test("XREADGROUP hears that its stream has expired", () => {
    say("XGROUP CREATE s g $ MKSTREAM");
    say("PEXPIRE s 10");
    const client = waiting("XREADGROUP GROUP g me BLOCK 0 STREAMS s >");
    running.clock.now += 11;
    say("EXISTS s");
    expect(client.transport.take()).toMatch(/^-NOGROUP/);
  });
});
