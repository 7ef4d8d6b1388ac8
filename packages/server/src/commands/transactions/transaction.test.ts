/** MULTI, EXEC and DISCARD. */
import { beforeEach, describe, expect, test } from "vitest";
import { RedisOracle, redisServerPresent } from "../../testing/redis-oracle.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";

const ABORTED = "-EXECABORT Transaction discarded because of previous errors.\r\n";

let running: TestServer;
let client: TestClient;
let other: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
  other = running.connect();
});

/** Sends several commands, given as lines of words. */
function send(...lines: readonly string[]): string {
  return lines.map((line) => client.send(...line.split(" "))).join("");
}

describe("MULTI", () => {
  test("queues until EXEC, of which others see all or nothing", () => {
    expect(send("MULTI", "SET a 1", "INCR a")).toBe("+OK\r\n+QUEUED\r\n+QUEUED\r\n");
    expect(other.send("EXISTS", "a")).toBe(":0\r\n");
    expect(send("EXEC")).toBe("*2\r\n+OK\r\n:2\r\n");
    expect(other.send("GET", "a")).toBe("$1\r\n2\r\n");
  });

  test("keeps what was sent, however long and however much", () => {
    const long = "x".repeat(100_000);
    send("MULTI");
    for (let index = 0; index < 3000; index++) client.send("RPUSH", "list", index, long.slice(0, index));
    client.send("SET", "long", long);
    expect(client.send("EXEC").length).toBeGreaterThan(3000 * 4);
    expect(client.send("LLEN", "list")).toBe(":6000\r\n");
    expect(client.send("LINDEX", "list", 5999)).toBe(`$2999\r\n${long.slice(0, 2999)}\r\n`);
    expect(client.send("GET", "long")).toBe(`$100000\r\n${long}\r\n`);
  });

  test("in one piece of input with all that follows", () => {
    const reply = client.sendRaw("MULTI\r\nSET a 1\r\nGET a\r\nEXEC\r\nGET a\r\n");
    expect(reply).toBe("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n$1\r\n1\r\n$1\r\n1\r\n");
  });

  test("is dropped with its connection, and when it is reset", () => {
    send("WATCH a", "MULTI", "SET a 1");
    running.server.closeSession(client.session);
    expect(running.server.keyspace.watch).toBeNull();
    client = running.connect();
    expect(send("MULTI", "SET a 1", "RESET", "EXEC")).toContain("-ERR EXEC without MULTI\r\n");
    expect(other.send("EXISTS", "a")).toBe(":0\r\n");
  });

  test("CLIENT LIST shows it", () => {
    expect(send("CLIENT INFO")).toMatch(/ flags=N .* multi=-1 .* multi-mem=0 /);
    send("MULTI", "GET a", "GET b");
    expect(other.send("CLIENT", "LIST")).toMatch(/ flags=x .* multi=2 .* multi-mem=[1-9]\d* /);
    send("DISCARD", "WATCH a", "SET a 1");
    expect(other.send("CLIENT", "LIST")).toMatch(/ flags=d .* multi=-1 .* multi-mem=0 /);
  });
});

describe("EXEC", () => {
  test("runs nothing after an error while queueing, and everything around one while running", () => {
    expect(send("MULTI", "SET a 1", "NOSUCH", "EXEC")).toMatch(/-EXECABORT.*previous errors\.\r\n$/);
    expect(send("EXISTS a", "MULTI", "SET a x", "INCR a", "SET b 1", "EXEC")).toBe(
      ":0\r\n+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n+OK\r\n-ERR value is not an integer or out of range\r\n+OK\r\n",
    );
  });

  test("who waits for a key is served afterwards, by what is left", () => {
    other.send("BLPOP", "a", 0);
    send("MULTI", "RPUSH a 1", "DEL a", "RPUSH a 2", "EXEC");
    expect(other.transport.take()).toBe("*2\r\n$1\r\na\r\n$1\r\n2\r\n");
    other.send("BLPOP", "a", 0);
    send("MULTI", "RPUSH a 3", "DEL a", "EXEC");
    expect(other.transport.take()).toBe("");
  });

  test("goes on in the database that was selected in it", () => {
    send("MULTI", "SELECT 3", "SET a 1", "EXEC");
    expect(client.sendRaw("MULTI\r\nSELECT 4\r\nSET a 2\r\nEXEC\r\nGET a\r\n")).toMatch(/\$1\r\n2\r\n$/);
    expect(send("SELECT 3", "GET a", "SELECT 0", "EXISTS a")).toBe("+OK\r\n$1\r\n1\r\n+OK\r\n:0\r\n");
  });

  test("writes wait while they are paused, and with them the EXEC that has some", () => {
    send("MULTI", "SET a 1");
    other.send("CLIENT", "PAUSE", 100000, "WRITE");
    expect(send("EXEC")).toBe("");
    expect(other.sendRaw("MULTI\r\nGET a\r\nEXEC\r\n")).toBe("+OK\r\n+QUEUED\r\n*1\r\n$-1\r\n");
    other.send("CLIENT", "UNPAUSE");
    expect(client.transport.take()).toBe("*1\r\n+OK\r\n");
  });

  test("without memory: only what needs none", () => {
    send("SET a 1", "MULTI", "GET a");
    other.sendRaw("MULTI\r\nSET a 2\r\n");
    const third = running.connect();
    third.send("CONFIG", "SET", "maxmemory", 1);
    expect(send("EXEC")).toBe("*1\r\n$1\r\n1\r\n");
    expect(other.send("EXEC")).toMatch(/^-EXECABORT Transaction discarded because of: OOM /);
    expect(third.sendRaw("MULTI\r\nGET a\r\nDISCARD\r\n")).toMatch(/^\+OK\r\n-OOM .*\r\n\+OK\r\n$/);
  });

  test("a handler with a bug costs its own reply only", () => {
    const { table } = running.server;
    table.handlers[table.numberOf("get")] = () => {
      throw new Error("a bug");
    };
    expect(send("MULTI", "SET a 1", "GET a", "STRLEN a", "EXEC")).toMatch(
      /\*3\r\n\+OK\r\n-ERR internal error\r\n:1\r\n$/,
    );
  });
});

