/** WATCH and UNWATCH, where time and other sessions come in. What breaks a watch is compared with redis-server in `watch.fuzz.ts`. */
import { beforeEach, describe, expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";

const RUNS = "+OK\r\n*0\r\n";
const RUNS_NOT = "+OK\r\n*-1\r\n";

let running: TestServer;
let client: TestClient;
let other: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
  other = running.connect();
});

/** An empty transaction. */
function transact(of = client): string {
  return of.send("MULTI") + of.send("EXEC");
}

test("the changes of others count, for each who watches", () => {
  const third = running.connect();
  client.send("WATCH", "a", "b");
  third.send("WATCH", "b", "c");
  other.send("SET", "b", 1);
  expect([transact(), transact(third)]).toEqual([RUNS_NOT, RUNS_NOT]);
  expect([transact(), transact(third)]).toEqual([RUNS, RUNS]);
});

test("null in RESP3", () => {
  client.send("HELLO", 3);
  client.send("WATCH", "a");
  other.send("SET", "a", 1);
  expect(transact()).toBe("+OK\r\n_\r\n");
});

test("changes within EXEC break the watches of others, not its own", () => {
  client.send("WATCH", "a");
  other.send("WATCH", "a");
  client.sendRaw("MULTI\r\nSET a 1\r\nEXEC\r\n");
  expect(transact(other)).toBe(RUNS_NOT);
  expect(transact()).toBe(RUNS);
});

test("what a command that waited has changed counts when it is served", () => {
  other.send("BRPOPLPUSH", "from", "to", 0);
  client.send("WATCH", "to");
  expect(client.session.hasBrokenWatch).toBe(false);
  running.connect().send("LPUSH", "from", 1);
  expect(client.session.hasBrokenWatch).toBe(true);
});

test("the keyspace is told of nobody when nobody watches", () => {
  const { keyspace } = running.server;
  expect(keyspace.watch).toBeNull();
  client.send("WATCH", "a");
  other.send("BLPOP", "b", 0);
  expect(keyspace.watch).not.toBeNull();
  client.send("UNWATCH");
  running.connect().send("LPUSH", "b", 1);
  expect(keyspace.watch).toBeNull();
  client.send("WATCH", "a");
  client.send("QUIT");
  expect(keyspace.watch).toBeNull();
});

test("a key is watched in its database", () => {
  client.send("SELECT", 1);
  client.send("WATCH", "a");
  client.send("SELECT", 0);
  other.send("SET", "a", 1);
  expect(transact()).toBe(RUNS);
});

describe("keys that expire", () => {
  beforeEach(() => {
    running.server.keyspace.activeExpiry = false;
    other.send("SET", "a", 1, "PX", 10);
  });

  test("while watched", () => {
    client.send("WATCH", "a");
    running.clock.now += 20;
    expect(transact()).toBe(RUNS_NOT);
  });

  test("while watched, and deleted", () => {
    client.send("WATCH", "a");
    running.clock.now += 20;
    other.send("EXISTS", "a");
    expect(transact()).toBe(RUNS_NOT);
  });

  test.each([["EXISTS a"], ["FLUSHDB"], ["FLUSHALL ASYNC"], ["SWAPDB 0 1"], ["PING"]])("before, then %s", (line) => {
    running.clock.now += 20;
    client.send("WATCH", "a");
    other.send(...line.split(" "));
    expect(transact()).toBe(RUNS);
  });

  test.each([["EXISTS a"], ["FLUSHDB"], ["SWAPDB 0 1"], ["PING"]])("before, then %s, then set", (line) => {
    running.clock.now += 20;
    client.send("WATCH", "a");
    other.send(...line.split(" "));
    other.send("SET", "a", 1);
    expect(transact()).toBe(RUNS_NOT);
  });

  test.each([
    ["nothing", RUNS],
    ["one that is due too", RUNS],
    ["one that is not", RUNS_NOT],
  ])("before, exchanged for %s", (what, result) => {
    other.send("SELECT", 1);
    if (what !== "nothing") other.send("SET", "a", 2, "PX", what === "one that is not" ? 100 : 10);
    running.clock.now += 20;
    client.send("WATCH", "a");
    other.send("SWAPDB", 0, 1);
    expect(transact()).toBe(result);
  });

  test("that come due in exchange for none are none", () => {
    running.clock.now += 20;
    client.send("SELECT", 1);
    client.send("WATCH", "a");
    other.send("SWAPDB", 0, 1);
    expect(transact()).toBe(RUNS);
  });
});
