import { beforeEach, describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { SAMPLE_VALUES } from "../generic/testing/sample-values.ts";
import { recordEvents } from "./testing/events.ts";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
});

/** What GETRANGE shows, by the rules of Redis. */
function rangeOf(text: string, start: number, end: number): string {
  if (start < 0 && end < 0 && start > end) return "";
  const from = start < 0 ? Math.max(start + text.length, 0) : start;
  const to = Math.min(end < 0 ? Math.max(end + text.length, 0) : end, text.length - 1);
  return text.slice(from, to + 1);
}

describe.each(SAMPLE_VALUES)("%s, %s", (encoding, _name, value) => {
  beforeEach(() => {
    client.send("SET", "a", value, "EX", 100);
  });

  test("is read whole, by its length and in ranges", () => {
    expect(client.send("STRLEN", "a")).toBe(`:${String(value.length)}\r\n`);
    const positions = [0, 1, 3, value.length - 1, value.length, 5000, -1, -2, -value.length, -5000];
    for (const start of positions) {
      for (const end of positions) {
        expect(client.send("GETRANGE", "a", start, end)).toBe(bulk(rangeOf(value, start, end)));
      }
    }
    expect(client.send("SUBSTR", "a", 1, 2)).toBe(bulk(value.slice(1, 3)));
  });

  test("GETDEL takes it away", () => {
    const recorded = recordEvents(running.server);
    expect(client.send("GETDEL", "a")).toBe(bulk(value));
    expect(recorded.take()).toEqual({ events: ["g del a"], dirty: 1 });
    expect(client.send("GETDEL", "a")).toBe("$-1\r\n");
    expect(recorded.take()).toEqual({ events: [], dirty: 0 });
  });

  test("GETEX without options is GET", () => {
    const recorded = recordEvents(running.server);
    expect(client.send("GETEX", "a")).toBe(bulk(value));
    expect(recorded.take()).toEqual({ events: [], dirty: 0 });
    expect(client.send("TTL", "a")).toBe(":100\r\n");
  });

  test("GETEX changes the expiry and nothing else", () => {
    const recorded = recordEvents(running.server);
    expect(client.send("GETEX", "a", "PERSIST")).toBe(bulk(value));
    expect(recorded.take()).toEqual({ events: ["g persist a"], dirty: 1 });
    expect(client.send("GETEX", "a", "PERSIST")).toBe(bulk(value));
    expect(recorded.take()).toEqual({ events: [], dirty: 0 });
    expect(client.send("GETEX", "a", "EX", 7)).toBe(bulk(value));
    expect(recorded.take()).toEqual({ events: ["g expire a"], dirty: 1 });
    expect(client.send("TTL", "a")).toBe(":7\r\n");
    expect(client.send("GETEX", "a", "PXAT", 2_000_000_000_001)).toBe(bulk(value));
    expect(client.send("PEXPIRETIME", "a")).toBe(":2000000000001\r\n");
    expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk(encoding));
    expect(client.send("GET", "a")).toBe(bulk(value));
  });

  test("GETEX with a date in the past deletes", () => {
    const recorded = recordEvents(running.server);
    expect(client.send("GETEX", "a", "EXAT", 1)).toBe(bulk(value));
    expect(recorded.take()).toEqual({ events: ["g del a"], dirty: 1 });
    expect(client.send("EXISTS", "a")).toBe(":0\r\n");
  });
});

test("missing keys are null, or nothing", () => {
  expect(client.send("GET", "none")).toBe("$-1\r\n");
  expect(client.send("STRLEN", "none")).toBe(":0\r\n");
  expect(client.send("GETRANGE", "none", 0, -1)).toBe("$0\r\n\r\n");
  expect(client.send("GETEX", "none", "EX", "abc")).toBe("$-1\r\n");
});

test("an empty range of a long string is empty", () => {
  client.send("SET", "a", "x".repeat(1000));
  expect(client.send("GETRANGE", "a", 5, 4)).toBe("$0\r\n\r\n");
});

test.each([
  ["GETEX a KEEPTTL", "-ERR syntax error\r\n"],
  ["GETEX a NX", "-ERR syntax error\r\n"],
  ["GETEX a EX", "-ERR syntax error\r\n"],
  ["GETEX a PERSIST EX 1", "-ERR syntax error\r\n"],
  ["GETEX a EX abc", "-ERR value is not an integer or out of range\r\n"],
  ["GETEX a PX 0", "-ERR invalid expire time in 'getex' command\r\n"],
  ["GETRANGE a x 1", "-ERR value is not an integer or out of range\r\n"],
  ["GETRANGE a 0 9223372036854775808", "-ERR value is not an integer or out of range\r\n"],
])("%s is refused", (command, error) => {
  client.send("SET", "a", "text");
  expect(client.send(...command.split(" "))).toBe(error);
  expect(client.send("TTL", "a")).toBe(":-1\r\n");
});
