import { describe, expect, it } from "vitest";
import { createRequestLimits, RequestBatch, RequestParser } from "./index.ts";
import { parseAll } from "./testing/parse-all.ts";

describe("multibulk requests", () => {
  it("finds pipelined requests where they lie", () => {
    const parser = new RequestParser(createRequestLimits());
    const batch = new RequestBatch();
    const input = new TextEncoder().encode("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$12\r\n123456789012\r\n*1\r\n$4\r\nPING\r\n");
    parser.feed(input, 0, input.length, 0);
    expect(parser.next(batch, 100)).toBe(2);
    expect(batch.bytes).toBe(input);
    expect(batch.commandCount).toBe(2);
    expect([...batch.commandStarts.subarray(0, 3)]).toEqual([0, 3, 4]);
    expect([...batch.argumentOffsets.subarray(0, 4)]).toEqual([8, 17, 25, 47]);
    expect([...batch.argumentLengths.subarray(0, 4)]).toEqual([3, 1, 12, 4]);
    expect(parser.next(batch, 100)).toBe(0);
    expect(parser.pendingBytes).toBe(0);
  });

  const cases: [string, string[][], string | null][] = [
    ["*0\r\n*-1\r\n*1\r\n$0\r\n\r\n", [[""]], null],
    ["*-9223372036854775808\r\n*1\r\n$1\r\na\r\n", [["a"]], null],
    ["*-9223372036854775809\r\n", [], "invalid multibulk length"],
    ["*1\rx$1\rxaxx*1\r\n$1\r\nb\r\n", [["a"], ["b"]], null],
    ["*10\r\n" + "$1\r\na\r\n".repeat(10), [Array<string>(10).fill("a")], null],
    ["*1\r\n$100\r\n" + "x".repeat(100) + "\r\n", [["x".repeat(100)]], null],
    ["*1\r\n$1\r\na\r\n*x\r\n", [["a"]], "invalid multibulk length"],
    ["*\r\n", [], "invalid multibulk length"],
    ["*2147483648\r\n", [], "invalid multibulk length"],
    ["*01\r\n", [], "invalid multibulk length"],
    ["*-0\r\n", [], "invalid multibulk length"],
    ["*+1\r\n", [], "invalid multibulk length"],
    ["*1\r\n$-1\r\n", [], "invalid bulk length"],
    ["*1\r\n$-5\r\n", [], "invalid bulk length"],
    ["*1\r\n$00\r\n", [], "invalid bulk length"],
    ["*1\r\n$1x\r\n", [], "invalid bulk length"],
    ["*1\r\n$536870913\r\n", [], "invalid bulk length"],
    ["*1\r\n$600000000\r\n", [], "invalid bulk length"],
    ["*1\r\n:3\r\n", [], "expected '$', got ':'"],
    ["*1\r\n\r\n", [], "expected '$', got ' '"],
    ["*" + "1".repeat(65536), [], "too big mbulk count string"],
    ["*1\r\n$" + "1".repeat(65536), [], "too big bulk count string"],
    ["a".repeat(65536) + "\n", [["a".repeat(65536)]], null],
    ["a".repeat(65537), [], "too big inline request"],
  ];
  it.each(cases)("%j", (input, commands, error) => {
    const expected = error === null ? null : "Protocol error: " + error;
    for (const chunkBytes of [input.length, 1, 3]) {
      if (input.length > 1000 && chunkBytes < 4) continue;
      expect(parseAll(input, chunkBytes)).toEqual({ commands, error: expected });
    }
  });
});

describe("inline requests", () => {
  const cases: [string, string[][], string | null][] = [
    ["PING\r\nPING\n", [["PING"], ["PING"]], null],
    ["\r\n\n  \r\n\t set  a   b \r\n", [["set", "a", "b"]], null],
    [`set k "a \\x41\\n\\r\\t\\b\\a\\"\\q" 'it\\'s \\n'\r\n`, [["set", "k", 'a A\n\r\t\b\x07"q', "it's \\n"]], null],
    [`"" '' a"b"\r\n`, [["", "", "ab"]], null],
    [`a"b c" d\r\n`, [["ab c", "d"]], null],
    [`"\\x4"\r\n`, [["x4"]], null],
    [`get "abc\r\n`, [], "unbalanced quotes in request"],
    [`get 'abc\r\n`, [], "unbalanced quotes in request"],
    [`get "abc"d\r\n`, [], "unbalanced quotes in request"],
    [`get "abc\\"\r\n`, [], "unbalanced quotes in request"],
    [`PING\r\n"\\x41" "x\r\nPING\r\n`, [["PING"]], "unbalanced quotes in request"],
  ];
  it.each(cases)("%j", (input, commands, error) => {
    const expected = error === null ? null : "Protocol error: " + error;
    for (const chunkBytes of [input.length, 1, 3]) {
      expect(parseAll(input, chunkBytes)).toEqual({ commands, error: expected });
    }
  });
});

describe("isEmpty", () => {
  /** After the first `next` that was given the pieces of a stream. */
  function isEmptyAfter(pieces: readonly string[], maxCommands = 100): boolean {
    const parser = new RequestParser(createRequestLimits());
    const batch = new RequestBatch();
    let count = 0;
    for (const piece of pieces) {
      expect(count).toBe(0);
      const input = new TextEncoder().encode(piece);
      parser.feed(input, 0, input.length, 0);
      count = parser.next(batch, maxCommands);
    }
    expect(count).toBeGreaterThan(0);
    const { isEmpty } = parser;
    if (isEmpty) expect([parser.next(batch, 100), parser.error]).toEqual([0, null]);
    return isEmpty;
  }

  const long = `*1\r\n$1000\r\n${"x".repeat(1000)}\r\n`;

  it.each<[string, boolean, string[], number?]>([
    ["all was given", true, ["PING\r\nPING\r\n"]],
    ["a tail is kept", true, ["PING\r\n*1\r\n$4\r\nPI"]],
    ["there is more", false, ["PING\r\nPING\r\n"], 1],
    ["the stream is broken behind", false, ["PING\r\n*x\r\n"]],
    ["a request that was gathered is shown", false, [long.slice(0, 500), long.slice(500)]],
  ])("%s: %s", (_, expected, pieces, maxCommands) => {
    expect(isEmptyAfter(pieces, maxCommands)).toBe(expected);
  });
});
