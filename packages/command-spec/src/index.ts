/** The public surface of @sider/command-spec. */

export type * from "./row.ts";
export { commandRows, commands, eachCommand, findCommand } from "./commands.ts";
export type { Command, CommandName, CommandNames, ContainerName } from "./commands.ts";
