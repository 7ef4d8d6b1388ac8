/**
 * `help`: what commands do and take, from command-spec, and from the server where only that knows a command.
 *
 *     help            what can be typed        help config          a command and its subcommands
 *     help @string    all of a group           help config get      one of them
 */
import { aclCategories, argumentUsage } from "@sider/command-spec";
import type { Printer } from "../format/printer.ts";
import { KnownCommands, typedNameOf, type KnownCommand } from "./grammar/known-commands.ts";

const OVERVIEW = `To get help about commands type:
      "help @<group>"    for the commands of a group
      "help <command>"   for one command and its subcommands
      "help <Tab>"       for all topics
At the prompt there are, beside the commands of the server:
      "5 incr x"             runs a command five times
      "connect host port"    turns to another server
      "clear"                empties the screen
      ":set"                 lists preferences; those in ~/.redisclirc count from the start
      "quit"                 leaves
`;

const NAME = "1";
const USAGE = "90";
const LABEL = "33";

export interface HelpOptions {
  readonly known?: KnownCommands;
  readonly hasColor?: boolean;
}

/** Prints help about the topic: nothing, a command, or a group with an @. */
export function printHelp(out: Printer, topic: readonly string[], options: HelpOptions = {}): void {
  const { known = new KnownCommands(), hasColor = false } = options;
  const [first = ""] = topic;
  if (topic.length === 0) return out.add(OVERVIEW);
  const page = new HelpPage(out, hasColor);
  const isGroup = first.startsWith("@");
  const found = [...known.each()].filter(isGroup ? inGroup(first.slice(1)) : beginningWith(topic));
  if (found.length === 0) out.add(`No help for '${topic.join(" ")}'\n`);
  // A container shows what its subcommands are, and only one command in all its detail.
  const hasDetails = !isGroup && found.filter(({ subcommands }) => subcommands.size === 0).length <= 1;
  for (const command of found) page.print(command, hasDetails);
  out.add("\n");
}

function inGroup(group: string): (command: KnownCommand) => boolean {
  return (command) => command.group === group.toLowerCase();
}

function beginningWith(topic: readonly string[]): (command: KnownCommand) => boolean {
  const wanted = `${topic.join(" ").toUpperCase()} `;
  return (command) => `${typedNameOf(command)} `.startsWith(wanted);
}

class HelpPage {
  private readonly out: Printer;
  private readonly hasColor: boolean;

  constructor(out: Printer, hasColor: boolean) {
    this.out = out;
    this.hasColor = hasColor;
  }

  print(command: KnownCommand, hasDetails: boolean): void {
    const usage = command.arguments.map(argumentUsage).join(" ");
    this.out.addText(`\n  ${this.colored(typedNameOf(command), NAME)} ${this.colored(usage, USAGE)}`.trimEnd() + "\n");
    this.line("summary", command.summary);
    this.line("since", command.since);
    this.line("group", command.group);
    if (hasDetails) this.printDetails(command);
  }

  private printDetails(command: KnownCommand): void {
    this.line("complexity", command.complexity);
    this.line("reply", command.reply ?? "");
    if (command.categories !== undefined) {
      const categories = aclCategories(command as Parameters<typeof aclCategories>[0]);
      this.line("acl", categories.map((category) => `@${category}`).join(" "));
    }
    for (const [since, change] of command.history) this.line(`since ${since}`, change);
    if (command.deprecatedSince === undefined) return;
    this.line("deprecated", `since ${command.deprecatedSince}${insteadOf(command)}`);
  }

  private line(label: string, text: string): void {
    if (text !== "") this.out.addText(`  ${this.colored(`${label}:`, LABEL)} ${text}\n`);
  }

  private colored(text: string, style: string): string {
    return this.hasColor && text !== "" ? `\x1b[${style}m${text}\x1b[m` : text;
  }
}

function insteadOf({ replacedBy }: KnownCommand): string {
  return replacedBy === undefined ? "" : `, instead: ${replacedBy}`;
}
