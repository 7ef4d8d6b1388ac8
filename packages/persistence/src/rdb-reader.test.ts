import { expect, test } from "vitest";
import { RdbError } from "./rdb-format.ts";
import { RdbReader } from "./rdb-reader.ts";
import { CollectingHandler, dumpOf, entry, joined, latin1, readAll } from "./testing/dumps.ts";

const NO_CHECKSUM = new Array<number>(8).fill(0);

/** A dump of version 11 without checksum. */
function dump(...parts: readonly (string | readonly number[] | Uint8Array)[]): Uint8Array {
  return joined("REDIS0011", ...parts, "\xff", NO_CHECKSUM);
}

function errorOf(bytes: Uint8Array, options = {}): RdbError {
  try {
    readAll(bytes, options);
  } catch (error) {
    if (error instanceof RdbError) return error;
    throw error;
  }
  throw new Error("no error");
}

const everything = [
  entry("k", "v"),
  entry("", ""),
  entry("12", "-2147483648", { expireAtMs: 1_700_000_000_123 }),
  entry("\0\xff\r\n", "\xfe\0binary", { idleSeconds: 100_000 }),
  entry("long", "abc".repeat(50_000), { expireAtMs: 1, frequency: 255 }),
  entry("k", "v", { database: 15, expireAtMs: -5 }),
];

test("reads what the writer writes, in any pieces", () => {
  for (const compression of [true, false]) {
    const bytes = dumpOf(everything, { compression });
    for (const pieceBytes of [1, 2, 7, 64, 1000, bytes.length]) {
      const { reader, handler } = readAll(bytes, { chunkBytes: 64 }, pieceBytes);
      expect(handler.entries).toEqual(everything);
      expect(handler.aux).toEqual({ "redis-ver": "7.2.4", "redis-bits": "64" });
      expect(handler.sizes).toEqual(["0: 5 2", "15: 1 1"]);
      expect(reader).toMatchObject({ version: 11, checksumState: "verified", entryCount: 6, done: true });
      expect(reader.consumedBytes).toBe(bytes.length);
    }
  }
});

test("pulls from a source, and stops behind the dump", () => {
  const bytes = joined(dumpOf(everything), "*1\r\n$4\r\nPING\r\n");
  const handler = new CollectingHandler();
  const reader = new RdbReader(handler, { chunkBytes: 100 });
  let at = 0;
  reader.readFrom((target, offset, length) => {
    const count = Math.min(length, 33, bytes.length - at);
    target.set(bytes.subarray(at, at + count), offset);
    at += count;
    return count;
  });
  expect(handler.entries).toEqual(everything);
  expect(reader.consumedBytes).toBe(bytes.length - 14);
});

test("old versions: expiries in seconds, and no checksum before version 5", () => {
  const body = joined("\xfd", [1, 2, 0, 0], "\0\x01k\x01v\xff");
  const { reader, handler } = readAll(joined("REDIS0001", body));
  expect(handler.entries).toEqual([entry("k", "v", { expireAtMs: 513_000 })]);
  expect(reader).toMatchObject({ version: 1, checksumState: "absent" });
  expect(errorOf(joined("REDIS0005", body)).kind).toBe("truncated");
  expect(readAll(joined("REDIS0005", body, NO_CHECKSUM)).reader.checksumState).toBe("absent");
});

test("strings in longer forms than needed", () => {
  const { handler } = readAll(
    dump("\0\x40\x01k", [0x81, 0, 0, 0, 0, 0, 0, 0, 1], "v", "\0\x01l", [0xc3, 0x80, 0, 0, 0, 2, 1, 0, 97]),
  );
  expect(handler.entries).toEqual([entry("k", "v"), entry("l", "a")]);
});

test("functions and data of modules are skipped, and reported", () => {
  const moduleId = [0x81, 0, 0, 0, 0, 0, 0, 0x04, 0x01]; // "AAAAAAAAB", version 1
  const parts = joined([2, 0x41, 0, 1, 5, 3, 1, 2, 3, 4, 4, 1, 2, 3, 4, 5, 6, 7, 8, 5, 3], "abc", [0]);
  const bytes = dump("\xf5\x04#!ab", "\xf7", moduleId, [2, 2], parts, "\0\x01k\x01v");
  for (const pieceBytes of [1, 5, bytes.length]) {
    const { handler } = readAll(bytes, {}, pieceBytes);
    expect(handler.skipped).toEqual(["a function library @9", "data of the module AAAAAAAAB, which is not loaded @15"]);
    expect(handler.entries).toEqual([entry("k", "v")]);
  }
});

test("function libraries are delivered, those of release candidates too; keys of modules are skipped", () => {
  const moduleId = [0x81, 0, 0, 0, 0, 0, 0, 0x04, 0x01];
  const old = ["\xf6\x03lib\x03LUA", "\x01\x04text", "\x04code", "\xf6\x01l\x03LUA\0\x04more"];
  const bytes = dump("\xf5\x04#!ab", ...old, "\xf8\x05\x07\x01m", moduleId, [1, 0x40, 99, 5, 1, 97, 0], "\0\x01k\x01v");
  for (const pieceBytes of [1, bytes.length]) {
    const handler = new CollectingHandler();
    const libraries: string[] = [];
    const withFunctions = Object.assign(handler, {
      onFunction: (code: Uint8Array, offset: number, length: number) => libraries.push(latin1(code, offset, length)),
    });
    const reader = new RdbReader(withFunctions);
    for (let at = 0; at < bytes.length; at += pieceBytes)
      reader.feed(bytes, at, Math.min(bytes.length, at + pieceBytes));
    reader.end();
    expect(libraries).toEqual(["#!ab", "#!LUA name=lib\ncode", "#!LUA name=l\nmore"]);
    expect(handler.skipped).toEqual(["the key 'm', a value of the module type AAAAAAAAB, which is not loaded @50"]);
    expect(handler.entries).toEqual([entry("k", "v")]);
  }
});

