import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

test("entries have a number, the time, microseconds, words, address and name, the newest first", () => {
  let now = 0;
  const { connect } = createTestServer(
    { "slowlog-log-slower-than": "0" },
    1,
    undefined,
    undefined,
    () => (now += 0.25),
  );
  const client = connect();
  client.send("CLIENT", "SETNAME", "me");
  client.send("GET", "a");
  expect(client.send("SLOWLOG", "GET", 1)).toBe(
    "*1\r\n*6\r\n:1\r\n:1700000000\r\n:250\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n$15\r\n127.0.0.1:50000\r\n$2\r\nme\r\n",
  );
  expect(client.send("SLOWLOG", "LEN")).toBe(":3\r\n");
  expect(client.send("SLOWLOG", "RESET")).toBe("+OK\r\n");
  expect(client.send("SLOWLOG", "LEN")).toBe(":1\r\n");
});

test("secrets, long words and many words are left out", () => {
  const { connect } = createTestServer({ "slowlog-log-slower-than": "0" });
  const client = connect();
  client.send("AUTH", "secret1");
  client.send("HELLO", 3, "AUTH", "default", "secret2", "SETNAME", "me");
  client.send("CONFIG", "SET", "requirepass", "", "masterauth", "secret3", "timeout", 0);
  client.send("CONFIG", "SET", "masterauth", "");
  client.send("SADD", "set", "x".repeat(130));
  client.send("SADD", "set", ...Array.from({ length: 40 }, (_, index) => index));
  const log = client.send("SLOWLOG", "GET", -1);
  expect(log).not.toMatch(/secret\d/);
  expect(log).toContain(
    "HELLO\r\n$1\r\n3\r\n$4\r\nAUTH\r\n$10\r\n(redacted)\r\n$10\r\n(redacted)\r\n$7\r\nSETNAME\r\n$2\r\nme\r\n",
  );
  expect(log).toContain(`${"x".repeat(128)}... (2 more bytes)\r\n`);
  expect(log).toContain("*32\r\n$4\r\nSADD\r\n$3\r\nset\r\n$1\r\n0\r\n");
  expect(log).toContain("... (11 more arguments)");
});

test("the directives bound it, and turn it off", () => {
  const { connect } = createTestServer({ "slowlog-log-slower-than": "0", "slowlog-max-len": "3" });
  const client = connect();
  for (let count = 0; count < 10; count++) client.send("PING");
  expect(client.send("SLOWLOG", "LEN")).toBe(":3\r\n");
  client.send("CONFIG", "SET", "slowlog-log-slower-than", -1);
  expect(client.send("SLOWLOG", "RESET")).toBe("+OK\r\n");
  client.send("PING");
  expect(client.send("SLOWLOG", "GET")).toBe("*0\r\n");
  const newest = (): string | undefined => /^\*\d+\r\n\*6\r\n:(\d+)/.exec(client.send("SLOWLOG", "GET"))?.[1];
  client.send("CONFIG", "SET", "slowlog-log-slower-than", 0);
  const id = Number(newest());
  client.send("CONFIG", "SET", "slowlog-max-len", 0);
  for (let count = 0; count < 10; count++) client.send("PING");
  client.send("CONFIG", "SET", "slowlog-max-len", 3);
  expect(Number(newest())).toBe(id + 2);
});

test.each([
  [["GET", "-2"], "-ERR count should be greater than or equal to -1\r\n"],
  [["GET", "x"], "-ERR count should be greater than or equal to -1\r\n"],
  [["GET", "1", "2"], "-ERR unknown subcommand or wrong number of arguments for 'GET'. Try SLOWLOG HELP.\r\n"],
  [["LEN", "x"], "-ERR wrong number of arguments for 'slowlog|len' command\r\n"],
  [["NOSUCH"], "-ERR unknown subcommand 'NOSUCH'. Try SLOWLOG HELP.\r\n"],
])("SLOWLOG %j is refused", (words, error) => {
  expect(
    createTestServer()
      .connect()
      .send("SLOWLOG", ...words),
  ).toBe(error);
});
