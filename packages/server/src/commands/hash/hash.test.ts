import { beforeEach, describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";

const WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

let running: TestServer;
let client: TestClient;

const encoding = (key: string): string => client.send("OBJECT", "ENCODING", key);

describe.each([
  ["listpack", "512"],
  ["hashtable", "0"],
])("a hash that is a %s", (name, entries) => {
  beforeEach(() => {
    running = createTestServer({ "hash-max-listpack-entries": entries });
    client = running.connect();
  });

  test("fields are set, read and removed, and the key goes with the last", () => {
    expect(client.send("HSET", "h", "a", 1, "b", "two")).toBe(":2\r\n");
    expect(encoding("h")).toBe(bulk(name));
    expect(running.server.keyspace.dirty).toBe(2);
    expect(client.send("HSET", "h", "a", 2, "c", "")).toBe(":1\r\n");
    expect(client.send("HMSET", "h", "a", 1)).toBe("+OK\r\n");
    expect(client.send("HSETNX", "h", "a", 9)).toBe(":0\r\n");
    expect(client.send("HSETNX", "h", "d", 9)).toBe(":1\r\n");
    expect(client.send("HMGET", "h", "a", "none", "b")).toBe(`*3\r\n${bulk("1")}$-1\r\n${bulk("two")}`);
    expect(client.send("HGET", "h", "c")).toBe(bulk(""));
    expect(client.send("HSTRLEN", "h", "b")).toBe(":3\r\n");
    expect(client.send("HEXISTS", "h", "b")).toBe(":1\r\n");
    expect(client.send("HLEN", "h")).toBe(":4\r\n");
    expect(client.send("HDEL", "h", "a", "none", "a", "b")).toBe(":2\r\n");
    expect(client.send("HDEL", "h", "c", "d", "e")).toBe(":2\r\n");
    expect(client.send("EXISTS", "h")).toBe(":0\r\n");
  });

  test("whole hashes are maps, names and values arrays", () => {
    client.send("HSET", "h", "f", "v");
    expect(client.send("HGETALL", "h")).toBe(`*2\r\n${bulk("f")}${bulk("v")}`);
    expect(client.send("HKEYS", "h")).toBe(`*1\r\n${bulk("f")}`);
    expect(client.send("HVALS", "h")).toBe(`*1\r\n${bulk("v")}`);
    expect(client.sendRaw("HELLO 3\r\nHGETALL h\r\n")).toMatch(/%1\r\n\$1\r\nf\r\n\$1\r\nv\r\n$/);
    expect(client.send("HGETALL", "none")).toBe("%0\r\n");
    expect(client.send("HRANDFIELD", "h", 1, "WITHVALUES")).toBe(`*1\r\n*2\r\n${bulk("f")}${bulk("v")}`);
  });

  test("fields count", () => {
    expect(client.send("HINCRBY", "h", "n", 5)).toBe(":5\r\n");
    expect(client.send("HINCRBY", "h", "n", "-9223372036854775808")).toBe(":-9223372036854775803\r\n");
    expect(client.send("HINCRBY", "h", "n", "-10")).toBe("-ERR increment or decrement would overflow\r\n");
    expect(client.send("HINCRBYFLOAT", "h", "x", "0.1")).toBe(bulk("0.1"));
    expect(client.send("HINCRBYFLOAT", "h", "x", "inf")).toBe("-ERR value is NaN or Infinity\r\n");
    client.send("HSET", "h", "t", "text");
    expect(client.send("HINCRBY", "h", "t", 1)).toBe("-ERR hash value is not an integer\r\n");
    expect(client.send("HINCRBYFLOAT", "h", "t", 1)).toBe("-ERR hash value is not a float\r\n");
    expect(client.send("HINCRBY", "h", "n", "x")).toBe("-ERR value is not an integer or out of range\r\n");
  });

  test.each([5, 20, 60, 100])(
    "HRANDFIELD %i of 100 gives each field as often as any other, and none twice",
    (count) => {
      for (let field = 0; field < 100; field++) client.send("HSET", "h", `f${String(field)}`, field);
      const drawn = new Map<string, number>();
      const rounds = 400;
      for (let round = 0; round < rounds; round++) {
        const names = client.send("HRANDFIELD", "h", count).match(/f\d+/g) ?? [];
        expect(new Set(names).size).toBe(count);
        for (const field of names) drawn.set(field, (drawn.get(field) ?? 0) + 1);
      }
      const expected = (rounds * count) / 100;
      for (const times of drawn.values()) expect(Math.abs(times - expected)).toBeLessThan(6 * Math.sqrt(expected));
      expect(drawn.size).toBe(100);
      expect(client.send("HRANDFIELD", "h", -300).match(/f\d+/g)?.length).toBe(300);
    },
  );

  test("HSCAN comes by every field", () => {
    const words: string[] = [];
    for (let field = 0; field < 300; field++) words.push(`f${String(field)}`, "v");
    client.send("HSET", "h", ...words);
    const names = new Set<string>();
    let cursor = "0";
    do {
      const reply = client.send("HSCAN", "h", cursor, "COUNT", 7, "MATCH", "f*");
      cursor = reply.split("\r\n")[2];
      for (const field of reply.match(/f\d+/g) ?? []) names.add(field);
    } while (cursor !== "0");
    expect(names.size).toBe(300);
  });

  test("what is long makes a table at once", () => {
    client.send("HSET", "h", "f", "x".repeat(64));
    expect(encoding("h")).toBe(bulk(name));
    client.send("HSET", "h", "f", "v", "x".repeat(65), "v");
    expect(encoding("h")).toBe(bulk("hashtable"));
    expect(client.send("HGET", "h", "f")).toBe(bulk("v"));
  });
});

test("errors leave everything as it was", () => {
  client = createTestServer().connect();
  client.send("SET", "s", 1);
  for (const words of [
    ["HSET", "s", "f", "v"],
    ["HMSET", "s", "f", "v"],
    ["HSETNX", "s", "f", "v"],
    ["HGET", "s", "f"],
    ["HMGET", "s", "f"],
    ["HDEL", "s", "f"],
    ["HLEN", "s"],
    ["HSTRLEN", "s", "f"],
    ["HEXISTS", "s", "f"],
    ["HGETALL", "s"],
    ["HKEYS", "s"],
    ["HVALS", "s"],
    ["HINCRBY", "s", "f", "1"],
    ["HINCRBYFLOAT", "s", "f", "1"],
    ["HSCAN", "s", "0"],
    ["HRANDFIELD", "s"],
    ["HRANDFIELD", "s", "1"],
  ]) {
    expect(client.send(...words)).toBe(WRONG_TYPE);
  }
  expect(client.send("HSET", "h", "f", "v", "g")).toBe("-ERR wrong number of arguments for 'hset' command\r\n");
  expect(client.send("HSCAN", "h", "x")).toBe("-ERR invalid cursor\r\n");
  expect(client.send("HSCAN", "h", 0, "COUNT", 0)).toBe("*2\r\n$1\r\n0\r\n*0\r\n");
  expect(client.send("HRANDFIELD", "h", 1, "VALUES")).toBe("-ERR syntax error\r\n");
  expect(client.send("HRANDFIELD", "h", "-9223372036854770000", "WITHVALUES")).toBe("-ERR value is out of range\r\n");
  expect(client.send("GET", "s")).toBe(bulk("1"));
  expect(client.send("EXISTS", "h")).toBe(":0\r\n");
});
