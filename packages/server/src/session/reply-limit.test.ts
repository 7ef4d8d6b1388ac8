import { expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";

const LIMITED = { "client-output-buffer-limit": "normal 100000 0 0" };

test("nothing is replied where all replies to an input are over the hard limit", () => {
  const { server, logged, connect } = createTestServer(LIMITED);
  const client = connect();
  client.send("SET", "a", "x".repeat(10_000));
  expect(client.sendRaw("GET a\r\n".repeat(9))).toHaveLength(9 * 10_010);
  expect(client.sendRaw("GET a\r\n".repeat(10))).toBe("");
  expect(client.transport.closed).toBe(true);
  expect(server.statistics.outputLimitDisconnections).toBe(1);
  expect(logged.join("")).toContain("closed for overcoming of output buffer limits");
});

test("a command whose reply has no end is ended; a transaction is executed to its end", () => {
  const { server, connect } = createTestServer(LIMITED);
  const endless = connect();
  endless.send("HSET", "hash", "a", "b");
  expect(endless.send("HRANDFIELD", "hash", "-99999999")).toBe("");
  expect(endless.transport.closed).toBe(true);
  const client = connect();
  expect(client.sendRaw("MULTI\r\nSET k 1\r\nHRANDFIELD hash -99999999\r\nSET k 2\r\nEXEC\r\n")).toBe("");
  expect(client.transport.closed).toBe(true);
  expect(server.statistics.errors.size).toBe(0);
  expect(connect().send("GET", "k")).toBe("$1\r\n2\r\n");
});
