import { beforeEach, expect, test } from "vitest";
import { bulk } from "../../testing/replies.ts";
import { createTestServer } from "../../testing/test-client.ts";
import type { TestClient } from "../../testing/test-client.ts";

let client: TestClient;

beforeEach(() => {
  client = createTestServer({ "proto-max-bulk-len": "1mb" }).connect();
  client.send("MSET", "a", "ohmytext", "b", "mynewtext");
});

test("the subsequence, or its length", () => {
  expect(client.send("LCS", "a", "b")).toBe(bulk("mytext"));
  expect(client.send("LCS", "a", "b", "len")).toBe(":6\r\n");
  expect(client.send("LCS", "a", "none")).toBe(bulk(""));
  expect(client.send("LCS", "a", "b", "WITHMATCHLEN", "MINMATCHLEN", 100)).toBe(bulk("mytext"));
});

test("where its runs are, from the last to the first", () => {
  const last = "*2\r\n:4\r\n:7\r\n*2\r\n:5\r\n:8\r\n";
  const first = "*2\r\n:2\r\n:3\r\n*2\r\n:0\r\n:1\r\n";
  expect(client.send("LCS", "a", "b", "IDX")).toBe(
    `*4\r\n${bulk("matches")}*2\r\n*2\r\n${last}*2\r\n${first}${bulk("len")}:6\r\n`,
  );
  client.send("HELLO", 3);
  expect(client.send("LCS", "a", "b", "IDX", "MINMATCHLEN", 4, "WITHMATCHLEN")).toBe(
    `%2\r\n${bulk("matches")}*1\r\n*3\r\n${last}:4\r\n${bulk("len")}:6\r\n`,
  );
});

test("two integers are compared by their text", () => {
  client.send("MSET", "x", 12345, "y", 234);
  expect(client.send("LCS", "x", "y")).toBe(bulk("234"));
});

test("wrong options are refused", () => {
  expect(client.send("LCS", "a", "b", "LEN", "IDX")).toBe(
    "-ERR If you want both the length and indexes, please just use IDX.\r\n",
  );
  expect(client.send("LCS", "a", "b", "LEN", "IDX", "FOO")).toBe("-ERR syntax error\r\n");
  expect(client.send("LCS", "a", "b", "MINMATCHLEN")).toBe("-ERR syntax error\r\n");
  expect(client.send("LCS", "a", "b", "MINMATCHLEN", "x")).toBe("-ERR value is not an integer or out of range\r\n");
});

test("what would take Redis more than proto-max-bulk-len is refused", () => {
  client.send("SET", "long", "x".repeat(600));
  expect(client.send("LCS", "long", "long")).toBe(
    "-ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len\r\n",
  );
});
