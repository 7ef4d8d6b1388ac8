import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

test("CONFIG GET gives names and values, in RESP3 as a map", () => {
  const client = createTestServer().connect();
  expect(client.send("CONFIG", "GET", "save")).toBe("*2\r\n$4\r\nsave\r\n$0\r\n\r\n");
  expect(client.send("CONFIG", "GET", "nosuch")).toBe("*0\r\n");
  expect(client.send("CONFIG", "GET", "APPENDONLY", "hz")).toBe(
    "*4\r\n$10\r\nAPPENDONLY\r\n$2\r\nno\r\n$2\r\nhz\r\n$2\r\n10\r\n",
  );
  client.send("HELLO", 3);
  expect(client.send("CONFIG", "GET", "maxmemory-p*")).toBe("%1\r\n$16\r\nmaxmemory-policy\r\n$10\r\nnoeviction\r\n");
});

test("CONFIG SET changes all or nothing", () => {
  const client = createTestServer().connect();
  expect(client.send("CONFIG", "SET", "maxmemory", "100mb", "timeout", 7)).toBe("+OK\r\n");
  expect(client.send("CONFIG", "GET", "maxmemory")).toBe("*2\r\n$9\r\nmaxmemory\r\n$9\r\n104857600\r\n");
  expect(client.send("CONFIG", "SET", "timeout", 8, "maxmemory", "lots")).toBe(
    "-ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value\r\n",
  );
  expect(client.send("CONFIG", "GET", "timeout")).toBe("*2\r\n$7\r\ntimeout\r\n$1\r\n7\r\n");
  expect(client.send("CONFIG", "SET", "a", "b", "c")).toBe("-ERR syntax error\r\n");
});

test("a directive that does nothing yet is logged", () => {
  const { connect, logged } = createTestServer();
  const client = connect();
  expect(client.send("CONFIG", "SET", "timeout", 1, "REPL-TIMEOUT", 5)).toBe("+OK\r\n");
  expect(logged.join("")).toMatch(/'repl-timeout' is known, but has no effect here: there is no replication yet/);
  expect(logged).toHaveLength(1);
});

test("text comes back byte for byte", () => {
  const client = createTestServer().connect();
  expect(client.send("CONFIG", "SET", "masterauth", "\u00c3\u00bc")).toBe("+OK\r\n");
  expect(client.send("CONFIG", "GET", "masterauth")).toBe("*2\r\n$10\r\nmasterauth\r\n$2\r\n\u00c3\u00bc\r\n");
  expect(client.send("CONFIG", "SET", "\u00c3\u00bc", "1")).toContain("CONFIG SET - '\u00c3\u00bc'");
});

test("RESETSTAT forgets the counts", () => {
  const client = createTestServer().connect();
  client.sendRaw("GET a\r\nSET a 1\r\nGET a\r\nNOSUCH\r\n");
  expect(client.send("INFO", "stats")).toMatch(/keyspace_hits:1\r\nkeyspace_misses:1/);
  expect(client.send("CONFIG", "RESETSTAT")).toBe("+OK\r\n");
  const info = client.send("INFO", "everything");
  expect(info).toMatch(/keyspace_hits:0\r\nkeyspace_misses:0/);
  expect(info).toContain("total_error_replies:0");
  expect(info).not.toContain("cmdstat_get");
});

test("REWRITE needs a file; HELP is an array", () => {
  const client = createTestServer().connect();
  expect(client.send("CONFIG", "REWRITE")).toBe("-ERR The server is running without a config file\r\n");
  expect(client.send("CONFIG", "HELP")).toMatch(/^\*\d+\r\n\+CONFIG /);
});
