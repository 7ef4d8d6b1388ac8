import { beforeEach, describe, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { recordEvents } from "../string/testing/events.ts";

const LARGE = "x".repeat(5000);

let running: TestServer;
let client: TestClient;

function array(...texts: string[]): string {
  return `*${String(texts.length)}\r\n${texts.map(bulk).join("")}`;
}

function elements(key = "a"): string {
  return client.send("LRANGE", key, 0, -1);
}

function encoding(): string {
  return client.send("OBJECT", "ENCODING", "a");
}

describe.each([
  ["listpack", "-2", "0", "1"],
  ["quicklist", "-1", "0", LARGE],
  ["quicklist", "2", "0", "1"],
  ["quicklist", "1", "1", "y".repeat(100)],
])("%s, list-max-listpack-size %s, list-compress-depth %s", (name, size, depth, one) => {
  const all = [one, "b", "-5", "", "b", `${one}z`];

  beforeEach(() => {
    running = createTestServer();
    client = running.connect();
    client.send("CONFIG", "SET", "list-max-listpack-size", size, "list-compress-depth", depth);
    client.send("RPUSH", "a", ...all);
  });

  test("has its encoding, its length and its elements", () => {
    expect(encoding()).toBe(bulk(name));
    expect(client.send("LLEN", "a")).toBe(":6\r\n");
    expect(elements()).toBe(array(...all));
    expect(client.send("LRANGE", "a", 1, -2)).toBe(array(...all.slice(1, -1)));
    for (const [index, text] of all.entries()) {
      expect(client.send("LINDEX", "a", index)).toBe(bulk(text));
      expect(client.send("LINDEX", "a", index - 6)).toBe(bulk(text));
    }
    expect(client.send("LINDEX", "a", 6)).toBe("$-1\r\n");
  });

  test("is pushed and popped at both ends", () => {
    const recorded = recordEvents(running.server);
    expect(client.send("LPUSH", "a", "p", "q")).toBe(":8\r\n");
    expect(recorded.take()).toEqual({ events: ["l lpush a"], dirty: 2 });
    expect(client.send("LPOP", "a")).toBe(bulk("q"));
    expect(client.send("RPOP", "a", 2)).toBe(array(`${one}z`, "b"));
    expect(recorded.take()).toEqual({ events: ["l lpop a", "l rpop a"], dirty: 3 });
    expect(client.send("LPOP", "a", 99)).toBe(array("p", one, "b", "-5", ""));
    expect(recorded.take()).toEqual({ events: ["l lpop a", "g del a"], dirty: 5 });
    expect(client.send("EXISTS", "a")).toBe(":0\r\n");
  });

  test("is changed in its midst", () => {
    const recorded = recordEvents(running.server);
    expect(client.send("LINSERT", "a", "BEFORE", "b", "new")).toBe(":7\r\n");
    expect(client.send("LINSERT", "a", "AFTER", "-5", "17")).toBe(":8\r\n");
    expect(client.send("LINSERT", "a", "AFTER", "none", "17")).toBe(":-1\r\n");
    expect(client.send("LSET", "a", -1, "last")).toBe("+OK\r\n");
    expect(elements()).toBe(array(one, "new", "b", "-5", "17", "", "b", "last"));
    expect(recorded.take()).toEqual({ events: ["l linsert a", "l linsert a", "l lset a"], dirty: 3 });
    expect(client.send("LREM", "a", -1, "b")).toBe(":1\r\n");
    expect(elements()).toBe(array(one, "new", "b", "-5", "17", "", "last"));
    expect(client.send("LTRIM", "a", 1, -2)).toBe("+OK\r\n");
    expect(elements()).toBe(array("new", "b", "-5", "17", ""));
    expect(recorded.take()).toEqual({ events: ["l lrem a", "l ltrim a"], dirty: 3 });
  });

  test("is searched", () => {
    expect(client.send("LPOS", "a", "b")).toBe(":1\r\n");
    expect(client.send("LPOS", "a", "b", "RANK", -1)).toBe(":4\r\n");
    expect(client.send("LPOS", "a", "b", "COUNT", 0)).toBe("*2\r\n:1\r\n:4\r\n");
    expect(client.send("LPOS", "a", "b", "RANK", 2, "MAXLEN", 3)).toBe("$-1\r\n");
    expect(client.send("LPOS", "a", "b", "RANK", "-9223372036854775808")).toMatch(/^-ERR value is out of range, /);
  });

  test("gives elements to another list, and to itself", () => {
    const recorded = recordEvents(running.server);
    expect(client.send("LMOVE", "a", "c", "LEFT", "RIGHT")).toBe(bulk(one));
    expect(recorded.take()).toEqual({ events: ["l rpush c", "l lpop a"], dirty: 1 });
    expect(elements("c")).toBe(array(one));
    expect(client.send("RPOPLPUSH", "a", "a")).toBe(bulk(`${one}z`));
    expect(elements()).toBe(array(`${one}z`, "b", "-5", "", "b"));
    expect(client.send("LMPOP", 2, "none", "a", "RIGHT", "COUNT", 2)).toBe(`*2\r\n${bulk("a")}${array("b", "")}`);
  });

  test("is copied", () => {
    expect(client.send("COPY", "a", "c")).toBe(":1\r\n");
    client.send("DEL", "a");
    expect(elements("c")).toBe(array(...all));
  });
});

describe("encodings", () => {
  beforeEach(() => {
    running = createTestServer();
    client = running.connect();
    client.send("CONFIG", "SET", "list-max-listpack-size", 4);
  });

  test("a list grows out of listpack at the limit, and comes back at half of it", () => {
    client.send("RPUSH", "a", 1, 2, 3, 4);
    expect(encoding()).toBe(bulk("listpack"));
    client.send("RPUSH", "a", 5);
    expect(encoding()).toBe(bulk("quicklist"));
    client.send("LPOP", "a", 2);
    expect(encoding()).toBe(bulk("quicklist"));
    client.send("RPOP", "a"); // the second node goes
    expect(encoding()).toBe(bulk("listpack"));
    expect(elements()).toBe(array("3", "4"));
  });

  test("a text beyond the size limit makes a quicklist, a short one in its place a listpack", () => {
    client.send("CONFIG", "SET", "list-max-listpack-size", -1);
    client.send("RPUSH", "a", "1");
    client.send("LSET", "a", 0, LARGE);
    expect(encoding()).toBe(bulk("quicklist"));
    client.send("LSET", "a", 0, "1");
    expect(encoding()).toBe(bulk("listpack"));
    expect(client.send("LINSERT", "a", "BEFORE", "none", LARGE)).toBe(":-1\r\n");
    expect(encoding()).toBe(bulk("quicklist"));
  });
});
