import { Elements } from "@sider/resp-protocol/client";
import { argumentUsage } from "@sider/command-spec";
import { expect, test } from "vitest";
import { KnownCommands } from "./known-commands.ts";
import { commandsOfDocs, namesOf } from "./server-commands.ts";

const ARGUMENTS = [
  ["name", "query", "type", "string"],
  [
    "name",
    "limit",
    "type",
    "block",
    "token",
    "limit",
    "flags",
    ["optional"],
    "arguments",
    [["name", "count", "type", "integer"]],
  ],
  [
    "name",
    "order",
    "type",
    "oneof",
    "flags",
    ["optional"],
    "arguments",
    [["name", "asc", "type", "pure-token", "token", "ASC"]],
  ],
  ["name", "strange", "type", "of-tomorrow"],
];
const DOCS = [
  "summary",
  "Searches.",
  "since",
  "1.0.0",
  "group",
  "module",
  "complexity",
  "O(N)",
  "arguments",
  ARGUMENTS,
];

test("a command, its arguments, its subcommands", () => {
  const [search, config] = commandsOfDocs(["ft.search", DOCS, "ft", ["subcommands", ["ft|drop", ["group", "module"]]]]);
  expect(search).toMatchObject({ name: "ft.search", summary: "Searches", group: "module", subcommands: new Map() });
  expect(search?.arguments.map(argumentUsage)).toEqual(["query", "[LIMIT count]", "[ASC]"]);
  expect(config?.subcommands.get("drop")).toMatchObject({ fullName: "ft|drop", name: "drop" });
});

test("what a server tells cannot do anything to the terminal", () => {
  const [command] = commandsOfDocs(["x", ["summary", "\x1b]0;title\x07Red\x1b[31m"]]);
  expect(command?.summary).toBe("]0;titleRed[31m");
});

test("RESP3 has maps", () => {
  const [search] = commandsOfDocs(new Elements("map", ["ft.search", new Elements("map", DOCS)]));
  expect(search).toMatchObject({ name: "ft.search", complexity: "O(N)" });
});

test.each([[null], ["text"], [["name"]], [["name", 1]], [[1, 2]]])("%j does no harm", (reply) => {
  expect(() => commandsOfDocs(reply)).not.toThrow();
});

test("names in a list", () => {
  expect(namesOf(["get", 1, null, "ft.search"])).toEqual(["get", "ft.search"]);
});

test("what command-spec says stays, what is learnt is found", () => {
  const known = new KnownCommands();
  known.learn(commandsOfDocs(["get", ["summary", "Something else"], "ft.search", DOCS]));
  expect(known.find(["get"])?.summary).not.toBe("Something else");
  expect(known.find(["FT.SEARCH", "x"])?.name).toBe("ft.search");
});
