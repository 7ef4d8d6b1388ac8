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

const INDENT = "  ";
const NAME = "1";
const USAGE = "90";
const LABEL = "33";

export interface HelpOptions {
  readonly known?: KnownCommands;
  readonly hasColor?: boolean;
  /** Lines are broken where they would be longer. */
  readonly columns?: number;
}

/** Prints help about the topic: nothing, a command, or a group with an @. */
export function printHelp(out: Printer, topic: readonly string[], options: HelpOptions = {}): void {
  const { known = new KnownCommands(), hasColor = false, columns = Infinity } = options;
  const [first = ""] = topic;
  if (topic.length === 0) return out.add(OVERVIEW);
  const page = new HelpPage(out, hasColor, columns);
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
  private readonly columns: number;

  constructor(out: Printer, hasColor: boolean, columns: number) {
    this.out = out;
    this.hasColor = hasColor;
    this.columns = columns;
  }

  print(command: KnownCommand, hasDetails: boolean): void {
    this.out.add("\n");
    this.line(typedNameOf(command), NAME, command.arguments.map(argumentUsage).join(" "), USAGE);
    this.field("summary", command.summary);
    this.field("since", command.since);
    this.field("group", command.group);
    if (hasDetails) this.printDetails(command);
  }

  private printDetails(command: KnownCommand): void {
    this.field("complexity", command.complexity);
    this.field("reply", command.reply ?? "");
    if (command.categories !== undefined) {
      const categories = aclCategories(command as Parameters<typeof aclCategories>[0]);
      this.field("acl", categories.map((category) => `@${category}`).join(" "));
    }
    for (const [since, change] of command.history) this.field(`since ${since}`, change);
    if (command.deprecatedSince === undefined) return;
    this.field("deprecated", `since ${command.deprecatedSince}${insteadOf(command)}`);
  }

  private field(label: string, text: string): void {
    if (text !== "") this.line(`${label}:`, LABEL, text, "");
  }

  /** A first word or two, and text behind it that goes on below itself. */
  private line(first: string, firstStyle: string, text: string, style: string): void {
    const rows = wrap(text, this.columns - INDENT.length * 2, first.length - INDENT.length + 1);
    const shown = rows.map((row) => this.colored(row, style)).join(`\n${INDENT}${INDENT}`);
    this.out.addText(`${INDENT}${this.colored(first, firstStyle)} ${shown}`.trimEnd() + "\n");
  }

  private colored(text: string, style: string): string {
    return this.hasColor && text !== "" && style !== "" ? `\x1b[${style}m${text}\x1b[m` : text;
  }
}

function insteadOf({ replacedBy }: KnownCommand): string {
  return replacedBy === undefined ? "" : `, instead: ${replacedBy}`;
}

/** Breaks text at blanks into rows of so many columns; the first has room for something in front. */
function wrap(text: string, columns: number, taken: number): string[] {
  const rows: string[] = [];
  let row = "";
  for (const word of text.split(" ")) {
    const width = columns - (rows.length === 0 ? taken : 0);
    if (row !== "" && row.length + 1 + word.length > width) {
      rows.push(row);
      row = word;
    } else row += (row === "" ? "" : " ") + word;
  }
  return [...rows, row];
}
