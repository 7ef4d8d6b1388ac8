import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

test("the list shows all, those of a kind, or those with a number", () => {
  const { connect } = createTestServer();
  const first = connect();
  const second = connect();
  second.send("SET", "a", 1);
  const ids = (reply: string): string[] => [...reply.matchAll(/^id=(\d+)/gm)].map(([, id]) => id);
  expect(ids(first.send("CLIENT", "LIST"))).toEqual(["1", "2"]);
  expect(first.send("CLIENT", "LIST")).toMatch(/id=2 .* qbuf=0 .* cmd=set /);
  expect(ids(first.send("CLIENT", "LIST", "TYPE", "normal"))).toEqual(["1", "2"]);
  for (const type of ["master", "replica", "slave", "PUBSUB"]) {
    expect(first.send("CLIENT", "LIST", "TYPE", type)).toBe("$0\r\n\r\n");
  }
  expect(ids(first.send("CLIENT", "LIST", "ID", 2))).toEqual(["2"]);
  expect(ids(first.send("CLIENT", "LIST", "ID", 2, 1, 7, 2))).toEqual(["2", "1", "2"]);
  first.send("HELLO", 3);
  expect(first.send("CLIENT", "LIST", "ID", 9)).toBe("=4\r\ntxt:\r\n");
});

test.each([
  [["TYPE", "foo"], "-ERR Unknown client type 'foo'\r\n"],
  [["ID", "1", "x"], "-ERR Invalid client ID\r\n"],
  [["ID"], "-ERR syntax error\r\n"],
  [["TYPE"], "-ERR syntax error\r\n"],
  [["FOO", "x"], "-ERR syntax error\r\n"],
])("CLIENT LIST %j is refused", (options, error) => {
  expect(
    createTestServer()
      .connect()
      .send("CLIENT", "LIST", ...options),
  ).toBe(error);
});
