/** COMMAND GETKEYS and GETKEYSANDFLAGS: which arguments of a command are keys. */
import { arityMatches, commandFlags, extractKeys, hasKeys, orderedKeyFlags } from "@sider/command-spec";
import type { Command, KeyReference } from "@sider/command-spec";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { isAvailable } from "./command-catalog.ts";
import { replyWords } from "./command-info.ts";

/** Where the command that is asked about begins among the arguments. */
const FIRST = 2;

/** COMMAND GETKEYS command [argument ...] */
export function commandGetKeys(context: CommandContext): void {
  const keys = findKeys(context);
  if (context.error !== null) return;
  context.reply.arrayHeader(keys.length);
  for (const key of keys) context.replyBulk(context.value(FIRST + key.position));
}

/** COMMAND GETKEYSANDFLAGS command [argument ...] */
export function commandGetKeysAndFlags(context: CommandContext): void {
  const keys = findKeys(context);
  if (context.error !== null) return;
  context.reply.arrayHeader(keys.length);
  for (const key of keys) {
    context.reply.arrayHeader(2);
    context.replyBulk(context.value(FIRST + key.position));
    replyWords(context, orderedKeyFlags(key.flags));
  }
}

function findKeys(context: CommandContext): KeyReference[] {
  const command = resolveCommand(context);
  const source: string[] = [];
  for (let index = FIRST; index < context.count; index++) source.push(context.text(index));
  if (command === undefined) return refuse(context, "ERR Invalid command specified");
  if (!hasKeys(command)) return refuse(context, "ERR The command has no key arguments");
  if (!arityMatches(command.arity, source.length)) {
    return refuse(context, "ERR Invalid number of arguments specified for command");
  }
  const keys = extractKeys(command, source);
  if (keys.length > 0 || commandFlags(command).includes("no_mandatory_keys")) return keys;
  return refuse(context, "ERR Invalid arguments specified for command");
}

function resolveCommand(context: CommandContext): Command | undefined {
  const named = context.server.table.named(context.text(FIRST));
  if (named === undefined || named.container !== null) return undefined;
  const hasSubcommand = named.subcommands.size > 0 && context.count > FIRST + 1;
  const command = hasSubcommand ? named.subcommands.get(context.text(FIRST + 1).toLowerCase()) : named;
  return command !== undefined && isAvailable(context.server.table, command) ? command : undefined;
}

function refuse(context: CommandContext, error: string): [] {
  context.refuse(error);
  return [];
}
