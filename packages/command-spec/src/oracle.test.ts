/**
 * Every row against a running redis-server, field by field: COMMAND for what the server acts on, COMMAND DOCS for what it
 * tells people, GETKEYSANDFLAGS for key extraction. Prose is our own and not compared.
 */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eachCommand, findCommand } from "./commands.ts";
import type { Command } from "./commands.ts";
import { aclCategories, commandFlags, legacyKeyRange, orderedKeyFlags } from "./derived.ts";
import { extractKeys } from "./keys.ts";
import type { Argument, KeySpec } from "./row.ts";
import { differencesFrom70, newIn72 } from "./testing/differences.ts";
import type { ComparedField } from "./testing/differences.ts";
import { redisVersion, startRedis } from "./testing/redis.ts";
import type { Redis } from "./testing/redis.ts";

/** What COMMAND prints of a command, subcommands last. */
type Information = readonly [
  name: string,
  arity: number,
  flags: readonly string[],
  firstKey: number,
  lastKey: number,
  keyStep: number,
  categories: readonly string[],
  tips: readonly string[],
  keySpecs: readonly Readonly<Record<string, unknown>>[],
  subcommands: readonly Information[],
];

interface Documentation {
  readonly since: string;
  readonly group: string;
  readonly arguments?: readonly unknown[];
  readonly history?: readonly (readonly [string, string])[];
  readonly doc_flags?: readonly string[];
  readonly deprecated_since?: string;
  readonly subcommands?: Readonly<Record<string, Documentation>>;
}

const version = redisVersion();
const isSuitable = version?.startsWith("7.0.") === true;
if (!isSuitable) console.log("skipped: the comparison of the command table with redis-server needs Redis 7.0");

/** A key spec as COMMAND prints it, less the notes, which are prose. */
function printedKeySpec({ flags, beginSearch, findKeys }: KeySpec): unknown {
  const begin =
    beginSearch.type === "index"
      ? { index: beginSearch.index }
      : beginSearch.type === "keyword"
        ? { keyword: beginSearch.keyword, startfrom: beginSearch.startFrom }
        : {};
  const find =
    findKeys.type === "range"
      ? { lastkey: findKeys.lastKey, keystep: findKeys.keyStep, limit: findKeys.limit }
      : findKeys.type === "keynum"
        ? { keynumidx: findKeys.keyCountIndex, firstkey: findKeys.firstKey, keystep: findKeys.keyStep }
        : {};
  return {
    flags: orderedKeyFlags(flags),
    begin_search: { type: beginSearch.type, spec: begin },
    find_keys: { type: findKeys.type, spec: find },
  };
}

/** An argument as COMMAND DOCS of 7.0 prints it: without the display text, which 7.2 added. */
function printedArgument(argument: Argument): unknown {
  const flags = [
    ...(argument.optional === true ? ["optional"] : []),
    ...(argument.multiple === true ? ["multiple"] : []),
    ...(argument.multipleToken === true ? ["multiple_token"] : []),
  ];
  return {
    name: argument.name,
    type: argument.type,
    ...("keySpecIndex" in argument ? { key_spec_index: argument.keySpecIndex } : {}),
    ...(argument.token === undefined ? {} : { token: argument.token }),
    ...(argument.since === undefined ? {} : { since: argument.since }),
    ...(argument.deprecatedSince === undefined ? {} : { deprecated_since: argument.deprecatedSince }),
    ...(flags.length === 0 ? {} : { flags }),
    ...("arguments" in argument ? { arguments: argument.arguments.map(printedArgument) } : {}),
  };
}

type Fields = Readonly<Record<ComparedField, unknown>>;

function fieldsOfRow(command: Command): Fields {
  const { firstKey, lastKey, keyStep } = legacyKeyRange(command.keys);
  return {
    arity: command.arity,
    flags: commandFlags(command),
    keyRange: [firstKey, lastKey, keyStep],
    categories: aclCategories(command).map((category) => `@${category}`),
    tips: command.tips,
    keys: command.keys.map(printedKeySpec),
    since: command.since,
    group: command.group,
    arguments: command.arguments.map(printedArgument),
    history: command.history.map(([since]) => since),
    documentFlags: command.documentFlags,
    deprecatedSince: command.deprecatedSince,
  };
}

