import { beforeEach, describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { SAMPLE_VALUES } from "../generic/testing/sample-values.ts";
import { recordEvents } from "./testing/events.ts";

const SYNTAX = "-ERR syntax error\r\n";
const NOT_AN_INTEGER = "-ERR value is not an integer or out of range\r\n";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
});

describe.each(SAMPLE_VALUES)("%s, %s", (encoding, _name, value) => {
  test("is stored, whatever was there, without the old expiry", () => {
    for (const [, , old] of SAMPLE_VALUES) {
      client.send("SET", "a", old, "EX", 100);
      expect(client.send("SET", "a", value)).toBe("+OK\r\n");
      expect(client.send("GET", "a")).toBe(bulk(value));
      expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk(encoding));
      expect(client.send("TTL", "a")).toBe(":-1\r\n");
    }
  });

  test("is what SET GET and GETSET reply with when they replace it", () => {
    for (const [, , next] of SAMPLE_VALUES) {
      client.send("SET", "a", value);
      expect(client.send("SET", "a", next, "GET")).toBe(bulk(value));
      expect(client.send("GETSET", "a", value)).toBe(bulk(next));
    }
  });
});

describe("conditions", () => {
  test("NX sets missing keys only", () => {
    expect(client.send("SET", "a", 1, "NX")).toBe("+OK\r\n");
    expect(client.send("SET", "a", 2, "nx")).toBe("$-1\r\n");
    expect(client.send("SETNX", "a", 3)).toBe(":0\r\n");
    expect(client.send("SETNX", "b", 3)).toBe(":1\r\n");
    expect(client.send("MGET", "a", "b")).toBe("*2\r\n$1\r\n1\r\n$1\r\n3\r\n");
  });

  test("XX sets keys that are there only", () => {
    expect(client.send("SET", "a", 1, "XX")).toBe("$-1\r\n");
    client.send("SET", "a", 1);
    expect(client.send("SET", "a", 2, "XX")).toBe("+OK\r\n");
    expect(client.send("GET", "a")).toBe(bulk("2"));
  });

  test("GET replies with the old value whether or not it is replaced", () => {
    expect(client.send("SET", "a", 1, "NX", "GET")).toBe("$-1\r\n");
    expect(client.send("SET", "a", 2, "GET", "NX")).toBe(bulk("1"));
    expect(client.send("SET", "none", 2, "XX", "GET")).toBe("$-1\r\n");
    expect(client.send("MGET", "a", "none")).toBe("*2\r\n$1\r\n1\r\n$-1\r\n");
  });

  test("nulls are nulls in RESP3", () => {
    client.send("HELLO", 3);
    expect(client.send("SET", "a", 1, "XX")).toBe("_\r\n");
    expect(client.send("SET", "a", 1, "GET")).toBe("_\r\n");
  });
});

describe("expiries", () => {
  test("are given in seconds or milliseconds, from now on or as dates", () => {
    const now = running.clock.now;
    client.send("SET", "a", 1, "EX", 10);
    client.send("SET", "b", 1, "PX", 10);
    client.send("SET", "c", 1, "EXAT", 2_000_000_000);
    client.send("SET", "d", 1, "PXAT", 2_000_000_000_001);
    client.send("SETEX", "e", 10, 1);
    client.send("PSETEX", "f", 10, 1);
    const expected = [now + 10_000, now + 10, 2_000_000_000_000, 2_000_000_000_001, now + 10_000, now + 10];
    expected.forEach((time, index) => {
      expect(client.send("PEXPIRETIME", "abcdef"[index])).toBe(`:${String(time)}\r\n`);
    });
  });

  test("KEEPTTL keeps the old one, also in a longer value", () => {
    client.send("SET", "a", 1, "EX", 10);
    expect(client.send("SET", "a", "x".repeat(500), "KEEPTTL")).toBe("+OK\r\n");
    expect(client.send("TTL", "a")).toBe(":10\r\n");
    client.send("SET", "b", 1, "KEEPTTL");
    expect(client.send("TTL", "b")).toBe(":-1\r\n");
  });

  test("dates in the past are set, and gone when looked at", () => {
    expect(client.send("SET", "a", 1, "PXAT", 1)).toBe("+OK\r\n");
    expect(client.send("GET", "a")).toBe("$-1\r\n");
  });

  test("beyond 64 bits of milliseconds they are refused", () => {
    const refused = (name: string): string => `-ERR invalid expire time in '${name}' command\r\n`;
    expect(client.send("SET", "a", 1, "EX", "9223372036854776")).toBe(refused("set"));
    expect(client.send("SET", "a", 1, "EX", "9223372036854775")).toBe(refused("set"));
    expect(client.send("SET", "a", 1, "PX", "9223372036854775807")).toBe(refused("set"));
    expect(client.send("SET", "a", 1, "EXAT", "9223372036854776")).toBe(refused("set"));
    expect(client.send("SETEX", "a", 0, 1)).toBe(refused("setex"));
    expect(client.send("PSETEX", "a", -1, 1)).toBe(refused("psetex"));
    expect(client.send("EXISTS", "a")).toBe(":0\r\n");
    expect(client.send("SET", "a", 1, "EXAT", "9223372036854775")).toBe("+OK\r\n");
    expect(client.send("SET", "a", 1, "PXAT", "9223372036854775807")).toBe("+OK\r\n");
    expect(client.send("GET", "a")).toBe(bulk("1"));
  });
});

