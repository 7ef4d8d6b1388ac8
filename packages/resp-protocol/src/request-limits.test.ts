import { describe, expect, it } from "vitest";
import { encodeRequest } from "./request-encoder.ts";
import { RequestBatch } from "./request-batch.ts";
import { createRequestLimits } from "./request-limits.ts";
import { RequestParser } from "./request-parser.ts";
import { bytesOf, parseAll } from "./testing/parse-all.ts";

describe("before authentication", () => {
  const big = "x".repeat(16385);
  const cases: [string, number, string | null][] = [
    ["*10\r\n" + "$1\r\na\r\n".repeat(10), 1, null],
    ["*11\r\n" + "$1\r\na\r\n".repeat(11), 0, "unauthenticated multibulk length"],
    [`*1\r\n$16384\r\n${big.slice(1)}\r\n`, 1, null],
    [`*1\r\n$16385\r\n${big}\r\n`, 0, "unauthenticated bulk length"],
    ["*2147483648\r\n", 0, "invalid multibulk length"],
    ["*1\r\n$-1\r\n", 0, "invalid bulk length"],
  ];
  it.each(cases)("%j", (stream, count, problem) => {
    for (const cut of [stream.length, 7]) {
      const { commands, error } = parseAll(stream, cut, { authenticated: false });
      expect(commands.length).toBe(count);
      expect(error).toBe(problem === null ? null : "Protocol error: " + problem);
    }
  });

  it("commands come one by one, so that those behind an AUTH have the limits of its outcome", () => {
    const parser = new RequestParser(createRequestLimits(), false);
    const batch = new RequestBatch();
    const input = bytesOf(`AUTH secret\r\n*1\r\n$16385\r\n${big}\r\nPING\r\n`);
    parser.feed(input, 0, input.length, 0);
    expect(parser.next(batch, 100)).toBe(1);
    parser.authenticated = true;
    expect(parser.next(batch, 100)).toBe(2);
    expect(batch.argumentLengths[0]).toBe(16385);
    expect(parser.next(batch, 100)).toBe(0);
    expect(parser.error).toBeNull();
  });
});

describe("limits", () => {
  it("are read again for each request", () => {
    const limits = createRequestLimits({ maxBulkBytes: 5, maxArguments: 3 });
    expect(parseAll("*1\r\n$6\r\nabcdef\r\n", 100, { limits }).error).toBe("Protocol error: invalid bulk length");
    expect(parseAll("*4\r\n", 100, { limits }).error).toBe("Protocol error: invalid multibulk length");
    limits.maxBulkBytes = 6;
    limits.maxArguments = 4;
    expect(parseAll("*1\r\n$6\r\nabcdef\r\n", 100, { limits }).commands).toEqual([["abcdef"]]);
    expect(parseAll("*4\r\n", 100, { limits }).error).toBeNull();
  });

  it("bound what an incomplete request may hold", () => {
    const limits = createRequestLimits({ maxRequestBytes: 1000 });
    const stream = encodeRequest(Array<string>(100).fill("0123456789"));
    expect(parseAll(stream, 50, { limits }).error).toBe("Protocol error: too big request");
  });

  it("refuse a request when more has come than allowed, not when more is announced", () => {
    const limits = createRequestLimits({ maxRequestBytes: 1000 });
    expect(parseAll(`*1\r\n$2000\r\n${"x".repeat(989)}`, 4, { limits }).error).toBeNull();
    expect(parseAll(`*1\r\n$2000\r\n${"x".repeat(990)}`, 4, { limits }).error).toBe("Protocol error: too big request");
  });
});

