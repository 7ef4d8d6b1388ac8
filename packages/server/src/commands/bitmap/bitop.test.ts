import { beforeEach, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { SAMPLE_VALUES } from "../generic/testing/sample-values.ts";
import { recordEvents } from "../string/testing/events.ts";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
});

/** Byte by byte, missing bytes being zero. */
function combined(texts: readonly string[], combine: (a: number, b: number) => number): string {
  const length = Math.max(...texts.map((text) => text.length));
  return Array.from({ length }, (_, at) =>
    String.fromCharCode(texts.map((text) => (at < text.length ? text.charCodeAt(at) : 0)).reduce(combine)),
  ).join("");
}

const OPERATIONS = [
  ["AND", (a: number, b: number) => a & b],
  ["OR", (a: number, b: number) => a | b],
  ["xor", (a: number, b: number) => a ^ b],
] as const;

test.each(OPERATIONS)("%s of every two kinds of values, into either and into a third", (name, combine) => {
  const values = [...SAMPLE_VALUES.map(([, , value]) => value), "\xff".repeat(77), "z".repeat(6000)];
  for (const first of values) {
    for (const second of values) {
      const expected = combined([first, second], combine);
      for (const destination of ["a", "b", "c"]) {
        client.send("MSET", "a", first, "b", second);
        expect(client.send("BITOP", name, destination, "a", "b")).toBe(`:${String(expected.length)}\r\n`);
        expect(client.send("GET", destination)).toBe(expected === "" ? "$-1\r\n" : bulk(expected));
      }
    }
  }
});

test.each(OPERATIONS)("%s of twenty values, one of them missing", (name, combine) => {
  const texts = Array.from({ length: 20 }, (_, at) => "\xf0\x3c\xff".repeat(at * 20 + 1) + String(at));
  texts.forEach((text, at) => client.send("SET", `key:${String(at)}`, text));
  texts.push("");
  const keys = texts.map((_, at) => `key:${String(at)}`);
  client.send("BITOP", name, "c", ...keys);
  expect(client.send("GET", "c")).toBe(bulk(combined(texts, combine)));
});

test("NOT of every kind of value", () => {
  for (const [, , value] of SAMPLE_VALUES) {
    client.send("SET", "a", value);
    const expected = combined([value], (byte) => byte).replaceAll(/[^]/g, (byte) =>
      String.fromCharCode(~byte.charCodeAt(0) & 0xff),
    );
    client.send("BITOP", "NOT", "b", "a");
    expect(client.send("GET", "b")).toBe(expected === "" ? "$-1\r\n" : bulk(expected));
  }
});

test("the result is raw and has no expiry; of empty strings there is none", () => {
  client.send("MSET", "a", "1", "b", "7");
  client.send("SET", "c", "x", "EX", 100);
  const recorded = recordEvents(running.server);
  expect(client.send("BITOP", "OR", "c", "a", "b")).toBe(":1\r\n");
  expect(recorded.take()).toEqual({ events: ["$ set c"], dirty: 1 });
  expect(client.send("OBJECT", "ENCODING", "c")).toBe(bulk("raw"));
  expect(client.send("TTL", "c")).toBe(":-1\r\n");
  expect(client.send("BITOP", "OR", "c", "none")).toBe(":0\r\n");
  expect(recorded.take()).toEqual({ events: ["g del c"], dirty: 1 });
  expect(client.send("BITOP", "OR", "c", "none")).toBe(":0\r\n");
  expect(recorded.take()).toEqual({ events: [], dirty: 0 });
});

test("wrong operations are refused", () => {
  client.send("SET", "a", "x");
  expect(client.send("BITOP", "NAND", "b", "a")).toBe("-ERR syntax error\r\n");
  expect(client.send("BITOP", "NOT", "b", "a", "a")).toBe(
    "-ERR BITOP NOT must be called with a single source key.\r\n",
  );
  expect(client.send("EXISTS", "b")).toBe(":0\r\n");
});
