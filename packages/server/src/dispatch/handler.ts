/** What a command is to the server: a function of the context. Handlers join the table by type, so none is missing or misnamed. */
import type { CommandGroup, CommandNames } from "@sider/command-spec";
import type { CommandContext } from "./command-context.ts";

/** Runs one command: parse all, check, change, reply. It replies once, or calls `context.refuse` once. */
export type Handler = (context: CommandContext) => void;

/** All handlers of a group, by the names of the command table (`config|get` for subcommands). */
export type Handlers<Group extends CommandGroup> = Readonly<Record<CommandNames<Group>, Handler>>;
