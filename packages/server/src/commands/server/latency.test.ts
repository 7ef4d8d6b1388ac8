import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestServer } from "../../testing/test-client.ts";

/** A server whose commands take as long as `take` says. */
function slowServer(): TestServer & { take: (milliseconds: number) => void } {
  let now = 0;
  let step = 0;
  const testServer = createTestServer(
    { "latency-monitor-threshold": "10" },
    1,
    undefined,
    undefined,
    () => (now += step),
  );
  return { ...testServer, take: (milliseconds) => (step = milliseconds) };
}

test("events are kept by second, the longest of each", () => {
  const { connect, clock, take } = slowServer();
  const client = connect();
  for (const [seconds, milliseconds] of [
    [0, 20],
    [0, 30],
    [1, 15],
    [1, 9],
  ]) {
    clock.now += seconds * 1000;
    take(milliseconds);
    client.send("KEYS", "*");
  }
  take(0);
  expect(client.send("LATENCY", "HISTORY", "command")).toBe(
    "*2\r\n*2\r\n:1700000000\r\n:30\r\n*2\r\n:1700000001\r\n:15\r\n",
  );
  expect(client.send("LATENCY", "LATEST")).toBe("*1\r\n*4\r\n$7\r\ncommand\r\n:1700000001\r\n:15\r\n:30\r\n");
  expect(client.send("LATENCY", "DOCTOR")).toContain("command: 2 times (23 ms on average");
  expect(client.send("LATENCY", "RESET", "nosuch", "command")).toBe(":1\r\n");
  expect(client.send("LATENCY", "LATEST")).toBe("*0\r\n");
  expect(client.send("LATENCY", "DOCTOR")).toContain("All is well");
});

test("the graph is the one that redis-server draws", () => {
  const { connect, clock, take } = slowServer();
  const client = connect();
  for (const milliseconds of [10, 20, 30, 40, 50]) {
    take(milliseconds);
    client.send("KEYS", "*");
    clock.now += 1000;
  }
  take(0);
  expect(client.send("LATENCY", "GRAPH", "command").split("\r\n")[1]).toBe(
    `command - high 50 ms, low 10 ms (all time high 50 ms)\n${"-".repeat(80)}\n   _#\n  _||\n _|||\n_||||\n     \n54321\nsssss\n`,
  );
  expect(client.send("LATENCY", "GRAPH", "x")).toBe("-ERR No samples available for event 'x'\r\n");
});

test("histograms of all commands, of some, and of a container's", () => {
  const { connect } = createTestServer();
  const client = connect();
  client.sendRaw("SET a 1\r\nSET b 2\r\nCLIENT ID\r\nCLIENT INFO\r\n");
  expect(client.send("LATENCY", "HISTOGRAM", "SET", "nosuch", "get")).toMatch(
    /^\*2\r\n\$3\r\nset\r\n\*4\r\n\$5\r\ncalls\r\n:2\r\n\$14\r\nhistogram_usec\r\n\*\d+\r\n/,
  );
  expect(client.send("LATENCY", "HISTOGRAM", "client")).toMatch(/^\*4\r\n[^]*client\|id[^]*client\|info/);
  client.send("CONFIG", "RESETSTAT");
  expect(client.send("LATENCY", "HISTOGRAM")).toMatch(/^\*2\r\n\$16\r\nconfig\|resetstat\r\n/);
  client.send("CONFIG", "SET", "latency-tracking", "no");
  client.send("CONFIG", "RESETSTAT");
  client.send("SET", "a", 1);
  expect(client.send("LATENCY", "HISTOGRAM")).toBe("*0\r\n");
  expect(client.send("INFO", "latencystats")).toBe("$0\r\n\r\n");
});
