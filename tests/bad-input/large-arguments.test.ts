/**
 * Keys, fields, members and elements of every byte value and of every size, from nothing to 512 MB, and commands of 200,000 arguments.
 * What was stored is found again by its bytes, and is gone when it is deleted.
 */
import { createHash } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Argument, RawConnection } from "../support/connection.ts";
import { subjectPresent } from "../support/server.ts";
import { useSubject } from "../support/subject.ts";

const megabyte = 2 ** 20;
/** 512 MB in a value of each type take a minute and some GB. */
const withHuge = process.env["SIDER_LARGE"] === "1";
const maximumBytes = 512 * megabyte;
const argumentCount = 200_000;

/** Bytes without a pattern that repeats at any round size. */
function patterned(length: number): Buffer {
  const piece = Buffer.from(
    Uint8Array.from({ length: Math.min(length, 1_000_003) }, (_, at) => (at * 167 + (at >> 8)) & 255),
  );
  return piece.length === length ? piece : Buffer.alloc(length, piece);
}

const everyByte = Buffer.from(Uint8Array.from({ length: 256 }, (_, at) => at));
const names: readonly (readonly [string, readonly Buffer[]])[] = [
  ["nothing", [Buffer.alloc(0)]],
  ["each single byte", Array.from({ length: 256 }, (_, at) => Buffer.from([at]))],
  ["all bytes", [everyByte]],
  [
    "numbers and what resembles them",
    ["0", "-0", "007", "9223372036854775807", "9223372036854775808", " 1"].map((text) => Buffer.from(text)),
  ],
  ["1 MB", [patterned(megabyte)]],
  ["64 MB", [patterned(64 * megabyte)]],
];

/** A command that stores X, with its reply; one that finds it by its bytes, with its reply. K is the key. */
type Storing = readonly [type: string, store: string, stored: string, find: string, found: string];
const storings: readonly Storing[] = [
  ["a key", "SET X v", "+OK", "GET X", "$1\r\nv"],
  ["a key of a list", "RPUSH X v", ":1", "LLEN X", ":1"],
  ["a list element", "RPUSH K X", ":1", "LPOS K X", ":0"],
  ["a hash field", "HSET K X v", ":1", "HGET K X", "$1\r\nv"],
  ["a set member", "SADD K X", ":1", "SISMEMBER K X", ":1"],
  ["a sorted set member", "ZADD K 1.5 X", ":1", "ZSCORE K X", "$3\r\n1.5"],
  ["a place", "GEOADD K 13.361389 38.115556 X", ":1", "GEOHASH K X", "*1\r\n$11\r\nsqc8b49rny0"],
  ["an element of a HyperLogLog", "PFADD K X", ":1", "PFADD K X", ":0"],
  ["a field of a stream", "XADD K 1-1 X v", "$3\r\n1-1", "XLEN K", ":1"],
];

