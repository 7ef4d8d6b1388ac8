/** The scanner counts what ReplyParser parses, however the stream is cut; garbage never throws. */
import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { ReplyError, ReplyParser } from "@sider/resp-protocol/client";
import { fuzzScale, fuzzSeed, type Random, randomFrom } from "../testing/random.ts";
import { ReplyScanner } from "./reply-scanner.ts";

const runs = 3000 * fuzzScale;
const TEXTS = ["", "a", "OK", "\r\n", "+OK\r\n", "$5\r\n", "x".repeat(20), "y".repeat(300), "\xff\0\r"];
const LINES = [
  "+OK",
  "+PONG",
  "-ERR no",
  "-",
  ":1",
  ":-7",
  ":1234567890123456",
  ",1.5",
  ",inf",
  "#t",
  "#f",
  "_",
  "(123",
];
const GARBAGE = ["\r", "\n", "$", "*", "-1", "9", "%1\r\n", ">1\r\n", "|1\r\n", "=4\r\n", "?", "\xff", "!", "\r\n"];

function randomReply(below: Random, depth: number): string {
  const kind = below(depth < 4 ? 12 : 7);
  if (kind < 3) return (LINES[below(LINES.length)] ?? "") + "\r\n";
  if (kind === 3) return below(2) === 0 ? "$-1\r\n" : "*-1\r\n";
  const text = TEXTS[below(TEXTS.length)] ?? "";
  if (kind === 4 || kind === 5) return `$${text.length}\r\n${text}\r\n`;
  if (kind === 6) return below(2) === 0 ? `!${text.length}\r\n${text}\r\n` : `=${text.length + 4}\r\ntxt:${text}\r\n`;
  const count = below(4);
  const elements = (total: number): string =>
    Array.from({ length: total }, () => randomReply(below, depth + 1)).join("");
  if (kind === 7) return `%${count}\r\n${elements(count * 2)}`;
  if (kind === 8) return `~${count}\r\n${elements(count)}`;
  if (kind === 9) return `|${count}\r\n${elements(count * 2)}${randomReply(below, depth + 1)}`;
  if (kind === 10 && depth === 0) return `>${count + 1}\r\n+message\r\n${elements(count)}`;
  return `*${count}\r\n${elements(count)}`;
}

interface Counted {
  replies: number;
  errors: string[];
  isBroken: boolean;
  /** A reply has begun and is not complete. */
  isInside: boolean;
}

function parse(stream: Buffer): Counted {
  let replies = 0;
  const errors: string[] = [];
  const parser = new ReplyParser(
    {
      onReply(reply) {
        replies++;
        if (reply instanceof ReplyError) errors.push(reply.message);
      },
    },
    { texts: "binary", bulks: "bytes" },
  );
  parser.feed(stream);
  return { replies, errors, isBroken: parser.error !== null, isInside: parser.isInsideReply };
}

function scan(stream: Buffer, below: Random): Counted {
  const errors: string[] = [];
  const scanner = new ReplyScanner((text) => errors.push(text));
  const longest = 1 + below(below(3) === 0 ? 3 : 200);
  for (let at = 0; at < stream.length;) {
    // The bytes around the piece are of no concern, and those in it change afterwards.
    const piece = Buffer.concat([Buffer.from("+OK"), stream.subarray(at, at + longest), Buffer.from("\r\n+OK\r\n")]);
    const length = Math.min(longest, stream.length - at);
    scanner.feed(piece, 3, 3 + length);
    piece.fill(0x31);
    at += length;
  }
  expect(scanner.errors).toBe(errors.length);
  return { replies: scanner.replies, errors, isBroken: scanner.isBroken, isInside: scanner.isInsideReply };
}

function fuzz(run: (below: Random) => void): void {
  for (let index = 0; index < runs; index++) {
    try {
      run(randomFrom(fuzzSeed + index * 7919));
    } catch (cause) {
      throw new Error(`failed; repeat with SIDER_SEED=${fuzzSeed}: ${String(cause)}`, { cause });
    }
  }
}

const randomStream = (below: Random): string =>
  Array.from({ length: 1 + below(10) }, () => randomReply(below, 0)).join("");

test("all replies are counted, however they are cut", () => {
  fuzz((below) => {
    const stream = Buffer.from(randomStream(below), "latin1");
    expect(parse(stream)).toMatchObject({ isBroken: false, isInside: false });
    expect(scan(stream, below)).toEqual(parse(stream));
  });
});

test("corrupt streams: what the parser accepts is counted, and what the scanner refuses the parser refuses too", () => {
  fuzz((below) => {
    const text = randomStream(below);
    const at = below(text.length + 1);
    const broken = text.slice(0, at) + (GARBAGE[below(GARBAGE.length)] ?? "") + text.slice(at + below(3));
    const stream = Buffer.from(broken.slice(0, below(2) === 0 ? broken.length : below(broken.length + 1)), "latin1");
    const expected = parse(stream);
    const actual = scan(stream, below);
    if (expected.isBroken) return;
    // A line that is wrong from its beginning is seen to be so before its end.
    expect(actual).toEqual({ ...expected, isBroken: expected.isInside && actual.isBroken });
  });
});
