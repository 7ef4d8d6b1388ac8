import { describe, expect, it } from "vitest";
import { block, integer, key, oneOf, pureToken, string } from "./arguments.ts";
import { completeNames, tokensOf } from "./completions.ts";
import { eachCommand, findCommand } from "./commands.ts";
import type { CommandName } from "./commands.ts";
import { argumentUsage, usageText } from "./usage.ts";

describe("usageText", () => {
  it.each<[CommandName, string]>([
    ["ping", "PING [message]"],
    [
      "set",
      "SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]",
    ],
    ["mset", "MSET key value [key value ...]"],
    ["client|reply", "CLIENT REPLY <ON | OFF | SKIP>"],
    ["client|list", "CLIENT LIST [TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id ...]]"],
    ["bitpos", "BITPOS key bit [start [end [BYTE | BIT]]]"],
    ["bitfield_ro", "BITFIELD_RO key [GET encoding offset [GET encoding offset ...]]"],
    ["command|docs", "COMMAND DOCS [command-name [command-name ...]]"],
    ["config", "CONFIG"],
  ])("%s", (name, text) => expect(usageText(findCommand(name))).toBe(text));

  it("repeats groups by dots alone", () => {
    const either = oneOf("either", [string("a"), pureToken("B")], { multiple: true });
    expect(argumentUsage(either)).toBe("<a | B> ...");
    expect(argumentUsage({ ...either, optional: true })).toBe("[<a | B> ...]");
  });

  it("shows display texts, tokens and empty tokens", () => {
    expect(argumentUsage(string("addr", { token: "ADDR", displayText: "ip:port", optional: true }))).toBe(
      "[ADDR ip:port]",
    );
    expect(argumentUsage(oneOf("selector", [key(), pureToken("", { name: "empty" })]))).toBe('<key | "">');
    expect(argumentUsage(block("limit", [integer("offset"), integer("count")], { token: "LIMIT" }))).toBe(
      "LIMIT offset count",
    );
  });

  it("has balanced brackets everywhere", () => {
    for (const command of eachCommand()) {
      const text = usageText(command);
      for (const [open, close] of ["[]", "<>"]) {
        expect(text.split(open).length, text).toBe(text.split(close).length);
      }
    }
  });
});

describe("completions", () => {
  const names = (typed: string): string[] => [...completeNames(typed)].map(({ fullName }) => fullName);
  it("complete commands and subcommands in any case", () => {
    expect(names("getr")).toEqual(["getrange"]);
    expect(names("config re")).toEqual(["config|resetstat", "config|rewrite"]);
    expect(names("nope")).toEqual([]);
    expect(names("")).toHaveLength([...eachCommand()].length);
  });

  it("know the words of arguments, each once", () => {
    expect(tokensOf(findCommand("set").arguments)).toEqual(["NX", "XX", "GET", "EX", "PX", "EXAT", "PXAT", "KEEPTTL"]);
    expect(tokensOf(findCommand("get").arguments)).toEqual([]);
    expect(tokensOf([pureToken("A"), block("b", [pureToken("A"), pureToken("", { name: "e" })])])).toEqual(["A"]);
  });
});
