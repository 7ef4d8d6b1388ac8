import { beforeEach, describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { SAMPLE_VALUES } from "./testing/sample-values.ts";

/** What redis-server 7.0.15 answered to DUMP of a key with the value 5. */
const FIVE_BY_REDIS = "\x00\xc0\x05\x0a\x00\x63\x2f\x5f\x66\x83\x2f\xb3\x51";
const WRONG = "-ERR DUMP payload version or checksum are wrong\r\n";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
});

/** The payload of a key. */
function dumped(key: string, from = client): string {
  const reply = from.send("DUMP", key);
  return reply.slice(reply.indexOf("\r\n") + 2, -2);
}

describe.each(SAMPLE_VALUES)("%s, %s", (encoding, _name, value) => {
  test("comes back from its dump", () => {
    client.send("SET", "a", value, "EX", 100);
    expect(client.send("RESTORE", "b", 0, dumped("a"))).toBe("+OK\r\n");
    expect(client.send("GET", "b")).toBe(bulk(value));
    expect(client.send("TTL", "b")).toBe(":-1\r\n");
    expect(client.send("OBJECT", "ENCODING", "b")).toBe(bulk(encoding));
  });

  test("replaces any other value", () => {
    client.send("SET", "a", value);
    const payload = dumped("a");
    for (const [, , old] of SAMPLE_VALUES) {
      client.send("SET", "b", old, "EX", 100);
      expect(client.send("RESTORE", "b", 0, payload, "REPLACE")).toBe("+OK\r\n");
      expect(client.send("GET", "b")).toBe(bulk(value));
      expect(client.send("TTL", "b")).toBe(":-1\r\n");
    }
  });
});

describe.each([
  ["list", ["RPUSH", "a", "x", "12", ""], ["LRANGE", "0", "-1"]],
  ["set of integers", ["SADD", "a", "5", "-70000"], ["SMEMBERS"]],
  ["small set", ["SADD", "a", "x", "5"], ["SMEMBERS"]],
  ["large set", ["SADD", "a", "x".repeat(100)], ["SMEMBERS"]],
  ["small hash", ["HSET", "a", "f", "v", "1", "2"], ["HGETALL"]],
  ["large hash", ["HSET", "a", "f", "v".repeat(100)], ["HGETALL"]],
  ["small sorted set", ["ZADD", "a", "1.5", "x", "inf", "y"], ["ZRANGE", "0", "-1", "WITHSCORES"]],
  ["large sorted set", ["ZADD", "a", "1.5", "x".repeat(100)], ["ZRANGE", "0", "-1", "WITHSCORES"]],
  ["stream", ["XADD", "a", "1-1", "f", "v"], ["XRANGE", "-", "+"]],
] as const)("a %s", (_name, make, [read, ...rest]) => {
  test("comes back from its dump", () => {
    client.send(...make);
    expect(client.send("RESTORE", "b", 0, dumped("a"))).toBe("+OK\r\n");
    expect(client.send(read, "b", ...rest)).toBe(client.send(read, "a", ...rest));
    expect(client.send("OBJECT", "ENCODING", "b")).toBe(client.send("OBJECT", "ENCODING", "a"));
    expect(dumped("b")).toBe(dumped("a"));
  });

  test("stays as it is when a payload is refused", () => {
    client.send(...make);
    const before = client.send(read, "a", ...rest);
    const payload = dumped("a");
    expect(client.send("RESTORE", "a", 0, payload.slice(0, 5) + "?" + payload.slice(6), "REPLACE")).toBe(WRONG);
    expect(client.send("RESTORE", "a", 0, payload)).toBe("-BUSYKEY Target key name already exists.\r\n");
    expect(client.send(read, "a", ...rest)).toBe(before);
  });
});

test("DUMP of no key is null", () => {
  expect(client.send("DUMP", "none")).toBe("$-1\r\n");
});

test("a payload of Redis 7.0 is taken, and made with rdb-version 10", () => {
  expect(client.send("RESTORE", "a", 0, FIVE_BY_REDIS)).toBe("+OK\r\n");
  expect(client.send("GET", "a")).toBe(bulk("5"));
  const older = createTestServer({ "rdb-version": "10" }).connect();
  older.send("SET", "a", 5);
  expect(dumped("a", older)).toBe(FIVE_BY_REDIS);
});

