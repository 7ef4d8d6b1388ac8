/** HELP of a container command: an array of simple strings, a title first and HELP itself last, as clients print it line by line. */
import type { CommandContext } from "../dispatch/command-context.ts";

/** The lines of the subcommands between the title and the end that all help texts share. */
export function replyHelp(context: CommandContext, lines: readonly string[]): void {
  const reply = context.reply;
  reply.arrayHeader(lines.length + 3);
  reply.simpleString(`${context.text(0).toUpperCase()} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`);
  for (const line of lines) reply.simpleString(line);
  reply.simpleString("HELP");
  reply.simpleString("    Print these lines.");
}
