/** Client-side caching between several sessions. What CLIENT TRACKING refuses is compared with redis-server in tests/diff. */
import { beforeEach, describe, expect, test } from "vitest";
import { bulk, bulks } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";

let running: TestServer;
let tracker: TestClient;
let other: TestClient;

beforeEach(() => {
  running = createTestServer();
  tracker = running.connect();
  other = running.connect();
  tracker.send("HELLO", 3);
});

const invalidated = (...keys: string[]): string => `>2\r\n${bulk("invalidate")}${bulks(keys)}`;
const ALL = `>2\r\n${bulk("invalidate")}_\r\n`;

/** Sends lines, of which the replies do not matter. */
function send(client: TestClient, ...lines: string[]): void {
  for (const line of lines) client.send(...line.split(" "));
}

describe("keys that were read", () => {
  beforeEach(() => {
    send(tracker, "CLIENT TRACKING on", "GET a");
  });

  test.each([["SET a 1"], ["SET a 1 EX 10"], ["INCR a"], ["LPUSH a 1"], ["MSET b 1 a 2"], ["RESTORE a 0 x"]])(
    "are told of once when they change: %s",
    (line) => {
      send(other, line, line);
      expect(tracker.take()).toBe(line.startsWith("RESTORE") ? "" : invalidated("a"));
    },
  );

  test("in any database, by any command that reads", () => {
    send(tracker, "MGET b c", "EXISTS d", "ZUNION 2 e f", "XREAD STREAMS g 0", "TTL h");
    send(other, "SELECT 1", "SET b 1", "SET c 1", "SET d 1", "SET e 1", "SET f 1", "SET g 1", "SET h 1", "SET i 1");
    expect(tracker.take()).toBe(Array.from("bcdefgh", (key) => invalidated(key)).join(""));
  });

  test("when their time has come, lazily and by the cycle, and when they are evicted", () => {
    send(other, "SET a 1 PX 10", "SET b 1 PX 10");
    tracker.take();
    send(tracker, "MGET a b");
    running.clock.now += 20;
    send(other, "GET a");
    expect(tracker.take()).toBe(invalidated("a"));
    send(other, "SET c 1");
    send(tracker, "GET c");
    send(other, "CONFIG SET maxmemory-policy allkeys-lru", "CONFIG SET maxmemory 1", "SET d 1");
    expect(tracker.take()).toContain(invalidated("c"));
  });

  test("FLUSHALL and FLUSHDB make nothing of all of them, SWAPDB nobody hears of", () => {
    send(other, "SWAPDB 0 1");
    expect(tracker.take()).toBe("");
    send(other, "FLUSHALL", "FLUSHDB ASYNC");
    expect(tracker.take()).toBe(ALL + ALL);
    send(other, "SET a 1");
    expect(tracker.take()).toBe("");
  });

  test("own changes follow the reply, those of a transaction all its replies", () => {
    expect(tracker.send("SET", "a", 1)).toBe(`+OK\r\n${invalidated("a")}`);
    expect(tracker.sendRaw("MULTI\r\nGET a\r\nSET a 2\r\nPING\r\nEXEC\r\nPING\r\n")).toBe(
      `+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n$1\r\n1\r\n+OK\r\n+PONG\r\n${invalidated("a")}+PONG\r\n`,
    );
    expect(tracker.send("FLUSHDB")).toBe(`+OK\r\n${ALL}`);
  });

  test("NOLOOP spares own changes", () => {
    send(tracker, "CLIENT TRACKING on NOLOOP", "GET a");
    expect(tracker.send("SET", "a", 1)).toBe("+OK\r\n");
    send(tracker, "GET a");
    send(other, "SET a 1");
    expect(tracker.take()).toBe(invalidated("a"));
  });

  test("nothing more after CLIENT TRACKING off, RESET, or the end", () => {
    const lines = ["CLIENT TRACKING off", "RESET", "QUIT"];
    const clients = lines.map(() => running.connect());
    for (const client of clients) send(client, "HELLO 3", "CLIENT TRACKING on", "GET b");
    lines.forEach((line, at) => send(clients[at], line));
    send(other, "SET b 1");
    expect(clients.map((client) => client.take())).toEqual(["", "", ""]);
    expect(running.server.tracking.clientCount).toBe(1);
  });
});

