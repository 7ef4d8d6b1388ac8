/** COMMAND, COMMAND INFO and COUNT: commands as arrays of ten facts. */
import { aclCategories, commandFlags, legacyKeyRange, orderedKeyFlags } from "@sider/command-spec";
import type { BeginSearch, Command, FindKeys, KeySpec } from "@sider/command-spec";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { availableCommands, availableSubcommands, findAvailable } from "./command-catalog.ts";

/** COMMAND */
export function command(context: CommandContext): void {
  const commands = availableCommands(context.server.table);
  context.reply.arrayHeader(commands.length);
  for (const each of commands) replyCommand(context, each);
}

/** COMMAND INFO [name ...] */
export function commandInfo(context: CommandContext): void {
  if (context.count === 2) return command(context);
  context.reply.arrayHeader(context.count - 2);
  for (let index = 2; index < context.count; index++) {
    const found = findAvailable(context.server.table, context.text(index));
    if (found === undefined) context.reply.nullBulk();
    else replyCommand(context, found);
  }
}

/** COMMAND COUNT */
export function commandCount(context: CommandContext): void {
  context.reply.integer(availableCommands(context.server.table).length);
}

function replyCommand(context: CommandContext, described: Command): void {
  const reply = context.reply;
  const range = legacyKeyRange(described.keys);
  reply.arrayHeader(10);
  reply.bulkLatin1(described.fullName);
  reply.integer(described.arity);
  replyWords(context, commandFlags(described));
  reply.integer(range.firstKey);
  reply.integer(range.lastKey);
  reply.integer(range.keyStep);
  replyWords(
    context,
    aclCategories(described).map((category) => `@${category}`),
  );
  reply.setHeader(described.tips.length);
  for (const tip of described.tips) reply.bulkLatin1(tip);
  reply.setHeader(described.keys.length);
  for (const spec of described.keys) replyKeySpec(context, spec);
  replySubcommands(context, described);
}

/** A set of simple strings. */
export function replyWords(context: CommandContext, words: readonly string[]): void {
  context.reply.setHeader(words.length);
  for (const word of words) context.reply.simpleString(word);
}

function replySubcommands(context: CommandContext, described: Command): void {
  const subcommands = availableSubcommands(context.server.table, described);
  if (subcommands.length === 0) return context.reply.setHeader(0);
  context.reply.arrayHeader(subcommands.length);
  for (const subcommand of subcommands) replyCommand(context, subcommand);
}

function replyKeySpec(context: CommandContext, spec: KeySpec): void {
  const reply = context.reply;
  reply.mapHeader(spec.notes === undefined ? 3 : 4);
  if (spec.notes !== undefined) {
    reply.bulkLatin1("notes");
    reply.bulkString(spec.notes);
  }
  reply.bulkLatin1("flags");
  replyWords(context, orderedKeyFlags(spec.flags));
  reply.bulkLatin1("begin_search");
  replyTyped(context, spec.beginSearch.type, beginSearchFacts(spec.beginSearch));
  reply.bulkLatin1("find_keys");
  replyTyped(context, spec.findKeys.type, findKeysFacts(spec.findKeys));
}

type Facts = readonly (readonly [name: string, value: string | number])[];

function beginSearchFacts(search: BeginSearch): Facts {
  switch (search.type) {
    case "index":
      return [["index", search.index]];
    case "keyword":
      return [
        ["keyword", search.keyword],
        ["startfrom", search.startFrom],
      ];
    case "unknown":
      return [];
  }
}

function findKeysFacts(find: FindKeys): Facts {
  switch (find.type) {
    case "range":
      return [
        ["lastkey", find.lastKey],
        ["keystep", find.keyStep],
        ["limit", find.limit],
      ];
    case "keynum":
      return [
        ["keynumidx", find.keyCountIndex],
        ["firstkey", find.firstKey],
        ["keystep", find.keyStep],
      ];
    case "unknown":
      return [];
  }
}

/** A map of a type and what belongs to it. */
function replyTyped(context: CommandContext, type: string, facts: Facts): void {
  const reply = context.reply;
  reply.mapHeader(2);
  reply.bulkLatin1("type");
  reply.bulkLatin1(type);
  reply.bulkLatin1("spec");
  reply.mapHeader(facts.length);
  for (const [name, value] of facts) {
    reply.bulkLatin1(name);
    if (typeof value === "number") reply.integer(value);
    else reply.bulkLatin1(value);
  }
}