test.each([
  ["NX XX", SYNTAX],
  ["XX NX", SYNTAX],
  ["EX", SYNTAX],
  ["EX 1 PX 1", SYNTAX],
  ["EX 1 KEEPTTL", SYNTAX],
  ["KEEPTTL PXAT 1", SYNTAX],
  ["PERSIST", SYNTAX],
  ["EX abc", NOT_AN_INTEGER],
  ["EX 1.5", NOT_AN_INTEGER],
  ["EX 10 FOO", SYNTAX],
  ["EX 0", "-ERR invalid expire time in 'set' command\r\n"],
])("SET with %s is refused and changes nothing", (options, error) => {
  client.send("SET", "a", "old", "EX", 100);
  const recorded = recordEvents(running.server);
  expect(client.send("SET", "a", "new", ...options.split(" "))).toBe(error);
  expect(recorded.take()).toEqual({ events: [], dirty: 0 });
  expect(client.send("GET", "a")).toBe(bulk("old"));
  expect(client.send("TTL", "a")).toBe(":100\r\n");
});

test("options may be repeated, the last time counts", () => {
  expect(client.send("SET", "a", 1, "EX", 5, "NX", "NX", "EX", 10)).toBe("+OK\r\n");
  expect(client.send("TTL", "a")).toBe(":10\r\n");
});

test("each change is told once, and an expiry with it is told but not counted", () => {
  const recorded = recordEvents(running.server);
  client.send("SET", "a", 1);
  expect(recorded.take()).toEqual({ events: ["$ set a"], dirty: 1 });
  client.send("SET", "a", 1, "EX", 10);
  expect(recorded.take()).toEqual({ events: ["$ set a", "g expire a"], dirty: 1 });
  client.send("SETEX", "a", 10, 1);
  expect(recorded.take()).toEqual({ events: ["$ set a", "g expire a"], dirty: 1 });
  client.send("SET", "a", 1, "KEEPTTL");
  expect(recorded.take()).toEqual({ events: ["$ set a"], dirty: 1 });
  client.send("SET", "a", 1, "NX");
  expect(recorded.take()).toEqual({ events: [], dirty: 0 });
  client.send("GETSET", "a", 2);
  expect(recorded.take()).toEqual({ events: ["$ set a"], dirty: 1 });
});

test("a value for which there is no memory leaves the old one, and is answered once", () => {
  const huge = "x".repeat(1 << 18);
  client.send("SET", "a", "old");
  let fillers = 0;
  while (client.send("SETRANGE", `filler:${String(fillers++)}`, huge.length, "x").startsWith(":"));
  const refused = client.send("SET", "a", huge, "GET");
  expect(refused).toMatch(/^-OOM [^\r]*\r\n$/);
  expect(client.send("GETSET", "a", huge)).toBe(refused);
  expect(client.send("GET", "a")).toBe(bulk("old"));
});
