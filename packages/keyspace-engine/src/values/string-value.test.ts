import { heapStatistics } from "@sider/datastructures";
import { describe, expect, test } from "vitest";
import { OutOfMemoryError } from "../errors.ts";
import { NO_EXPIRY } from "../keyspace/entry.ts";
import { emptyDatabase } from "../keyspace/store.ts";
import { Subject, VALUES } from "../keyspace/testing/subject.ts";
import { createInt64Scratch, int64FromBigInt } from "../numbers/int64.ts";
import { Slice } from "../slice.ts";
import {
  addToSmallInteger,
  copyString,
  readInteger,
  readString,
  resizeString,
  setBytes,
  stringLength,
  stringMemoryBytes,
} from "./string-value.ts";

test("encodings are those that OBJECT ENCODING gives in Redis", () => {
  const subject = new Subject();
  const encodings: Record<string, string> = {
    "0": "int",
    "-1": "int",
    "9223372036854775807": "int",
    "-9223372036854775808": "int",
    "9223372036854775808": "embstr",
    "": "embstr",
    "01": "embstr",
    "-0": "embstr",
    "+1": "embstr",
    " 1": "embstr",
    "1.0": "embstr",
    ["x".repeat(44)]: "embstr",
    ["x".repeat(45)]: "raw",
    ["1".repeat(45)]: "raw",
    ["x".repeat(1000)]: "raw",
  };
  for (const [text, encoding] of Object.entries(encodings)) {
    subject.set("key", text);
    expect([text, subject.encoding("key"), subject.get("key")]).toEqual([text, encoding, text]);
  }
});

test("every length around the limits is kept, with and without an expiry, in a fresh and in a used place", () => {
  const subject = new Subject();
  for (const length of [0, 1, 2, 3, 4, 5, 43, 44, 45, 191, 192, 193, 194, 255, 256, 4095, 4096, 4097, 16_384, 16_385]) {
    const text = "t".repeat(length);
    for (const expiresAtMs of [NO_EXPIRY, subject.nowMs + 1000]) {
      subject.set(`new ${String(length)} ${String(expiresAtMs)}`, text, expiresAtMs);
      expect(subject.get(`new ${String(length)} ${String(expiresAtMs)}`)).toBe(text);
      subject.set("used", text, expiresAtMs);
      expect(subject.get("used")).toBe(text);
      expect(stringLength(subject.heap, subject.entry("used"))).toBe(length);
    }
  }
  emptyDatabase(subject.keyspace, subject.database);
});

describe.each(Object.entries(VALUES))("a value that is %s", (_, text) => {
  test.each(Object.entries(VALUES))("gives way to one that is %s, and stays when there is no memory", (_, other) => {
    const subject = new Subject();
    subject.set("key", text);
    const before = heapStatistics(subject.heap).allocatedBytes;
    subject.withAllocations(0, () => {
      try {
        subject.set("key", other);
        expect(subject.get("key")).toBe(other);
      } catch (error) {
        expect(error).toBeInstanceOf(OutOfMemoryError);
        expect(subject.get("key")).toBe(text);
        expect(heapStatistics(subject.heap).allocatedBytes).toBe(before);
      }
    });
    subject.set("key", other);
    expect(subject.get("key")).toBe(other);
    subject.set("key", text);
    expect(heapStatistics(subject.heap).allocatedBytes).toBe(before);
  });

  test("grows to any length with zeros behind it, is raw then, and keeps its expiry", () => {
    for (const length of [0, 1, 7, 45, 192, 193, 300, 60_000]) {
      const subject = new Subject();
      const expiresAtMs = subject.nowMs + 500;
      const entry = subject.set("key", text, expiresAtMs);
      const longer = Math.max(length, text.length);
      const resized = resizeString(subject.keyspace, subject.database, subject.key("key"), entry, longer);
      expect(subject.entry("key")).toBe(resized);
      expect(subject.get("key")).toBe(text.padEnd(longer, "\0"));
      expect(subject.encoding("key")).toBe("raw");
      subject.advance(501);
      expect(subject.get("key")).toBe(null);
      expect(subject.keyspace.expiresCount(subject.database)).toBe(0);
    }
  });

  test("gets shorter", () => {
    const subject = new Subject();
    const entry = subject.set("key", text);
    resizeString(subject.keyspace, subject.database, subject.key("key"), entry, 2);
    expect(subject.get("key")).toBe(text.slice(0, 2));
    expect(subject.encoding("key")).toBe("raw");
  });

  test("stays as it is when there is no memory to grow", () => {
    for (let granted = 0; granted < 2; granted++) {
      const subject = new Subject();
      const entry = subject.set("key", text);
      const encoding = subject.encoding("key");
      const grow = () => resizeString(subject.keyspace, subject.database, subject.key("key"), entry, 1_000_000);
      if (granted === 0) expect(() => subject.withAllocations(0, grow)).toThrow(OutOfMemoryError);
      else {
        try {
          subject.withAllocations(1, grow);
          continue;
        } catch (error) {
          expect(error).toBeInstanceOf(OutOfMemoryError);
        }
      }
      expect([subject.get("key"), subject.encoding("key")]).toEqual([text, encoding]);
    }
  });

  test("is copied with encoding and expiry, also over another one", () => {
    const subject = new Subject();
    const source = subject.set("source", text, subject.nowMs + 1000);
    for (const other of ["", ...Object.values(VALUES)]) {
      const key = subject.key("copy");
      const old = other === "" ? 0 : subject.set("copy", other);
      copyString(subject.keyspace, source, subject.database, key, old, new Slice());
      expect([subject.get("copy"), subject.get("source")]).toEqual([text, text]);
      expect(subject.encoding("copy")).toBe(subject.encoding("source"));
    }
    expect(subject.keyspace.expiresCount(subject.database)).toBe(2);
  });

  test("takes at least its length in memory", () => {
    const subject = new Subject();
    const bytes = stringMemoryBytes(subject.heap, subject.set("key", text));
    expect(bytes).toBeGreaterThan(3 + (text === VALUES.int ? 8 : text.length));
  });
});

