import { beforeEach, describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { SAMPLE_VALUES } from "./testing/sample-values.ts";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
});

describe.each(SAMPLE_VALUES)("%s, %s", (encoding, _name, value) => {
  test("keeps its value while its expiry comes and goes", () => {
    client.send("SET", "a", value);
    expect(client.send("EXPIRE", "a", 100)).toBe(":1\r\n");
    expect(client.send("GET", "a")).toBe(bulk(value));
    expect(client.send("TTL", "a")).toBe(":100\r\n");
    expect(client.send("PERSIST", "a")).toBe(":1\r\n");
    expect(client.send("PERSIST", "a")).toBe(":0\r\n");
    expect(client.send("TTL", "a")).toBe(":-1\r\n");
    expect(client.send("GET", "a")).toBe(bulk(value));
    expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk(encoding));
  });
});

test("lives to the end of its last millisecond", () => {
  client.send("SET", "a", 1);
  client.send("PEXPIRE", "a", 10);
  running.clock.now += 10;
  expect(client.send("PTTL", "a")).toBe(":0\r\n");
  running.clock.now += 1;
  expect(client.send("PTTL", "a")).toBe(":-2\r\n");
  expect(client.send("EXPIRE", "a", 100)).toBe(":0\r\n");
});

test("the four commands give the same expiry in their units", () => {
  const now = running.clock.now;
  for (const [command, time] of [
    ["EXPIRE", 5],
    ["PEXPIRE", 5000],
    ["EXPIREAT", now / 1000 + 5],
    ["PEXPIREAT", now + 5000],
  ] as const) {
    client.send("SET", "a", 1);
    expect(client.send(command, "a", time)).toBe(":1\r\n");
    expect(client.send("PEXPIRETIME", "a")).toBe(`:${String(now + 5000)}\r\n`);
  }
});

test("times are shown rounded to the nearest second", () => {
  client.send("SET", "a", 1);
  client.send("PEXPIREAT", "a", running.clock.now + 1499);
  expect(client.send("TTL", "a")).toBe(":1\r\n");
  expect(client.send("EXPIRETIME", "a")).toBe(":1700000001\r\n");
  client.send("PEXPIREAT", "a", running.clock.now + 1500);
  expect(client.send("TTL", "a")).toBe(":2\r\n");
  expect(client.send("EXPIRETIME", "a")).toBe(":1700000002\r\n");
  expect(client.send("PTTL", "a")).toBe(":1500\r\n");
});

test.each(["TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME"])("%s tells no key from no expiry", (command) => {
  client.send("SET", "a", 1);
  expect(client.send(command, "a")).toBe(":-1\r\n");
  expect(client.send(command, "none")).toBe(":-2\r\n");
});

test.each([0, -1, "-9223372036854775"])("EXPIRE %s deletes at once", (seconds) => {
  client.send("SET", "a", 1);
  running.server.keyspace.dirty = 0;
  expect(client.send("EXPIRE", "a", seconds)).toBe(":1\r\n");
  expect(client.send("EXISTS", "a")).toBe(":0\r\n");
  expect(running.server.keyspace.dirty).toBe(1);
});

describe("conditions", () => {
  const cases: readonly (readonly [now: number | null, condition: string, then: number, expected: number])[] = [
    [null, "NX", 100, 1],
    [100, "NX", 200, 0],
    [null, "XX", 100, 0],
    [100, "XX", 200, 1],
    [null, "GT", 100, 0],
    [100, "GT", 100, 0],
    [100, "GT", 101, 1],
    [null, "LT", 100, 1],
    [100, "LT", 100, 0],
    [100, "LT", 99, 1],
    [100, "lt", -5, 1],
    [null, "GT", -5, 0],
  ];
  test.each(cases)("expiring in %s, %s %i: %i", (now, condition, then, expected) => {
    client.send("SET", "a", 1);
    if (now !== null) client.send("EXPIRE", "a", now);
    expect(client.send("EXPIRE", "a", then, condition)).toBe(`:${String(expected)}\r\n`);
    const left = expected === 1 ? then : (now ?? -1);
    expect(client.send("TTL", "a")).toBe(`:${String(left < -1 ? -2 : left)}\r\n`);
  });

  test("XX goes with GT and LT, and must hold too", () => {
    client.send("SET", "a", 1);
    expect(client.send("EXPIRE", "a", 5, "XX", "LT")).toBe(":0\r\n");
    client.send("EXPIRE", "a", 10);
    expect(client.send("EXPIRE", "a", 5, "LT", "XX")).toBe(":1\r\n");
  });

  test("that do not go together are refused, before the time is looked at", () => {
    const others = "-ERR NX and XX, GT or LT options at the same time are not compatible\r\n";
    for (const other of ["XX", "GT", "LT"]) expect(client.send("EXPIRE", "a", "x", "NX", other)).toBe(others);
    expect(client.send("EXPIRE", "a", "x", "GT", "LT")).toBe(
      "-ERR GT and LT options at the same time are not compatible\r\n",
    );
    expect(client.send("EXPIRE", "a", "x", "NX", "foo", "XX")).toBe("-ERR Unsupported option foo\r\n");
    expect(client.send("EXPIRE", "a", 1, "1\0x")).toBe("-ERR Unsupported option 1\r\n");
  });
});

describe("times beyond what can be", () => {
  const invalid = (command: string) => `-ERR invalid expire time in '${command}' command\r\n`;
  test.each([
    ["EXPIRE", "9223372036854775"],
    ["EXPIRE", "-9223372036854776"],
    ["EXPIREAT", "9223372036854776"],
    ["PEXPIRE", "9223372036854775807"],
  ])("%s %s is refused, and changes nothing", (command, time) => {
    client.send("SET", "a", 1);
    expect(client.send(command, "a", time)).toBe(invalid(command.toLowerCase()));
    expect(client.send("TTL", "a")).toBe(":-1\r\n");
  });

  test.each(["", "x", "1.5", " 1", "9223372036854775808", "1e3"])("'%s' is no integer", (time) => {
    expect(client.send("EXPIRE", "a", time)).toBe("-ERR value is not an integer or out of range\r\n");
  });

  test("the latest time there is, is kept as late", () => {
    client.send("SET", "a", 1);
    expect(client.send("PEXPIREAT", "a", "9223372036854775807")).toBe(":1\r\n");
    expect(client.send("PEXPIRETIME", "a")).toBe(":9223372036854774784\r\n");
    running.clock.now += 1e12;
    expect(client.send("EXISTS", "a")).toBe(":1\r\n");
  });
});
