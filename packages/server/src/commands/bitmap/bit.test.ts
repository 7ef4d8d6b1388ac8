import { beforeEach, describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { SAMPLE_VALUES } from "../generic/testing/sample-values.ts";
import { recordEvents } from "../string/testing/events.ts";

const BAD_OFFSET = "-ERR bit offset is not an integer or out of range\r\n";
const BAD_BIT = "-ERR bit is not an integer or out of range\r\n";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer({ "proto-max-bulk-len": "1mb" });
  client = running.connect();
});

/** Text with one bit changed, zeros appended as needed. */
function withBit(text: string, at: number, bit: number): string {
  const byte = at >> 3;
  const padded = text.padEnd(byte + 1, "\0");
  const mask = 128 >> (at & 7);
  const changed = bit === 1 ? padded.charCodeAt(byte) | mask : padded.charCodeAt(byte) & ~mask;
  return padded.slice(0, byte) + String.fromCharCode(changed) + padded.slice(byte + 1);
}

describe.each(SAMPLE_VALUES)("%s, %s", (_encoding, _name, value) => {
  test.each([0, 1, 6, 7, 8, 15, 100, 1700, 100_000])("bit %i is set, cleared and read", (at) => {
    client.send("SET", "a", value, "EX", 100);
    const old = at >> 3 < value.length ? (value.charCodeAt(at >> 3) >> (7 - (at & 7))) & 1 : 0;
    expect(client.send("GETBIT", "a", at)).toBe(`:${String(old)}\r\n`);
    expect(client.send("SETBIT", "a", at, 1 - old)).toBe(`:${String(old)}\r\n`);
    expect(client.send("GETBIT", "a", at)).toBe(`:${String(1 - old)}\r\n`);
    expect(client.send("GET", "a")).toBe(bulk(withBit(value, at, 1 - old)));
    expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk("raw"));
    expect(client.send("TTL", "a")).toBe(":100\r\n");
    expect(client.send("SETBIT", "a", at, old)).toBe(`:${String(1 - old)}\r\n`);
    expect(client.send("GET", "a")).toBe(bulk(withBit(value, at, old)));
  });
});

test("a bit that is so already changes nothing but the encoding", () => {
  client.send("SET", "a", 1);
  const recorded = recordEvents(running.server);
  expect(client.send("SETBIT", "a", 7, 1)).toBe(":1\r\n");
  expect(recorded.take()).toEqual({ events: [], dirty: 0 });
  expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk("raw"));
});

test("making the string longer is a change, whatever the bit", () => {
  const recorded = recordEvents(running.server);
  expect(client.send("SETBIT", "a", 8, 0)).toBe(":0\r\n");
  expect(recorded.take()).toEqual({ events: ["$ setbit a"], dirty: 1 });
  expect(client.send("GET", "a")).toBe(bulk("\0\0"));
});

test("a missing key has no bits set", () => {
  expect(client.send("GETBIT", "none", 5)).toBe(":0\r\n");
  expect(client.send("EXISTS", "none")).toBe(":0\r\n");
});

test("offsets end with proto-max-bulk-len", () => {
  expect(client.send("SETBIT", "a", 8 * 1024 * 1024 - 1, 1)).toBe(":0\r\n");
  expect(client.send("SETBIT", "a", 8 * 1024 * 1024, 1)).toBe(BAD_OFFSET);
  expect(client.send("GETBIT", "a", 8 * 1024 * 1024)).toBe(BAD_OFFSET);
  expect(client.send("STRLEN", "a")).toBe(":1048576\r\n");
});

test.each([
  ["SETBIT a -1 1", BAD_OFFSET],
  ["SETBIT a x 1", BAD_OFFSET],
  ["SETBIT a 9223372036854775807 1", BAD_OFFSET],
  ["SETBIT a x 2", BAD_OFFSET],
  ["SETBIT a 1 2", BAD_BIT],
  ["SETBIT a 1 -1", BAD_BIT],
  ["SETBIT a 1 x", BAD_BIT],
  ["GETBIT a #1", BAD_OFFSET],
])("%s is refused", (command, error) => {
  expect(client.send(...command.split(" "))).toBe(error);
  expect(client.send("EXISTS", "a")).toBe(":0\r\n");
});
