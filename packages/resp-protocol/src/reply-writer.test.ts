import { describe, expect, it } from "vitest";
import { CollectingSink, type ReplySink } from "./reply-sink.ts";
import { ReplyWriter } from "./reply-writer.ts";
import { textOf } from "./testing/parse-all.ts";

function written(protocol: 2 | 3, write: (writer: ReplyWriter) => void): string {
  const sink = new CollectingSink();
  const writer = new ReplyWriter(sink);
  writer.protocol = protocol;
  write(writer);
  writer.flush();
  const bytes = sink.take();
  expect(writer.totalBytes).toBe(bytes.length);
  return textOf(bytes);
}

const abc = Uint8Array.of(1, 97, 98, 99);

describe("every type in both protocols", () => {
  const cases: [string, (writer: ReplyWriter) => void, string, string][] = [
    [
      "ok",
      (w) => {
        w.ok();
      },
      "+OK\r\n",
      "+OK\r\n",
    ],
    [
      "simple string",
      (w) => {
        w.simpleString("a\r\nb");
      },
      "+a  b\r\n",
      "+a  b\r\n",
    ],
    [
      "error",
      (w) => {
        w.error("ERR a\nb");
      },
      "-ERR a b\r\n",
      "-ERR a b\r\n",
    ],
    [
      "error, UTF-8",
      (w) => {
        w.error("ERR é");
      },
      "-ERR \xc3\xa9\r\n",
      "-ERR \xc3\xa9\r\n",
    ],
    [
      "error, bytes",
      (w) => {
        w.errorLatin1("ERR \xff");
      },
      "-ERR \xff\r\n",
      "-ERR \xff\r\n",
    ],
    [
      "bulk",
      (w) => {
        w.bulk(abc, 1, 3);
      },
      "$3\r\nabc\r\n",
      "$3\r\nabc\r\n",
    ],
    [
      "bulk, empty",
      (w) => {
        w.bulk(abc, 1, 0);
      },
      "$0\r\n\r\n",
      "$0\r\n\r\n",
    ],
    [
      "bulk string",
      (w) => {
        w.bulkString("é");
      },
      "$2\r\n\xc3\xa9\r\n",
      "$2\r\n\xc3\xa9\r\n",
    ],
    [
      "bulk Latin-1",
      (w) => {
        w.bulkLatin1("\xe9");
      },
      "$1\r\n\xe9\r\n",
      "$1\r\n\xe9\r\n",
    ],
    [
      "null bulk",
      (w) => {
        w.nullBulk();
      },
      "$-1\r\n",
      "_\r\n",
    ],
    [
      "null array",
      (w) => {
        w.nullArray();
      },
      "*-1\r\n",
      "_\r\n",
    ],
    [
      "array",
      (w) => {
        w.arrayHeader(12);
      },
      "*12\r\n",
      "*12\r\n",
    ],
    [
      "map",
      (w) => {
        w.mapHeader(2);
      },
      "*4\r\n",
      "%2\r\n",
    ],
    [
      "set",
      (w) => {
        w.setHeader(2);
      },
      "*2\r\n",
      "~2\r\n",
    ],
    [
      "push",
      (w) => {
        w.pushHeader(3);
      },
      "*3\r\n",
      ">3\r\n",
    ],
    [
      "attribute",
      (w) => {
        w.attributeHeader(1);
      },
      "|1\r\n",
      "|1\r\n",
    ],
    [
      "double",
      (w) => {
        w.double(3);
        w.doubleWritten("4.4929500000000004");
      },
      "$1\r\n3\r\n$18\r\n4.4929500000000004\r\n",
      ",3\r\n,4.4929500000000004\r\n",
    ],
    [
      "infinity",
      (w) => {
        w.double(-Infinity);
      },
      "$4\r\n-inf\r\n",
      ",-inf\r\n",
    ],
    [
      "big number",
      (w) => {
        w.bigNumber(10n ** 20n);
      },
      "$21\r\n100000000000000000000\r\n",
      "(100000000000000000000\r\n",
    ],
    [
      "boolean",
      (w) => {
        w.boolean(true);
        w.boolean(false);
      },
      ":1\r\n:0\r\n",
      "#t\r\n#f\r\n",
    ],
    [
      "verbatim",
      (w) => {
        w.verbatim("txt", "é");
      },
      "$2\r\n\xc3\xa9\r\n",
      "=6\r\ntxt:\xc3\xa9\r\n",
    ],
    [
      "big integer",
      (w) => {
        w.integerBig(-(2n ** 63n));
      },
      ":-9223372036854775808\r\n",
      ":-9223372036854775808\r\n",
    ],
  ];
  it.each(cases)("%s", (_name, write, resp2, resp3) => {
    expect(written(2, write)).toBe(resp2);
    expect(written(3, write)).toBe(resp3);
  });
});

it("integers are written as decimals", () => {
  const values = [
    0,
    9,
    10,
    99,
    100,
    999,
    1000,
    2 ** 31 - 1,
    2 ** 31,
    999999999,
    1e9,
    1000000001,
    Number.MAX_SAFE_INTEGER,
  ];
  for (let power = 1; power < 2 ** 53; power *= 10) values.push(power - 1, power, power + 1);
  for (const value of values) {
    expect(
      written(2, (writer) => {
        writer.integer(value);
      }),
    ).toBe(`:${value}\r\n`);
    if (value > 0)
      expect(
        written(2, (writer) => {
          writer.integer(-value);
        }),
      ).toBe(`:-${value}\r\n`);
  }
});

describe("the buffer", () => {
  it("is handed over when it is full, and holds no more than its capacity", () => {
    const lengths: number[] = [];
    const writer = new ReplyWriter({ write: (_bytes, start, end) => lengths.push(end - start) });
    for (let index = 0; index < 100_000; index++) writer.ok();
    writer.flush();
    writer.flush();
    expect(lengths.reduce((sum, length) => sum + length)).toBe(500_000);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(256 * 1024);
    expect(lengths.length).toBe(Math.ceil(500_000 / (256 * 1024 - 1)));
  });

  it("gives a long bulk to the sink from where it is", () => {
    const value = new Uint8Array(200_000).fill(120);
    const sources: Uint8Array[] = [];
    const inner = new CollectingSink();
    const sink: ReplySink = {
      write(bytes, start, end) {
        sources.push(bytes);
        inner.write(bytes, start, end);
      },
    };
    const writer = new ReplyWriter(sink);
    writer.integer(1);
    writer.bulk(value, 10, 150_000);
    writer.integer(2);
    writer.flush();
    expect(textOf(inner.take())).toBe(`:1\r\n$150000\r\n${"x".repeat(150_000)}\r\n:2\r\n`);
    expect(sources[1]).toBe(value);
  });

  it("takes texts longer than itself", () => {
    const text = "y".repeat(200_000);
    expect(
      written(3, (w) => {
        w.bulkString(text);
        w.ok();
        w.verbatim("txt", text);
        w.error(text);
        w.ok();
      }),
    ).toBe(`$200000\r\n${text}\r\n+OK\r\n=200004\r\ntxt:${text}\r\n-${text}\r\n+OK\r\n`);
  });

  it("is open to callers that reserve a place", () => {
    expect(
      written(2, (writer) => {
        writer.ok();
        const at = writer.reserve(70_000);
        writer.bytes.fill(97, at, at + 70_000);
        writer.length += 70_000;
      }),
    ).toBe("+OK\r\n" + "a".repeat(70_000));
  });
});
