/** COMMAND DOCS: the documentation of commands as maps; redis-cli's hints and help come from it. */
import { displayText } from "@sider/command-spec";
import type { Argument, Command } from "@sider/command-spec";
import type { CommandContext } from "../../dispatch/command-context.ts";
import { availableCommands, availableSubcommands, findAvailable } from "./command-catalog.ts";
import { replyWords } from "./command-info.ts";

/** A name of a map and what writes its value. */
type Field = readonly [name: string, reply: () => void];

/** COMMAND DOCS [name ...]; names that are none are left out. */
export function commandDocs(context: CommandContext): void {
  replyDocsByName(context, context.count === 2 ? availableCommands(context.server.table) : namedCommands(context));
}

function namedCommands(context: CommandContext): Command[] {
  const found: Command[] = [];
  for (let index = 2; index < context.count; index++) {
    const command = findAvailable(context.server.table, context.text(index));
    if (command !== undefined) found.push(command);
  }
  return found;
}

function replyDocsByName(context: CommandContext, commands: readonly Command[]): void {
  context.reply.mapHeader(commands.length);
  for (const command of commands) {
    context.reply.bulkLatin1(command.fullName);
    replyDocs(context, command);
  }
}

function replyDocs(context: CommandContext, command: Command): void {
  const subcommands = availableSubcommands(context.server.table, command);
  const fields: Field[] = [
    ...textField(context, "summary", command.summary),
    ...textField(context, "since", command.since),
    ...textField(context, "group", command.group),
    ...textField(context, "complexity", command.complexity),
  ];
  if (command.documentFlags.length > 0) {
    fields.push(["doc_flags", () => replyWords(context, command.documentFlags)]);
  }
  fields.push(...textField(context, "deprecated_since", command.deprecatedSince));
  fields.push(...textField(context, "replaced_by", command.replacedBy));
  if (command.history.length > 0) fields.push(["history", () => replyHistory(context, command)]);
  if (command.arguments.length > 0) fields.push(["arguments", () => replyArguments(context, command.arguments)]);
  if (subcommands.length > 0) fields.push(["subcommands", () => replyDocsByName(context, subcommands)]);
  replyFields(context, fields);
}

/** A field of text, or none where there is no text. */
function textField(context: CommandContext, name: string, text: string | undefined): Field[] {
  return text === undefined || text === "" ? [] : [[name, () => context.reply.bulkString(text)]];
}

function replyFields(context: CommandContext, fields: readonly Field[]): void {
  context.reply.mapHeader(fields.length);
  for (const [name, replyValue] of fields) {
    context.reply.bulkLatin1(name);
    replyValue();
  }
}

function replyHistory(context: CommandContext, command: Command): void {
  context.reply.setHeader(command.history.length);
  for (const [since, change] of command.history) {
    context.reply.arrayHeader(2);
    context.reply.bulkLatin1(since);
    context.reply.bulkString(change);
  }
}

function replyArguments(context: CommandContext, list: readonly Argument[]): void {
  context.reply.arrayHeader(list.length);
  for (const argument of list) replyFields(context, argumentFields(context, argument));
}

function argumentFields(context: CommandContext, argument: Argument): Field[] {
  const fields: Field[] = [...textField(context, "name", argument.name), ...textField(context, "type", argument.type)];
  const isGroup = argument.type === "oneof" || argument.type === "block";
  if (!isGroup) {
    fields.push(...textField(context, "display_text", displayText(argument)));
    const specIndex = argument.keySpecIndex;
    if (specIndex !== undefined) fields.push(["key_spec_index", () => context.reply.integer(specIndex)]);
  }
  const token = argument.token;
  if (token !== undefined) fields.push(["token", () => context.reply.bulkString(token)]);
  fields.push(...textField(context, "since", argument.since));
  fields.push(...textField(context, "deprecated_since", argument.deprecatedSince));
  const flags = argumentFlags(argument);
  if (flags.length > 0) fields.push(["flags", () => replyWords(context, flags)]);
  if (isGroup) fields.push(["arguments", () => replyArguments(context, argument.arguments)]);
  return fields;
}

function argumentFlags(argument: Argument): string[] {
  const flags: string[] = [];
  if (argument.optional === true) flags.push("optional");
  if (argument.multiple === true) flags.push("multiple");
  if (argument.multipleToken === true) flags.push("multiple_token");
  return flags;
}