test("types that are not supported are named, with their offset", () => {
  const list = errorOf(dump("\0\x01k\x01v", "\x01\x01l\x01\x01a"));
  expect(list).toMatchObject({ kind: "unsupported", offset: 14 });
  expect(list.message).toBe("RDB unsupported at byte 14: a value of type 1, list, is not supported yet");
  for (const type of [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]) {
    expect(errorOf(dump([type], "\x01k")).kind, String(type)).toBe("unsupported");
  }
  for (const type of [8, 22, 100, 244]) {
    expect(errorOf(dump([type], "\x01k")), String(type)).toMatchObject({ kind: "corrupt", offset: 9 });
  }
});

test("what is no dump, or of a version to come", () => {
  expect(errorOf(joined("HELLO WORLD"))).toMatchObject({ kind: "corrupt", offset: 0 });
  expect(errorOf(joined("REDIS00x1"))).toMatchObject({ kind: "corrupt", offset: 5 });
  expect(errorOf(joined("REDIS0000"))).toMatchObject({ kind: "unsupported", offset: 5 });
  expect(errorOf(joined("REDIS0012")).reason).toContain("version 12");
});

test("a dump that ends anywhere before its end is truncated", () => {
  const bytes = dumpOf(everything);
  for (let length = 0; length < bytes.length; length += length < 300 ? 1 : 13) {
    expect(errorOf(bytes.subarray(0, length))).toMatchObject({ kind: "truncated", offset: length });
  }
});

test("a wrong checksum is an error, unless it is not to be looked at", () => {
  const bytes = dumpOf(everything);
  const offset = bytes.length - 8;
  bytes[offset] = bytes[offset] ^ 1;
  expect(errorOf(bytes)).toMatchObject({ kind: "checksum", offset });
  expect(readAll(bytes, { checksum: false }).reader.checksumState).toBe("not checked");
});

test("lengths and encodings that cannot be", () => {
  const at = (offset: number, ...parts: (string | number[])[]): void => {
    expect(errorOf(dump(...parts))).toMatchObject({ kind: "corrupt", offset });
  };
  at(10, [0, 0x82, 0, 0, 0, 1]); // unknown form of length
  at(10, [0, 0xc4, 0]); // unknown encoding of a string
  at(10, [0xfe, 0xc0, 1]); // an encoding where a length must be
  at(9, [0xfe, 0x80, 0xff, 0xff, 0xff, 0xff]); // no such database
  at(10, [0, 0x81, 255, 255, 255, 255, 255, 255, 255, 255]); // longer than any string
  at(10, [0, 0xc3, 1, 0x80, 0, 0, 1, 0, 0]); // LZF cannot do that
  at(10, [0, 0xc3, 2, 2, 1, 97]); // LZF that ends early
  at(9, "\xf7", [0x40, 1, 3, 1]); // the moment of module data
});

test("a length that lies costs no memory", () => {
  const claims = joined("REDIS0011\0\x01k", [0x80, 0x1f, 0xff, 0xff, 0xff], "only this");
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 10; i++) expect(errorOf(claims).kind).toBe("truncated");
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
});

test("the limit of a string can be set", () => {
  const bytes = dumpOf([entry("k", "0123456789")]);
  expect(readAll(bytes, { maxStringBytes: 10 }).handler.entries.length).toBe(1);
  expect(errorOf(bytes, { maxStringBytes: 9 }).reason).toContain("10 bytes is too long, the limit is 9");
});

test("an exception of the handler ends the reading", () => {
  const handler = new CollectingHandler();
  handler.onString = () => {
    throw new Error("out of memory");
  };
  const bytes = dumpOf(everything);
  expect(() => {
    new RdbReader(handler).feed(bytes, 0, bytes.length);
  }).toThrow("out of memory");
});

test("in steps: what follows the dump comes back, and a value can be given up in its middle", () => {
  const tail = "*1\r\n$4\r\nPING\r\n";
  const dumpBytes = dumpOf(everything);
  const bytes = joined(dumpBytes, tail);
  for (const pieceBytes of [1, 50, bytes.length]) {
    const handler = new CollectingHandler();
    const reader = new RdbReader(handler, { chunkBytes: 1000 });
    let at = 0;
    reader.begin((target, offset, length) => {
      const count = Math.min(length, pieceBytes, bytes.length - at);
      target.set(bytes.subarray(at, at + count), offset);
      at += count;
      return count;
    });
    const consumed = [0];
    while (reader.step()) consumed.push(reader.consumedBytes);
    expect(reader.step()).toBe(false);
    expect(handler.entries).toEqual(everything);
    expect(consumed.length).toBeGreaterThan(everything.length);
    expect(consumed).toEqual([...consumed].sort((a, b) => a - b));
    expect(reader.consumedBytes).toBe(dumpBytes.length);
    expect(joined(reader.unread(), bytes.subarray(at))).toEqual(joined(tail));
  }
});
