import { beforeEach, describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { recordEvents } from "./testing/events.ts";

const NOT_AN_INTEGER = "-ERR value is not an integer or out of range\r\n";
const NOT_A_FLOAT = "-ERR value is not a valid float\r\n";
const OVERFLOW = "-ERR increment or decrement would overflow\r\n";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
});

describe("integers", () => {
  test("begin at 0, are exact up to 64 bits, and stay integers", () => {
    expect(client.send("INCR", "a")).toBe(":1\r\n");
    expect(client.send("DECR", "a")).toBe(":0\r\n");
    expect(client.send("DECR", "b")).toBe(":-1\r\n");
    expect(client.send("INCRBY", "a", "9223372036854775806")).toBe(":9223372036854775806\r\n");
    expect(client.send("INCR", "a")).toBe(":9223372036854775807\r\n");
    expect(client.send("INCR", "a")).toBe(OVERFLOW);
    expect(client.send("DECRBY", "a", "9223372036854775807")).toBe(":0\r\n");
    expect(client.send("INCRBY", "a", "-9223372036854775808")).toBe(":-9223372036854775808\r\n");
    expect(client.send("DECR", "a")).toBe(OVERFLOW);
    expect(client.send("GET", "a")).toBe(bulk("-9223372036854775808"));
    expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk("int"));
  });

  test("keep their expiry", () => {
    client.send("SET", "a", 1, "EX", 100);
    client.send("INCRBY", "a", "1000000000000");
    expect(client.send("TTL", "a")).toBe(":100\r\n");
  });

  test("are also those that were edited as text, which become integers again", () => {
    client.send("SET", "a", 1, "EX", 100);
    client.send("APPEND", "a", 2);
    expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk("raw"));
    expect(client.send("INCR", "a")).toBe(":13\r\n");
    expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk("int"));
    expect(client.send("TTL", "a")).toBe(":100\r\n");
  });

  test.each(["", "abc", "01", "+1", " 1", "1.0", "9223372036854775808", "1".repeat(300)])("are not '%s'", (text) => {
    client.send("SET", "a", text);
    const recorded = recordEvents(running.server);
    expect(client.send("INCR", "a")).toBe(NOT_AN_INTEGER);
    expect(client.send("INCRBY", "b", text)).toBe(NOT_AN_INTEGER);
    expect(client.send("DECRBY", "b", text)).toBe(NOT_AN_INTEGER);
    expect(recorded.take()).toEqual({ events: [], dirty: 0 });
    expect(client.send("GET", "a")).toBe(bulk(text));
  });

  test("cannot be decremented by what has no negative", () => {
    expect(client.send("DECRBY", "a", "-9223372036854775808")).toBe("-ERR decrement would overflow\r\n");
  });

  test("are told as incrby", () => {
    const recorded = recordEvents(running.server);
    client.send("DECR", "a");
    client.send("INCRBY", "a", 0);
    expect(recorded.take()).toEqual({ events: ["$ incrby a", "$ incrby a"], dirty: 2 });
  });
});

describe("floats", () => {
  test.each([
    ["10.5", "0.1", "10.6"],
    ["5.0e3", "200", "5200"],
    ["3", "0", "3"],
    ["0.1", "0.2", "0.3"],
    ["9223372036854775807", "0.5", "9223372036854775807.5"],
    ["-9223372036854775808", "1", "-9223372036854775807"],
    ["1e30", "1", "1000000000000000000024696061952"],
  ])("%s + %s = %s", (value, increment, sum) => {
    client.send("SET", "a", value, "EX", 100);
    expect(client.send("INCRBYFLOAT", "a", increment)).toBe(bulk(sum));
    expect(client.send("GET", "a")).toBe(bulk(sum));
    expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk("embstr"));
    expect(client.send("TTL", "a")).toBe(":100\r\n");
  });

  test("begin at 0, and very long sums are raw", () => {
    expect(client.send("INCRBYFLOAT", "a", "1.5e3")).toBe(bulk("1500"));
    client.send("INCRBYFLOAT", "b", "1e4000");
    expect(client.send("STRLEN", "b")).toBe(":4000\r\n");
    expect(client.send("OBJECT", "ENCODING", "b")).toBe(bulk("raw"));
  });

  test("go on as integers where they are", () => {
    client.send("INCRBYFLOAT", "a", "41");
    expect(client.send("INCR", "a")).toBe(":42\r\n");
    expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk("int"));
  });

  test("are told as incrbyfloat", () => {
    const recorded = recordEvents(running.server);
    client.send("INCRBYFLOAT", "a", "1");
    expect(recorded.take()).toEqual({ events: ["$ incrbyfloat a"], dirty: 1 });
  });

  test.each([
    ["abc", "1", NOT_A_FLOAT],
    ["1", "abc", NOT_A_FLOAT],
    ["1", "nan", NOT_A_FLOAT],
    ["", "1", NOT_A_FLOAT],
    ["1", " 1", NOT_A_FLOAT],
    ["1", "inf", "-ERR increment would produce NaN or Infinity\r\n"],
    ["1e4932", "1e4932", "-ERR increment would produce NaN or Infinity\r\n"],
  ])("%s + %s is refused", (value, increment, error) => {
    client.send("SET", "a", value);
    expect(client.send("INCRBYFLOAT", "a", increment)).toBe(error);
    expect(client.send("GET", "a")).toBe(bulk(value));
  });
});
