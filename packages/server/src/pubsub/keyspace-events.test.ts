/** Which classes are told, and to which channels; the events of all commands are compared with redis-server in the fuzz file. */
import { beforeEach, describe, expect, test } from "vitest";
import { GATE_LOADING } from "../gates.ts";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient, TestServer } from "../testing/test-client.ts";

let running: TestServer;
let client: TestClient;
let listener: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
  listener = running.connect();
  listener.send("PSUBSCRIBE", "*");
});

/** The messages that have come, as "channel message". */
function taken(): string[] {
  return [...listener.take().matchAll(/\$\d+\r\n(__key.*)\r\n\$\d+\r\n(.*)\r\n/g)].map(
    (found) => `${found[1]} ${found[2]}`,
  );
}

function told(classes: string, ...lines: string[]): string[] {
  client.send("CONFIG", "SET", "notify-keyspace-events", classes);
  for (const line of lines) client.send(...line.split(" "));
  return taken();
}

test("keys, events, both or none, with the number of the database", () => {
  expect(told("K$", "SET a 1")).toEqual(["__keyspace@0__:a set"]);
  expect(told("E$", "SELECT 3", "SET a 1")).toEqual(["__keyevent@3__:set a"]);
  expect(told("KE$", "SET a 1")).toEqual(["__keyspace@3__:a set", "__keyevent@3__:set a"]);
  expect(told("$", "SET a 1")).toEqual([]);
  expect(told("", "SET a 1")).toEqual([]);
});

describe.each([
  ["g", ["SET a 1", "EXPIRE a 100", "DEL a"], ["expire a", "del a"]],
  ["$", ["SET a 1 EX 5", "APPEND a 2", "DEL a"], ["set a", "append a"]],
  ["l", ["RPUSH a 1", "LPOP a"], ["rpush a", "lpop a"]],
  ["s", ["SADD a 1", "SREM a 1"], ["sadd a", "srem a"]],
  ["h", ["HSET a b 1", "HDEL a b"], ["hset a", "hdel a"]],
  ["z", ["ZADD a 1 b", "ZREM a b"], ["zadd a", "zrem a"]],
  ["t", ["XADD a 1-1 b c", "XTRIM a MAXLEN 0"], ["xadd a", "xtrim a"]],
  ["m", ["GET a", "SET a 1", "GET a", "EXISTS b", "OBJECT ENCODING b"], ["keymiss a", "keymiss b"]],
  ["n", ["SET a 1", "SET a 2", "RENAME a b"], ["new a", "new b"]],
  ["A", ["SET a 1", "RPUSH b 1", "GET c"], ["set a", "rpush b"]],
])("the class %s", (letter, lines, events) => {
  test("and no other", () => {
    expect(told(`E${letter}`, ...lines)).toEqual(events.map((event) => `__keyevent@0__:${event}`));
  });
});

test("expiry, lazy and active, and eviction", () => {
  told("Ex", "SET a 1 PX 10", "SET b 1 PX 10");
  running.clock.now += 20;
  client.send("GET", "a");
  expect(taken()).toEqual(["__keyevent@0__:expired a"]);
  told("Ee", "SET c 1", "CONFIG SET maxmemory-policy allkeys-random", "CONFIG SET maxmemory 1");
  expect(client.send("SET", "d", 1)).toMatch(/^-OOM/);
  expect(taken().sort()).toEqual(["__keyevent@0__:evicted b", "__keyevent@0__:evicted c"]);
});

test("the keyspace tells nobody while nothing is chosen", () => {
  const { keyspace } = running.server;
  const hooks = (): boolean[] => [keyspace.observer, keyspace.onMissed, keyspace.onAdded].map((hook) => hook !== null);
  expect(hooks()).toEqual([false, false, false]);
  told("KEA");
  expect(hooks()).toEqual([true, false, false]);
  told("Kmn");
  expect(hooks()).toEqual([true, true, true]);
  told("Amn");
  expect(hooks()).toEqual([false, false, false]);
});

test("keys that are loaded are not new", () => {
  told("KEAn");
  running.server.setGate(GATE_LOADING, true);
  expect(told("KEAn", "SET a 1")).toEqual([]);
  running.server.setGate(GATE_LOADING, false);
  expect(told("En", "SET b 1", "SET c 1")).toEqual(["__keyevent@0__:new b", "__keyevent@0__:new c"]);
});

test("a client with RESP3 gets what its own command has done behind the reply", () => {
  client.send("HELLO", 3);
  client.send("SUBSCRIBE", "__keyevent@0__:lpush");
  client.send("CONFIG", "SET", "notify-keyspace-events", "EA");
  expect(client.sendRaw("LPUSH a 1\r\nPING\r\n")).toBe(
    ":1\r\n>3\r\n$7\r\nmessage\r\n$20\r\n__keyevent@0__:lpush\r\n$1\r\na\r\n+PONG\r\n",
  );
});
