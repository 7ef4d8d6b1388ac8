import { expect, test } from "vitest";
import { createTestServer } from "../testing/test-client.ts";
import type { TestClient } from "../testing/test-client.ts";

const KEY = "-NOPERM No permissions to access a key\r\n";

/** A client that is logged in as a user with these rules, and one of the default user. */
function restricted(...rules: string[]): { client: TestClient; admin: TestClient } {
  const { connect } = createTestServer({ "enable-debug-command": "yes" });
  const admin = connect();
  expect(admin.send("ACL", "SETUSER", "u", "on", "nopass", ...rules)).toBe("+OK\r\n");
  const client = connect();
  expect(client.send("AUTH", "u", "any")).toBe("+OK\r\n");
  return { client, admin };
}

function noCommand(name: string): string {
  return `-NOPERM User u has no permissions to run the '${name}' command\r\n`;
}

test("commands, subcommands and first arguments", () => {
  const { client } = restricted("allkeys", "+get", "+config|get", "+select|1", "+object", "-object|freq");
  expect(client.send("GET", "a")).toBe("$-1\r\n");
  expect(client.send("SET", "a", 1)).toBe(noCommand("set"));
  expect(client.send("CONFIG", "GET", "port")).toMatch(/^\*2/);
  expect(client.send("CONFIG", "SET", "hz", "10")).toBe(noCommand("config|set"));
  expect(client.send("SELECT", 1)).toBe("+OK\r\n");
  expect(client.send("SELECT", 2)).toBe(noCommand("select"));
  expect(client.send("OBJECT", "FREQ", "a")).toBe(noCommand("object|freq"));
  expect(client.send("OBJECT", "HELP")).toMatch(/^\*/);
});

test("who may do nothing can log in, say hello, leave and begin anew", () => {
  const { client } = restricted();
  expect(client.send("PING")).toBe(noCommand("ping"));
  expect(client.send("HELLO")).toMatch(/^\*14/);
  expect(client.send("AUTH", "u", "x")).toBe("+OK\r\n");
  expect(client.send("RESET")).toBe("+RESET\r\n");
  expect(client.send("PING")).toBe("+PONG\r\n");
});

test("keys are read and written as their patterns allow", () => {
  const { client } = restricted("+@all", "~all:*", "%R~read:*", "%W~write:*");
  expect(client.send("SET", "all:1", 1)).toBe("+OK\r\n");
  expect(client.send("SET", "other", 1)).toBe(KEY);
  expect(client.send("SET", "read:1", 1)).toBe(KEY);
  expect(client.send("SET", "write:1", 1)).toBe("+OK\r\n");
  expect(client.send("SET", "write:1", 1, "GET")).toBe(KEY);
  expect(client.send("GET", "write:1")).toBe(KEY);
  expect(client.send("GET", "read:1")).toBe("$-1\r\n");
  expect(client.send("STRLEN", "write:1")).toBe(":1\r\n");
  expect(client.send("COPY", "read:1", "write:2")).toBe(":0\r\n");
  expect(client.send("COPY", "write:1", "read:2")).toBe(KEY);
  expect(client.send("MGET", "all:1", "read:1", "other")).toBe(KEY);
  expect(client.send("ZUNIONSTORE", "write:1", 2, "read:1", "other")).toBe(KEY);
  expect(client.send("XREAD", "STREAMS", "read:1", "other", 0, 0)).toBe(KEY);
});

test("one selector must allow all of it", () => {
  const { client } = restricted("+get", "~a*", "(+set ~b*)", "(%R~c* %W~d* +copy)");
  expect(client.send("GET", "a")).toBe("$-1\r\n");
  expect(client.send("SET", "b", 1)).toBe("+OK\r\n");
  expect(client.send("GET", "b")).toBe(KEY);
  expect(client.send("SET", "a", 1)).toBe(KEY);
  expect(client.send("COPY", "c", "d")).toBe(":0\r\n");
  expect(client.send("COPY", "a", "d")).toBe(KEY);
  expect(client.send("DEL", "a")).toBe(noCommand("del"));
});

test("SORT reaches other keys only for who may read all of them", () => {
  const { client, admin } = restricted("+@all", "%R~list", "~out");
  expect(admin.send("RPUSH", "list", 1)).toBe(":1\r\n");
  expect(client.send("SORT", "list", "BY", "w_*")).toBe(
    "-ERR BY option of SORT denied due to insufficient ACL permissions.\r\n",
  );
  expect(client.send("SORT", "list", "BY", "nosort")).toBe("*1\r\n$1\r\n1\r\n");
  expect(client.send("SORT_RO", "list", "GET", "o_*")).toBe(
    "-ERR GET option of SORT denied due to insufficient ACL permissions.\r\n",
  );
  admin.send("ACL", "SETUSER", "u", "%R~*");
  expect(client.send("SORT", "list", "BY", "w_*", "GET", "#", "STORE", "out")).toBe(":1\r\n");
});

test("rights that change hold at once, in transactions too", () => {
  const { client, admin } = restricted("+@all", "~*");
  expect(client.sendRaw("MULTI\r\nSET a 1\r\nGET a\r\n")).toBe("+OK\r\n+QUEUED\r\n+QUEUED\r\n");
  admin.send("ACL", "SETUSER", "u", "-get");
  expect(client.send("EXEC")).toBe(
    "*2\r\n+OK\r\n-NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. " +
      "This command is no longer allowed for the following reason: no permission to execute the command or subcommand\r\n",
  );
  expect(client.sendRaw("MULTI\r\nGET a\r\nEXEC\r\n")).toBe(
    `+OK\r\n${noCommand("get")}-EXECABORT Transaction discarded because of previous errors.\r\n`,
  );
});

test("a command that waits is checked again when it is its turn", () => {
  const { client, admin } = restricted("+@all", "~*");
  admin.send("CONFIG", "RESETSTAT");
  expect(client.send("BLPOP", "list", 0)).toBe("");
  admin.send("ACL", "SETUSER", "u", "-blpop");
  expect(admin.send("RPUSH", "list", 1)).toBe(":1\r\n");
  expect(client.transport.take()).toBe(noCommand("blpop"));
  const info = admin.send("INFO", "commandstats", "errorstats");
  expect(info).toContain("cmdstat_blpop:calls=0,usec=0,usec_per_call=0.00,rejected_calls=1,failed_calls=0\r\n");
  expect(info).toContain("errorstat_NOPERM:count=1\r\n");
  expect(admin.send("LLEN", "list")).toBe(":1\r\n");
  expect(client.send("LPOP", "list")).toBe("$1\r\n1\r\n");
});

test("nobody is checked who may do everything", () => {
  const { client, admin } = restricted("+@all", "~*", "&*");
  expect([client.session.gates, admin.session.gates]).toEqual([0, 0]);
  admin.send("ACL", "SETUSER", "u", "-get");
  expect(client.session.gates).not.toBe(0);
  admin.send("ACL", "SETUSER", "u", "(allkeys allchannels allcommands)");
  expect(client.session.gates).toBe(0);
});
