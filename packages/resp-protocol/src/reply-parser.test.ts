import { describe, expect, it } from "vitest";
import { Elements, NumberText, ReplyError, VerbatimString, type Reply, type ReplyOptions } from "./reply-values.ts";
import { decodeAll } from "./testing/replies.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const CUTS = [1_000_000, 1, 2, 5];

describe("values", () => {
  const cases: [string, Reply[], ReplyOptions?][] = [
    ["+OK\r\n+PONG\r\n+\r\n", ["OK", "PONG", ""]],
    [":0\r\n:-1\r\n:12345678\r\n:+5\r\n:-0\r\n", [0, -1, 12345678, 5, 0]],
    [
      ":9007199254740991\r\n:9223372036854775807\r\n:-9223372036854775808\r\n",
      [9007199254740991, 2n ** 63n - 1n, -(2n ** 63n)],
    ],
    ["$0\r\n\r\n$3\r\na\r\n\r\n$-1\r\n", ["", "a\r\n", null]],
    ["*-1\r\n*0\r\n*2\r\n:1\r\n*1\r\n*1\r\n$1\r\nx\r\n", [null, [], [1, [["x"]]]]],
    ["_\r\n#t\r\n#f\r\n", [null, true, false]],
    [",1.5\r\n,3\r\n,-1e+21\r\n,inf\r\n,-inf\r\n,.5\r\n", [1.5, 3, -1e21, Infinity, -Infinity, 0.5]],
    [",nan\r\n", [NaN]],
    ["(123456789012345678901234567890\r\n(-7\r\n", [123456789012345678901234567890n, -7n]],
    ["=7\r\ntxt:abc\r\n", ["abc"]],
    ["=7\r\nmkd:abc\r\n", [new VerbatimString("mkd", "abc")], { verbatims: "object" }],
    [
      "%2\r\n+a\r\n:1\r\n:2\r\n*0\r\n",
      [
        new Map<Reply, Reply>([
          ["a", 1],
          [2, []],
        ]),
      ],
    ],
    [
      "%1\r\n+__proto__\r\n:1\r\n",
      [Object.assign(Object.create(null) as object, { ["__proto__"]: 1 })],
      { maps: "object" },
    ],
    ["%1\r\n+a\r\n:1\r\n", [["a", 1]], { maps: "array" }],
    ["~2\r\n+a\r\n+b\r\n", [new Set(["a", "b"])]],
    ["~2\r\n+a\r\n+a\r\n", [["a", "a"]], { sets: "array" }],
    ["%2\r\n+a\r\n:1\r\n+a\r\n:2\r\n", [new Elements("map", ["a", 1, "a", 2])], { maps: "elements" }],
    ["~2\r\n+a\r\n+a\r\n~0\r\n", [new Elements("set", ["a", "a"]), new Elements("set", [])], { sets: "elements" }],
    [
      ",3\r\n,3.0\r\n,-1E5\r\n,inf\r\n",
      ["3", "3.0", "-1E5", "inf"].map((text) => new NumberText("double", text)),
      { numbers: "text" },
    ],
    ["(+007\r\n:007\r\n", [new NumberText("big number", "+007"), 7], { numbers: "text" }],
    ["+\xff\xc3\xa9\r\n=5\r\nt\xff!:\xe9\r\n", ["\xff\xc3\xa9", "\xe9"], { texts: "binary" }],
    ["=5\r\nt\xff!:\xe9\r\n", [new VerbatimString("t\xff!", "\xe9")], { texts: "binary", verbatims: "object" }],
    ["$2\r\n\xff\x00\r\n*1\r\n$1\r\na\r\n", [Uint8Array.of(255, 0), [Uint8Array.of(97)]], { bulks: "bytes" }],
  ];
  it.each(cases)("%j", (stream, replies, options) => {
    for (const cut of CUTS) {
      expect(decodeAll(stream, cut, options)).toEqual({
        replies,
        pushes: [],
        attributes: [],
        error: null,
        isInsideReply: false,
      });
    }
  });

  it("errors are values with a code", () => {
    for (const cut of CUTS) {
      const [simple, bulk, inside] = decodeAll("-ERR no\r\n!5\r\nWHY x\r\n*1\r\n-A\r\n", cut).replies;
      expect(simple).toBeInstanceOf(ReplyError);
      expect(simple).toMatchObject({ message: "ERR no", code: "ERR" });
      expect(bulk).toMatchObject({ message: "WHY x", code: "WHY" });
      expect(inside).toMatchObject([{ message: "A", code: "A" }]);
    }
  });

  it("errors as binary text keep their bytes", () => {
    const bytes = "\xff\xe9\x80".repeat(5000);
    for (const cut of CUTS) {
      const { replies } = decodeAll(`-${bytes}\r\n!${bytes.length}\r\n${bytes}\r\n`, cut, { texts: "binary" });
      expect(replies.map((reply) => (reply as ReplyError).message === bytes)).toEqual([true, true]);
    }
  });

  it("pushes and attributes are handed over apart", () => {
    const stream =
      ">2\r\n+message\r\n$1\r\nx\r\n|1\r\n+ttl\r\n:9\r\n*2\r\n:1\r\n|1\r\n+a\r\n+b\r\n:2\r\n>0\r\n|0\r\n+OK\r\n";
    for (const cut of CUTS) {
      expect(decodeAll(stream, cut)).toEqual({
        replies: [[1, 2], "OK"],
        pushes: [["message", "x"], []],
        attributes: [new Map([["ttl", 9]]), new Map([["a", "b"]]), new Map()],
        error: null,
        isInsideReply: false,
      });
    }
  });

  it("text of any kind is decoded as if alone", () => {
    const texts = [
      "",
      "a",
      "grün",
      "\u{1f600}x",
      "日本語".repeat(30),
      "x".repeat(3000),
      "\ufeffbom",
      "é".repeat(2000),
      "\ufffd",
    ];
    const values = Array.from({ length: 400 }, (_, index) => texts[(index * 7) % texts.length]);
    const parts = values.map((text) => Buffer.concat([utf8(`$${utf8(text).length}\r\n`), utf8(text), utf8("\r\n")]));
    const stream = Uint8Array.from(Buffer.concat(parts));
    for (const cut of [stream.length, 1000, 77]) expect(decodeAll(stream, cut).replies).toEqual(values);
  });
});

