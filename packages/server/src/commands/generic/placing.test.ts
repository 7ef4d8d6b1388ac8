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

/** The events of the following commands, with the index of their database. */
function record(): string[] {
  const events: string[] = [];
  running.server.keyspace.observer = {
    changed: (database, key, _class, event) => {
      const name = String.fromCharCode(...key.bytes.slice(key.offset, key.offset + key.length));
      events.push(`${String(database.index)} ${event} ${name}`);
    },
  };
  running.server.keyspace.dirty = 0;
  return events;
}

describe.each(SAMPLE_VALUES)("%s, %s", (encoding, _name, value) => {
  test.each([undefined, ...SAMPLE_VALUES.map((sample) => sample[2])])("RENAME replaces %s", (replaced) => {
    client.send("SET", "a", value, "EX", 100);
    if (replaced !== undefined) client.send("SET", "a longer name", replaced);
    expect(client.send("RENAME", "a", "a longer name")).toBe("+OK\r\n");
    expect(client.send("GET", "a longer name")).toBe(bulk(value));
    expect(client.send("TTL", "a longer name")).toBe(":100\r\n");
    expect(client.send("OBJECT", "ENCODING", "a longer name")).toBe(bulk(encoding));
    expect(client.send("KEYS", "*")).toBe(`*1\r\n${bulk("a longer name")}`);
  });

  test("MOVE takes value and expiry along", () => {
    client.send("SET", "a", value, "EX", 100);
    expect(client.send("MOVE", "a", 3)).toBe(":1\r\n");
    expect(client.send("EXISTS", "a")).toBe(":0\r\n");
    const other = running.connect();
    other.session.databaseIndex = 3;
    expect(other.send("GET", "a")).toBe(bulk(value));
    expect(other.send("TTL", "a")).toBe(":100\r\n");
  });

  test.each([undefined, ...SAMPLE_VALUES.map((sample) => sample[2])])("COPY REPLACE replaces %s", (replaced) => {
    client.send("SET", "a", value, "EX", 100);
    if (replaced !== undefined) client.send("SET", "b", replaced, "EX", 5);
    expect(client.send("COPY", "a", "b", "REPLACE")).toBe(":1\r\n");
    client.send("APPEND", "a", "x");
    expect(client.send("GET", "b")).toBe(bulk(value));
    expect(client.send("TTL", "b")).toBe(":100\r\n");
    expect(client.send("OBJECT", "ENCODING", "b")).toBe(bulk(encoding));
  });
});

describe("RENAME", () => {
  test("without an expiry leaves none of the key that it replaces", () => {
    client.send("SET", "a", 1);
    client.send("SET", "b", 2, "EX", 5);
    client.send("RENAME", "a", "b");
    expect(client.send("TTL", "b")).toBe(":-1\r\n");
  });

  test("needs a key, even to rename it to itself", () => {
    expect(client.send("RENAME", "a", "b")).toBe("-ERR no such key\r\n");
    expect(client.send("RENAMENX", "a", "a")).toBe("-ERR no such key\r\n");
    client.send("SET", "a", 1);
    expect(client.send("RENAME", "a", "a")).toBe("+OK\r\n");
    expect(client.send("RENAMENX", "a", "a")).toBe(":0\r\n");
  });

  test("RENAMENX does not replace", () => {
    client.send("MSET", "a", 1, "b", 2);
    expect(client.send("RENAMENX", "a", "b")).toBe(":0\r\n");
    expect(client.send("GET", "b")).toBe(bulk("2"));
    expect(client.send("RENAMENX", "a", "c")).toBe(":1\r\n");
  });

  test("is one change with two events", () => {
    client.send("MSET", "a", 1, "b", 2);
    const events = record();
    client.send("RENAME", "a", "b");
    expect(events).toEqual(["0 rename_from a", "0 rename_to b"]);
    expect(running.server.keyspace.dirty).toBe(1);
  });

  test("counts as an access", () => {
    client.send("SET", "a", 1);
    running.clock.now += 5000;
    client.send("RENAME", "a", "b");
    expect(client.send("OBJECT", "IDLETIME", "b")).toBe(":0\r\n");
  });
});

describe("MOVE", () => {
  test("does not replace, and needs a key", () => {
    client.send("SET", "a", 1);
    client.send("COPY", "a", "a", "DB", 1);
    expect(client.send("MOVE", "a", 1)).toBe(":0\r\n");
    expect(client.send("MOVE", "none", 1)).toBe(":0\r\n");
  });

  test("is one change with two events", () => {
    client.send("SET", "a", 1);
    const events = record();
    client.send("MOVE", "a", 1);
    expect(events).toEqual(["0 move_from a", "1 move_to a"]);
    expect(running.server.keyspace.dirty).toBe(1);
  });

  test.each([
    ["0", "ERR source and destination objects are the same"],
    ["16", "ERR DB index is out of range"],
    ["-1", "ERR DB index is out of range"],
    ["x", "ERR value is not an integer or out of range"],
    ["99999999999", "ERR value is out of range, value must between -2147483648 and 2147483647"],
    ["9223372036854775808", "ERR value is not an integer or out of range"],
  ])("to %s: %s", (database, error) => {
    expect(client.send("MOVE", "a", database)).toBe(`-${error}\r\n`);
    if (database !== "0") expect(client.send("COPY", "a", "b", "DB", database)).toBe(`-${error}\r\n`);
  });
});

describe("COPY", () => {
  test("does not replace unless it is told to, and needs a key", () => {
    client.send("MSET", "a", 1, "b", 2);
    expect(client.send("COPY", "a", "b")).toBe(":0\r\n");
    expect(client.send("COPY", "none", "b", "REPLACE")).toBe(":0\r\n");
    expect(client.send("GET", "b")).toBe(bulk("2"));
  });

  test("to the same name in another database", () => {
    client.send("SET", "a", 1);
    const events = record();
    expect(client.send("COPY", "a", "a", "DB", 0)).toBe("-ERR source and destination objects are the same\r\n");
    expect(client.send("COPY", "a", "a", "replace", "db", 5)).toBe(":1\r\n");
    expect(events).toEqual(["5 copy_to a"]);
    expect(running.server.keyspace.dirty).toBe(1);
  });

  test("takes the last database, and knows no other options", () => {
    client.send("SET", "a", 1);
    expect(client.send("COPY", "a", "b", "DB", 1, "DB", 0)).toBe(":1\r\n");
    expect(client.send("EXISTS", "b")).toBe(":1\r\n");
    expect(client.send("COPY", "a", "c", "DB")).toBe("-ERR syntax error\r\n");
    expect(client.send("COPY", "a", "c", "REPLACE", "x")).toBe("-ERR syntax error\r\n");
  });
});
