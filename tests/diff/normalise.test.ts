/** What counts as the same answer. */
import { expect, test } from "vitest";

import { repliesAgree } from "./normalise.ts";

const agree = (request: string, reference: string, subject: string): boolean =>
  repliesAgree(request.split(" "), Buffer.from(reference, "latin1"), Buffer.from(subject, "latin1"));

test.each([
  ["GET k", "$1\r\na\r\n", "$1\r\na\r\n", true],
  ["GET k", "$-1\r\n", "_\r\n", false],
  ["PTTL k", ":100000\r\n", ":99000\r\n", true],
  ["PTTL k", ":100000\r\n", ":1000\r\n", false],
  ["TTL k", ":-1\r\n", ":-2\r\n", false],
  ["TTL k", ":1\r\n", "-ERR no\r\n", false],
  ["KEYS *", "*2\r\n$1\r\na\r\n$1\r\nb\r\n", "*2\r\n$1\r\nb\r\n$1\r\na\r\n", true],
  ["KEYS *", "*2\r\n$1\r\na\r\n$1\r\nb\r\n", "*1\r\n$1\r\na\r\n", false],
  ["MGET a b", "*2\r\n$1\r\na\r\n$1\r\nb\r\n", "*2\r\n$1\r\nb\r\n$1\r\na\r\n", false],
  ["RANDOMKEY", "$1\r\na\r\n", "$1\r\nb\r\n", true],
  ["RANDOMKEY", "$1\r\na\r\n", "$-1\r\n", false],
  ["OBJECT REFCOUNT k", ":2147483647\r\n", ":1\r\n", true],
  ["TIME x", "-ERR a\r\n", "-ERR b\r\n", false],
  ["DUMP k", "$12\r\n\0b0123456789\r\n", "$12\r\n\0b9876543210\r\n", true],
  ["DUMP k", "$12\r\n\0b0123456789\r\n", "$12\r\n\0c0123456789\r\n", false],
  ["MEMORY STATS", "*2\r\n$1\r\na\r\n:1\r\n", "*2\r\n$1\r\na\r\n:2\r\n", true],
  ["MEMORY STATS", "*2\r\n$1\r\na\r\n$3\r\n1.5\r\n", "*2\r\n$1\r\na\r\n:2\r\n", false],
  ["MEMORY STATS", "*2\r\n$1\r\na\r\n:1\r\n", "*2\r\n$1\r\nb\r\n:1\r\n", false],
  ["HELLO", "*4\r\n$2\r\nid\r\n:1\r\n$5\r\nproto\r\n:2\r\n", "*4\r\n$2\r\nid\r\n:9\r\n$5\r\nproto\r\n:2\r\n", true],
  ["HELLO", "*4\r\n$2\r\nid\r\n:1\r\n$5\r\nproto\r\n:2\r\n", "*4\r\n$2\r\nid\r\n:9\r\n$5\r\nproto\r\n:3\r\n", false],
])("%s: %j and %j: %s", (request, reference, subject, expected) => {
  expect(agree(request, reference, subject)).toBe(expected);
});
