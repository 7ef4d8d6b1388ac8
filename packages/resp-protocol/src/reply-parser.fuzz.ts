/** What a ReplyWriter writes is what a ReplyParser reads, however it is cut; garbage is an error, the same one however it is cut. */
import { expect, it } from "vitest";
import { CollectingSink } from "./reply-sink.ts";
import { ReplyWriter } from "./reply-writer.ts";
import { ReplyError, type Reply, type ReplyOptions } from "./reply-values.ts";
import { bytesOf, textOf } from "./testing/parse-all.ts";
import { fuzz, type RandomSource } from "./testing/random.ts";
import { decodeAll } from "./testing/replies.ts";

/** Writes a random reply of any type and gives what a RESP2 and a RESP3 client should see. */
function writeRandom(random: RandomSource, writer: ReplyWriter, depth: number): Reply {
  const kind = random.below(depth < 3 ? 17 : 13);
  const isResp3 = writer.protocol === 3;
  if (kind === 0) return (writer.ok(), "OK");
  if (kind === 1) {
    const text = randomText(random).replace(/[^ -~]/g, "x");
    return (writer.simpleString(text), text);
  }
  if (kind === 2) {
    const text = "ERR " + randomText(random);
    return (writer.error(text), new ReplyError(text.replace(/[\r\n]/g, " ")));
  }
  if (kind === 3 || kind === 4) return writeInteger(random, writer);
  if (kind <= 7) {
    const text = randomText(random);
    return (writer.bulkString(text), text);
  }
  if (kind === 8) return (random.below(2) === 0 ? writer.nullBulk() : writer.nullArray(), null);
  if (kind === 9) {
    const value = random.pick([
      random.next(),
      random.below(1e9),
      -random.next() * 1e-9,
      1e300 * random.next(),
      Infinity,
    ]);
    writer.double(value);
    return isResp3 ? value : (expect.any(String) as string);
  }
  if (kind === 10) {
    const value = BigInt(random.below(2 ** 31) - 2 ** 30) ** BigInt(random.below(6));
    return (writer.bigNumber(value), isResp3 ? value : String(value));
  }
  if (kind === 11) {
    const value = random.below(2) === 0;
    return (writer.boolean(value), isResp3 ? value : Number(value));
  }
  if (kind === 12) {
    const text = randomText(random);
    return (writer.verbatim("txt", text), text);
  }
  return writeAggregate(random, writer, kind, depth);
}

function writeInteger(random: RandomSource, writer: ReplyWriter): Reply {
  if (random.below(4) === 0) {
    const value = BigInt(random.below(2 ** 31)) * 2n ** 32n - 2n ** 62n;
    writer.integerBig(value);
    return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
  }
  const value = Math.trunc((random.next() - 0.5) * random.pick([3, 1000, 2 ** 32, 2 ** 53]));
  writer.integer(value);
  return value + 0;
}

function writeAggregate(random: RandomSource, writer: ReplyWriter, kind: number, depth: number): Reply {
  const count = random.below(random.below(10) === 0 ? 60 : 5);
  const members = (total: number): Reply[] =>
    Array.from({ length: total }, () => writeRandom(random, writer, depth + 1));
  if (kind === 13) {
    writer.mapHeader(count);
    return members(count * 2);
  }
  if (kind === 14) writer.setHeader(count);
  else if (kind === 15) writer.arrayHeader(count);
  else {
    writer.arrayHeader(count);
    if (writer.protocol === 3 && count > 0) {
      writer.attributeHeader(1);
      writer.ok();
      writer.integer(1);
    }
  }
  return members(count);
}

function randomText(random: RandomSource): string {
  const alphabet = random.pick(["abc ", "a\r\n$", "aé", "日本\u{1f600}x"]);
  const characters = Array.from(alphabet);
  return Array.from({ length: random.below(random.pick([3, 20, 20, 600])) }, () => random.pick(characters)).join("");
}

const FLAT: ReplyOptions = { maps: "array", sets: "array" };

function checkAllCuts(random: RandomSource, stream: Uint8Array, options: ReplyOptions): ReturnType<typeof decodeAll> {
  const whole = decodeAll(stream, stream.length + 1, options);
  for (let round = 0; round < 3; round++) {
    const cut = random.below(3) === 0 ? 1 + random.below(6) : random.cuts(stream.length, random.below(12));
    expect(decodeAll(stream, cut, options), JSON.stringify({ cut, stream: textOf(stream) })).toEqual(whole);
  }
  return whole;
}

function randomStream(random: RandomSource, protocol: 2 | 3): { stream: Uint8Array; replies: Reply[] } {
  const sink = new CollectingSink();
  const writer = new ReplyWriter(sink);
  writer.protocol = protocol;
  const replies = Array.from({ length: 1 + random.below(12) }, () => writeRandom(random, writer, 0));
  writer.flush();
  return { stream: sink.take(), replies };
}

it("every type makes the round trip", () => {
  fuzz(600, (random) => {
    const { stream, replies } = randomStream(random, random.pick([2, 3]));
    const decoded = checkAllCuts(random, stream, FLAT);
    expect(decoded.error).toBeNull();
    expect(decoded.isInsideReply).toBe(false);
    expect(decoded.replies).toEqual(replies);
  });
});

it("corrupt streams never throw, and end the same however they are cut", () => {
  fuzz(800, (random) => {
    const broken = Array.from(randomStream(random, 3).stream);
    for (let change = 1 + random.below(4); change > 0; change--) {
      const token = random.pick([
        "\r",
        "\n",
        "$",
        "*",
        "-1",
        "9",
        "%1\r\n",
        ">1\r\n",
        "|1\r\n",
        "=4\r\n",
        "?",
        "\xff",
        "(",
        ",",
      ]);
      broken.splice(random.below(broken.length + 1), random.below(3), ...bytesOf(token));
    }
    const length = random.below(3) === 0 ? random.below(broken.length + 1) : broken.length;
    const options: ReplyOptions = random.pick([
      FLAT,
      {},
      { maps: "object", bulks: "bytes" },
      { maxDepth: 2, maxBulkBytes: 9 },
      { bulks: "bytes", texts: "binary", numbers: "text", maps: "elements", sets: "elements", verbatims: "object" },
    ]);
    checkAllCuts(random, Uint8Array.from(broken.slice(0, length)), options);
  });
});

it("random bytes never throw, and end the same however they are cut", () => {
  fuzz(1500, (random) => {
    const alphabet = random.pick(["\r\n*$:+-0123", "*1\r\n$0:,_#t(=!%~>|", ":1\r\n*2", null]);
    const stream = Uint8Array.from({ length: random.below(60) }, () =>
      alphabet === null ? random.below(256) : alphabet.charCodeAt(random.below(alphabet.length)),
    );
    checkAllCuts(random, stream, {});
  });
});
