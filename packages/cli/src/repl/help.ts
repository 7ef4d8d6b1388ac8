/** `help`: what commands do and take, from command-spec. */
import { eachCommand, typedName, usageText, type Command } from "@sider/command-spec";
import type { Printer } from "../format/printer.ts";

const OVERVIEW = `To get help about commands type:
      "help @<group>"    for the commands of a group
      "help <command>"   for one command and its subcommands
      "quit"             to exit
      ":set nohints"     to hide the arguments that a command takes, ":set hints" to show them
`;

/** Prints help about the topic: nothing, a command, or a group with an @. */
export function printHelp(out: Printer, topic: readonly string[]): void {
  const [first = ""] = topic;
  if (topic.length === 0) return out.add(OVERVIEW);
  const isWanted = first.startsWith("@")
    ? (command: Command) => command.group === first.slice(1).toLowerCase()
    : (command: Command) => `${typedName(command)} `.startsWith(`${topic.join(" ").toUpperCase()} `);
  const found = [...eachCommand()].filter(isWanted);
  if (found.length === 0) out.add(`No help for '${topic.join(" ")}'\n`);
  for (const command of found)
    out.addText(`\n  ${usageText(command)}\n  ${command.summary}. Since ${command.since}, ${command.group}.\n`);
}
