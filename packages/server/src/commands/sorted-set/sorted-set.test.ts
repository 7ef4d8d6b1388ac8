/** Sorted-set commands, each behaviour once per encoding. */
import { beforeEach, describe, expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient, TestServer } from "../../testing/test-client.ts";
import { recordEvents } from "../string/testing/events.ts";

const WRONG = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
const SYNTAX = "-ERR syntax error\r\n";

let running: TestServer;
let client: TestClient;

/** A reply with its bulk strings, numbers and doubles as words, and `*n` for arrays. */
function words(...command: (string | number)[]): string {
  const lines = client.send(...command).split("\r\n");
  return lines.filter((line) => line !== "" && !/^\$\d/.test(line)).join(" ");
}

describe.each([
  ["listpack", "128"],
  ["skiplist", "0"],
])("in a %s", (encoding, entries) => {
  beforeEach(() => {
    running = createTestServer({ "zset-max-listpack-entries": entries });
    client = running.connect();
    client.send("ZADD", "z", 1, "one", 2, "two", 2, "deux", 3.5, "more", "-inf", "least");
    client.send("ZADD", "lex", 0, "a", 0, "b", 0, "c", 0, "d");
  });

  test("scores have the digits of 7.2, one too many at times", () => {
    expect(words("ZINCRBY", "z", 4.49295, "new")).toBe("4.4929500000000004");
    expect(words("ZSCORE", "z", "new")).toBe("4.4929500000000004");
    client.send("HELLO", 3);
    expect(words("ZADD", "z", 6349.55, "new")).toBe(":0");
    expect(words("ZADD", "z", "INCR", 0.1, "new")).toBe(",6349.6500000000005");
    expect(words("ZRANGE", "z", -1, -1, "WITHSCORES")).toBe("*1 *2 new ,6349.6500000000005");
  });

  test("the encoding is that", () => {
    expect(words("OBJECT", "ENCODING", "z")).toBe(encoding);
  });

  test("ZADD counts and obeys its conditions", () => {
    expect(words("ZADD", "z", 1, "one", 5, "five")).toBe(":1");
    expect(words("ZADD", "z", "CH", 9, "one", 5, "five", 6, "six")).toBe(":2");
    expect(words("ZADD", "z", "NX", 1, "one")).toBe(":0");
    expect(words("ZSCORE", "z", "one")).toBe("9");
    expect(words("ZADD", "z", "XX", 1, "none")).toBe(":0");
    expect(words("ZADD", "z", "GT", "CH", 8, "one")).toBe(":0");
    expect(words("ZADD", "z", "LT", "CH", 8, "one")).toBe(":1");
    expect(words("ZADD", "z", "INCR", "0.5", "one")).toBe("8.5");
    expect(words("ZADD", "z", "NX", "INCR", 1, "one")).toBe("$-1");
    expect(words("ZINCRBY", "z", -8.5, "one")).toBe("0");
  });

  test("ZADD refuses what is none", () => {
    expect(client.send("ZADD", "z", "nan", "a")).toBe("-ERR value is not a valid float\r\n");
    expect(client.send("ZADD", "z", 1, "a", "x", "b")).toBe("-ERR value is not a valid float\r\n");
    expect(client.send("ZADD", "z", "CH", 1)).toBe(SYNTAX);
    expect(client.send("ZADD", "z", "NX", "XX", 1, "a")).toBe(
      "-ERR XX and NX options at the same time are not compatible\r\n",
    );
    expect(client.send("ZADD", "z", "GT", "LT", 1, "a")).toBe(
      "-ERR GT, LT, and/or NX options at the same time are not compatible\r\n",
    );
    expect(client.send("ZADD", "z", "INCR", 1, "a", 2, "b")).toBe(
      "-ERR INCR option supports a single increment-element pair\r\n",
    );
    expect(client.send("ZINCRBY", "z", "inf", "least")).toBe("-ERR resulting score is not a number (NaN)\r\n");
    expect(words("ZCARD", "z")).toBe(":5");
  });

  test("ranges by rank, score and bytes, both ways", () => {
    expect(words("ZRANGE", "z", 0, -1)).toBe("*5 least one deux two more");
    expect(words("ZRANGE", "z", 1, 2, "WITHSCORES")).toBe("*4 one 1 deux 2");
    expect(words("ZREVRANGE", "z", 0, 1)).toBe("*2 more two");
    expect(words("ZRANGEBYSCORE", "z", "(1", "+inf")).toBe("*3 deux two more");
    expect(words("ZREVRANGEBYSCORE", "z", 3, "-inf", "LIMIT", 1, 2)).toBe("*2 deux one");
    expect(words("ZRANGE", "z", 3, 1, "BYSCORE", "REV", "LIMIT", 0, 1)).toBe("*1 two");
    expect(words("ZRANGEBYLEX", "lex", "[b", "(d")).toBe("*2 b c");
    expect(words("ZREVRANGEBYLEX", "lex", "+", "(b")).toBe("*2 d c");
    expect(words("ZRANGE", "lex", "-", "+", "BYLEX", "LIMIT", 1, -1)).toBe("*3 b c d");
    expect(words("ZCOUNT", "z", 1, "(3.5")).toBe(":3");
    expect(words("ZLEXCOUNT", "lex", "[a", "[c")).toBe(":3");
    expect(client.send("ZCOUNT", "z", "x", 1)).toBe("-ERR min or max is not a float\r\n");
    expect(client.send("ZLEXCOUNT", "lex", "a", "+")).toBe("-ERR min or max not valid string range item\r\n");
  });

  test("ranks and scores", () => {
    expect(words("ZRANK", "z", "two")).toBe(":3");
    expect(words("ZREVRANK", "z", "two", "WITHSCORE")).toBe("*2 :1 2");
    expect(words("ZRANK", "z", "none")).toBe("$-1");
    expect(words("ZRANK", "z", "none", "WITHSCORE")).toBe("*-1");
    expect(client.send("ZRANK", "z", "none", "SCORE")).toBe("-ERR syntax error\r\n");
    expect(client.send("ZRANK", "z", "a", "b", "WITHSCORE")).toMatch(/^-ERR wrong number of arguments for 'zrank'/);
    expect(words("ZMSCORE", "z", "least", "none", "more")).toBe("*3 -inf $-1 3.5");
  });

  test("removal, with the key going last", () => {
    const events = recordEvents(running.server);
    expect(words("ZREM", "z", "one", "none", "two")).toBe(":2");
    expect(words("ZREMRANGEBYRANK", "z", 0, 0)).toBe(":1");
    expect(words("ZREMRANGEBYSCORE", "z", 0, 2)).toBe(":1");
    expect(words("ZPOPMAX", "z", 5)).toBe("*2 more 3.5");
    expect(words("EXISTS", "z")).toBe(":0");
    expect(words("ZREMRANGEBYLEX", "lex", "-", "(c")).toBe(":2");
    expect(words("ZPOPMIN", "lex")).toBe("*2 c 0");
    expect(client.send("ZPOPMAX", "lex", "many")).toBe("-ERR value is out of range, must be positive\r\n");
    expect(words("ZMPOP", 2, "z", "lex", "MAX", "COUNT", 3)).toBe("*2 lex *1 *2 d 0");
    expect(words("ZMPOP", 1, "z", "MIN")).toBe("*-1");
    expect(events.take()).toEqual({
      events: [
        "z zrem z",
        "z zremrangebyrank z",
        "z zremrangebyscore z",
        "z zpopmax z",
        "g del z",
        "z zremrangebylex lex",
        "z zpopmin lex",
        "z zpopmax lex",
        "g del lex",
      ],
      dirty: 9,
    });
  });

  test("unions, intersections, differences, and plain sets among them", () => {
    client.send("SADD", "s", "one", "two");
    expect(words("ZUNION", 2, "z", "s", "WEIGHTS", 1, 10, "WITHSCORES")).toBe(
      "*10 least -inf deux 2 more 3.5 one 11 two 12",
    );
    expect(words("ZINTER", 2, "z", "s", "AGGREGATE", "MAX", "WITHSCORES")).toBe("*4 one 1 two 2");
    expect(words("ZDIFF", 2, "z", "s")).toBe("*3 least deux more");
    expect(words("ZINTERCARD", 2, "z", "s", "LIMIT", 1)).toBe(":1");
    expect(words("ZUNIONSTORE", "to", 2, "z", "z")).toBe(":5");
    expect(words("OBJECT", "ENCODING", "to")).toBe(encoding);
    expect(words("ZINTERSTORE", "to", 2, "z", "none")).toBe(":0");
    expect(words("EXISTS", "to")).toBe(":0");
    expect(words("ZRANGESTORE", "to", "z", 1, 2)).toBe(":2");
    expect(words("ZRANGE", "to", 0, -1, "WITHSCORES")).toBe("*4 one 1 deux 2");
  });

  test("scans and random members", () => {
    expect(words("ZSCAN", "z", 0, "MATCH", "o*")).toBe("*2 0 *2 one 1");
    expect(words("ZRANDMEMBER", "z", 10).split(" ").sort()).toEqual("*5 deux least more one two".split(" "));
    expect(words("ZRANDMEMBER", "z", -7).split(" ")[0]).toBe("*7");
    expect(client.send("ZRANDMEMBER", "z", "-9223372036854775808")).toMatch(/^-ERR value is out of range, value must/);
    expect(client.send("ZRANDMEMBER", "z", "4611686018427387904", "WITHSCORES")).toBe("-ERR value is out of range\r\n");
    expect(new Set(words("ZRANDMEMBER", "z", 3).split(" ")).size).toBe(4);
  });

  test("RESP3 has doubles and pairs", () => {
    client.send("HELLO", 3);
    expect(client.send("ZSCORE", "z", "more")).toBe(",3.5\r\n");
    expect(words("ZRANGE", "z", 0, 1, "WITHSCORES")).toBe("*2 *2 least ,-inf *2 one ,1");
    expect(words("ZPOPMIN", "z")).toBe("*2 least ,-inf");
    expect(words("ZPOPMIN", "z", 1)).toBe("*1 *2 one ,1");
  });

  test("a command that waits is served at once where there is something", () => {
    expect(words("BZPOPMIN", "none", "z", 0)).toBe("*3 z least -inf");
    expect(words("BZMPOP", 0, 1, "z", "MAX")).toBe("*2 z *1 *2 more 3.5");
    const other = running.connect();
    expect(other.send("BZPOPMAX", "later", 0)).toBe("");
    client.send("ZADD", "later", 1, "x");
    expect(other.transport.take()).toBe("*3\r\n$5\r\nlater\r\n$1\r\nx\r\n$1\r\n1\r\n");
  });

  test("another type is refused", () => {
    client.send("SET", "string", "x");
    for (const command of [
      ["ZADD", "string", 1, "a"],
      ["ZRANGE", "string", 0, -1],
      ["ZREM", "string", "a"],
      ["ZPOPMIN", "string"],
      ["ZUNION", 1, "string"],
      ["BZPOPMIN", "string", 0],
      ["ZSCAN", "string", 0],
    ]) {
      expect(client.send(...command)).toBe(WRONG);
    }
  });
});
