/**
 * The reply of every `<CONTAINER> HELP`: two lines for each subcommand, from the command table.
 *
 *     OBJECT <subcommand> [<argument> ...]. Subcommands:
 *     ENCODING key
 *         Names the encoding of a value in memory
 */
import { argumentUsage } from "@sider/command-spec";
import type { CommandContext } from "./command-context.ts";

/** Replies to the HELP subcommand that runs with the lines of its container. */
export function replyHelp(context: CommandContext): void {
  const container = context.server.table.commands[context.command].container;
  if (container === null) throw new Error("HELP is a subcommand");
  const lines = [`${container.name.toUpperCase()} <subcommand> [<argument> ...]. Subcommands:`];
  for (const [name, subcommand] of container.subcommands) {
    lines.push([name.toUpperCase(), ...subcommand.arguments.map(argumentUsage)].join(" "), `    ${subcommand.summary}`);
  }
  context.reply.arrayHeader(lines.length);
  for (const line of lines) context.reply.simpleString(line);
}
