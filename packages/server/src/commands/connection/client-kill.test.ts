import { expect, test } from "vitest";
import { createTestServer, TestClient, TestTransport } from "../../testing/test-client.ts";
import type { TestServer } from "../../testing/test-client.ts";

class AddressedTransport extends TestTransport {
  override readonly remoteAddress: string;

  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }
}

function connectFrom({ server }: TestServer, address: string): TestClient {
  return new TestClient(server, new AddressedTransport(address));
}

test("an address is closed, one's own too, after the reply", () => {
  const testServer = createTestServer();
  const [one, other] = [connectFrom(testServer, "10.0.0.1:1"), connectFrom(testServer, "10.0.0.2:2")];
  expect(one.send("CLIENT", "KILL", "10.0.0.2:2")).toBe("+OK\r\n");
  expect(other.transport.closed).toBe(true);
  expect(one.send("CLIENT", "KILL", "10.0.0.2:2")).toBe("-ERR No such client\r\n");
  expect(one.send("CLIENT", "LIST")).not.toContain("10.0.0.2");
  expect(one.sendRaw("CLIENT KILL 10.0.0.1:1\r\nPING\r\n")).toBe("+OK\r\n");
  expect(one.transport.closed).toBe(true);
});

test.each([
  [["ID", "2"], 1],
  [["ID", "7"], 0],
  [["id", "2", "addr", "10.0.0.3:3"], 0],
  [["ADDR", "10.0.0.3:3"], 1],
  [["LADDR", "127.0.0.1:6379"], 2],
  [["LADDR", "127.0.0.1:6380"], 0],
  [["TYPE", "normal"], 2],
  [["TYPE", "pubsub"], 0],
  [["USER", "default"], 2],
  [["USER", "default", "SKIPME", "yes"], 2],
  [["USER", "default", "SKIPME", "no"], 3],
  [["ID", "1"], 0],
  [["ID", "1", "SKIPME", "NO"], 1],
])("CLIENT KILL %j closes %i", (filter, count) => {
  const testServer = createTestServer();
  const clients = ["10.0.0.1:1", "10.0.0.2:2", "10.0.0.3:3"].map((address) => connectFrom(testServer, address));
  expect(clients[0].send("CLIENT", "KILL", ...filter)).toBe(`:${String(count)}\r\n`);
  expect(clients.filter((client) => client.transport.closed)).toHaveLength(count);
});

test.each([
  [["ID", "x"], "-ERR client-id should be greater than 0\r\n"],
  [["ID", "0"], "-ERR client-id should be greater than 0\r\n"],
  [["USER", "x"], "-ERR No such user 'x'\r\n"],
  [["TYPE", "x"], "-ERR Unknown client type 'x'\r\n"],
  [["SKIPME", "maybe"], "-ERR syntax error\r\n"],
  [["x", "y"], "-ERR syntax error\r\n"],
  [["ID", "2", "ADDR"], "-ERR syntax error\r\n"],
])("CLIENT KILL %j is refused, and nobody is closed", (filter, error) => {
  const { connect } = createTestServer();
  const clients = [connect(), connect()];
  expect(clients[0].send("CLIENT", "KILL", ...filter)).toBe(error);
  expect(clients[1].send("PING")).toBe("+PONG\r\n");
});

test("MAXAGE closes those that have been there for so many seconds", () => {
  const { connect, clock } = createTestServer();
  const [old, caller] = [connect(), connect()];
  clock.now += 10_000;
  const young = connect();
  expect(caller.send("CLIENT", "KILL", "MAXAGE", "10", "SKIPME", "yes")).toBe(":1\r\n");
  expect([old.transport.closed, young.transport.closed]).toEqual([true, false]);
  for (const age of ["0", "-1"]) {
    expect(caller.send("CLIENT", "KILL", "MAXAGE", age)).toBe("-ERR maxage should be greater than 0\r\n");
  }
  for (const age of ["x", "9999999999999999999"]) {
    expect(caller.send("CLIENT", "KILL", "MAXAGE", age)).toBe("-ERR maxage is not an integer or out of range\r\n");
  }
});
