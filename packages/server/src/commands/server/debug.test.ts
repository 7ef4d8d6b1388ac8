import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

const allowed = { "enable-debug-command": "yes" };

test("DEBUG is off unless the configuration allows it", () => {
  expect(createTestServer().connect().send("DEBUG", "SLEEP", 0)).toMatch(/^-ERR DEBUG command not allowed\. If the /);
  const local = createTestServer({ "enable-debug-command": "local" }).connect();
  expect(local.send("DEBUG", "SLEEP", 0)).toBe("+OK\r\n");
});

test("SLEEP stops everything for a time, fractions of seconds too", () => {
  const client = createTestServer(allowed).connect();
  const startedMs = performance.now();
  expect(client.send("DEBUG", "SLEEP", "0.05")).toBe("+OK\r\n");
  expect(performance.now() - startedMs).toBeGreaterThan(45);
  expect(client.send("DEBUG", "SLEEP", "-1")).toBe("+OK\r\n");
  expect(client.send("DEBUG", "SLEEP", "soon")).toBe("+OK\r\n");
});

test.each([
  ["17", "int", 2],
  ["300", "int", 3],
  ["70000", "int", 5],
  ["hello", "embstr", 6],
  ["x".repeat(100), "raw", null],
  ["x".repeat(1000), "raw", null],
])("OBJECT of %s", (value, encoding, length) => {
  const { connect, clock } = createTestServer(allowed);
  const client = connect();
  client.send("SET", "a", value);
  clock.now += 3000;
  const reply = client.send("DEBUG", "OBJECT", "a");
  expect(reply).toMatch(
    /^\+Value at:0x[0-9a-f]+ refcount:1 encoding:[a-z]+ serializedlength:\d+ lru:\d+ lru_seconds_idle:3\r\n$/,
  );
  expect(reply).toContain(` encoding:${encoding} `);
  if (length !== null) expect(reply).toContain(` serializedlength:${String(length)} `);
});

test("OBJECT of a long list tells of its nodes", () => {
  const client = createTestServer({ ...allowed, "list-max-listpack-size": "4", "list-compress-depth": "2" }).connect();
  client.send("RPUSH", "short", 1, 2, 3, 4);
  expect(client.send("DEBUG", "OBJECT", "short")).not.toContain("ql_");
  client.send("RPUSH", "long", ...Array.from("abcdefghij"));
  // 10 entries of 3 bytes, and 7 for each of 3 listpacks.
  expect(client.send("DEBUG", "OBJECT", "long")).toMatch(
    / lru_seconds_idle:0 ql_nodes:3 ql_avg_node:3\.33 ql_listpack_max:4 ql_compressed:1 ql_uncompressed_size:51\r\n$/,
  );
});

test("other subcommands", () => {
  const { connect, server, logged } = createTestServer(allowed);
  const client = connect();
  expect(client.send("DEBUG", "OBJECT", "none")).toBe("-ERR no such key\r\n");
  expect(client.send("DEBUG", "SET-ACTIVE-EXPIRE", 0)).toBe("+OK\r\n");
  expect(server.keyspace.activeExpiry).toBe(false);
  expect(client.send("DEBUG", "set-active-expire", 1)).toBe("+OK\r\n");
  expect(server.keyspace.activeExpiry).toBe(true);
  expect(client.send("DEBUG", "ERROR", "WEIRD thing")).toBe("-WEIRD thing\r\n");
  expect(client.send("DEBUG", "LOG", "hello")).toBe("+OK\r\n");
  expect(logged.join("")).toContain("DEBUG LOG: hello");
  expect(client.send("DEBUG", "HELP")).toMatch(/^\*\d+\r\n\+DEBUG /);
});

test("RELOAD brings the keys back from the file", () => {
  const directory = mkdtempSync(join(tmpdir(), "sider-"));
  try {
    const client = createTestServer({ ...allowed, dir: directory }).connect();
    client.sendRaw("SET a 1 PX 5000\r\nSELECT 2\r\nSET b text\r\n");
    expect(client.sendRaw("DEBUG RELOAD\r\nGET b\r\nSELECT 0\r\nGET a\r\nPTTL a\r\n")).toBe(
      "+OK\r\n$4\r\ntext\r\n+OK\r\n$1\r\n1\r\n:5000\r\n",
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
  const lost = createTestServer({ ...allowed, dir: directory }).connect();
  expect(lost.sendRaw("SET a 1\r\nDEBUG RELOAD\r\nGET a\r\n")).toMatch(/^\+OK\r\n-ERR\r\n\$1\r\n1/);
});

test.each([["JMAP"], ["SLEEP"], ["SLEEP", "1", "2"], ["constructor"], ["__proto__"]])(
  "DEBUG %s is unknown",
  (...words) => {
    expect(
      createTestServer(allowed)
        .connect()
        .send("DEBUG", ...words),
    ).toBe(`-ERR unknown subcommand or wrong number of arguments for '${words[0]}'. Try DEBUG HELP.\r\n`);
  },
);
