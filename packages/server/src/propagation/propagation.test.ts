import { expect, test } from "vitest";
import { CollectingFeed } from "../testing/collecting-feed.ts";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient, TestServer } from "../testing/test-client.ts";
import { addFeed, removeFeed } from "./index.ts";

interface Subject extends TestServer {
  readonly client: TestClient;
  readonly feed: CollectingFeed;
}

function subject(directives: Readonly<Record<string, string>> = {}): Subject {
  const testServer = createTestServer(directives);
  const feed = new CollectingFeed();
  addFeed(testServer.server, feed);
  return { ...testServer, client: testServer.connect(), feed };
}

test("commands that change something are propagated word by word; others are not", () => {
  const { client, feed } = subject();
  client.send("SET", "a", "x".repeat(2000));
  client.send("GET", "a");
  client.send("DEL", "nothing");
  client.send("LPUSH", "a", "x");
  client.send("append", "a", "");
  client.sendRaw("sadd s  m\r\n");
  expect(feed.take()).toEqual([`SET a ${"x".repeat(2000)}`, "append a ", "sadd s m"]);
});

test("words of any bytes and length arrive whole", () => {
  const { client, feed } = subject();
  const words = [9, 10, 99, 100, 101, 999, 1000, 70_000, 1_100_000].map((length) =>
    "\r\n\0\xff$".repeat(length).slice(0, length),
  );
  for (const word of words) client.send("SET", "", word);
  client.send("RPUSH", "l", ...words);
  expect(feed.commands).toEqual([...words.map((word) => ["SET", "", word]), ["RPUSH", "l", ...words]]);
});

test("inline requests are propagated as others", () => {
  const { client, feed } = subject();
  client.sendRaw(
    'set a      b\r\nset      "a"      "b\\n"\r\n*3\r\n$3\r\nset\r\n$1\r\na\r\n$3\r\n\r\n$\r\nflushall\r\n',
  );
  expect(feed.commands).toEqual([["set", "a", "b"], ["set", "a", "b\n"], ["set", "a", "\r\n$"], ["flushall"]]);
});

test("the feed is told the database of each command", () => {
  const { client, feed } = subject();
  client.send("SET", "a", 1);
  client.send("SELECT", 3);
  client.send("SET", "b", 1);
  expect(feed.databases).toEqual([0, 3]);
  expect(feed.take()).toEqual(["SET a 1", "SET b 1"]);
});

test("a key that a command finds expired is deleted before it, in one transaction", () => {
  const { client, feed, clock } = subject();
  client.send("MSET", "a", 1, "b", 2);
  client.send("PEXPIREAT", "a", clock.now + 10);
  client.send("PEXPIREAT", "b", clock.now + 10);
  feed.take();
  clock.now += 11;
  client.send("GET", "a");
  expect(feed.take()).toEqual(["DEL a"]);
  client.send("SET", "b", 3);
  expect(feed.take()).toEqual(["MULTI", "DEL b", "SET b 3", "EXEC"]);
});

test("keys that expire with lazyfree-lazy-expire are unlinked; commands that touch any keys make no transaction", () => {
  const { client, feed, clock } = subject({ "lazyfree-lazy-expire": "yes" });
  client.send("MSET", "a", 1, "b", 2);
  client.send("PEXPIREAT", "a", clock.now + 10);
  client.send("PEXPIREAT", "b", clock.now + 10);
  feed.take();
  clock.now += 11;
  client.send("SCAN", 0);
  expect(feed.take().sort()).toEqual(["UNLINK a", "UNLINK b"]);
});

test("all feeds are told, until they are removed; nobody listens any more after the last", () => {
  const { client, feed, server } = subject();
  const other = new CollectingFeed();
  addFeed(server, other);
  client.send("SET", "a", 1);
  removeFeed(server, feed);
  client.send("SET", "b", 1);
  expect([feed.take(), other.take()]).toEqual([["SET a 1"], ["SET a 1", "SET b 1"]]);
  removeFeed(server, other);
  expect(server.propagation).toBeNull();
  client.send("SET", "c", 1);
  expect(other.take()).toEqual([]);
});
