import { expect, test } from "vitest";
import { createTestServer } from "./testing/test-client.ts";

test("limits of requests follow the configuration", () => {
  const { connect, server } = createTestServer({ "proto-max-bulk-len": "2mb" });
  const client = connect();
  expect(server.requestLimits.maxBulkBytes).toBe(2 ** 21);
  expect(client.send("CONFIG", "SET", "proto-max-bulk-len", "1mb", "client-query-buffer-limit", "3mb")).toBe("+OK\r\n");
  expect(server.requestLimits.maxBulkBytes).toBe(2 ** 20);
  expect(server.requestLimits.maxRequestBytes).toBe(3 * 2 ** 20);
  expect(client.sendRaw("*1\r\n$1048577\r\n")).toBe("-ERR Protocol error: invalid bulk length\r\n");
});

test("limits beyond what a request can be are cut", () => {
  const { connect, server } = createTestServer();
  connect().send("CONFIG", "SET", "client-query-buffer-limit", "100gb");
  expect(server.requestLimits.maxRequestBytes).toBe(2 ** 31 - 1);
});

test("the log level follows", () => {
  const { connect, server } = createTestServer();
  connect().send("CONFIG", "SET", "loglevel", "debug");
  expect(server.log.level).toBe("debug");
});
