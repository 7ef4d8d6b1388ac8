import { expect, it } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer, type TestClient } from "../../testing/test-client.ts";

it("gives ids from the clock, and goes on from the last one when time stands still or goes back", () => {
  const { clock, connect } = createTestServer();
  const client = connect();
  clock.now = 5000;
  expect(client.send("XADD", "s", "*", "a", "1")).toBe(bulk("5000-0"));
  expect(client.send("XADD", "s", "*", "a", "1")).toBe(bulk("5000-1"));
  clock.now = 10;
  expect(client.send("XADD", "s", "*", "a", "1")).toBe(bulk("5000-2"));
  expect(client.send("XADD", "s", "5000-*", "a", "1")).toBe(bulk("5000-3"));
  expect(client.send("XADD", "t", "0-*", "a", "1")).toBe(bulk("0-1"));
});

it("takes ids up to the largest one", () => {
  const client = createTestServer().connect();
  const largest = "18446744073709551615";
  expect(client.send("XADD", "s", `${largest}-18446744073709551614`, "a", "1")).toBe(
    bulk(`${largest}-18446744073709551614`),
  );
  expect(client.send("XADD", "s", "*", "a", "1")).toBe(bulk(`${largest}-${largest}`));
  expect(client.send("XADD", "s", "*", "a", "1")).toMatch(/^-ERR The stream has exhausted the last possible ID/);
  expect(client.send("XRANGE", "s", `(${largest}-18446744073709551614`, "+")).toContain(`${largest}-${largest}`);
  expect(client.send("XRANGE", "s", `(${largest}-${largest}`, "+")).toBe("-ERR invalid start ID for the interval\r\n");
  expect(client.send("XADD", "t", "18446744073709551616-1", "a", "1")).toMatch(/^-ERR Invalid stream ID/);
  expect(client.send("XADD", "t", "0-0", "a", "1")).toBe("-ERR The ID specified in XADD must be greater than 0-0\r\n");
});

it("refuses an id that is not above the last one, and numbers of arguments that are no pairs", () => {
  const client = createTestServer().connect();
  client.send("XADD", "s", "5-5", "a", "1");
  const small = "-ERR The ID specified in XADD is equal or smaller than the target stream top item\r\n";
  expect(client.send("XADD", "s", "5-5", "a", "1")).toBe(small);
  expect(client.send("XADD", "s", "4", "a", "1")).toBe(small);
  expect(client.send("XADD", "s", "*", "a", "1", "b")).toBe("-ERR wrong number of arguments for 'xadd' command\r\n");
  expect(client.send("XADD", "none", "NOMKSTREAM", "*", "a", "1")).toBe("$-1\r\n");
});

it("wakes readers with what was added since they began to wait", () => {
  const { connect } = createTestServer();
  const reader = connect();
  const writer = connect();
  writer.send("XADD", "s", "1-1", "a", "1");
  expect(reader.send("XREAD", "BLOCK", "0", "STREAMS", "s", "other", "$", "$")).toBe("");
  writer.send("XADD", "s", "2-1", "b", "2");
  expect(reader.transport.take()).toBe(
    `*1\r\n*2\r\n${bulk("s")}*1\r\n*2\r\n${bulk("2-1")}*2\r\n${bulk("b")}${bulk("2")}`,
  );
});

it("wakes readers of a group when it or its stream goes", () => {
  const { connect } = createTestServer();
  const reader = connect();
  const writer = connect();
  const error = "-NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option\r\n";
  const read = ["XREADGROUP", "GROUP", "g", "c", "BLOCK", "0", "STREAMS", "s", ">"] as const;
  writer.send("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM");
  expect(reader.send(...read)).toBe("");
  writer.send("XGROUP", "DESTROY", "s", "g");
  expect(reader.transport.take()).toBe(error);
  writer.send("XGROUP", "CREATE", "s", "g", "$");
  expect(reader.send(...read)).toBe("");
  writer.send("DEL", "s");
  expect(reader.transport.take()).toBe(error);
  writer.send("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM");
  expect(reader.send(...read)).toBe("");
  writer.send("SET", "s", "text");
  expect(reader.transport.take()).toMatch(/^-WRONGTYPE /);
});

it("tells when consumers were seen and active", () => {
  const { clock, connect } = createTestServer();
  const client = connect();
  client.send("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM");
  client.send("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", ">");
  clock.now += 10;
  const consumer = (idle: number, inactive: number, pending: number): string =>
    `*1\r\n*8\r\n${bulk("name")}${bulk("c")}${bulk("pending")}:${String(pending)}\r\n` +
    `${bulk("idle")}:${String(idle)}\r\n${bulk("inactive")}:${String(inactive)}\r\n`;
  expect(client.send("XINFO", "CONSUMERS", "s", "g")).toBe(consumer(10, -1, 0));
  client.send("XADD", "s", "1-1", "a", "1");
  client.send("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", ">");
  clock.now += 7;
  expect(client.send("XINFO", "CONSUMERS", "s", "g")).toBe(consumer(7, 7, 1));
  expect(client.send("XPENDING", "s", "g", "IDLE", "7", "-", "+", "9", "c")).toBe(
    `*1\r\n*4\r\n${bulk("1-1")}${bulk("c")}:7\r\n:1\r\n`,
  );
  expect(client.send("XPENDING", "s", "g", "IDLE", "8", "-", "+", "9")).toBe("*0\r\n");
  expect(client.send("XINFO", "STREAM", "s", "FULL")).toContain(`${bulk("active-time")}:`);
});