describe("RESTORE", () => {
  test("sets an expiry, relative or absolute", () => {
    client.send("RESTORE", "a", 5000, FIVE_BY_REDIS);
    expect(client.send("PTTL", "a")).toBe(":5000\r\n");
    client.send("RESTORE", "b", running.clock.now + 5000, FIVE_BY_REDIS, "absttl");
    expect(client.send("PTTL", "b")).toBe(":5000\r\n");
    client.send("RESTORE", "c", 0, FIVE_BY_REDIS, "ABSTTL");
    expect(client.send("PTTL", "c")).toBe(":-1\r\n");
    expect(client.send("RESTORE", "d", "9223372036854775807", FIVE_BY_REDIS, "ABSTTL")).toBe("+OK\r\n");
    expect(client.send("EXISTS", "d")).toBe(":1\r\n");
  });

  test("a time to live that 64 bits cannot hold is refused, and nothing is stored", () => {
    expect(client.send("RESTORE", "a", "9223372036854775807", FIVE_BY_REDIS)).toBe(
      "-ERR invalid expire time in 'restore' command\r\n",
    );
    expect(client.send("EXISTS", "a")).toBe(":0\r\n");
  });

  test("a time in the past only deletes what was there", () => {
    const { keyspace } = running.server;
    expect(client.send("RESTORE", "a", 1, FIVE_BY_REDIS, "ABSTTL")).toBe("+OK\r\n");
    expect(keyspace.dirty).toBe(0);
    client.send("SET", "a", 1);
    keyspace.dirty = 0;
    expect(client.send("RESTORE", "a", 1, FIVE_BY_REDIS, "ABSTTL", "REPLACE")).toBe("+OK\r\n");
    expect(client.send("EXISTS", "a")).toBe(":0\r\n");
    expect(keyspace.dirty).toBe(1);
  });

  test("does not replace unless it is told to, and says so before it looks at the rest", () => {
    client.send("SET", "a", 1);
    const busy = "-BUSYKEY Target key name already exists.\r\n";
    expect(client.send("RESTORE", "a", 0, FIVE_BY_REDIS)).toBe(busy);
    expect(client.send("RESTORE", "a", "x", "nonsense")).toBe(busy);
    expect(client.send("RESTORE", "a", -1, "nonsense", "REPLACE")).toBe("-ERR Invalid TTL value, must be >= 0\r\n");
    expect(client.send("RESTORE", "a", "x", "nonsense", "REPLACE")).toBe(
      "-ERR value is not an integer or out of range\r\n",
    );
    expect(client.send("RESTORE", "a", 0, "nonsense", "REPLACE")).toBe(WRONG);
    expect(client.send("GET", "a")).toBe(bulk("1"));
  });

  test("takes an idle time", () => {
    client.send("RESTORE", "a", 0, FIVE_BY_REDIS, "IDLETIME", 1000);
    expect(client.send("OBJECT", "IDLETIME", "a")).toBe(":1000\r\n");
    client.send("RESTORE", "b", 0, FIVE_BY_REDIS, "FREQ", 7);
    expect(client.send("OBJECT", "IDLETIME", "b")).toBe(":0\r\n");
  });

  test("takes a frequency under the policies that track it, which decays", () => {
    const tracking = createTestServer({ "maxmemory-policy": "allkeys-lfu" });
    const other = tracking.connect();
    other.send("RESTORE", "a", 0, FIVE_BY_REDIS, "FREQ", 200);
    expect(other.send("OBJECT", "FREQ", "a")).toBe(":200\r\n");
    tracking.clock.now += 10 * 60_000;
    expect(other.send("OBJECT", "FREQ", "a")).toBe(":190\r\n");
    tracking.clock.now += 1000 * 60_000;
    expect(other.send("OBJECT", "FREQ", "a")).toBe(":0\r\n");
  });

  test.each([
    [["IDLETIME", "-1"], "ERR Invalid IDLETIME value, must be >= 0"],
    [["IDLETIME", "x"], "ERR value is not an integer or out of range"],
    [["FREQ", "256"], "ERR Invalid FREQ value, must be >= 0 and <= 255"],
    [["FREQ", "-1"], "ERR Invalid FREQ value, must be >= 0 and <= 255"],
    [["FREQ", "x"], "ERR value is not an integer or out of range"],
    [["FREQ"], "ERR syntax error"],
    [["IDLETIME", "1", "FREQ", "1"], "ERR syntax error"],
    [["FREQ", "1", "IDLETIME", "1"], "ERR syntax error"],
    [["nonsense"], "ERR syntax error"],
  ])("%s is refused", (options, error) => {
    expect(client.send("RESTORE", "a", 0, FIVE_BY_REDIS, ...options)).toBe(`-${error}\r\n`);
    expect(client.send("EXISTS", "a")).toBe(":0\r\n");
  });

  test("any damage to a payload is noticed, and nothing is stored", () => {
    for (let at = 0; at < FIVE_BY_REDIS.length; at++) {
      const byte = String.fromCharCode(FIVE_BY_REDIS.charCodeAt(at) ^ 0x40);
      expect(client.send("RESTORE", "a", 0, FIVE_BY_REDIS.slice(0, at) + byte + FIVE_BY_REDIS.slice(at + 1))).toBe(
        WRONG,
      );
      expect(client.send("RESTORE", "a", 0, FIVE_BY_REDIS.slice(0, at))).toBe(WRONG);
    }
    expect(client.send("EXISTS", "a")).toBe(":0\r\n");
  });
});
