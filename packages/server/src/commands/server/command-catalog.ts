/** The commands that COMMAND speaks of: those of the command table that have a handler, and containers of such. */
import type { Command } from "@sider/command-spec";
import type { CommandTable } from "../../dispatch/command-table.ts";

/** Whether the command, or a subcommand of it, can be executed. */
export function isAvailable(table: CommandTable, command: Command): boolean {
  if (!table.isNamed(command)) return false;
  if (table.handlers[table.numberOf(command.fullName)] !== null) return true;
  return availableSubcommands(table, command).length > 0;
}

/** The subcommands of a container that can be executed. */
export function availableSubcommands(table: CommandTable, command: Command): Command[] {
  return [...command.subcommands.values()].filter((subcommand) => isAvailable(table, subcommand));
}

/** All commands, without their subcommands. */
export function availableCommands(table: CommandTable): Command[] {
  return table.commands.filter((command) => command.container === null && isAvailable(table, command));
}

/** The command that has this name now, in any case, `config|get` for a subcommand; undefined when there is none. */
export function findAvailable(table: CommandTable, name: string): Command | undefined {
  const command = table.named(name);
  return command !== undefined && isAvailable(table, command) ? command : undefined;
}