describe("time and memory", () => {
  it("an announced length costs nothing, but is told", () => {
    const limits = createRequestLimits();
    const batch = new RequestBatch();
    for (const text of ["*2147483647\r\n$536870912\r\nabc", "*1\r\n$536870912\r\n", "*2147483647\r\n"]) {
      const parser = new RequestParser(limits);
      for (let at = 0; at < text.length; at += 8) {
        const chunk = bytesOf(text.slice(at, at + 8));
        parser.feed(chunk, 0, chunk.length, 0);
        expect(parser.next(batch, 10)).toBe(0);
      }
      expect(parser.pendingBytes).toBeLessThan(1024);
      const isBulk = text.includes("$");
      expect(parser.announcedBytes > 536_870_000).toBe(isBulk);
      expect(parser.announcedBytes + parser.pendingBytes).toBeLessThan(isBulk ? 536_872_000 : 1024);
    }
    expect(batch.argumentOffsets.length).toBeLessThan(10_000);
  });

  it("a million arguments in small pieces take linear time, and their memory is given back", () => {
    const count = 1_000_001;
    const stream = bytesOf(`*${count}\r\n` + "$1\r\na\r\n".repeat(count) + "PING\r\n");
    const parser = new RequestParser(createRequestLimits());
    const batch = new RequestBatch();
    const found: number[] = [];
    const started = performance.now();
    for (let at = 0; at < stream.length; at += 100) {
      const end = Math.min(at + 100, stream.length);
      parser.feed(stream, at, end, Math.min(at, 16));
      while (parser.next(batch, 10) > 0) found.push(batch.commandStarts[1]);
    }
    expect(performance.now() - started).toBeLessThan(5000);
    expect(found).toEqual([count, 1]);
    expect(parser.pendingBytes).toBe(0);
    expect(batch.argumentOffsets.length).toBeLessThan(100_000);
  });

  it("a request byte by byte takes linear time", () => {
    const stream = encodeRequest(["SET", "key", "x".repeat(300_000), ...Array<string>(20_000).fill("ab")]);
    const started = performance.now();
    expect(parseAll(stream, 1).commands[0]?.length).toBe(20_003);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("a bulk of 64 MB in pieces is copied few times, and what follows it is parsed where it lies", () => {
    const length = 64 << 20;
    const parser = new RequestParser(createRequestLimits());
    const batch = new RequestBatch();
    const chunk = new Uint8Array(65536).fill(120);
    const head = bytesOf(`*2\r\n$3\r\nSET\r\n$${length}\r\n`);
    const started = performance.now();
    parser.feed(head, 0, head.length, 0);
    expect(parser.next(batch, 10)).toBe(0);
    for (let fed = 0; fed < length; fed += chunk.length) {
      parser.feed(chunk, 0, chunk.length, 0);
      expect(parser.next(batch, 10)).toBe(0);
      expect(parser.pendingBytes).toBeLessThanOrEqual(2 * (fed + 2 * chunk.length) + 128);
      expect(parser.announcedBytes + parser.pendingBytes).toBeGreaterThanOrEqual(length);
    }
    const tail = bytesOf("\r\nPING\r\nPING\r\n");
    parser.feed(tail, 0, tail.length, 0);
    expect(parser.next(batch, 10)).toBe(1);
    expect(batch.argumentLengths[1]).toBe(length);
    expect(parser.pendingBytes).toBe(0);
    expect(parser.next(batch, 10)).toBe(2);
    expect(batch.bytes).toBe(tail);
    expect(parser.next(batch, 10)).toBe(0);
    expect(batch.bytes.length).toBe(0);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("an idle parser that has seen whole requests holds nothing", () => {
    const parser = new RequestParser(createRequestLimits());
    const batch = new RequestBatch();
    for (const text of ["*1\r\n$4\r\nPI", "NG\r\n", "*1\r\n$200\r\n", "x".repeat(200), "\r\n", "PING\r\n*0\r\n"]) {
      const chunk = bytesOf(text);
      parser.feed(chunk, 0, chunk.length, 0);
      while (parser.next(batch, 10) > 0);
    }
    expect(parser.pendingBytes).toBe(0);
  });

  it("input that is parked survives the reuse of its buffer", () => {
    const parser = new RequestParser(createRequestLimits());
    const batch = new RequestBatch();
    const chunk = bytesOf("PING\r\nECHO a\r\nECHO b\r\n");
    parser.feed(chunk, 0, chunk.length, 0);
    expect(parser.next(batch, 1)).toBe(1);
    parser.park();
    chunk.fill(0);
    const more = bytesOf("QUIT\r\n");
    parser.feed(more, 0, more.length, 0);
    expect(parser.next(batch, 10)).toBe(3);
    expect(parser.next(batch, 10)).toBe(0);
  });
});
