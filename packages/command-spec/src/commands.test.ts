import { describe, expect, expectTypeOf, it } from "vitest";
import { commands, eachCommand, findCommand } from "./commands.ts";
import type { Command, CommandName, CommandNames, ContainerName } from "./commands.ts";
import { arityMatches } from "./derived.ts";
import { keyFunctions } from "./key-functions.ts";
import type { Argument } from "./row.ts";

const all = [...eachCommand()];

describe("finding commands", () => {
  it("takes any case", () => {
    expect(findCommand("GET")).toBe(findCommand("get"));
    expect(findCommand("Config|GET")?.fullName).toBe("config|get");
  });

  it("knows no others", () => {
    for (const name of ["", "|", "nope", "config|", "config|nope", "get|set", "config|get|x"]) {
      expect(findCommand(name), name).toBeUndefined();
    }
  });

  it("lists subcommands after their container, each once", () => {
    const names = all.map((command) => command.fullName);
    expect(new Set(names).size).toBe(names.length);
    expect(names.indexOf("object|encoding")).toBeGreaterThan(names.indexOf("object"));
    for (const command of all) expect(findCommand(command.fullName)).toBe(command);
  });

  it("links subcommands and containers", () => {
    const get = findCommand("config|get");
    expect(get.container).toBe(commands.get("config"));
    expect(get.container?.subcommands.get("get")).toBe(get);
    expect(get.name).toBe("get");
    expect(findCommand("get").container).toBeNull();
  });
});

describe("names as types", () => {
  it("are literal, by group", () => {
    expectTypeOf<CommandNames<"bitmap">>().toEqualTypeOf<
      "bitcount" | "bitfield" | "bitfield_ro" | "bitop" | "bitpos" | "getbit" | "setbit"
    >();
    expectTypeOf<ContainerName>().toEqualTypeOf<
      | "acl"
      | "client"
      | "config"
      | "latency"
      | "memory"
      | "module"
      | "object"
      | "pubsub"
      | "slowlog"
      | "xgroup"
      | "xinfo"
    >();
    expectTypeOf<"command" | "command|docs">().toExtend<CommandNames<"server">>();
    expectTypeOf<CommandNames | ContainerName>().toEqualTypeOf<CommandName>();
    expectTypeOf<"config">().not.toExtend<CommandNames>();
    expectTypeOf(findCommand("get")).toEqualTypeOf<Command>();
    const name: string = "get".concat("set");
    expectTypeOf(findCommand(name)).toEqualTypeOf<Command | undefined>();
  });

  it("make a missing or invented handler a compile error", () => {
    const handler = (): void => undefined;
    const handlers = {
      bitcount: handler,
      bitfield: handler,
      bitfield_ro: handler,
      bitop: handler,
      bitpos: handler,
      getbit: handler,
    };
    // @ts-expect-error setbit is missing
    handlers satisfies Record<CommandNames<"bitmap">, () => void>;
    // @ts-expect-error getbyte does not exist
    ({ ...handlers, setbit: handler, getbyte: handler }) satisfies Record<CommandNames<"bitmap">, () => void>;
    ({ ...handlers, setbit: handler }) satisfies Record<CommandNames<"bitmap">, () => void>;
  });
});

/** The fewest words that the arguments can take. */
function minimum(parts: readonly Argument[]): number {
  return parts.reduce((sum, part) => sum + (part.optional === true ? 0 : minimumOf(part)), 0);
}

function minimumOf(part: Argument): number {
  const token = part.token !== undefined && part.type !== "pure-token" ? 1 : 0;
  if (part.type === "block") return token + minimum(part.arguments);
  if (part.type === "oneof") return token + Math.min(...part.arguments.map(minimumOf));
  return token + 1;
}

function isFixed(parts: readonly Argument[]): boolean {
  return parts.every(
    (part) => part.optional !== true && part.multiple !== true && (part.type !== "block" || isFixed(part.arguments)),
  );
}

function eachArgument(parts: readonly Argument[], visit: (part: Argument) => void): void {
  for (const part of parts) {
    visit(part);
    if (part.type === "oneof" || part.type === "block") eachArgument(part.arguments, visit);
  }
}

describe("every row", () => {
  it.each(all.map((command) => [command.fullName, command]))("%s is in order", (_name, row) => {
    const command = row;
    expect(command.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(command.since).toMatch(/^\d+\.\d+\.\d+$/);
    expect(command.reply).not.toBe("");
    for (const [since, change] of command.history) {
      expect(since).toMatch(/^\d+\.\d+\.\d+$/);
      expect(change).not.toBe("");
    }
    expect(command.documentFlags.includes("deprecated")).toBe(command.deprecatedSince !== undefined);
    expect(command.replacedBy === undefined).toBe(command.deprecatedSince === undefined);
  });

  it.each(all.map((command) => [command.fullName, command]))("%s has arguments that fit together", (_name, row) => {
    eachArgument(row.arguments, (part) => {
      expect(part.name).toMatch(/^[a-z0-9-]+$/);
      if (part.type === "pure-token") expect(part.token).toBeDefined();
      const isGroup = part.type === "oneof" || part.type === "block";
      // a block of one has a token that is said once for all its times
      if (isGroup)
        expect(part.arguments.length).toBeGreaterThan(part.type === "block" && part.token !== undefined ? 0 : 1);
      else if (part.type === "key") expect(row.keys[part.keySpecIndex ?? -1]).toBeDefined();
      if (part.multipleToken === true) expect([part.multiple, part.token !== undefined]).toEqual([true, true]);
    });
  });

  it("has an arity that agrees with its arguments", () => {
    for (const command of all) {
      if (command.fullName === "debug" || command.subcommands.size > 0) continue; // their arguments are not in the tree
      const words = (command.container === null ? 1 : 2) + minimum(command.arguments);
      expect(Math.abs(command.arity), command.fullName).toBe(words);
      if (command.arity > 0) expect(isFixed(command.arguments), command.fullName).toBe(true);
      expect(arityMatches(command.arity, words)).toBe(true);
      expect(arityMatches(command.arity, words - 1)).toBe(false);
    }
  });

  it("has a key function where its specs are not enough", () => {
    for (const command of all) {
      const isVague = command.keys.some(
        ({ flags, beginSearch, findKeys }) =>
          flags.includes("variable_flags") || beginSearch.type === "unknown" || findKeys.type === "unknown",
      );
      expect(keyFunctions[command.fullName] !== undefined, command.fullName).toBe(isVague);
    }
  });
});
