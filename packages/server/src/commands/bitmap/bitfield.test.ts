import { beforeEach, describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { SAMPLE_VALUES } from "../generic/testing/sample-values.ts";
import { recordEvents } from "../string/testing/events.ts";

const SYNTAX = "-ERR syntax error\r\n";
const BAD_TYPE =
  "-ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.\r\n";
const BAD_OFFSET = "-ERR bit offset is not an integer or out of range\r\n";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer({ "proto-max-bulk-len": "1mb" });
  client = running.connect();
});

/** Sends the words of a BITFIELD on key a. */
function bitfield(operations: string): string {
  return client.send("BITFIELD", "a", ...operations.split(" "));
}

describe.each(SAMPLE_VALUES)("%s, %s", (encoding, _name, value) => {
  beforeEach(() => {
    client.send("SET", "a", value, "EX", 100);
  });

  test("is read, also beyond its end, and stays as it is", () => {
    const [first = 0, second = 0] = Array.from(value.slice(0, 2), (character) => character.charCodeAt(0));
    const expected = `*3\r\n:${String(first)}\r\n:${String(((first & 15) << 8) | second)}\r\n:0\r\n`;
    expect(client.send("BITFIELD_RO", "a", "GET", "u8", 0, "GET", "u12", 4, "GET", "i64", 800_000)).toBe(expected);
    expect(bitfield("GET u8 0 GET u12 #0 GET i5 800000").startsWith("*3\r\n")).toBe(true);
    expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk(encoding));
  });

  test("is written, raw then, and keeps its expiry", () => {
    const recorded = recordEvents(running.server);
    expect(bitfield("SET u8 #3 65 INCRBY u8 #3 1 GET u8 24").endsWith(":66\r\n:66\r\n")).toBe(true);
    expect(recorded.take()).toEqual({ events: ["$ setbit a"], dirty: 2 });
    expect(client.send("GET", "a")).toBe(bulk(value.padEnd(3, "\0").slice(0, 3) + "B" + value.slice(4)));
    expect(client.send("OBJECT", "ENCODING", "a")).toBe(bulk("raw"));
    expect(client.send("TTL", "a")).toBe(":100\r\n");
  });
});

test("values are replied to the last bit", () => {
  expect(bitfield("SET i64 0 -9223372036854775808 INCRBY i64 0 1 GET u63 1 GET i64 0")).toBe(
    "*4\r\n:0\r\n:-9223372036854775807\r\n:1\r\n:-9223372036854775807\r\n",
  );
  expect(bitfield("SET u63 1 9223372036854775807 GET u63 1")).toBe("*2\r\n:1\r\n:9223372036854775807\r\n");
});

test("overflows wrap, saturate or fail, as was said last", () => {
  expect(bitfield("SET u8 0 255 INCRBY u8 0 2")).toBe("*2\r\n:0\r\n:1\r\n");
  expect(bitfield("OVERFLOW SAT INCRBY u8 0 1000 INCRBY u8 0 -1000")).toBe("*2\r\n:255\r\n:0\r\n");
  expect(bitfield("OVERFLOW fail INCRBY u8 0 -1 SET u8 0 256 OVERFLOW WRAP SET u8 0 257 GET u8 0")).toBe(
    "*4\r\n$-1\r\n$-1\r\n:0\r\n:1\r\n",
  );
  client.send("HELLO", 3);
  expect(bitfield("OVERFLOW FAIL INCRBY i8 0 200")).toBe("*1\r\n_\r\n");
});

test("each write that changes something counts; all do when the string has grown", () => {
  const recorded = recordEvents(running.server);
  bitfield("SET u8 0 0 SET u8 8 0");
  expect(recorded.take()).toEqual({ events: ["$ setbit a"], dirty: 2 });
  bitfield("SET u8 0 0 SET u8 8 1 GET u8 0");
  expect(recorded.take()).toEqual({ events: ["$ setbit a"], dirty: 1 });
  bitfield("SET u8 0 0");
  expect(recorded.take()).toEqual({ events: [], dirty: 0 });
});

test("the string grows even where every write fails, and that is not told", () => {
  const recorded = recordEvents(running.server);
  expect(bitfield("OVERFLOW FAIL INCRBY u8 24 500")).toBe("*1\r\n$-1\r\n");
  expect(recorded.take()).toEqual({ events: [], dirty: 0 });
  expect(client.send("GET", "a")).toBe(bulk("\0\0\0\0"));
});

test("no operations, no results", () => {
  expect(client.send("BITFIELD", "a")).toBe("*0\r\n");
  expect(bitfield("OVERFLOW SAT")).toBe("*0\r\n");
  expect(client.send("BITFIELD_RO", "a")).toBe("*0\r\n");
  expect(client.send("EXISTS", "a")).toBe(":0\r\n");
});

test("offsets end with proto-max-bulk-len; #n counts fields, modulo 2^64", () => {
  expect(bitfield("SET u8 8388607 255")).toBe("*1\r\n:0\r\n");
  expect(client.send("STRLEN", "a")).toBe(":1048577\r\n");
  expect(bitfield("GET u8 8388608")).toBe(BAD_OFFSET);
  expect(bitfield("GET u8 #1048576")).toBe(BAD_OFFSET);
  expect(bitfield("GET u8 #1048575")).toBe("*1\r\n:1\r\n");
  expect(bitfield("GET u4 #4611686018427387904")).toBe("*1\r\n:0\r\n");
});

test.each([
  ["FOO u8 0", SYNTAX],
  ["GET u8", SYNTAX],
  ["SET u8 0", SYNTAX],
  ["OVERFLOW", SYNTAX],
  ["OVERFLOW x", "-ERR Invalid OVERFLOW type specified\r\n"],
  ["GET u64 0", BAD_TYPE],
  ["GET i65 0", BAD_TYPE],
  ["GET u0 0", BAD_TYPE],
  ["GET U8 0", BAD_TYPE],
  ["GET 8 0", BAD_TYPE],
  ["GET i 0", BAD_TYPE],
  ["GET u8 -1", BAD_OFFSET],
  ["GET u8 #-1", BAD_OFFSET],
  ["GET u8 #", BAD_OFFSET],
  ["SET u8 0 x", "-ERR value is not an integer or out of range\r\n"],
  ["SET u8 0 1 GET u8 x", BAD_OFFSET],
])("BITFIELD %s is refused before anything is written", (operations, error) => {
  expect(bitfield(operations)).toBe(error);
  expect(client.send("EXISTS", "a")).toBe(":0\r\n");
});

test("BITFIELD_RO only reads", () => {
  expect(client.send("BITFIELD_RO", "a", "SET", "u8", 0, 1)).toBe(
    "-ERR BITFIELD_RO only supports the GET subcommand\r\n",
  );
});