describe.skipIf(!subjectPresent())("large arguments", () => {
  const server = useSubject();
  let connection: RawConnection;
  beforeAll(async () => {
    connection = await RawConnection.open(server.current.port);
  });
  afterAll(() => connection.close());

  /** Sends one command without copying its arguments. */
  async function call(...args: readonly Argument[]): Promise<string> {
    sendUncopied(connection, args);
    return (await connection.nextReply()).toString("latin1").slice(0, -2);
  }
  /** A command of more arguments than a call of JavaScript takes. */
  async function callMany(args: readonly string[]): Promise<string> {
    const [reply] = await connection.pipeline([args]);
    return String(reply).slice(0, -2);
  }
  const callWith = (command: string, bytes: Buffer): Promise<string> =>
    call(...command.split(" ").map((word) => (word === "X" ? bytes : word)));

  describe.each(storings)("%s", (_type, store, stored, find, found) => {
    test.each(names)("of %s", async (_name, values) => {
      for (const value of values) {
        expect(await callWith(store, value)).toBe(stored);
        expect(await callWith(find, value)).toBe(found);
        expect(await callWith(store.includes("K") ? "DEL K" : "DEL X", value)).toBe(":1");
      }
      expect(await call("DBSIZE")).toBe(":0");
    });
  });

  test.each([
    ["a string", ["SET", "K"], ["GET", "K"], ""],
    ["a field of a hash", ["HSET", "K", "f"], ["HGET", "K", "f"], ""],
    ["an element of a list", ["RPUSH", "K"], ["LPOP", "K"], ""],
    ["a member of a set", ["SADD", "K"], ["SMEMBERS", "K"], "*1\r\n"],
    [
      "an entry of a stream",
      ["XADD", "K", "1-1", "f"],
      ["XRANGE", "K", "-", "+"],
      "*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\nf\r\n",
    ],
  ])("%s comes back byte by byte", async (_name, store, read, before) => {
    const value = patterned(64 * megabyte + 1);
    expect(await call(...store, value)).not.toMatch(/^-/);
    const expected = createHash("sha1").update(`${before}$${value.length}\r\n`).update(value).update("\r\n");
    const length = before.length + `$${value.length}\r\n\r\n`.length + value.length;
    expect(await digestOfReply(server.current.port, read, length)).toBe(expected.digest("hex"));
    await call("DEL", "K");
  });

  describe.runIf(withHuge)("512 MB", () => {
    const huge = withHuge ? patterned(maximumBytes) : everyByte;

    test.each(storings.filter(([type]) => type !== "a key of a list"))(
      "%s",
      { timeout: 120_000 },
      async (...storing) => {
        const [, store, stored, find, found] = storing;
        expect(await callWith(store, huge)).toBe(stored);
        expect(await callWith(find, huge)).toBe(found);
        expect(await callWith(store.includes("K") ? "DEL K" : "DEL X", huge)).toBe(":1");
        expect(await call("DBSIZE")).toBe(":0");
      },
    );

    test("a value of a string and of a field, and no byte more", { timeout: 120_000 }, async () => {
      expect(await call("SET", "K", huge)).toBe("+OK");
      expect(await call("APPEND", "K", "x")).toMatch(/^-ERR string exceeds maximum allowed size/);
      expect(await call("SETRANGE", "K", String(maximumBytes), "x")).toMatch(
        /^-ERR string exceeds maximum allowed size/,
      );
      expect(await call("STRLEN", "K")).toBe(`:${maximumBytes}`);
      expect(await call("HSET", "H", "f", huge)).toBe(":1");
      expect(await call("HSTRLEN", "H", "f")).toBe(`:${maximumBytes}`);
      expect(await call("DEL", "K", "H")).toBe(":2");
    });
  });

  test.each([
    ["RPUSH", 1, "LLEN"],
    ["LPUSH", 1, "LLEN"],
    ["SADD", 1, "SCARD"],
    ["HSET", 2, "HLEN"],
    ["ZADD", 2, "ZCARD"],
  ])("200,000 arguments of %s", async (command, wordsEach, count) => {
    const elements = argumentCount / wordsEach;
    const words = Array.from({ length: elements }, (_, at) =>
      wordsEach === 1 ? [`e${at}`] : [String(at), `e${at}`],
    ).flat();
    expect(await callMany([command, "K"].concat(words))).toBe(`:${elements}`);
    expect(await call(count, "K")).toBe(`:${elements}`);
    expect(await call("DEL", "K")).toBe(":1");
  });

  test("200,000 arguments that take things out", async () => {
    const words = Array.from({ length: argumentCount }, (_, at) => `e${at}`);
    const pairs = words.flatMap((word) => ["1", word]);
    for (const [store, args, remove] of [
      ["SADD", words, "SREM"],
      ["ZADD", pairs, "ZREM"],
      ["HSET", words.flatMap((word) => [word, ""]), "HDEL"],
    ] as const) {
      expect(await callMany([store, "K"].concat(args))).toBe(`:${argumentCount}`);
      expect(await callMany([remove, "K"].concat(words))).toBe(`:${argumentCount}`);
    }
    expect(await callMany(["MSET"].concat(words.flatMap((word) => [word, "v"])))).toBe("+OK");
    expect(await callMany(["DEL"].concat(words))).toBe(`:${argumentCount}`);
    expect(await call("DBSIZE")).toBe(":0");
  });
});

/** The bytes of the arguments go to the socket as they are: no copy of what is large. */
function sendUncopied(connection: RawConnection, args: readonly Argument[]): void {
  connection.send(`*${args.length}\r\n`);
  for (const argument of args) {
    const bytes = typeof argument === "string" ? Buffer.from(argument, "latin1") : argument;
    connection.send(`$${bytes.length}\r\n`);
    connection.send(bytes);
    connection.send("\r\n");
  }
}

/** SHA-1 of the first `length` bytes that answer a command. */
async function digestOfReply(port: number, args: readonly Argument[], length: number): Promise<string> {
  const reader = await RawConnection.open(port);
  const hash = createHash("sha1");
  let received = 0;
  reader.socket.removeAllListeners("data");
  const complete = new Promise<void>((resolve) => {
    reader.socket.on("data", (piece: Buffer) => {
      hash.update(piece);
      received += piece.length;
      if (received >= length) resolve();
    });
  });
  sendUncopied(reader, args);
  await complete;
  reader.close();
  return hash.digest("hex");
}
