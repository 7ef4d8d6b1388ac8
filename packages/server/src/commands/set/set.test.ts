import { beforeEach, describe, expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { recordEvents } from "../string/testing/events.ts";

const WRONG = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
const SYNTAX = "-ERR syntax error\r\n";

let running: TestServer;
let client: TestClient;

beforeEach(() => {
  running = createTestServer();
  client = running.connect();
});

/** Members of a reply that is an array or a set, sorted. */
function membersOf(reply: string): string[] {
  const lines = reply.split("\r\n");
  expect(lines[0]).toMatch(/^[*~]/);
  const members = lines.slice(1, -1).filter((_, index) => index % 2 === 1);
  expect(members.length).toBe(Number(lines[0].slice(1)));
  return members.sort();
}

function encodingOf(key: string): string {
  return client.send("OBJECT", "ENCODING", key).split("\r\n")[1];
}

function numbers(from: number, to: number, prefix = ""): string[] {
  return Array.from({ length: to - from }, (_, index) => `${prefix}${String(from + index)}`);
}

/** For each encoding how the members of a small set are called there, and what makes it have that encoding. */
const ENCODINGS: Record<string, { name: (number: number) => string; others: string[] }> = {
  intset: { name: String, others: [] },
  listpack: { name: (number) => (number % 2 === 0 ? String(number) : `m${String(number)}`), others: ["x"] },
  hashtable: { name: (number) => `m${String(number)}`, others: ["x".repeat(65)] },
};

describe.each(Object.entries(ENCODINGS))("in a set that is a %s", (encoding, { name, others }) => {
  const [a, b, c, d] = [2, 3, 4, 5].map(name);

  beforeEach(() => {
    client.send("SADD", "s", a, b, c, ...others);
    client.send("SADD", "t", c, d, ...others);
    expect(encodingOf("s")).toBe(encoding);
  });

  test("members come once, are found, and go", () => {
    expect(client.send("SADD", "s", a, d, d)).toBe(":1\r\n");
    expect(client.send("SCARD", "s")).toBe(`:${String(4 + others.length)}\r\n`);
    expect(client.send("SISMEMBER", "s", d)).toBe(":1\r\n");
    expect(client.send("SMISMEMBER", "s", d, "none", "123456", a)).toBe("*4\r\n:1\r\n:0\r\n:0\r\n:1\r\n");
    expect(membersOf(client.send("SMEMBERS", "s"))).toEqual([a, b, c, d, ...others].sort());
    expect(client.send("SREM", "s", a, "none", b)).toBe(":2\r\n");
    expect(membersOf(client.send("SMEMBERS", "s"))).toEqual([c, d, ...others].sort());
    expect(client.send("SREM", "s", c, d, ...others, "after")).toBe(`:${String(2 + others.length)}\r\n`);
    expect(client.send("EXISTS", "s")).toBe(":0\r\n");
  });

  test("SMOVE moves, also to a set that is not there or has the member", () => {
    expect(client.send("SMOVE", "s", "t", a)).toBe(":1\r\n");
    expect(client.send("SMOVE", "s", "t", c)).toBe(":1\r\n");
    expect(client.send("SMOVE", "s", "t", "none")).toBe(":0\r\n");
    expect(client.send("SMOVE", "s", "new", b)).toBe(":1\r\n");
    expect(client.send("SMOVE", "new", "new", b)).toBe(":1\r\n");
    expect(membersOf(client.send("SMEMBERS", "s"))).toEqual(others);
    expect(membersOf(client.send("SMEMBERS", "t"))).toEqual([a, c, d, ...others].sort());
    expect(client.send("SMOVE", "new", "s", b)).toBe(":1\r\n");
    expect(client.send("EXISTS", "new")).toBe(":0\r\n");
  });

  test("SINTER, SUNION and SDIFF", () => {
    expect(membersOf(client.send("SINTER", "s", "t"))).toEqual([c, ...others].sort());
    expect(membersOf(client.send("SINTER", "s", "t", "none"))).toEqual([]);
    expect(membersOf(client.send("SUNION", "s", "none", "t"))).toEqual([a, b, c, d, ...others].sort());
    expect(membersOf(client.send("SDIFF", "s", "t", "none"))).toEqual([a, b].sort());
    expect(membersOf(client.send("SDIFF", "s", "s"))).toEqual([]);
    expect(membersOf(client.send("SDIFF", "none", "s"))).toEqual([]);
    expect(client.send("SINTERCARD", 2, "s", "t")).toBe(`:${String(1 + others.length)}\r\n`);
    expect(client.send("SINTERCARD", 2, "s", "s", "LIMIT", 2)).toBe(":2\r\n");
  });

  test("SDIFF removes where that is less work", () => {
    for (const key of ["e1", "e2", "e3", "e4"]) client.send("SADD", key, a);
    expect(membersOf(client.send("SDIFF", "s", "e1", "e2", "e3", "e4"))).toEqual([b, c, ...others].sort());
  });

  test("what is stored replaces the destination, which may be a source", () => {
    expect(client.send("SINTERSTORE", "s", "s", "t")).toBe(`:${String(1 + others.length)}\r\n`);
    expect(membersOf(client.send("SMEMBERS", "s"))).toEqual([c, ...others].sort());
    client.send("SET", "u", "text", "EX", 100);
    expect(client.send("SUNIONSTORE", "u", "s", "t")).toBe(`:${String(2 + others.length)}\r\n`);
    expect(client.send("TTL", "u")).toBe(":-1\r\n");
    expect(client.send("SDIFFSTORE", "u", "t", "s")).toBe(":1\r\n");
    expect(membersOf(client.send("SMEMBERS", "u"))).toEqual([d]);
    expect(client.send("SDIFFSTORE", "u", "s", "s")).toBe(":0\r\n");
    expect(client.send("EXISTS", "u")).toBe(":0\r\n");
  });

  test("SPOP takes each member once", () => {
    const all = membersOf(client.send("SMEMBERS", "s"));
    const popped = all.map(() => client.send("SPOP", "s").split("\r\n")[1]);
    expect(popped.sort()).toEqual(all);
    expect(client.send("EXISTS", "s")).toBe(":0\r\n");
    expect(client.send("SPOP", "s")).toBe("$-1\r\n");
  });

  test.each([0, 1, 2, 30, 57, 60, 100])("SPOP %i of 60", (count) => {
    client.send("DEL", "s");
    const all = [...numbers(0, 60).map((number) => name(Number(number))), ...others].slice(-60).sort();
    client.send("SADD", "s", ...all);
    const popped = membersOf(client.send("SPOP", "s", count));
    expect(popped.length).toBe(Math.min(60, count));
    const left = client.send("EXISTS", "s") === ":0\r\n" ? [] : membersOf(client.send("SMEMBERS", "s"));
    expect([...popped, ...left].sort()).toEqual(all);
  });

  test("SRANDMEMBER: one, different ones, or any", () => {
    const all = membersOf(client.send("SMEMBERS", "s"));
    expect(all).toContain(client.send("SRANDMEMBER", "s").split("\r\n")[1]);
    for (const count of [1, 2, 3]) {
      const drawn = membersOf(client.send("SRANDMEMBER", "s", count));
      expect(new Set(drawn).size).toBe(Math.min(count, all.length));
      for (const member of drawn) expect(all).toContain(member);
    }
    expect(membersOf(client.send("SRANDMEMBER", "s", 100))).toEqual(all);
    const many = membersOf(client.send("SRANDMEMBER", "s", -200));
    expect([...new Set(many)]).toEqual(all);
    expect(client.send("SRANDMEMBER", "s", 0)).toBe("*0\r\n");
  });

  test("SSCAN gives all", () => {
    const reply = client.send("SSCAN", "s", 0);
    expect(reply.startsWith("*2\r\n$1\r\n0\r\n")).toBe(true);
    expect(membersOf(reply.slice(11))).toEqual(membersOf(client.send("SMEMBERS", "s")));
    expect(membersOf(client.send("SSCAN", "s", 0, "MATCH", b, "COUNT", 100).slice(11))).toEqual([b]);
  });

  test("COPY makes a set of its own", () => {
    const all = membersOf(client.send("SMEMBERS", "s"));
    expect(client.send("COPY", "s", "copy")).toBe(":1\r\n");
    client.send("SREM", "s", a);
    expect(encodingOf("copy")).toBe(encoding);
    expect(membersOf(client.send("SMEMBERS", "copy"))).toEqual(all);
  });
});

describe("encodings", () => {
  test("an intset becomes a listpack, or a hashtable where it is too large for one", () => {
    client.send("SADD", "s", ...numbers(0, 127));
    client.send("SADD", "s", "x");
    expect(encodingOf("s")).toBe("listpack");
    client.send("SADD", "t", ...numbers(0, 128));
    client.send("SADD", "t", "x");
    expect(encodingOf("t")).toBe("hashtable");
    client.send("SADD", "u", 1);
    client.send("SADD", "u", "x".repeat(65));
    expect(encodingOf("u")).toBe("hashtable");
  });

  test("an intset of more than 512 becomes a hashtable", () => {
    for (const number of numbers(0, 512)) client.send("SADD", "s", number);
    expect(encodingOf("s")).toBe("intset");
    client.send("SADD", "s", 512);
    expect(encodingOf("s")).toBe("hashtable");
    expect(client.send("SCARD", "s")).toBe(":513\r\n");
    client.send("SREM", "s", ...numbers(1, 513));
    expect(encodingOf("s")).toBe("hashtable");
  });

  test("a listpack of more than 128, or with a long member, becomes a hashtable", () => {
    for (const member of numbers(0, 128, "m")) client.send("SADD", "s", member);
    expect(encodingOf("s")).toBe("listpack");
    client.send("SADD", "s", 128);
    expect(encodingOf("s")).toBe("hashtable");
    client.send("SADD", "t", "x".repeat(64));
    expect(encodingOf("t")).toBe("listpack");
    client.send("SADD", "t", "x".repeat(65));
    expect(encodingOf("t")).toBe("hashtable");
  });

  test("more arguments than an encoding may hold are a hashtable at once, whatever they are", () => {
    client.send("SADD", "s", ...Array.from({ length: 129 }, () => "x"));
    expect(encodingOf("s")).toBe("hashtable");
    client.send("SADD", "t", 1);
    client.send("SADD", "t", ...Array.from({ length: 513 }, () => "1"));
    expect(encodingOf("t")).toBe("hashtable");
  });

  test("limits follow their configuration", () => {
    client.send(
      "CONFIG",
      "SET",
      "set-max-intset-entries",
      2,
      "set-max-listpack-entries",
      3,
      "set-max-listpack-value",
      4,
    );
    client.send("SADD", "s", 1, 2);
    client.send("SADD", "s", "x");
    expect(encodingOf("s")).toBe("listpack");
    client.send("SADD", "s", "y");
    expect(encodingOf("s")).toBe("hashtable");
    client.send("SADD", "t", 12345, 1);
    client.send("SADD", "t", "x");
    expect(encodingOf("t")).toBe("hashtable");
  });

  test("what SINTERSTORE stores is an intset if it can be one", () => {
    client.send("SADD", "a", ...numbers(0, 200), "x");
    client.send("SADD", "b", ...numbers(0, 150), "y");
    client.send("SINTERSTORE", "c", "a", "b");
    expect(encodingOf("c")).toBe("intset");
    client.send("SADD", "a", "y");
    client.send("SREM", "a", ...numbers(50, 200));
    client.send("SINTERSTORE", "c", "a", "b");
    expect(encodingOf("c")).toBe("listpack");
  });

  test("few that stay after SPOP are a listpack again", () => {
    client.send("SADD", "s", ...numbers(0, 1000, "m"));
    client.send("SPOP", "s", 990);
    expect(encodingOf("s")).toBe("listpack");
    expect(client.send("SCARD", "s")).toBe(":10\r\n");
  });
});

test("SSCAN walks a hashtable in steps and meets all", () => {
  client.send("SADD", "s", ...numbers(0, 2000, "m"));
  const found = new Set<string>();
  let cursor = "0";
  do {
    const reply = client.send("SSCAN", "s", cursor, "COUNT", 50);
    cursor = reply.split("\r\n")[2];
    for (const member of membersOf(reply.slice(reply.indexOf("*", 1)))) found.add(member);
  } while (cursor !== "0");
  expect(found.size).toBe(2000);
});

test("RESP3 has sets where Redis gives sets", () => {
  client.send("SADD", "s", 1);
  client.send("HELLO", 3);
  const one = "~1\r\n$1\r\n1\r\n";
  for (const command of ["SMEMBERS", "SINTER", "SUNION", "SDIFF"]) expect(client.send(command, "s")).toBe(one);
  expect(client.send("SINTER", "s", "none")).toBe("~0\r\n");
  expect(client.send("SPOP", "none", 1)).toBe("~0\r\n");
  expect(client.send("SPOP", "s", 0)).toBe("~0\r\n");
  expect(client.send("SRANDMEMBER", "s", 1)).toBe("*1\r\n$1\r\n1\r\n");
  expect(client.send("SRANDMEMBER", "none", 1)).toBe("*0\r\n");
  expect(client.send("SRANDMEMBER", "none")).toBe("_\r\n");
  expect(client.send("SPOP", "s", 5)).toBe(one);
  expect(client.send("SPOP", "s")).toBe("_\r\n");
});

describe("refusals", () => {
  test.each([
    ["SADD", "k", "x"],
    ["SREM", "k", "x"],
    ["SPOP", "k"],
    ["SPOP", "k", "1"],
    ["SRANDMEMBER", "k"],
    ["SRANDMEMBER", "k", "1"],
    ["SMEMBERS", "k"],
    ["SISMEMBER", "k", "x"],
    ["SMISMEMBER", "k", "x"],
    ["SCARD", "k"],
    ["SMOVE", "k", "none", "x"],
    ["SMOVE", "s", "k", "x"],
    ["SINTER", "none", "k"],
    ["SINTERSTORE", "d", "none", "k"],
    ["SINTERCARD", "2", "none", "k"],
    ["SUNION", "s", "k"],
    ["SUNIONSTORE", "d", "s", "k"],
    ["SDIFF", "none", "k"],
    ["SDIFFSTORE", "d", "none", "k"],
    ["SSCAN", "k", "0"],
    ["SSCAN", "k", "0", "nonsense"],
  ])("%s %s %s of another type", (...words) => {
    client.send("SET", "k", "text");
    client.send("SADD", "s", "x");
    client.send("SADD", "d", "old");
    expect(client.send(...words)).toBe(WRONG);
    expect(client.send("GET", "k")).toBe("$4\r\ntext\r\n");
    expect(client.send("SCARD", "d")).toBe(":1\r\n");
  });

  test("SMOVE from nowhere is 0, whatever the destination is", () => {
    client.send("SET", "k", "text");
    expect(client.send("SMOVE", "none", "k", "x")).toBe(":0\r\n");
  });

  test("counts", () => {
    client.send("SADD", "s", 1, 2);
    expect(client.send("SPOP", "s", "1", "2")).toBe(SYNTAX);
    expect(client.send("SPOP", "s", "-1")).toBe("-ERR value is out of range, must be positive\r\n");
    expect(client.send("SPOP", "s", "x")).toBe("-ERR value is out of range, must be positive\r\n");
    expect(client.send("SRANDMEMBER", "s", "1", "2")).toBe(SYNTAX);
    expect(client.send("SRANDMEMBER", "s", "x")).toBe("-ERR value is not an integer or out of range\r\n");
    expect(client.send("SRANDMEMBER", "s", "-9223372036854775808")).toBe(
      "-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807\r\n",
    );
    expect(membersOf(client.send("SRANDMEMBER", "s", "9223372036854775807"))).toEqual(["1", "2"]);
    expect(membersOf(client.send("SPOP", "s", "9223372036854775807"))).toEqual(["1", "2"]);
  });

  test("SINTERCARD", () => {
    expect(client.send("SINTERCARD", "0", "a")).toBe("-ERR numkeys should be greater than 0\r\n");
    expect(client.send("SINTERCARD", "x", "a")).toBe("-ERR numkeys should be greater than 0\r\n");
    expect(client.send("SINTERCARD", "2", "a")).toBe("-ERR Number of keys can't be greater than number of args\r\n");
    expect(client.send("SINTERCARD", "1", "a", "b")).toBe(SYNTAX);
    expect(client.send("SINTERCARD", "1", "a", "LIMIT")).toBe(SYNTAX);
    expect(client.send("SINTERCARD", "1", "a", "LIMIT", "-1")).toBe("-ERR LIMIT can't be negative\r\n");
    expect(client.send("SINTERCARD", "1", "a", "LIMIT", "x")).toBe("-ERR LIMIT can't be negative\r\n");
  });
});

test("events and the count of changes are Redis's", () => {
  const events = recordEvents(running.server);
  const expectEvents = (words: (string | number)[], expected: string[], dirty: number): void => {
    client.send(...words);
    expect([words, events.take()]).toEqual([words, { events: expected, dirty }]);
  };
  expectEvents(["SADD", "s", 1, 2, 2, 3], ["s sadd s"], 3);
  expectEvents(["SADD", "s", 1], [], 0);
  expectEvents(["SREM", "s", 9], [], 0);
  expectEvents(["SREM", "s", 1, 2], ["s srem s"], 2);
  expectEvents(["SMOVE", "s", "t", 3], ["s srem s", "g del s", "s sadd t"], 2);
  expectEvents(["SMOVE", "t", "t", 3], [], 0);
  expectEvents(["SADD", "u", 3, 4], ["s sadd u"], 2);
  expectEvents(["SMOVE", "u", "t", 3], ["s srem u"], 1);
  expectEvents(["SINTERSTORE", "d", "u", "none"], [], 0);
  expectEvents(["SUNIONSTORE", "d", "u", "t"], ["s sunionstore d"], 1);
  expectEvents(["SDIFFSTORE", "d", "d", "t"], ["s sdiffstore d"], 1);
  expectEvents(["SINTERSTORE", "e", "d"], ["s sinterstore e"], 1);
  expectEvents(["SINTERSTORE", "e", "d", "none"], ["g del e"], 1);
  expectEvents(["SPOP", "d"], ["s spop d", "g del d"], 1);
  client.send("SADD", "p", ...numbers(0, 20));
  events.take();
  expectEvents(["SPOP", "p", 0], [], 0);
  expectEvents(["SPOP", "p", 2], ["s spop p"], 2);
  expectEvents(["SPOP", "p", 16], ["s spop p"], 16);
  expectEvents(["SPOP", "p", 5], ["s spop p", "g del p"], 2);
});

test("a new set takes what its members take, however often they are named", () => {
  const names = numbers(0, 10, "member:");
  client.send("SADD", "a", ...names);
  client.send("SADD", "b", ...names, ...names, ...names);
  for (const each of names) client.send("SADD", "c", each);
  const usageOf = (key: string): string => client.send("MEMORY", "USAGE", key);
  expect(encodingOf("b")).toBe("listpack");
  expect([usageOf("b"), usageOf("c")]).toEqual([usageOf("a"), usageOf("a")]);
});

test("without memory SADD makes no empty key", () => {
  const heap = running.server.keyspace.heap;
  client.send("SADD", "s", 1);
  heap.limitBytes = 0;
  const reply = client.send("SADD", "t", "x".repeat(2 ** 20), "y");
  heap.limitBytes = Infinity;
  expect(reply.startsWith("-OOM")).toBe(true);
  expect(client.send("EXISTS", "t")).toBe(":0\r\n");
  expect(client.send("SMEMBERS", "s")).toBe("*1\r\n$1\r\n1\r\n");
});