function fieldsOfRedis(information: Information, documentation: Documentation): Fields {
  const [, arity, flags, firstKey, lastKey, keyStep, categories, tips, keySpecs] = information;
  return {
    arity,
    flags,
    keyRange: [firstKey, lastKey, keyStep],
    categories,
    tips,
    keys: keySpecs.map(({ notes: _notes, ...spec }) => spec),
    since: documentation.since,
    group: documentation.group,
    arguments: documentation.arguments ?? [],
    history: (documentation.history ?? []).map(([since]) => since),
    documentFlags: documentation.doc_flags ?? [],
    deprecatedSince: documentation.deprecated_since,
  };
}

describe.skipIf(!isSuitable)("the rows and redis-server", () => {
  let redis: Redis;
  const information = new Map<string, Information>();
  const documentation = new Map<string, Documentation>();

  beforeAll(async () => {
    redis = await startRedis();
    for (const command of redis.ask("COMMAND") as Information[]) {
      information.set(command[0], command);
      for (const subcommand of command[9]) information.set(subcommand[0], subcommand);
    }
    const documents = redis.ask("COMMAND", "DOCS") as Record<string, Documentation>;
    for (const [name, document] of Object.entries(documents)) {
      documentation.set(name, document);
      for (const [subname, subdocument] of Object.entries(document.subcommands ?? {})) {
        documentation.set(subname, subdocument);
      }
    }
  });

  afterAll(() => redis.stop());

  it.each([...eachCommand()].filter(({ fullName }) => !newIn72.includes(fullName)).map((row) => [row.fullName, row]))(
    "%s",
    (name, command) => {
      const ours = fieldsOfRow(command);
      const theirs = fieldsOfRedis(information.get(name)!, documentation.get(name)!);
      const reasons = differencesFrom70[command.fullName] ?? {};
      for (const field of Object.keys(ours) as ComparedField[]) {
        if (reasons[field] === undefined) expect(ours[field], field).toEqual(theirs[field]);
        else expect(ours[field], `${field} is listed as different: ${reasons[field]}`).not.toEqual(theirs[field]);
      }
    },
  );

  it("does not have what only 7.2 has", () => {
    for (const name of newIn72) expect(information.has(name)).toBe(false);
  });

  /** Calls that are right, odd and wrong; redis-server and the specs have to find the same keys in them. */
  const calls = [
    "get k",
    "set k v",
    "set k v get",
    "set k v ex 10 GeT",
    "set get get",
    "mset a 1 b 2",
    "mset a 1 b",
    "msetnx a 1",
    "mget a b c",
    "lcs a b idx",
    "getex k ex 5",
    "bitfield k",
    "bitfield k get u8 0",
    "bitfield k get u8 0 overflow sat",
    "bitfield k overflow sat get u8 0",
    "bitfield k get u8",
    "bitfield k overflow",
    "bitfield k incrby u8 0 1",
    "bitfield k set u8 0",
    "bitfield_ro k get u8 0",
    "bitop and d a b",
    "bitop not d",
    "bitop not d a",
    "del a b c",
    "copy a b db 1",
    "rename a b",
    "restore k 0 x replace",
    "object encoding k",
    "memory usage k samples 5",
    "touch a",
    "unlink a a a",
    "getdel k",
    "type k",
    "append k v",
    "renamenx a b",
    "exists a b",
    "setbit k 1 1",
  ];

  it("find the same keys in the same commands", () => {
    const replies = redis.askAll(calls.map((call) => `COMMAND GETKEYSANDFLAGS ${call}`));
    const ours = calls.map((call) => {
      const words = call.split(" ");
      const command = findCommand(words[0])?.subcommands.get(words[1]) ?? findCommand(words[0])!;
      const found = extractKeys(command, words).map((key) => [words[key.position], orderedKeyFlags(key.flags)]);
      return found.length === 0 ? "error" : found;
    });
    const theirs = replies.map((reply) => (Array.isArray(reply) ? reply : "error"));
    expect(Object.fromEntries(calls.map((call, i) => [call, ours[i]]))).toEqual(
      Object.fromEntries(calls.map((call, i) => [call, theirs[i]])),
    );
  });
});