/** Entries that a group has read and those that are left, as XINFO GROUPS tells them; null: not known. */
function progressOf(client: TestClient): [read: number | null, lag: number | null] {
  const text = client.send("XINFO", "GROUPS", "s");
  const numberOf = (name: string): number | null => {
    const found = new RegExp(`\r\n${name}\r\n(:(\\d+)|\\$-1)\r\n`).exec(text);
    expect(found).not.toBeNull();
    return found?.[2] === undefined ? null : Number(found[2]);
  };
  return [numberOf("entries-read"), numberOf("lag")];
}

it("knows no lag while an entry that the group has yet to reach is deleted", () => {
  const client = createTestServer().connect();
  const read = (): string => client.send("XREADGROUP", "GROUP", "g", "c", "COUNT", "1", "STREAMS", "s", ">");
  client.send("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM");
  expect(progressOf(client)).toEqual([null, 0]);
  for (const id of [1, 2, 3, 4]) client.send("XADD", "s", `${String(id)}-0`, "a", "1");
  expect(progressOf(client)).toEqual([null, 4]);
  read();
  expect(progressOf(client)).toEqual([1, 3]);
  client.send("XDEL", "s", "2-0");
  expect(progressOf(client)).toEqual([1, null]);
  // What comes before the first entry is gone altogether: those that are there are those that are left.
  client.send("XDEL", "s", "1-0");
  expect(progressOf(client)).toEqual([1, 2]);
  read();
  expect(progressOf(client)).toEqual([3, 1]);
  read();
  expect(progressOf(client)).toEqual([4, 0]);
  client.send("XADD", "s", "5-0", "a", "1");
  client.send("XDEL", "s", "3-0", "4-0", "5-0");
  expect(progressOf(client)).toEqual([4, 0]);
});

it("counts the entries that a trim took from a group as read", () => {
  const client = createTestServer().connect();
  client.send("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM");
  for (const id of [1, 2, 3, 4, 5]) client.send("XADD", "s", `${String(id)}-0`, "a", "1");
  client.send("XREADGROUP", "GROUP", "g", "c", "COUNT", "1", "STREAMS", "s", ">");
  client.send("XTRIM", "s", "MAXLEN", 1);
  expect(progressOf(client)).toEqual([1, 1]);
  client.send("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", ">");
  expect(progressOf(client)).toEqual([5, 0]);
  client.send("XADD", "s", "6-0", "a", "1");
  expect(progressOf(client)).toEqual([5, 1]);
  client.send("XTRIM", "s", "MAXLEN", 0);
  expect(progressOf(client)).toEqual([5, 0]);
});

it("counts what a command changes", () => {
  const { server, connect } = createTestServer();
  const client = connect();
  const dirtyOf = (...words: string[]): number => {
    const before = server.keyspace.dirty;
    client.send(...words);
    return server.keyspace.dirty - before;
  };
  expect(dirtyOf("XADD", "s", "1-1", "a", "1")).toBe(1);
  expect(dirtyOf("XADD", "s", "1-2", "a", "1")).toBe(1);
  expect(dirtyOf("XGROUP", "CREATE", "s", "g", "0")).toBe(1);
  expect(dirtyOf("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", ">")).toBe(2);
  expect(dirtyOf("XACK", "s", "g", "1-1", "1-2")).toBe(2);
  expect(dirtyOf("XDEL", "s", "1-1", "1-2")).toBe(2);
});

it("refuses what is no stream, on every command", () => {
  const client = createTestServer().connect();
  client.send("SET", "s", "text");
  const commands = [
    ["XADD", "s", "*", "a", "1"],
    ["XLEN", "s"],
    ["XRANGE", "s", "-", "+"],
    ["XREVRANGE", "s", "+", "-"],
    ["XREAD", "STREAMS", "s", "0"],
    ["XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", ">"],
    ["XDEL", "s", "1"],
    ["XTRIM", "s", "MAXLEN", "1"],
    ["XSETID", "s", "1"],
    ["XACK", "s", "g", "1"],
    ["XPENDING", "s", "g"],
    ["XCLAIM", "s", "g", "c", "0", "1"],
    ["XAUTOCLAIM", "s", "g", "c", "0", "0"],
    ["XGROUP", "CREATE", "s", "g", "$"],
    ["XINFO", "STREAM", "s"],
  ];
  for (const words of commands) expect(client.send(...words), words[0]).toMatch(/^-WRONGTYPE /);
});

it("names the encoding and the type", () => {
  const client = createTestServer().connect();
  client.send("XADD", "s", "*", "a", "1");
  expect(client.send("OBJECT", "ENCODING", "s")).toBe(bulk("stream"));
  expect(client.send("TYPE", "s")).toBe("+stream\r\n");
});
