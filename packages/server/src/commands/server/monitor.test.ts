import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

const FROM = "+1700000000.000000 [0 127.0.0.1:50000]";

test("a monitor is told of each command that is executed, words quoted, secrets left out", () => {
  const { connect } = createTestServer();
  const monitor = connect();
  const client = connect();
  expect(monitor.send("MONITOR")).toBe("+OK\r\n");
  expect(monitor.send("MONITOR")).toBe("");
  client.send("SET", 'a"\\', "\n\x00\xff");
  client.sendRaw("NOSUCH\r\nGET\r\nCONFIG GET save\r\nAUTH secret\r\nMULTI\r\nGET a\r\nEXEC\r\nSELECT 5\r\n");
  expect(monitor.transport.take()).toBe(
    [
      `${FROM} "SET" "a\\"\\\\" "\\n\\x00\\xff"`,
      `${FROM} "AUTH" "(redacted)"`,
      `${FROM} "MULTI"`,
      `${FROM} "GET" "a"`,
      `${FROM} "EXEC"`,
      `${FROM.replace("[0", "[5")} "SELECT" "5"`,
    ]
      .map((line) => `${line}\r\n`)
      .join(""),
  );
});

test("a monitor sees its own commands behind their replies, and reaches no keys", () => {
  const { server, connect } = createTestServer();
  const monitor = connect();
  monitor.send("MONITOR");
  expect(monitor.send("PING")).toBe(`+PONG\r\n${FROM} "PING"\r\n`);
  expect(monitor.send("GET", "a")).toBe("-ERR Replica can't interact with the keyspace\r\n");
  expect(monitor.send("CLIENT", "INFO")).toContain(" flags=O ");
  expect(monitor.send("RESET")).toBe("+RESET\r\n");
  expect(monitor.send("GET", "a")).toBe("$-1\r\n");
  expect(server.observation.isExact).toBe(false);
});

test("the time is told to the microsecond", () => {
  const { connect, clock } = createTestServer();
  const monitor = connect();
  monitor.send("MONITOR");
  clock.now += 45;
  clock.microseconds = 67;
  connect().send("PING");
  expect(monitor.transport.take()).toBe(`${FROM.replace(".000000", ".045067")} "PING"\r\n`);
});

test("a monitor that goes is forgotten; there are none in a transaction", () => {
  const { server, connect } = createTestServer();
  const monitor = connect();
  monitor.send("MONITOR");
  monitor.send("QUIT");
  expect(server.observation.monitors.count).toBe(0);
  expect(connect().sendRaw("MULTI\r\nMONITOR\r\nEXEC\r\n")).toContain(
    "-ERR MONITOR isn't allowed for DENY BLOCKING client\r\n",
  );
});
