/** The errors of commands that never run: unknown ones and wrong numbers of arguments. */
import type { Command } from "@sider/command-spec";
import type { CommandContext } from "./command-context.ts";

const QUOTED_BYTES_MAXIMUM = 128;

/** `ERR unknown command ...` with the beginning of its arguments, as Latin-1 text. */
export function unknownCommand(context: CommandContext): string {
  let quoted = "";
  for (let index = 1; index < context.count && quoted.length < QUOTED_BYTES_MAXIMUM; index++) {
    quoted += `'${context.text(index).slice(0, QUOTED_BYTES_MAXIMUM - quoted.length)}' `;
  }
  return `ERR unknown command '${context.text(0).slice(0, QUOTED_BYTES_MAXIMUM)}', with args beginning with: ${quoted}`;
}

/** `ERR unknown subcommand ...` of a container. */
export function unknownSubcommand(context: CommandContext): string {
  const container = context.text(0).toUpperCase();
  return `ERR unknown subcommand '${context.text(1).slice(0, QUOTED_BYTES_MAXIMUM)}'. Try ${container} HELP.`;
}

/** `ERR wrong number of arguments ...`. */
export function wrongArity(command: Command): string {
  return `ERR wrong number of arguments for '${command.fullName}' command`;
}

/** `ERR invalid expire time ...` of the command that runs. */
export function invalidExpireTime(context: CommandContext): string {
  return `ERR invalid expire time in '${context.server.table.commands[context.command].fullName}' command`;
}
