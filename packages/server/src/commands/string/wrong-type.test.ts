import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";
import { recordEvents } from "./testing/events.ts";
import { putOtherType } from "./testing/other-type.ts";

const WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

const REFUSED = [
  "APPEND l a",
  "BITCOUNT l",
  "BITFIELD l GET u8 0",
  "BITFIELD l SET u8 0 1",
  "BITFIELD_RO l GET u8 0",
  "BITOP AND d s l",
  "BITPOS l 1",
  "DECR l",
  "DECRBY l 1",
  "GET l",
  "GETBIT l 0",
  "GETDEL l",
  "GETEX l",
  "GETEX l EX 0",
  "GETEX l PERSIST",
  "GETRANGE l 0 -1",
  "GETSET l a",
  "INCR l",
  "INCRBY l 1",
  "INCRBYFLOAT l abc",
  "SET l a GET",
  "SET l a XX GET",
  "SETBIT l 0 1",
  "SETRANGE l 0 a",
  "SETRANGE l 0 ",
  "STRLEN l",
  "SUBSTR l 0 -1",
];

test.each(REFUSED)("%s is refused and changes nothing", (command) => {
  const { connect, server } = createTestServer();
  const client = connect();
  client.send("SET", "s", "text");
  putOtherType(client, "l");
  const recorded = recordEvents(server);
  expect(client.send(...command.split(" "))).toBe(WRONG_TYPE);
  expect(recorded.take()).toEqual({ events: [], dirty: 0 });
  expect(client.send("TYPE", "l")).toBe("+list\r\n");
  expect(client.send("GET", "s")).toBe("$4\r\ntext\r\n");
});

test("what needs no string of the old value does not mind another type", () => {
  const client = createTestServer().connect();
  const other = (): void => {
    putOtherType(client, "l");
  };
  other();
  expect(client.send("MGET", "l", "none")).toBe("*2\r\n$-1\r\n$-1\r\n");
  expect(client.send("SETNX", "l", "a")).toBe(":0\r\n");
  expect(client.send("MSETNX", "x", "1", "l", "2")).toBe(":0\r\n");
  expect(client.send("LCS", "l", "none")).toBe("-ERR The specified keys must contain string values\r\n");
  expect(client.send("SET", "l", "a")).toBe("+OK\r\n");
  other();
  expect(client.send("SETEX", "l", 10, "a")).toBe("+OK\r\n");
  other();
  expect(client.send("MSET", "l", "a")).toBe("+OK\r\n");
  other();
  client.send("SET", "bits", "\x0f");
  expect(client.send("BITOP", "NOT", "l", "bits")).toBe(":1\r\n");
  expect(client.send("GET", "l")).toBe("$1\r\n\xf0\r\n");
});
