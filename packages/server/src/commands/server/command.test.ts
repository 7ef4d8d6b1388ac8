import { ReplyParser } from "@sider/resp-protocol";
import { expect, test } from "vitest";
import { createTestServer } from "../../testing/test-client.ts";

const READ_ONE = "*1\r\n*6\r\n$5\r\nflags\r\n*2\r\n+RO\r\n+access\r\n";
const INDEX_ONE = "$12\r\nbegin_search\r\n*4\r\n$4\r\ntype\r\n$5\r\nindex\r\n$4\r\nspec\r\n*2\r\n$5\r\nindex\r\n:1\r\n";
const RANGE =
  "$9\r\nfind_keys\r\n*4\r\n$4\r\ntype\r\n$5\r\nrange\r\n$4\r\nspec\r\n*6\r\n$7\r\nlastkey\r\n:0\r\n$7\r\nkeystep\r\n:1\r\n$5\r\nlimit\r\n:0\r\n";

test("COMMAND INFO has ten facts of a command, and nil for what is none", () => {
  const client = createTestServer().connect();
  const facts =
    "$3\r\nget\r\n:2\r\n*2\r\n+readonly\r\n+fast\r\n:1\r\n:1\r\n:1\r\n*3\r\n+@read\r\n+@string\r\n+@fast\r\n*0\r\n";
  expect(client.send("COMMAND", "INFO", "GET", "nosuch")).toBe(
    `*2\r\n*10\r\n${facts}${READ_ONE}${INDEX_ONE}${RANGE}*0\r\n$-1\r\n`,
  );
  expect(client.send("COMMAND", "INFO", "config|get", "config|nosuch")).toMatch(/^\*2\r\n\*10\r\n\$10\r\nconfig\|get/);
  expect(client.send("COMMAND", "INFO", "config")).toContain("$14\r\nconfig|rewrite");
});

test("COMMAND lists what COUNT counts, and LIST names it", () => {
  const client = createTestServer().connect();
  const count = Number(client.send("COMMAND", "COUNT").slice(1));
  expect(count).toBeGreaterThan(70);
  expect(client.send("COMMAND").startsWith(`*${String(count)}\r\n*10\r\n`)).toBe(true);
  expect(client.send("COMMAND", "INFO")).toBe(client.send("COMMAND"));
  expect(client.send("COMMAND", "DOCS").startsWith(`*${String(count * 2)}\r\n`)).toBe(true);
  expect(client.send("COMMAND", "LIST")).toContain("$11\r\nclient|kill");
});

test.each([2, 3])("COMMAND and COMMAND DOCS are well formed in RESP%i", (protocol) => {
  const client = createTestServer().connect();
  client.send("HELLO", protocol);
  for (const words of [["COMMAND"], ["COMMAND", "DOCS"]]) {
    const bytes = Uint8Array.from(client.send(...words), (character) => character.charCodeAt(0));
    let replies = 0;
    const parser = new ReplyParser({
      onReply: () => {
        replies++;
      },
    });
    parser.feed(bytes, 0, bytes.length);
    expect(replies).toBe(1);
  }
});

test("COMMAND DOCS describes arguments with their display text", () => {
  const client = createTestServer().connect();
  expect(client.send("COMMAND", "DOCS", "nosuch")).toBe("*0\r\n");
  const docs = client.send("COMMAND", "DOCS", "select");
  expect(docs.startsWith("*2\r\n$6\r\nselect\r\n*10\r\n$7\r\nsummary\r\n")).toBe(true);
  expect(docs).toContain(
    "$9\r\narguments\r\n*1\r\n*6\r\n$4\r\nname\r\n$5\r\nindex\r\n$4\r\ntype\r\n$7\r\ninteger\r\n$12\r\ndisplay_text\r\n$5\r\nindex\r\n",
  );
  expect(client.send("COMMAND", "DOCS", "quit")).toContain("$9\r\ndoc_flags\r\n*1\r\n+deprecated\r\n");
});

test.each([
  [["GETKEYS", "mset", "a", "1", "b", "2"], "*2\r\n$1\r\na\r\n$1\r\nb\r\n"],
  [["GETKEYS", "memory", "usage", "k"], "*1\r\n$1\r\nk\r\n"],
  [["GETKEYSANDFLAGS", "set", "k", "v"], "*1\r\n*2\r\n$1\r\nk\r\n*2\r\n+OW\r\n+update\r\n"],
  [["GETKEYS", "ping"], "-ERR The command has no key arguments\r\n"],
  [["GETKEYS", "nosuch", "a"], "-ERR Invalid command specified\r\n"],
  [["GETKEYS", "config", "nosuch"], "-ERR Invalid command specified\r\n"],
  [["GETKEYS", "config|get", "x"], "-ERR Invalid command specified\r\n"],
  [["GETKEYS", "get"], "-ERR Invalid number of arguments specified for command\r\n"],
  [["LIST", "FILTERBY", "PATTERN", "GETR*"], "*1\r\n$8\r\ngetrange\r\n"],
  [["LIST", "FILTERBY", "ACLCAT", "nosuch"], "*0\r\n"],
  [["LIST", "FILTERBY", "MODULE", "json"], "*0\r\n"],
  [["LIST", "FILTERBY", "COLOUR", "red"], "-ERR syntax error\r\n"],
  [["LIST", "FILTERBY", "PATTERN"], "-ERR syntax error\r\n"],
  [["LIST", "x"], "-ERR syntax error\r\n"],
  [["NOSUCH"], "-ERR unknown subcommand 'NOSUCH'. Try COMMAND HELP.\r\n"],
])("COMMAND %j", (words, reply) => {
  expect(
    createTestServer()
      .connect()
      .send("COMMAND", ...words),
  ).toBe(reply);
});

test("LIST by category finds subcommands too", () => {
  const client = createTestServer().connect();
  expect(client.send("COMMAND", "LIST", "FILTERBY", "ACLCAT", "ADMIN")).toContain("config|set");
});
