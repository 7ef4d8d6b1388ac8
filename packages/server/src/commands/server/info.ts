/** INFO: the sections of `info/` that are asked for, as one text. */
import type { CommandContext } from "../../dispatch/command-context.ts";
import { describeServer } from "../../info/sections.ts";

/** INFO [section ...] */
export function info(context: CommandContext): void {
  const names: string[] = [];
  for (let index = 1; index < context.count; index++) names.push(context.text(index).toLowerCase());
  context.reply.verbatim("txt", describeServer(context.server, names));
}
