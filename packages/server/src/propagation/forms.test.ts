/** The words in which commands are propagated that depend on time, chance or waiting. */
import { beforeEach, expect, test } from "vitest";
import { CollectingFeed } from "../testing/collecting-feed.ts";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient, TestServer } from "../testing/test-client.ts";
import { addFeed, ANY_DATABASE } from "./index.ts";

let running: TestServer;
let client: TestClient;
let feed: CollectingFeed;

beforeEach(() => {
  running = createTestServer({ "stream-node-max-entries": "2", "enable-debug-command": "yes" });
  client = running.connect();
  feed = new CollectingFeed();
  addFeed(running.server, feed);
});

const NOW = 1_700_000_000_000;

/** Commands to begin with, the command, and what is propagated of it. */
const FORMS: readonly (readonly [string, string, readonly string[]])[] = [
  ["", "set a 1 ex 10", [`SET a 1 PXAT ${String(NOW + 10_000)}`]],
  ["", "set a 1 nx pxat 1800000000000", ["SET a 1 PXAT 1800000000000"]],
  ["set a 0", "set a 1 GET keepttl get", ["set a 1 keepttl"]],
  ["", "setex a 10 v", [`SET a v PXAT ${String(NOW + 10_000)}`]],
  ["", "psetex a 10 v", [`SET a v PXAT ${String(NOW + 10)}`]],
  ["set a 1", "getex a", []],
  ["set a 1", "getex a px 7", [`PEXPIREAT a ${String(NOW + 7)}`]],
  ["set a 1", "getex a exat 1", ["DEL a"]],
  ["set a 1 ex 9", "getex a persist", ["PERSIST a"]],
  ["set a 1", "getdel a", ["DEL a"]],
  ["set a 1", "getset a 2", ["SET a 2"]],
  ["set a 1", "incrbyfloat a 0.5", ["SET a 1.5 KEEPTTL"]],
  ["hset h f 1", "hincrbyfloat h f 0.5", ["HSET h f 1.5"]],
  ["set a 1", "expire a 10", [`PEXPIREAT a ${String(NOW + 10_000)}`]],
  ["set a 1", "expireat a 1800000000 NX", ["PEXPIREAT a 1800000000000 NX"]],
  ["set a 1", "pexpireat a 1800000000000", ["pexpireat a 1800000000000"]],
  ["set a 1", "expire a -1", ["DEL a"]],
  ["set a 1", "expire a 10 xx", []],
  ["sadd s a", "spop s", ["SREM s a"]],
  ["sadd s a", "spop s 3", ["DEL s"]],
  ["rpush l a b c", "lmpop 2 none l right count 2", ["RPOP l 2"]],
  ["rpush l a b c", "blpop none l 0", ["LPOP l"]],
  ["rpush l a b c", "brpop l 0", ["RPOP l"]],
  ["rpush l a b c", "blmpop 0 1 l left count 9", ["LPOP l 3"]],
  ["rpush l a", "blmove l m left right 0", ["LMOVE l m left right"]],
  ["rpush l a", "brpoplpush l m 0", ["RPOPLPUSH l m"]],
  ["zadd z 1 a 2 b", "zmpop 1 z max count 5", ["ZPOPMAX z 2"]],
  ["zadd z 1 a 2 b", "bzmpop 0 1 z min", ["ZPOPMIN z 1"]],
  ["zadd z 1 a 2 b", "bzpopmax none z 0", ["ZPOPMAX z"]],
  ["", "geoadd g CH 13.361389 38.115556 p", ["zadd g CH 3479099956230698 p"]],
  ["", "xadd x * f v", [`xadd x ${String(NOW)}-0 f v`]],
  ["", "xadd x 7-* f v", ["xadd x 7-0 f v"]],
  ["xadd x 1 f v,xadd x 2 f v,xadd x 3 f v", "xadd x maxlen ~ 1 limit 2 4 f v", ["xadd x maxlen = 2 limit 2 4 f v"]],
  ["xadd x 1 f v,xadd x 2 f v,xadd x 3 f v", "xtrim x minid ~ 3", ["xtrim x minid = 3-0"]],
  ["xadd x 1 f v,xadd x 2 f v", "xtrim x maxlen ~ 0", ["xtrim x maxlen = 0"]],
  [
    "xadd x 1 f v,xadd x 2 f v,xgroup create x g 0",
    "xreadgroup group g c streams x >",
    [
      "MULTI",
      `XCLAIM x g c 0 1-0 TIME ${String(NOW)} RETRYCOUNT 1 FORCE JUSTID LASTID 1-0`,
      `XCLAIM x g c 0 2-0 TIME ${String(NOW)} RETRYCOUNT 1 FORCE JUSTID LASTID 2-0`,
      "XGROUP SETID x g 2-0 ENTRIESREAD 2",
      "EXEC",
    ],
  ],
  [
    "xadd x 1 f v,xgroup create x g 0",
    "xreadgroup group g c noack streams x >",
    ["MULTI", "XGROUP CREATECONSUMER x g c", "XGROUP SETID x g 1-0 ENTRIESREAD 1", "EXEC"],
  ],
  ["xgroup create x g 0 mkstream", "xreadgroup group g c streams x >", ["XGROUP CREATECONSUMER x g c"]],
  ["xgroup create x g 0 mkstream", "xclaim x g c 0 1", ["XGROUP CREATECONSUMER x g c"]],
  [
    "xadd x 1 f v,xgroup create x g 0",
    "xclaim x g c 0 9 lastid 5",
    ["MULTI", "XGROUP CREATECONSUMER x g c", "XGROUP SETID x g 5-0 ENTRIESREAD -1", "EXEC"],
  ],
  [
    "xadd x 1 f v,xgroup create x g 0,xreadgroup group g c streams x >",
    "xautoclaim x g d 0 0",
    [`XCLAIM x g d 0 1-0 TIME ${String(NOW)} RETRYCOUNT 2 FORCE JUSTID LASTID 1-0`],
  ],
  [
    "xadd x 1 f v,xgroup create x g 0,xreadgroup group g c streams x >,xdel x 1",
    "xclaim x g c 0 1",
    [`XCLAIM x g c 0 1 TIME ${String(NOW)} RETRYCOUNT 1 FORCE JUSTID LASTID 1-0`],
  ],
  ["", "flushall async", ["flushall async"]],
  ["", "flushdb", ["flushdb"]],
  ["", "swapdb 0 1", ["swapdb 0 1"]],
  ["pfadd p a b", "pfcount p", ["pfcount p"]],
  ["pfadd p a b,pfcount p", "pfcount p", []],
  ["set a 1", "rename a a", []],
  ["set a 1", "debug populate 3", []],
  ["set a 1", "config set lazyfree-lazy-expire yes", []],
];

