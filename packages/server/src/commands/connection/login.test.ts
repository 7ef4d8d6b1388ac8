import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

const NO_AUTH = "-NOAUTH Authentication required.\r\n";
const WRONG = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";

function greeting(proto: 2 | 3, id = 1): string {
  const head = proto === 3 ? "%7" : "*14";
  const fields = `$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n7.2.4\r\n$5\r\nproto\r\n:${String(proto)}\r\n$2\r\nid\r\n:${String(id)}\r\n`;
  return `${head}\r\n${fields}$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n`;
}

test("HELLO describes the connection and switches the protocol, for its own reply too", () => {
  const client = createTestServer().connect();
  expect(client.send("HELLO")).toBe(greeting(2));
  expect(client.send("HELLO", 3)).toBe(greeting(3));
  expect(client.send("GET", "a")).toBe("_\r\n");
  expect(client.send("HELLO")).toBe(greeting(3));
  expect(client.send("HELLO", 2)).toBe(greeting(2));
  expect(client.sendRaw("HELLO 3\r\nGET a\r\n")).toBe(`${greeting(3)}_\r\n`);
});

test.each([
  [["x"], "-ERR Protocol version is not an integer or out of range\r\n"],
  [["4"], "-NOPROTO unsupported protocol version\r\n"],
  [["1"], "-NOPROTO unsupported protocol version\r\n"],
  [["3", "foo"], "-ERR Syntax error in HELLO option 'foo'\r\n"],
  [["3", "AUTH", "default"], "-ERR Syntax error in HELLO option 'AUTH'\r\n"],
  [["3", "SETNAME"], "-ERR Syntax error in HELLO option 'SETNAME'\r\n"],
  [["3", "SETNAME", "a b"], "-ERR Client names cannot contain spaces, newlines or special characters.\r\n"],
  [["3", "AUTH", "nobody", "x", "SETNAME", "n"], WRONG],
])("HELLO %j is refused and changes nothing", (options, error) => {
  const client = createTestServer().connect();
  expect(client.send("HELLO", ...options)).toBe(error);
  expect(client.send("GET", "a")).toBe("$-1\r\n");
  expect(client.session.name).toBe("");
});

test("HELLO logs in and names at once", () => {
  const client = createTestServer({ requirepass: "secret" }).connect();
  expect(client.send("HELLO", 3)).toMatch(/^-NOAUTH HELLO must be called with the client already authenticated/);
  expect(client.send("PING")).toBe(NO_AUTH);
  expect(client.send("HELLO", 3, "AUTH", "default", "secret", "SETNAME", "me")).toBe(greeting(3));
  expect(client.send("CLIENT", "GETNAME")).toBe("$2\r\nme\r\n");
});

test("a password keeps everyone out who does not give it", () => {
  const { connect } = createTestServer({ requirepass: "s3cr\u00e9t" });
  const client = connect();
  expect(client.send("GET", "a")).toBe(NO_AUTH);
  expect(client.sendRaw("*1\r\n$6\r\nNOSUCH\r\n")).toMatch(/unknown command/);
  expect(client.send("AUTH", "wrong")).toBe(WRONG);
  expect(client.send("AUTH", "")).toBe(WRONG);
  expect(client.send("AUTH", "nobody", "s3cr\u00c3\u00a9t")).toBe(WRONG);
  expect(client.send("AUTH", "a", "b", "c")).toBe("-ERR syntax error\r\n");
  expect(client.send("PING")).toBe(NO_AUTH);
  expect(client.sendRaw("AUTH s3cr\u00c3\u00a9t\r\nSET a 1\r\n")).toBe("+OK\r\n+OK\r\n");
  expect(client.send("AUTH", "wrong")).toBe(WRONG);
  expect(client.send("GET", "a")).toBe("$1\r\n1\r\n");
  expect(connect().send("AUTH", "default", "s3cr\u00c3\u00a9t")).toBe("+OK\r\n");
});

test("before the login requests are short", () => {
  const client = createTestServer({ requirepass: "x" }).connect();
  expect(client.sendRaw("*11\r\n")).toBe("-ERR Protocol error: unauthenticated multibulk length\r\n");
});

test("without a password AUTH with one says so; with a user everything is right", () => {
  const client = createTestServer().connect();
  expect(client.send("AUTH", "x")).toBe(
    "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n",
  );
  expect(client.send("AUTH", "default", "anything")).toBe("+OK\r\n");
  expect(client.send("AUTH", "other", "anything")).toBe(WRONG);
});

test("a password that is set while the server runs holds for new connections, and for those that RESET", () => {
  const { connect } = createTestServer();
  const early = connect();
  expect(early.send("CONFIG", "SET", "requirepass", "pw")).toBe("+OK\r\n");
  expect(early.send("PING")).toBe("+PONG\r\n");
  const late = connect();
  expect(late.send("PING")).toBe(NO_AUTH);
  expect(early.sendRaw("RESET\r\nPING\r\n")).toBe(`+RESET\r\n${NO_AUTH}`);
  expect(early.send("AUTH", "pw")).toBe("+OK\r\n");
  expect(early.send("CONFIG", "SET", "requirepass", "")).toBe("+OK\r\n");
  expect(late.send("PING")).toBe("+PONG\r\n");
});
