/** The errors of commands that never run: unknown ones and wrong numbers of arguments. */
import type { Command } from "@sider/command-spec";
import type { CommandContext } from "./command-context.ts";

const QUOTED_BYTES_MAXIMUM = 128;

/** Argument `index` as error texts quote it: like C text it ends before a NUL. */
export function quoted(context: CommandContext, index: number): string {
  const text = context.text(index);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/** `ERR unknown command ...` with the beginning of its arguments, as Latin-1 text. */
export function unknownCommand(context: CommandContext): string {
  let beginning = "";
  for (let index = 1; index < context.count && beginning.length < QUOTED_BYTES_MAXIMUM; index++) {
    beginning += `'${quoted(context, index).slice(0, QUOTED_BYTES_MAXIMUM - beginning.length)}' `;
  }
  const name = quoted(context, 0).slice(0, QUOTED_BYTES_MAXIMUM);
  return `ERR unknown command '${name}', with args beginning with: ${beginning}`;
}

/** `ERR unknown subcommand ...` of a container. */
export function unknownSubcommand(context: CommandContext): string {
  const container = context.text(0).toUpperCase();
  return `ERR unknown subcommand '${quoted(context, 1).slice(0, QUOTED_BYTES_MAXIMUM)}'. Try ${container} HELP.`;
}

/** The error of a subcommand of `container` that has arguments it does not know. */
export function wrongSubcommandArguments(context: CommandContext, container: string): string {
  return `ERR unknown subcommand or wrong number of arguments for '${quoted(context, 1)}'. Try ${container} HELP.`;
}

/** `ERR wrong number of arguments ...`. */
export function wrongArity(command: Command): string {
  return `ERR wrong number of arguments for '${command.fullName}' command`;
}

/** Why a command does not run on a connection of RESP2 that listens to channels. */
export function notWhileSubscribed(command: Command): string {
  return `ERR Can't execute '${command.fullName}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`;
}

/** What EXEC replies when it is refused before it runs: the reason, which is without its code where that says nothing. */
export function transactionAborted(reason: string): string {
  return `EXECABORT Transaction discarded because of: ${reason.replace(/^ERR /, "")}`;
}

/** `ERR invalid expire time ...` of the command that runs. */
export function invalidExpireTime(context: CommandContext): string {
  return `ERR invalid expire time in '${context.server.table.commands[context.command].fullName}' command`;
}
