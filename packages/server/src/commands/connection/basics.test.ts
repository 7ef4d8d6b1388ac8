import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

test("PING and ECHO give back what they were given", () => {
  const client = createTestServer().connect();
  expect(client.send("PING")).toBe("+PONG\r\n");
  expect(client.send("PING", "\u0000\u00ff")).toBe("$2\r\n\u0000\u00ff\r\n");
  expect(client.send("PING", "a", "b")).toBe("-ERR wrong number of arguments for 'ping' command\r\n");
  expect(client.send("ECHO", "")).toBe("$0\r\n\r\n");
});

test("SELECT holds for the commands behind it in the same chunk", () => {
  const client = createTestServer().connect();
  const chunk = "SET a 0\r\nSELECT 1\r\nGET a\r\nSET a 1\r\nSELECT 0\r\nGET a\r\nSELECT 1\r\nGET a\r\n";
  expect(client.sendRaw(chunk)).toBe("+OK\r\n+OK\r\n$-1\r\n+OK\r\n+OK\r\n$1\r\n0\r\n+OK\r\n$1\r\n1\r\n");
  expect(client.send("GET", "a")).toBe("$1\r\n1\r\n");
});

test.each([
  ["16", "-ERR DB index is out of range\r\n"],
  ["-1", "-ERR DB index is out of range\r\n"],
  ["x", "-ERR value is not an integer or out of range\r\n"],
  ["99999999999", "-ERR value is out of range, value must between -2147483648 and 2147483647\r\n"],
  ["99999999999999999999", "-ERR value is not an integer or out of range\r\n"],
])("SELECT %s is refused", (index, error) => {
  expect(createTestServer().connect().send("SELECT", index)).toBe(error);
});

test("QUIT answers and ends; what follows it is not executed", () => {
  const { connect } = createTestServer();
  const client = connect();
  expect(client.sendRaw("SET a 1\r\nQUIT\r\nSET a 2\r\n")).toBe("+OK\r\n+OK\r\n");
  expect(client.transport.closed).toBe(true);
  expect(connect().send("GET", "a")).toBe("$1\r\n1\r\n");
});

test("RESET makes the session a new one", () => {
  const client = createTestServer().connect();
  client.sendRaw("HELLO 3 SETNAME me\r\nSELECT 3\r\nCLIENT NO-TOUCH ON\r\nCLIENT NO-EVICT ON\r\nCLIENT REPLY OFF\r\n");
  expect(client.sendRaw("RESET\r\nGET a\r\nCLIENT GETNAME\r\n")).toBe("+RESET\r\n$-1\r\n$-1\r\n");
  expect(client.send("CLIENT", "INFO")).toMatch(/ flags=N db=0 .* resp=2 /);
});

test("a session speaks the protocol of client-default-resp until HELLO says otherwise, and again after RESET", () => {
  const client = createTestServer({ "client-default-resp": "3" }).connect();
  expect(client.send("GET", "a")).toBe("_\r\n");
  expect(client.sendRaw("HELLO 2\r\nGET a\r\n")).toMatch(/\$-1\r\n$/);
  expect(client.sendRaw("RESET\r\nGET a\r\n")).toBe("+RESET\r\n_\r\n");
});
