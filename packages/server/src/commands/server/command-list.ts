/** COMMAND LIST: the names of all commands, or of those that a filter keeps. */
import { aclCategories } from "@sider/command-spec";
import type { Command } from "@sider/command-spec";
import { matchGlob } from "@sider/keyspace-engine";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { SYNTAX_ERROR } from "../../dispatch/error-texts.ts";
import { availableCommands, availableSubcommands } from "./command-catalog.ts";

type Filter = (command: Command) => boolean;

/** COMMAND LIST [FILTERBY MODULE name | ACLCAT category | PATTERN pattern] */
export function commandList(context: CommandContext): void {
  const keeps = readFilter(context);
  if (context.error !== null) return;
  const table = context.server.table;
  const all = availableCommands(table).flatMap((command) => [command, ...availableSubcommands(table, command)]);
  const listed = all.filter(keeps);
  context.reply.arrayHeader(listed.length);
  for (const command of listed) context.reply.bulkLatin1(command.fullName);
}

function readFilter(context: CommandContext): Filter {
  if (context.count === 2) return () => true;
  if (context.count === 5 && context.is(2, "filterby")) {
    if (context.is(3, "module")) return () => false;
    if (context.is(3, "aclcat")) return categoryFilter(context.text(4).toLowerCase());
    if (context.is(3, "pattern")) return patternFilter(context);
  }
  context.refuse(SYNTAX_ERROR);
  return () => false;
}

function categoryFilter(category: string): Filter {
  return (command) => aclCategories(command).some((name) => name === category);
}

function patternFilter(context: CommandContext): Filter {
  const pattern = context.value(4);
  return ({ fullName }) => {
    const name = Uint8Array.from(fullName, (character) => character.charCodeAt(0));
    return matchGlob(pattern.bytes, pattern.offset, pattern.length, name, 0, name.length, true);
  };
}