test("the texts of two integers can be read side by side", () => {
  const subject = new Subject();
  const first = readString(subject.heap, subject.set("a", "11"), new Slice());
  const second = readString(subject.heap, subject.set("b", "-222"), new Slice());
  stringLength(subject.heap, subject.set("c", "333"));
  expect([first, second].map((slice) => new TextDecoder().decode(slice.toBytes()))).toEqual(["11", "-222"]);
});

test("integers are read from numbers, and from text that spells one, wherever it is", () => {
  const subject = new Subject();
  const scratch = createInt64Scratch();
  const read = (text: string, asText: boolean) => {
    let entry = asText
      ? setBytes(subject.keyspace, subject.database, subject.key("k"), subject.entry("k"), subject.slice(text), 0, -1)
      : subject.set("k", text);
    if (asText) entry = resizeString(subject.keyspace, subject.database, subject.key("k"), entry, 250);
    if (asText) entry = resizeString(subject.keyspace, subject.database, subject.key("k"), entry, text.length);
    return readInteger(subject.heap, entry, scratch) ? scratch.safe : null;
  };
  for (const asText of [false, true]) {
    expect(read("1234", asText)).toBe(1234);
    expect(read("-9007199254740991", asText)).toBe(-9007199254740991);
    for (const text of ["", "a", "1a", "01", "9223372036854775808", "1".repeat(30)])
      expect(read(text, asText)).toBe(null);
  }
});

test("small integers are added to in place; all else is left as it is for the long way", () => {
  const subject = new Subject();
  const increment = createInt64Scratch();
  const sum = createInt64Scratch();
  const limit = 2n ** 31n;
  const numbers = [0n, 1n, -1n, 7n, limit - 1n, limit, -limit, -limit - 1n, 2n ** 32n, -(2n ** 63n), 2n ** 63n - 1n];
  const isSmall = (number: bigint) => number >= -limit && number < limit;
  for (const value of numbers) {
    for (const added of numbers) {
      subject.set("key", String(value));
      int64FromBigInt(added, increment);
      const isAdded = addToSmallInteger(subject.heap, subject.entry("key"), increment, sum);
      expect([value, added, isAdded]).toEqual([
        value,
        added,
        isSmall(value) && isSmall(added) && isSmall(value + added),
      ]);
      expect(subject.get("key")).toBe(String(isAdded ? value + added : value));
      if (isAdded) expect([sum.safe, sum.isSafe]).toEqual([Number(value + added), true]);
    }
  }
  subject.set("text", "7 bytes");
  expect(addToSmallInteger(subject.heap, subject.entry("text"), increment, sum)).toBe(false);
});

test("appending is amortised: a value that grows byte by byte to 1 MiB is moved rarely", () => {
  const subject = new Subject();
  let entry = subject.set("key", "x".repeat(193));
  let moves = 0;
  let block = readString(subject.heap, entry, new Slice()).offset;
  for (let length = 194; length < 2 ** 20; length += 61) {
    entry = resizeString(subject.keyspace, subject.database, subject.key("key"), entry, length);
    const { offset } = readString(subject.heap, entry, new Slice());
    if (offset !== block) moves++;
    block = offset;
  }
  expect(moves).toBeLessThan(14);
});

test("a value beyond what a block can be is out of memory, not a wrong length", () => {
  const subject = new Subject();
  const entry = subject.set("key", "value");
  for (const length of [2 ** 29, 2 ** 31 - 1, 2 ** 31, 2 ** 32]) {
    expect(() => resizeString(subject.keyspace, subject.database, subject.key("key"), entry, length)).toThrow(
      OutOfMemoryError,
    );
  }
  expect(subject.get("key")).toBe("value");
});