test("of a transaction that cannot run nothing is kept", () => {
  send("MULTI", "NOSUCH", "SET a 1", "SET b 1");
  expect(client.session.transaction?.count).toBe(0);
  expect(send("EXEC")).toBe(ABORTED);
});

describe.skipIf(!redisServerPresent())("replies as redis-server", () => {
  test.each([
    ["EXEC", "DISCARD", "MULTI x", "EXEC x", "DISCARD x", "WATCH", "UNWATCH x", "UNWATCH"],
    ["MULTI", "EXEC", "MULTI", "DISCARD", "MULTI", "MULTI", "WATCH a", "GET a", "UNWATCH", "EXEC"],
    ["MULTI", "SET a 1", "EXEC x", "EXEC", "WATCH a", "EXEC x", "SET a 1", "MULTI", "EXEC"],
    ["MULTI", "SAVE", "EXEC", "MULTI", "SHUTDOWN", "GET a", "DISCARD", "EXEC"],
    ["MULTI", "OBJECT", "OBJECT x", "GET", "DISCARD x", "WATCH", "EXEC", "PING"],
    ["MULTI", "PING", "ECHO x", "HELLO 2 x", "SELECT 99", "SELECT 1", "INCR a", "EXEC", "SELECT 0", "GET a"],
    ["HELLO x", "MULTI", "SUBSTR a 0 1", "LPUSH a x", "INCR a", "LRANGE a 0 -1", "EXEC", "FLUSHALL"],
    ["MULTI", "BLPOP a 0", "BRPOP a 0", "BLMOVE a b LEFT LEFT 0", "BRPOPLPUSH a b 0", "BLMPOP 0 1 a LEFT", "EXEC"],
    ["MULTI", "BZPOPMIN a 0", "BZPOPMAX a b 0", "BZMPOP 0 1 a MIN", "XREAD BLOCK 0 STREAMS a $", "BLPOP a x", "EXEC"],
    ["WATCH a", "SET a 1", "MULTI", "PING", "EXEC", "MULTI", "PING", "EXEC"],
    ["WATCH a", "SET a 1", "MULTI", "DISCARD", "MULTI", "PING", "EXEC"],
    ["WATCH a", "SET a 1", "UNWATCH", "MULTI", "PING", "EXEC"],
    ["WATCH a", "SET a 1", "MULTI", "NOSUCH", "EXEC", "MULTI", "EXEC"],
    ["WATCH a", "MULTI", "SET a 1", "UNWATCH", "EXEC"],
    ["WATCH a", "SET a 1", "RESET", "MULTI", "PING", "EXEC"],
    ["MULTI", "CLIENT REPLY SKIP", "PING", "EXEC", "PING", "PING"],
    ["MULTI", "CLIENT REPLY OFF", "PING", "EXEC", "PING", "CLIENT REPLY ON", "PING"],
    ["CLIENT REPLY OFF", "MULTI", "PING", "CLIENT REPLY ON", "PING", "EXEC", "PING"],
    ["CLIENT REPLY SKIP", "MULTI", "PING", "CLIENT REPLY SKIP", "GET a", "DISCARD", "PING"],
    [
      "MULTI",
      "DEBUG ERROR x",
      "CONFIG SET maxmemory x",
      "CLIENT GETNAME",
      "CLIENT SETNAME x",
      "CLIENT GETNAME",
      "EXEC",
    ],
    ["SET a 1", "WATCH a", "FLUSHDB", "MULTI", "EXEC", "WATCH a", "FLUSHALL", "MULTI", "EXEC"],
    ["SET a 1", "WATCH a", "SWAPDB 0 1", "MULTI", "EXEC", "WATCH a", "SWAPDB 0 1", "MULTI", "EXEC"],
    ["WATCH a", "SWAPDB 0 1", "MULTI", "EXEC", "SET a 1", "WATCH a", "SELECT 1", "SET a 1", "MULTI", "EXEC"],
    ["SET a 1", "WATCH a b", "RENAME a b", "MULTI", "EXEC", "WATCH b", "MOVE b 1", "MULTI", "EXEC"],
    ["SET a 1", "WATCH a", "EXPIRE a 100", "MULTI", "EXEC", "WATCH a", "EXPIRE a -1", "MULTI", "EXEC"],
    ["SET a 1", "WATCH a", "GET a", "TOUCH a", "OBJECT FREQ a", "DEL b", "PERSIST a", "SETNX a 2", "MULTI", "EXEC"],
    ["WATCH a a b a", "DEL a b", "MULTI", "EXEC", "WATCH a a b a", "SET b 1", "MULTI", "EXEC"],
  ])("%s ...", { timeout: 20_000 }, async (...lines) => {
    const oracle = await RedisOracle.start();
    const requests = lines.map((line) => line.split(" "));
    const ours = requests.map((words) => client.send(...words)).join("");
    const theirs = await oracle.sendAll(requests);
    await oracle.stop();
    expect(ours).toBe(theirs);
  });
});