test.each(FORMS)("%s; %s", (before, command, expected) => {
  for (const line of before.split(",").filter((text) => text !== "")) client.send(...line.split(" "));
  feed.take();
  const reply = client.send(...command.split(" "));
  expect(feed.take(), reply).toEqual(expected);
});

test.each(FORMS)("%s; %s, with directives of lazy deletion", (before, command, expected) => {
  for (const name of ["expire", "user-del", "server-del"]) client.send("CONFIG", "SET", `lazyfree-lazy-${name}`, "yes");
  for (const line of before.split(",").filter((text) => text !== "")) client.send(...line.split(" "));
  feed.take();
  client.send(...command.split(" "));
  expect(feed.take()).toEqual(expected.map((line) => line.replace(/^DEL /, "UNLINK ")));
});

test("RESTORE gets a date", () => {
  client.send("SET", "a", "value");
  const dump = client.send("DUMP", "a");
  const payload = dump.slice(dump.indexOf("\r\n") + 2, -2);
  feed.take();
  client.send("restore", "b", 10, payload, "replace");
  client.send("restore", "c", 0, payload);
  client.send("restore", "d", NOW + 1, payload, "ABSTTL");
  expect(feed.take()).toEqual([
    `restore b ${String(NOW + 10)} ${payload} replace ABSTTL`,
    `restore c 0 ${payload}`,
    `restore d ${String(NOW + 1)} ${payload} ABSTTL`,
  ]);
  client.send("restore", "b", 1, payload, "replace", "absttl");
  expect(feed.take()).toEqual(["DEL b"]);
});

test("what SPOP takes is removed in commands of up to 1024 members", () => {
  const members = Array.from({ length: 3000 }, (_, index) => index);
  client.send("SADD", "s", ...members);
  for (const [count, sizes] of [
    [1500, [1024, 476]],
    [1450, [1024, 426]],
    [7, [7]],
  ] as const) {
    feed.take();
    const reply = client
      .send("SPOP", "s", count)
      .split("\r\n")
      .slice(2)
      .filter((_, index) => index % 2 === 0);
    const commands = feed.commands.filter(([name]) => name === "SREM");
    expect(commands.map((words) => words.length - 2)).toEqual(sizes);
    expect(commands.flatMap((words) => words.slice(2))).toEqual(reply.slice(0, count));
  }
});

test("a command that waited is propagated as its effect, behind the push that served it", () => {
  const waiting = running.connect();
  for (const [command, push, expected] of [
    ["blpop l 0", "rpush l a b", ["rpush l a b", "LPOP l"]],
    ["blmove k m left right 0", "rpush k a", ["rpush k a", "LMOVE k m left right"]],
    ["bzpopmin z 0", "zadd z 1 a", ["zadd z 1 a", "ZPOPMIN z"]],
    ["blmpop 0 1 n left count 5", "lpush n a b", ["lpush n a b", "LPOP n 2"]],
  ] as const) {
    waiting.send(...command.split(" "));
    expect(feed.take()).toEqual([]);
    client.send(...push.split(" "));
    expect(feed.take()).toEqual(expected);
  }
});

test("a transaction is whole: its commands between MULTI and EXEC, then whom it served", () => {
  const waiting = running.connect();
  waiting.send("BLPOP", "l", 0);
  client.send("MULTI");
  for (const command of ["rpush l a b", "get none", "select 1", "incrbyfloat n 1.5", "lpush n 1"])
    client.send(...command.split(" "));
  client.send("EXEC");
  expect(feed.databases).toEqual([ANY_DATABASE, 0, 1, 1, 0]);
  expect(feed.take()).toEqual(["MULTI", "rpush l a b", "SET n 1.5 KEEPTTL", "EXEC", "LPOP l"]);
  client.send("MULTI");
  client.send("SET", "a", 1);
  client.send("EXEC");
  expect(feed.take()).toEqual(["SET a 1"]);
});

test("keys that expire by themselves go one by one", () => {
  client.send("MSET", "a", 1, "b", 2);
  client.send("PEXPIREAT", "a", NOW + 10);
  feed.take();
  running.clock.now += 11;
  client.send("MULTI");
  client.send("GET", "a");
  client.send("DEL", "b");
  client.send("EXEC");
  expect(feed.take()).toEqual(["MULTI", "DEL a", "DEL b", "EXEC"]);
});
