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

describe("lists", () => {
  test("a chain of BLMOVE, begun by one push", () => {
    const last = waiting("BLPOP d 0");
    const movers = ["c d", "b c", "a b"].map((keys) => waiting(`BLMOVE ${keys} LEFT RIGHT 0`));
    say("RPUSH a x");
    expect(movers.map((client) => client.transport.take())).toEqual(["$1\r\nx\r\n", "$1\r\nx\r\n", "$1\r\nx\r\n"]);
    expect(last.transport.take()).toBe("*2\r\n$1\r\nd\r\n$1\r\nx\r\n");
    expect(say("EXISTS a b c d")).toBe(":0\r\n");
  });

  test("a circle of BLMOVE ends when each has moved once", () => {
    const clients = ["a b", "b a", "a a"].map((keys) => waiting(`BLMOVE ${keys} LEFT LEFT 0`));
    say("RPUSH a x");
    expect(clients.map((client) => client.transport.take())).toEqual(Array(3).fill("$1\r\nx\r\n"));
    expect(say("LLEN a")).toBe(":1\r\n");
  });

  test("one push of several serves as many as there are elements, and the length it tells is before that", () => {
    const clients = [1, 2, 3].map(() => waiting("BRPOP l 0"));
    expect(say("RPUSH l a b")).toBe(":2\r\n");
    expect(clients.map((client) => client.transport.take().slice(-3, -2))).toEqual(["b", "a", ""]);
  });

  test("BLMOVE to a key of another type is refused when it is served, and the element stays for the next", () => {
    say("SET target 1");
    const [mover, popper] = [waiting("BLMOVE l target LEFT LEFT 0"), waiting("BLPOP l 0")];
    say("RPUSH l x");
    expect(mover.transport.take()).toMatch(/^-WRONGTYPE/);
    expect(popper.transport.take()).toContain("$1\r\nx\r\n");
  });

  test.each(["RENAME src l", "COPY src l", "SORT src ALPHA STORE l", "LMOVE src l LEFT LEFT", "MOVE"])(
    "by %s",
    (line) => {
      say("RPUSH src x");
      const client = waiting("BLMPOP 0 2 other l LEFT COUNT 3");
      if (line === "MOVE") for (const step of ["SELECT 1", "RPUSH l x", "MOVE l 0"]) say(step);
      else say(line);
      expect(client.transport.take()).toBe("*2\r\n$1\r\nl\r\n*1\r\n$1\r\nx\r\n");
    },
  );

  test("by RESTORE", () => {
    const expected = running.connect();
    expected.send("RPUSH", "src", "x");
    const dump = expected.send("DUMP", "src");
    const client = waiting("BLPOP l 0");
    admin.send("RESTORE", "l", 0, dump.slice(dump.indexOf("\n") + 1, -2));
    expect(client.transport.take()).toContain("$1\r\nx\r\n");
  });
});

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
