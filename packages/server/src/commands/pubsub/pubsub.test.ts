/** Channels between several sessions; what one connection sees of its own commands is compared in tests/diff. */
import { beforeEach, describe, expect, test } from "vitest";
import { bulk, bulks } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";

let running: TestServer;
let listener: TestClient;
let publisher: TestClient;

beforeEach(() => {
  running = createTestServer();
  listener = running.connect();
  publisher = running.connect();
});

const message = (mark: string, ...words: string[]): string => bulks(words, mark);

describe.each([
  [2, "*"],
  [3, ">"],
])("RESP%i", (protocol, mark) => {
  beforeEach(() => {
    listener.send("HELLO", protocol);
  });

  test("messages come by channel, then by pattern, and all deliveries count", () => {
    listener.send("SUBSCRIBE", "news", "other");
    listener.send("PSUBSCRIBE", "n*", "*s", "x*");
    expect(publisher.send("PUBLISH", "news", "hello")).toBe(":3\r\n");
    expect(listener.take()).toBe(
      message(mark, "message", "news", "hello") +
        message(mark, "pmessage", "n*", "news", "hello") +
        message(mark, "pmessage", "*s", "news", "hello"),
    );
    expect(publisher.send("PUBLISH", "silence", "hello")).toBe(":0\r\n");
    expect(listener.take()).toBe("");
  });

  test("shard channels are a world of their own", () => {
    listener.send("SSUBSCRIBE", "news");
    expect(publisher.send("PUBLISH", "news", "a")).toBe(":0\r\n");
    expect(publisher.send("SPUBLISH", "news", "b")).toBe(":1\r\n");
    expect(listener.take()).toBe(message(mark, "smessage", "news", "b"));
  });

  test("long and binary messages, and more than a log holds", () => {
    listener.send("SUBSCRIBE", "\0\xff");
    const long = "x\r\n".repeat(70_000);
    for (let count = 0; count < 5; count++) publisher.send("PUBLISH", "\0\xff", long + String(count));
    const expected = [0, 1, 2, 3, 4].map((count) => message(mark, "message", "\0\xff", long + String(count)));
    expect(listener.take() === expected.join("")).toBe(true);
  });
});

test("listeners with both protocols, and with other channels in between, get theirs in order", () => {
  const others = [2, 3, 3].map((protocol) => {
    const client = running.connect();
    client.send("HELLO", protocol);
    client.send("SUBSCRIBE", "a", "c");
    return client;
  });
  listener.send("SUBSCRIBE", "a", "b", "c");
  for (const channel of ["a", "a", "b", "c", "b", "a"]) publisher.send("PUBLISH", channel, channel);
  const expected = (mark: string, channels: string): string =>
    Array.from(channels, (channel) => message(mark, "message", channel, channel)).join("");
  expect(listener.take()).toBe(expected("*", "aabcba"));
  expect(others.map((client) => client.take())).toEqual(["*", ">", ">"].map((mark) => expected(mark, "aaca")));
});

test("messages and replies of a session stay in order", () => {
  listener.send("HELLO", 3);
  listener.send("SUBSCRIBE", "a");
  publisher.send("PUBLISH", "a", 1);
  expect(listener.send("PING")).toBe(`${message(">", "message", "a", "1")}+PONG\r\n`);
});

describe("who publishes to himself", () => {
  test("gets the reply first, then the message", () => {
    listener.send("HELLO", 3);
    listener.send("SUBSCRIBE", "a");
    expect(listener.sendRaw("PUBLISH a 1\r\nPING\r\nPUBLISH a 2\r\n")).toBe(
      `:1\r\n${message(">", "message", "a", "1")}+PONG\r\n:1\r\n${message(">", "message", "a", "2")}`,
    );
  });

  test("gets what a transaction published behind its replies", () => {
    listener.send("SUBSCRIBE", "b");
    listener.send("UNSUBSCRIBE");
    expect(listener.sendRaw("MULTI\r\nSUBSCRIBE a\r\nPUBLISH a 1\r\nPING\r\nEXEC\r\n")).toBe(
      "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n" +
        `*3\r\n${bulk("subscribe")}${bulk("a")}:1\r\n:1\r\n${message("*", "pong", "")}` +
        message("*", "message", "a", "1"),
    );
  });

  test("gets messages though his replies are off", () => {
    listener.send("HELLO", 3);
    listener.send("SUBSCRIBE", "a");
    expect(listener.sendRaw("CLIENT REPLY OFF\r\nPUBLISH a 1\r\nPING\r\n")).toBe(message(">", "message", "a", "1"));
  });
});

