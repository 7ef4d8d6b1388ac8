import { beforeEach, describe, expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { recordEvents } from "../string/testing/events.ts";

let running: TestServer;
let client: TestClient;
beforeEach(() => {
  running = createTestServer();
  client = running.connect();
});

function sorted(...words: (string | number)[]): (string | null)[] {
  const lines = client
    .send(...words)
    .split("\r\n")
    .slice(1, -1);
  const values: (string | null)[] = [];
  for (let at = 0; at < lines.length; at++) values.push(lines[at] === "$-1" ? null : lines[++at]);
  return values;
}

const FILLERS: Record<string, (members: string[]) => void> = {
  list: (members) => client.send("RPUSH", "k", ...members),
  set: (members) => client.send("SADD", "k", ...members),
  "sorted set": (members) => client.send("ZADD", "k", ...members.flatMap((member, index) => [index, member])),
};

describe.each(Object.entries(FILLERS))("a %s", (type, fill) => {
  test("is sorted as numbers, as texts, backwards, in part", () => {
    fill(["10", "9", "1.5", "-3", "2e1"]);
    expect(sorted("SORT", "k")).toEqual(["-3", "1.5", "9", "10", "2e1"]);
    expect(sorted("SORT_RO", "k", "DESC", "LIMIT", 1, 2)).toEqual(["10", "9"]);
    expect(sorted("SORT", "k", "ALPHA")).toEqual(["-3", "1.5", "10", "2e1", "9"]);
    expect(sorted("SORT", "k", "LIMIT", 9, 2)).toEqual([]);
  });

  test("is sorted by other keys and gives other keys", () => {
    fill(["a", "b", "c"]);
    client.send("MSET", "w_a", 3, "w_b", 1, "o_a", "A");
    client.send("HSET", "h_c", "f", "C");
    expect(sorted("SORT", "k", "BY", "w_*", "GET", "#", "GET", "o_*", "GET", "h_*->f")).toEqual([
      "c",
      null,
      "C",
      "b",
      null,
      null,
      "a",
      "A",
      null,
    ]);
  });

  test("keeps its order where nothing is sorted", () => {
    if (type === "set") return;
    fill(["c", "a", "b", "d"]);
    expect(sorted("SORT", "k", "BY", "nosort")).toEqual(["c", "a", "b", "d"]);
    expect(sorted("SORT", "k", "BY", "nosort", "DESC", "LIMIT", 1, 2)).toEqual(["b", "a"]);
  });

  test("is stored as a list", () => {
    fill(["3", "1", "2"]);
    const events = recordEvents(running.server);
    expect(client.send("SORT", "k", "STORE", "d")).toBe(":3\r\n");
    expect(events.take()).toEqual({ events: ["l sortstore d"], dirty: 3 });
    expect(sorted("LRANGE", "d", 0, -1)).toEqual(["1", "2", "3"]);
    expect(client.send("SORT", "none", "STORE", "d")).toBe(":0\r\n");
    expect(events.take()).toEqual({ events: ["g del d"], dirty: 1 });
    expect(client.send("SORT", "k", "STORE", "k")).toBe(":3\r\n");
    expect(client.send("TYPE", "k")).toBe("+list\r\n");
  });

  test("refuses elements that are no numbers", () => {
    fill(["x", "1"]);
    expect(client.send("SORT", "k")).toBe("-ERR One or more scores can't be converted into double\r\n");
    expect(client.send("SORT_RO", "k", "STORE", "d")).toBe("-ERR syntax error\r\n");
    expect(client.send("SORT", "k", "LIMIT", "x", 1)).toBe("-ERR value is not an integer or out of range\r\n");
  });
});

test("a stored list may begin with an element that has a node of its own", () => {
  const large = "z".repeat(9000);
  client.send("SADD", "k", large, "b", "a");
  expect(client.send("SORT", "k", "ALPHA", "DESC", "STORE", "d")).toBe(":3\r\n");
  expect(client.send("LPOP", "d")).toBe(`$9000\r\n${large}\r\n`);
  expect(client.send("LPOP", "d")).toBe("$1\r\nb\r\n");
  expect(client.send("RPOP", "d")).toBe("$1\r\na\r\n");
});