describe("OPTIN and OPTOUT", () => {
  test("only the keys of the command after CLIENT CACHING yes", () => {
    send(tracker, "CLIENT TRACKING on OPTIN", "GET a", "CLIENT CACHING yes", "GET b", "GET c");
    send(other, "SET a 1", "SET b 1", "SET c 1");
    expect(tracker.take()).toBe(invalidated("b"));
  });

  test("only not those of the command after CLIENT CACHING no", () => {
    send(tracker, "CLIENT TRACKING on OPTOUT", "GET a", "CLIENT CACHING no", "GET b", "GET c");
    send(other, "SET a 1", "SET b 1", "SET c 1");
    expect(tracker.take()).toBe(invalidated("a") + invalidated("c"));
  });

  test("the answer holds for a whole transaction", () => {
    send(tracker, "CLIENT TRACKING on OPTIN", "CLIENT CACHING yes", "MULTI", "GET a", "GET b", "EXEC", "GET c");
    send(other, "MSET a 1 b 1 c 1");
    expect(tracker.take()).toBe(invalidated("a") + invalidated("b"));
  });
});

describe("BCAST", () => {
  test("all keys with a prefix, read or not, once a turn and in order", () => {
    send(tracker, "CLIENT TRACKING on BCAST PREFIX b PREFIX a");
    send(other, "MSET b2 1 a1 2 b1 3 c 4", "SET b1 2");
    expect(tracker.take()).toBe(invalidated("a1") + invalidated("b1", "b2"));
    send(other, "FLUSHALL");
    expect(tracker.take()).toBe(ALL);
  });

  test("NOLOOP leaves out what oneself changed last", () => {
    send(tracker, "CLIENT TRACKING on BCAST NOLOOP");
    send(tracker, "MSET a 1 b 1");
    send(other, "SET b 2");
    expect(tracker.take()).toBe(invalidated("b"));
  });

  test("ends with the session that asked for it", () => {
    send(tracker, "CLIENT TRACKING on BCAST PREFIX x");
    expect(running.server.tracking.prefixes.size).toBe(1);
    running.server.closeSession(tracker.session);
    expect(running.server.tracking.prefixes.size).toBe(0);
    expect(running.server.keyspace.watch).toBeNull();
  });
});

describe("REDIRECT", () => {
  test("to a session of RESP2 that listens to anything", () => {
    const reader = running.connect();
    send(reader, `CLIENT TRACKING on REDIRECT ${String(other.session.id)}`, "GET a");
    send(running.connect(), "SET a 1");
    expect(other.take()).toBe("");
    send(other, "SUBSCRIBE __redis__:invalidate");
    send(reader, "GET a");
    send(running.connect(), "SET a 1", "FLUSHALL");
    const message = `*3\r\n${bulk("message")}${bulk("__redis__:invalidate")}`;
    expect(other.take()).toBe(`${message}*1\r\n${bulk("a")}${message}$-1\r\n`);
    expect(reader.take()).toBe("");
  });

  test("to one that is gone: the session is told when a key changes", () => {
    const target = running.connect();
    const id = String(target.session.id);
    send(tracker, `CLIENT TRACKING on REDIRECT ${id}`, "GET a");
    running.server.closeSession(target.session);
    send(other, "SET a 1");
    expect(tracker.take()).toBe(`>2\r\n${bulk("tracking-redir-broken")}:${id}\r\n`);
    expect(tracker.send("CLIENT", "TRACKINGINFO")).toContain("broken_redirect");
    expect(other.send("CLIENT", "LIST")).toMatch(new RegExp(` flags=tR .* redir=${id} `));
  });
});

test("tracking-table-max-keys: the oldest key is told of as if it had changed", () => {
  send(other, "CONFIG SET tracking-table-max-keys 2");
  send(tracker, "CLIENT TRACKING on", "GET a", "GET b");
  expect(tracker.send("GET", "c")).toBe(`_\r\n${invalidated("a")}`);
  send(other, "CONFIG SET tracking-table-max-keys 1");
  expect(tracker.take()).toBe(invalidated("b"));
  expect(running.server.tracking.keys.size).toBe(1);
});

test("INFO counts clients, keys, readers of keys and prefixes", () => {
  send(tracker, "CLIENT TRACKING on", "MGET a b");
  send(other, "CLIENT TRACKING on", "GET a");
  send(running.connect(), "CLIENT TRACKING on BCAST PREFIX x PREFIX y");
  expect(other.send("INFO")).toMatch(/tracking_clients:3\r\n/);
  expect(other.send("INFO", "stats")).toMatch(
    /tracking_total_keys:2\r\ntracking_total_items:3\r\ntracking_total_prefixes:2\r\n/,
  );
});

test("who has waited is told after his reply", () => {
  send(tracker, "CLIENT TRACKING on", "LRANGE to 0 -1", "BLMOVE from to LEFT LEFT 0");
  send(other, "RPUSH from x");
  expect(tracker.take()).toBe(`$1\r\nx\r\n${invalidated("to")}`);
});
