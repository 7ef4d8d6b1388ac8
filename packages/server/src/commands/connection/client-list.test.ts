import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

test("a line has the fields of Redis 7.2, in their order", () => {
  const { connect, clock } = createTestServer();
  const client = connect();
  client.send("CLIENT", "SETNAME", "me");
  clock.now += 5500;
  expect(client.send("CLIENT", "INFO").split("\r\n")[1]).toBe(
    "id=1 addr=127.0.0.1:50000 laddr=127.0.0.1:6379 fd=8 name=me age=5 idle=0 flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 " +
      "qbuf=26 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=0 tot-mem=2074 events=r " +
      "cmd=client|info user=default redir=-1 resp=2 lib-name= lib-ver=\n",
  );
});

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
