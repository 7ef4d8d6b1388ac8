import { expect, test } from "vitest";
import { seededRandom } from "@sider/keyspace-engine";
import { createTestServer } from "../testing/test-client.ts";
import type { TestServer } from "../testing/test-client.ts";

/** A server whose clock for durations goes on by a millisecond with each look at it. */
function countedServer(directives: Readonly<Record<string, string>> = {}): TestServer & { looks: () => number } {
  let looks = 0;
  const testServer = createTestServer(directives, 1, undefined, undefined, () => ++looks);
  return { ...testServer, looks: () => looks };
}

function spentMs({ server }: TestServer, name: string): number {
  return server.table.spentMs[server.table.numberOf(name)];
}

test("a run of short commands takes two looks at the clock, and its time is divided", () => {
  const testServer = countedServer();
  const client = testServer.connect();
  client.sendRaw("GET a\r\n".repeat(100));
  expect(testServer.looks()).toBe(2);
  expect(spentMs(testServer, "get")).toBe(1);
  const { table } = testServer.server;
  const histogram = table.histograms[table.numberOf("get")];
  expect(histogram?.total).toBe(100);
  expect(histogram?.percentile(50)).toBeLessThan(10_100);
});

test("different short commands share a run, and all of its time is theirs", () => {
  const testServer = countedServer();
  const client = testServer.connect();
  client.send("PING"); // the first of all runs is one in which each command is timed
  const before = testServer.looks();
  client.sendRaw("GET a\r\nINCR b\r\n".repeat(50));
  expect(testServer.looks() - before).toBe(2);
  expect(spentMs(testServer, "get") + spentMs(testServer, "incr")).toBeCloseTo(1, 9);
  expect(spentMs(testServer, "get")).toBeGreaterThan(0);
});

test("other commands are timed one by one, and what is refused or queued is not timed", () => {
  const testServer = countedServer();
  const client = testServer.connect();
  client.sendRaw("GET a\r\nKEYS x\r\nNOSUCH\r\nGET a\r\nMULTI\r\nGET a\r\nGET a\r\nEXEC\r\n");
  expect(spentMs(testServer, "keys")).toBe(1);
  const { calls, histograms } = testServer.server.table;
  const number = testServer.server.table.numberOf("get");
  expect(calls[number]).toBe(4);
  expect(histograms[number]?.total).toBe(4);
});

test("with a low limit each command is timed, and noted", () => {
  const testServer = countedServer({ "slowlog-log-slower-than": "0" });
  const client = testServer.connect();
  client.sendRaw("GET a\r\nGET b\r\nMULTI\r\nGET c\r\nEXEC\r\n");
  expect(testServer.server.observation.slowLog.latest(-1).map(({ words }) => words.join(" "))).toEqual([
    "GET c",
    "MULTI",
    "GET b",
    "GET a",
  ]);
});

test("a slow run is noted under its command with the longest arguments", () => {
  const testServer = countedServer({ "slowlog-log-slower-than": "1000" });
  const client = testServer.connect();
  client.sendRaw("GET a\r\nGET longest\r\nGET b\r\n");
  expect(testServer.server.observation.slowLog.latest(-1)).toMatchObject([
    { microseconds: 1000, words: ["GET", "longest"] },
  ]);
});

test("a command that waits is counted once, when it ends", () => {
  const testServer = countedServer();
  const waiting = testServer.connect();
  const other = testServer.connect();
  const number = testServer.server.table.numberOf("blpop");
  waiting.send("BLPOP", "list", "0");
  expect(testServer.server.table.calls[number]).toBe(0);
  other.send("RPUSH", "list", "a");
  expect(testServer.server.table.calls[number]).toBe(1);
  expect(spentMs(testServer, "blpop")).toBe(2);
});

test("whatever is sent, each executed call is in a histogram", () => {
  const testServer = createTestServer();
  const client = testServer.connect();
  const random = seededRandom(7);
  const commands = [
    "GET a",
    "SET a 1",
    "INCR n",
    "KEYS *",
    "NOSUCH",
    "GET",
    "MULTI",
    "EXEC",
    "CLIENT ID",
    "MSET a 1 b 2",
    "DISCARD",
  ];
  for (let chunk = 0; chunk < 200; chunk++) {
    const count = 1 + random(40);
    client.sendRaw(Array.from({ length: count }, () => `${commands[random(commands.length)]}\r\n`).join(""));
  }
  const { table } = testServer.server;
  table.commands.forEach((command, at) => {
    expect([command.fullName, table.histograms[at]?.total ?? 0]).toEqual([command.fullName, table.calls[at]]);
  });
});