it("long text in long pieces is decoded as if alone", () => {
  const texts = ["x", "é", "日本", "x\u{1f600}", "\xff".repeat(3)].map((text) => utf8(text));
  texts.push(Uint8Array.of(0xf0, 0x9f, 0x98), Uint8Array.of(0xc0, 0x80, 120), Uint8Array.of(0xff, 0xe3, 0x81));
  for (const unit of texts) {
    const value = Uint8Array.from(Buffer.concat(Array<Uint8Array>(Math.floor(40_000 / unit.length)).fill(unit)));
    const stream = Uint8Array.from(Buffer.concat([utf8(`$${value.length}\r\n`), value, utf8("\r\n:1\r\n")]));
    for (const cut of [4096, 5001, 7000, 9999, 39_999, value.length + 8, value.length + 9]) {
      const { replies, error } = decodeAll(stream, cut);
      expect(error).toBeNull();
      expect(replies[0] === new TextDecoder("utf-8", { ignoreBOM: true }).decode(value)).toBe(true);
      expect(replies[1]).toBe(1);
    }
  }
});

describe("broken streams", () => {
  const cases: [string, string, ReplyOptions?][] = [
    ["foo\r\n", "unknown type"],
    ["\r\n", "unknown type"],
    [":\r\n", "invalid number"],
    [":12a\r\n", "invalid number"],
    [":99999999999999999999\r\n", "invalid number"],
    ["$\r\n", "invalid number"],
    ["$1x\r\n", "invalid number"],
    ["$-2\r\n", "negative length"],
    ["%-1\r\n", "negative length"],
    ["$?\r\n", "streamed replies are not supported"],
    ["*?\r\n", "streamed replies are not supported"],
    ["$1\r\nabc", "bulk string without line end"],
    ["+a\nb", "line end expected"],
    ["+a\rb\r\n", "line end expected"],
    ["#x\r\n", "invalid value"],
    ["_x\r\n", "invalid value"],
    ["(1.5\r\n", "invalid value"],
    [",abc\r\n", "invalid double"],
    [",\r\n", "invalid double"],
    ["=2\r\nab\r\n", "invalid verbatim string"],
    ["*1\r\n>1\r\n+a\r\n", "push inside a reply"],
    ["*1\r\n".repeat(129), "nested too deeply"],
    ["*99999999999\r\n", "too many elements"],
    ["$536870913\r\n", "too long a bulk string"],
    ["$11\r\n", "too long a bulk string", { maxBulkBytes: 10 }],
    ["+" + "a".repeat(200), "too long a line", { maxLineBytes: 100 }],
  ];
  it.each(cases)("%j", (stream, problem, options) => {
    for (const cut of CUTS) {
      const decoded = decodeAll("+OK\r\n" + stream + "+OK\r\n", cut, options);
      expect(decoded.error).toBe("Protocol error: " + problem);
      expect(decoded.replies).toEqual(["OK"]);
    }
  });
});

describe("time and memory", () => {
  it("an announced length costs nothing", () => {
    const before = process.memoryUsage().arrayBuffers;
    const open = Array.from({ length: 1000 }, () => decodeAll("*2147483647\r\n$536870912\r\nabc", 4));
    expect(open.every((decoded) => decoded.isInsideReply)).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
  });

  it("a bulk of 32 MB in pieces of 1 KB takes linear time", () => {
    const bytes = 32 << 20;
    const stream = new Uint8Array(bytes + 13).fill(120);
    stream.set(utf8(`$${bytes}\r\n`));
    stream.set(utf8("\r\n"), stream.length - 2);
    const started = performance.now();
    expect((decodeAll(stream, 1024).replies[0] as string).length).toBe(bytes);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
