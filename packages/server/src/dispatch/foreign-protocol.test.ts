import { expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";

test.each([
  ["POST", "POST / HTTP/1.1\r\nContent-Length: 30\r\n\r\nSET key forged\r\n"],
  ["another method", "GET / HTTP/1.1\r\nHost: 127.0.0.1:6379\r\n\r\nSET key forged\r\n"],
  ["any case", "pOsT / HTTP/1.1\r\n\r\nSET key forged\r\n"],
])("a request of HTTP ends the connection, and its body is not executed: %s", (_name, request) => {
  const { connect, logged } = createTestServer();
  const client = connect();
  client.sendRaw(request);
  expect(client.transport.closed).toBe(true);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toMatch(/ # A client sends HTTP .*addr=127\.0\.0\.1:50000/);
  expect(connect().send("GET", "key")).toBe("$-1\r\n");
});

test("the log tells of it once a minute", () => {
  const { connect, logged, clock } = createTestServer();
  connect().sendRaw("POST / HTTP/1.1\r\n");
  clock.now += 59_000;
  connect().sendRaw("POST / HTTP/1.1\r\n");
  expect(logged).toHaveLength(1);
  clock.now += 2000;
  connect().sendRaw("POST / HTTP/1.1\r\n");
  expect(logged).toHaveLength(2);
});

test("in a transaction too", () => {
  const { connect } = createTestServer();
  const client = connect();
  client.sendRaw("MULTI\r\nSET key forged\r\nPOST / HTTP/1.1\r\nEXEC\r\n");
  expect(client.transport.closed).toBe(true);
  expect(connect().send("GET", "key")).toBe("$-1\r\n");
});
