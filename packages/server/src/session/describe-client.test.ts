import { expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";

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