test("who leaves, in whatever way, is forgotten", () => {
  const { pubsub } = running.server;
  const clients = ["RESET", "QUIT", "UNSUBSCRIBE"].map((line) => {
    const client = running.connect();
    client.send("SUBSCRIBE", "a");
    return [client, line] as const;
  });
  listener.send("SUBSCRIBE", "a");
  listener.send("PSUBSCRIBE", "a*");
  listener.send("SSUBSCRIBE", "a");
  expect(publisher.send("PUBSUB", "NUMSUB", "a")).toBe("*2\r\n$1\r\na\r\n:4\r\n");
  for (const [client, line] of clients) client.send(line);
  running.server.closeSession(listener.session);
  expect([pubsub.channels.size, pubsub.patterns.size, pubsub.shardChannels.size]).toEqual([0, 0, 0]);
  expect(publisher.send("PUBLISH", "a", 1)).toBe(":0\r\n");
});

test("RESET lets all commands run again", () => {
  listener.send("SUBSCRIBE", "a");
  expect(listener.send("GET", "a")).toMatch(/^-ERR Can't execute 'get': only \(P\|S\)SUBSCRIBE/);
  expect(listener.send("RESET") + listener.send("GET", "a")).toBe("+RESET\r\n$-1\r\n");
});

test("going back to RESP2 restricts who still listens", () => {
  listener.send("HELLO", 3);
  listener.send("SUBSCRIBE", "a");
  expect(listener.send("GET", "a")).toBe("_\r\n");
  listener.send("HELLO", 2);
  expect(listener.send("GET", "a")).toMatch(/^-ERR Can't execute 'get'/);
});

test("CLIENT LIST, CLIENT KILL and INFO tell listeners from others", () => {
  listener.send("SUBSCRIBE", "a", "b");
  listener.send("PSUBSCRIBE", "c");
  listener.send("SSUBSCRIBE", "d", "e", "f");
  expect(publisher.send("CLIENT", "LIST", "TYPE", "pubsub")).toMatch(/ flags=P .* sub=2 psub=1 ssub=3 .*\n\r\n$/);
  expect(publisher.send("CLIENT", "LIST", "TYPE", "normal")).toMatch(/ flags=N .* sub=0 psub=0 ssub=0 /);
  expect(publisher.send("INFO", "stats")).toMatch(/pubsub_channels:2\r\npubsub_patterns:1\r\npubsubshard_channels:3/);
  expect(publisher.send("CLIENT", "KILL", "TYPE", "pubsub")).toBe(":1\r\n");
  expect(listener.transport.closed).toBe(true);
});

test("who does not read is closed at the limit for listeners, not at that for others", () => {
  running.server.configuration.assign("client-output-buffer-limit", [
    "normal",
    "100",
    "0",
    "0",
    "pubsub",
    "1000",
    "0",
    "0",
  ]);
  listener.send("SUBSCRIBE", "a");
  listener.transport.takesReplies = false;
  publisher.send("PUBLISH", "a", "x".repeat(500));
  listener.take();
  listener.session.repliesGrew();
  expect(listener.transport.closed).toBe(false);
  publisher.send("PUBLISH", "a", "x".repeat(500));
  listener.take();
  listener.session.repliesGrew();
  expect(listener.transport.closed).toBe(true);
  expect(publisher.send("PUBLISH", "a", 1)).toBe(":0\r\n");
});
