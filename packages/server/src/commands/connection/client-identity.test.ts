import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

const NAME_ERROR = "-ERR Client names cannot contain spaces, newlines or special characters.\r\n";

test("each connection has a number of its own", () => {
  const { connect } = createTestServer();
  expect(connect().send("CLIENT", "ID")).toBe(":1\r\n");
  expect(connect().send("client", "id")).toBe(":2\r\n");
});

test("names are set, shown and taken away", () => {
  const client = createTestServer().connect();
  expect(client.send("CLIENT", "GETNAME")).toBe("$-1\r\n");
  expect(client.send("CLIENT", "SETNAME", "worker:1")).toBe("+OK\r\n");
  expect(client.send("CLIENT", "GETNAME")).toBe("$8\r\nworker:1\r\n");
  for (const name of ["a b", "a\n", "\u007f", "\u00e9"]) {
    expect(client.send("CLIENT", "SETNAME", name)).toBe(NAME_ERROR);
  }
  expect(client.send("CLIENT", "SETNAME", "")).toBe("+OK\r\n");
  expect(client.send("CLIENT", "GETNAME")).toBe("$-1\r\n");
});

test("libraries introduce themselves", () => {
  const client = createTestServer().connect();
  expect(client.send("CLIENT", "SETINFO", "lib-name", "ioredis")).toBe("+OK\r\n");
  expect(client.send("CLIENT", "SETINFO", "LIB-VER", "5.4.1")).toBe("+OK\r\n");
  expect(client.send("CLIENT", "INFO")).toMatch(/ lib-name=ioredis lib-ver=5\.4\.1\n/);
  expect(client.send("CLIENT", "SETINFO", "lib-ver", "a b")).toBe(
    "-ERR lib-ver cannot contain spaces, newlines or special characters.\r\n",
  );
  expect(client.send("CLIENT", "SETINFO", "lib-size", "1")).toBe("-ERR Unrecognized option 'lib-size'\r\n");
});

test("HELP is an array of lines; unknown subcommands point to it", () => {
  const client = createTestServer().connect();
  expect(client.send("CLIENT", "HELP")).toMatch(/^\*\d+\r\n\+CLIENT <subcommand>/);
  expect(client.send("CLIENT", "NOSUCH")).toBe("-ERR unknown subcommand 'NOSUCH'. Try CLIENT HELP.\r\n");
  expect(client.send("CLIENT")).toBe("-ERR wrong number of arguments for 'client' command\r\n");
});
